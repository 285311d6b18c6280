# @TEST-DOC: Frames that the capture cut: the counters may be there or not.
# @TEST-EXEC: zeek -C -r $TRACES/goose/truncated.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek -C -r $TRACES/goose/snapped.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: btest-diff events

@load protocols/goose
