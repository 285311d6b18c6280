# @TEST-DOC: Cut frames and wrong lengths.
# @TEST-EXEC: zeek -C -r $TRACES/arp/malformed.pcap $ANALYZERS %INPUT > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: test ! -s events

@load protocols/arp
