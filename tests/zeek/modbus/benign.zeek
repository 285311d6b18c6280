# @TEST-DOC: Another protocol on the port: no activity.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/benign.pcap %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log

@load protocols/modbus
