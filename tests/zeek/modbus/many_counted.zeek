# @TEST-DOC: More connections than the compiled analyzer is to count: scripts count the reads of later ones, and the rows are the same.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client < ot_activity.log | LC_ALL=C sort > scripts
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server operation object outcome events bytes_to_server bytes_to_client < ot_activity.log | LC_ALL=C sort > compiled
# @TEST-EXEC: grep -q "more than 1 Modbus connections" reporter.log
# @TEST-EXEC: btest-diff scripts
# @TEST-EXEC: diff scripts compiled

@load protocols/modbus

redef OTModbus::max_counted = 1;
