##! Requests and replies, paired by transaction and unit.

@load ../../common/activity
@load ./names

module OTModbus;

redef record connection += {
	# The compiled analyzer counts its reads.
	ot_modbus_counted: bool &optional;
};

# The point of a request that was not seen before.
function new_point(s: OTActivity::Side, headers: ModbusHeaders, number: count,
    start: count, quantity: count): OTActivity::Point
	{
	local code = headers$function_code;
	local kind = code in addressed ? addressed[code] : "";
	return OTActivity::number_point(s, number, "modbus", pdu_of(name_of(code),
	    headers$uid, range(kind, start, quantity)));
	}

# A request that addresses no range of points.
function ask(c: connection, headers: ModbusHeaders, operation: string,
    object: string)
	{
	local s = OTActivity::side_of(c, T);
	local p = OTActivity::point_of(s, "modbus", pdu_of(operation, headers$uid,
	    object));
	OTActivity::ask(c, s, p, headers$tid, headers$uid, headers$len + 6);
	}

# A reply. One whose request was not seen still tells of the function.
function answer(c: connection, headers: ModbusHeaders, outcome: string,
    values: OTActivity::Values &default=OTActivity::no_values)
	{
	local s = OTActivity::side_of(c, T);
	local bytes = headers$len + 6;

	if ( ! OTActivity::answer(c, s, headers$tid, headers$uid, outcome, bytes,
	    values) )
		OTActivity::reply(c, F, "modbus", "", outcome, bytes, values, pdu_of(name_of(
		    headers$function_code & 0x7f), headers$uid, ""));
	}
