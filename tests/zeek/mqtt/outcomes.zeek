# @TEST-DOC: Refused logins; the password is nowhere in the logs.
# @TEST-EXEC: zeek -C -r $TRACES/mqtt/outcomes.pcap %INPUT
# @TEST-EXEC: zeek-cut client server server_port unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC-FAIL: grep -r s3cret ot_activity.log ot_identity.log

@load protocols/mqtt
