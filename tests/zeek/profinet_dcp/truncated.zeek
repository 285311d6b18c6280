# @TEST-DOC: Frames that the capture cut.
# @TEST-EXEC: zeek -C -r $TRACES/profinet_dcp/truncated.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/profinet_dcp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: btest-diff events

@load protocols/profinet_dcp
