# @TEST-DOC: Modbus and IEC 104 with hosts outside; inside is quiet.
# @TEST-EXEC: zeek -C -r $TRACES/detections/outside.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/modbus/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/iec104/live.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/outside
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
@load protocols/enip
@load protocols/bacnet

redef Site::private_address_space_is_local = F;
redef Site::local_nets += { 10.0.0.0/8 };
