# @TEST-DOC: The first that is seen are the last fragments of a message each way.
# @TEST-EXEC: zeek -C -r $TRACES/mms/joined_fragments.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/mms
