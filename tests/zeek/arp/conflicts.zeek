# @TEST-DOC: Spoofed answers, a replaced device, an address free for long, answers for somebody else.
# @TEST-EXEC: zeek -C -r $TRACES/arp/spoofed.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: zeek -C -r $TRACES/arp/replaced.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: zeek -C -r $TRACES/arp/expired.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: zeek -C -r $TRACES/arp/proxied.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/arp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: btest-diff events

@load protocols/arp
