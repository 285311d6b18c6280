# @TEST-DOC: Many frames in a segment count as one by one.
# @TEST-EXEC: zeek -C -r $TRACES/iec104/coalesced.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server unit operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > coalesced
# @TEST-EXEC: zeek -C -r $TRACES/iec104/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server unit operation object outcome events bytes_to_server bytes_to_client value_min < ot_activity.log | LC_ALL=C sort > whole
# @TEST-EXEC: test -s whole && cmp coalesced whole
# @TEST-EXEC: test ! -e reporter.log

@load protocols/iec104
