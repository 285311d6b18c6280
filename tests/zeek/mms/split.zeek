# @TEST-DOC: Segments of a few octets.
# @TEST-EXEC: zeek -C -r $TRACES/mms/split.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log

@load protocols/mms
