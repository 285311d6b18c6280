# @TEST-DOC: Peers are known from one connection to the next: each row has its own uids, a request that
# @TEST-DOC: nobody answers is told, and whoever comes from another link-layer address is another.
# @TEST-EXEC: zeek -C -r $TRACES/bacnet/slow.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut ts client client_mac server object outcome events value_min uids < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-DOC: Where there is no room for peers, the rows are the same.
# @TEST-EXEC: zeek -C -r $TRACES/bacnet/slow.pcap $ANALYZERS %INPUT OTActivity::max_peers=0
# @TEST-EXEC: zeek-cut ts client client_mac server object outcome events value_min uids < ot_activity.log | LC_ALL=C sort > without
# @TEST-EXEC: grep -v '^#' output | cmp - without

@load protocols/bacnet

redef udp_inactivity_timeout = 5secs;
