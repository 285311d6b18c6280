# @TEST-DOC: Ports named by addresses, management over IPv6.
# @TEST-EXEC: zeek -C -r $TRACES/lldp/kinds.pcap $ANALYZERS %INPUT $PACKAGE/../tests/zeek/scripts/lldp-events.zeek > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > claims
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: btest-diff claims
# @TEST-EXEC: test ! -s events

@load protocols/lldp
