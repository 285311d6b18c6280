# @TEST-DOC: Lost synchronisation, and simulation.
# @TEST-EXEC: zeek -C -r $TRACES/sv/flags.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff events

@load protocols/sv
