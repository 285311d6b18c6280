# @TEST-DOC: A stream over the turn of a second, untagged too, and several samples in a frame, and each frame twice.
# @TEST-EXEC: zeek -C -r $TRACES/sv/normal.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: zeek -C -r $TRACES/sv/untagged.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: zeek -C -r $TRACES/sv/several.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: zeek -C -r $TRACES/sv/twice.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/sv-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort >> output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: test ! -s events

@load protocols/sv
