# @TEST-DOC: Messages in many segments count as in one each.
# @TEST-EXEC: zeek -C -r $TRACES/enip/split.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server unit operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek -C -r $TRACES/enip/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server unit operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > whole
# @TEST-EXEC: test -s whole && cmp output whole

@load protocols/enip
