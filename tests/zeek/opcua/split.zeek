# @TEST-DOC: Messages in many segments count as in one each.
# @TEST-EXEC: zeek -C -r $TRACES/opcua/split.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > split
# @TEST-EXEC: zeek -C -r $TRACES/opcua/services.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > whole
# @TEST-EXEC: test -s whole && cmp split whole
# @TEST-EXEC: test ! -e reporter.log

@load protocols/opcua
