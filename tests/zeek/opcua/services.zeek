# @TEST-DOC: Every service with the nodes it names, each with its own result and value; what applications say of themselves.
# @TEST-EXEC: zeek -C -r $TRACES/opcua/services.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort > identity
# @TEST-EXEC: btest-diff identity
# @TEST-EXEC: test ! -e reporter.log

@load protocols/opcua
