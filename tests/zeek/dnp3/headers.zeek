# @TEST-DOC: Data isn't taken for headers, and what has no objects counts.
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/headers.pcap %INPUT
# @TEST-EXEC: zeek-cut client server server_port unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/dnp3
