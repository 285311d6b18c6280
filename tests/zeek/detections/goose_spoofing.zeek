# @TEST-DOC: A second publisher and replayed states; a stream, its losses and a restart are quiet.
# @TEST-EXEC: zeek -C -r $TRACES/goose/replayed.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/pushed.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/flags.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/goose/normal.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/lost.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/restarted.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/twice.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/goose_spoofing
