# @TEST-DOC: A snap length that cuts requests: replies are told, without their objects.
# @TEST-EXEC: zeek -C -r $TRACES/mms/truncated.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/mms
