# @TEST-DOC: Every function with what it addresses, the values and the identity of the device.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/functions.pcap %INPUT
# @TEST-EXEC: zeek-cut client server server_port unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/modbus
