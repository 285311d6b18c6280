# @TEST-DOC: Functions that a server refuses one after the other; a few refusals are quiet.
# @TEST-EXEC: zeek -C -r $TRACES/detections/function_scan.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/function_scan_lost.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/modbus/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/polling.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/iec104/live.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/few_refused.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/function_scan
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
@load protocols/enip
@load protocols/bacnet
