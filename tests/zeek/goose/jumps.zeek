# @TEST-DOC: Loss, replay, a publisher's restart, and a second publisher that pushes the state ahead.
# @TEST-EXEC: zeek -C -r $TRACES/goose/lost.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek -C -r $TRACES/goose/replayed.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: zeek -C -r $TRACES/goose/restarted.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: zeek -C -r $TRACES/goose/pushed.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/goose-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff events

@load protocols/goose
