# @TEST-DOC: Alarms count, acknowledgements and transport don't.
# @TEST-EXEC: zeek -C -r $TRACES/profinet_dcp/alarms.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/profinet_dcp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff events

@load protocols/profinet_dcp
