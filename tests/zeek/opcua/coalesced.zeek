# @TEST-DOC: Many messages in a segment count as one by one.
# @TEST-EXEC: zeek -C -r $TRACES/opcua/coalesced.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > coalesced
# @TEST-EXEC: zeek -C -r $TRACES/opcua/services.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > whole
# @TEST-EXEC: test -s whole && cmp coalesced whole
# @TEST-EXEC: test ! -e reporter.log

@load protocols/opcua
