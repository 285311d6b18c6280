# @TEST-DOC: Every unconfirmed service and network message; who announces or notifies is the server.
# @TEST-EXEC: zeek -C -r $TRACES/bacnet/unconfirmed.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service unit operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: zeek-cut asset attribute value < ot_identity.log | LC_ALL=C sort > identity
# @TEST-EXEC: btest-diff identity
# @TEST-EXEC: test ! -e reporter.log

@load protocols/bacnet
