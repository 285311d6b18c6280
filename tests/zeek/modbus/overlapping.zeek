# @TEST-DOC: Requests that overlap, then polls one by one: every byte counts, and every value.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/overlapping.pcap %INPUT
# @TEST-EXEC: zeek-cut client server server_port unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/modbus
