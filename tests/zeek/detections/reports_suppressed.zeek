# @TEST-DOC: Reports switched off by DNP3 and BACnet, not those that are enabled again; polling is quiet.
# @TEST-EXEC: zeek -C -r $TRACES/detections/suppressed.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/bacnet/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/suppressed_lost.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/modbus/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/iec104/live.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/started.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/reports_suppressed
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
@load protocols/enip
@load protocols/bacnet
