# @TEST-DOC: More connections than are followed: their reads count without waiting for replies.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap %INPUT
# @TEST-EXEC: zeek-cut client operation object outcome events < ot_activity.log | LC_ALL=C sort > scripts
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client operation object outcome events < ot_activity.log | LC_ALL=C sort > compiled
# @TEST-EXEC: btest-diff scripts
# @TEST-EXEC: diff scripts compiled

@load protocols/modbus

redef OTActivity::max_connections = 1;
