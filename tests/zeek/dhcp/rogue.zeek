# @TEST-DOC: Two servers offer addresses.
# @TEST-EXEC: zeek -C -r $TRACES/dhcp/rogue.pcap %INPUT $PACKAGE/../tests/zeek/scripts/dhcp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: btest-diff events

@load protocols/dhcp
