# @TEST-DOC: Closed and silent ports of industrial protocols on many hosts; a client of many servers is quiet.
# @TEST-EXEC: zeek -C -r $TRACES/detections/address_scan.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/knocked_telnet.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/detections/many_servers.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/address_scan
