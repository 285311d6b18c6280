# @TEST-DOC: A lease: names belong to the address once it is given; tagged frames, and INFORM.
# @TEST-EXEC: zeek -C -r $TRACES/dhcp/lease.pcap %INPUT $PACKAGE/../tests/zeek/scripts/dhcp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: zeek -C -r $TRACES/dhcp/tagged.pcap %INPUT $PACKAGE/../tests/zeek/scripts/dhcp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: zeek -C -r $TRACES/dhcp/inform.pcap %INPUT $PACKAGE/../tests/zeek/scripts/dhcp-events.zeek >> events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> claims
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: btest-diff events

@load protocols/dhcp
