# @TEST-DOC: Who claims what; probes claim nothing; tagged frames too.
# @TEST-EXEC: zeek -C -r $TRACES/arp/normal.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: zeek -C -r $TRACES/arp/tagged.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: test ! -s events

@load protocols/arp
