# @TEST-DOC: A row that a policy vetoes isn't written, and detections hear of it all the same.
# @TEST-EXEC: zeek -C -r $TRACES/detections/brute_force.pcap %INPUT
# @TEST-EXEC: zeek-cut client operation < ot_activity.log | sort -u > without
# @TEST-EXEC: btest-diff without
# @TEST-EXEC: zeek-cut note < notice.log > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/modbus/functions.pcap %INPUT
# @TEST-EXEC: zeek-cut operation < ot_activity.log | sort -u > rest
# @TEST-EXEC: btest-diff rest

@load protocols/modbus
@load detections/brute_force
@load base/protocols/modbus

hook OTActivity::log_policy(rec: OTActivity::Info, id: Log::ID,
    filter: Log::Filter)
	{
	if ( rec$operation == "write_single_register"
	    && rec$object != "holding_register:3" )
		break;
	}
