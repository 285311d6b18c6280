# @TEST-DOC: Every service with what it names; what an upload or a file that was opened is read by number for; a server fetches what is sent to it on the client's account.
# @TEST-EXEC: zeek -C -r $TRACES/mms/services.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log

@load protocols/mms
