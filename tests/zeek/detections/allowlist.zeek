# @TEST-DOC: Changes by who isn't listed are told, listed ones aren't; without enforcement none is.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/allowlist list 10.10.10.5
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap %INPUT OTDetect::enforce_allowlist=T
# @TEST-EXEC: zeek-cut note ot_techniques sub msg < notice.log > notices
# @TEST-EXEC: zeek-cut change origin client server service operation object < ot_allowlist.log >> notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: rm notice.log
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/allowlist list 10.10.10.6
# @TEST-EXEC: zeek -C -r $TRACES/modbus/masters.pcap %INPUT OTDetect::enforce_allowlist=T
# @TEST-EXEC: test ! -e notice.log

@load detections/allowlist
@load protocols/modbus

redef OTDetect::allowlist_file = "list";
