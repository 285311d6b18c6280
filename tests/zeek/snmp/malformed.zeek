# @TEST-DOC: Messages cut short: no activity.
# @TEST-EXEC: zeek -C -r $TRACES/snmp/malformed.pcap %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log

@load protocols/snmp
