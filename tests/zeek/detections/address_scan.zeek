# @TEST-DOC: Closed and silent ports of industrial protocols on many hosts, packets lost too; a client of many servers is quiet, also where the servers' packets are lost, and so are refusals of nobody knows what.
# @TEST-EXEC: zeek -C -r $TRACES/detections/address_scan.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/knocked_telnet.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/detections/address_scan_lost.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/detections/many_servers.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/openings_lost detections/servers_unheard detections/refusals_only > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"
# @TEST-EXEC: test ! -e reporter.log

@load detections/address_scan
