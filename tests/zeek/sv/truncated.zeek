# @TEST-DOC: Frames that the capture cut.
# @TEST-EXEC: zeek -C -r $TRACES/sv/truncated.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: btest-diff events

@load protocols/sv
