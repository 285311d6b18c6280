# @TEST-DOC: Questions to one device and what it answers and refuses.
# @TEST-EXEC: zeek -C -r $TRACES/profinet_dcp/get.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/profinet_dcp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: btest-diff events

@load protocols/profinet_dcp
