# @TEST-DOC: Every command, service and PCCC function with its object, action, values and unit, also in Unconnected Send and in one packet.
# @TEST-EXEC: zeek -C -r $TRACES/enip/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: zeek-cut asset attribute value < ot_identity.log | LC_ALL=C sort > identity
# @TEST-EXEC: btest-diff identity
# @TEST-EXEC: test ! -e reporter.log

@load protocols/enip
