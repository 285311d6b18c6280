##! ASDUs: reports, and commands with their confirmations.

@load ../../common/activity
@load ./actions
@load ./connection

module OTIec104;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_IEC104 )

# Causes of transmission (7.2.3) that matter here.
const REQUEST = 5;
const ACTIVATION = 6;
const CONFIRMATION = 7;
const DEACTIVATION = 8;
const DEACTIVATION_CONFIRMATION = 9;
const TERMINATION = 10;

# The common address that means every station.
const EVERYBODY = 65535;

function has_value(v: double): bool
	{
	# Neither infinite nor no number.
	return v > -1e39 && v < 1e39;
	}

# What a station says of itself: the most frequent case, and so a point is looked up only once.
function report(c: connection, st: State, is_orig: bool, type_id: count,
    unit: count, objects: vector of string, lows: vector of double,
    highs: vector of double, outcome: string, size: count)
	{
	local from_server = is_orig != st$client_is_orig;
	local side = OTActivity::side_of(c, st$client_is_orig);
	local now = network_time();

	for ( i, object in objects )
		{
		if ( [type_id, unit, object] !in st$reported )
			{
			if ( |st$reported| >= OTActivity::max_points )
				st$reported = table();

			local name = type_id in types ? types[type_id] : fmt("type_%d", type_id);
			st$reported[type_id, unit, object] = OTActivity::point_of(side, SERVICE,
			    OTActivity::PDU($operation=name, $action=action_of(
			    type_id), $object=object, $unit=cat(unit)));
			}

		local seen = OTActivity::no_values;

		if ( i < |lows| && has_value(lows[i]) && has_value(highs[i]) )
			seen = OTActivity::Values($value_min=lows[i], $value_max=highs[i]);

		local bytes = i == 0 ? size : 0;
		OTActivity::add_event(side, st$reported[type_id, unit, object], outcome, now,
		    from_server ? 0 : bytes, from_server ? bytes : 0, seen);
		}
	}

event OTIec104::asdu(c: connection, is_orig: bool, type_id: count,
    sequence: bool, number: count, cause: count, negative: bool, unit: count,
    addresses: vector of count, values: vector of double, qualifier: count,
    size: count)
	{
	local reports = is_report(type_id);
	local st = state_of(c, reports || cause == CONFIRMATION ? ! is_orig : is_orig);
	local outcome = cause in refusals ? refusals[cause] : ( negative ?
	    "negative_confirmation" : "ok" );
	local objects: vector of string;
	local lows = values;
	local highs = values;

	if ( type_id == 100 )
		# The group that is interrogated; 0 is the whole station.
		objects += fmt("group:%d", qualifier > 20 ? qualifier - 20 : 0);
	else if ( sequence && number > 1 )
		{
		objects += fmt("ioa:%d-%d", addresses[0], addresses[0] + number - 1);

		if ( |values| > 1 )
			{
			lows = sort(copy(values));
			highs = vector(lows[|lows| - 1]);
			}
		}
	else
		for ( i, address in addresses )
			objects += fmt("ioa:%d", address);

	if ( |objects| == 0 )
		objects += "";

	if ( reports || type_id >= 120 || type_id !in types )
		{
		report(c, st, is_orig, type_id, unit, objects, lows, highs, outcome, size);

		if ( st$reads && reports && cause == REQUEST )
			for ( i, object in objects )
				OTActivity::reply(c, is_orig, SERVICE, answer(st, fmt("102 %d %s", unit,
				    object)), outcome);

		return;
		}

	if ( cause == TERMINATION )
		return;

	local operation = types[type_id];

	if ( is_command(type_id) && qualifier >= 128 )
		operation += "_select";

	local answers = cause == CONFIRMATION
	    || cause == DEACTIVATION_CONFIRMATION
	    || cause in refusals;
	local asks = cause == ACTIVATION || cause == DEACTIVATION || cause == REQUEST;
	local cancels = cause == DEACTIVATION || cause == DEACTIVATION_CONFIRMATION ? "-" : "";

	for ( i, object in objects )
		{
		local pdu = OTActivity::PDU($operation=operation, $action=action_of(type_id),
		    $object=object, $unit=cat(unit));

		if ( i < |lows| && has_value(lows[i]) && has_value(highs[i]) )
			{
			pdu$value_min = lows[i];
			pdu$value_max = highs[i];
			}

		local bytes = i == 0 ? size : 0;
		local addressee = unit;

		if ( asks && unit == EVERYBODY )
			{
			if ( |st$broadcasts| < OTActivity::max_points )
				add st$broadcasts[type_id, object];
			}
		else if ( answers && [type_id, object] in st$broadcasts )
			{
			# The first station's answer is the request's; what others say stands for itself.
			delete st$broadcasts[type_id, object];
			addressee = EVERYBODY;
			}

		local key = fmt("%s%d %d %s", cancels, type_id, addressee, object);

		if ( asks )
			{
			st$reads = st$reads || type_id == 102;
			OTActivity::request(c, is_orig, SERVICE, ask(st, key), pdu, bytes);
			}
		else if ( answers )
			OTActivity::reply(c, is_orig, SERVICE, answer(st, key), outcome, bytes,
			    OTActivity::no_values, pdu);
		else
			OTActivity::once(c, is_orig, SERVICE, pdu, outcome, bytes, is_orig !=
			    st$client_is_orig);
		}
	}

@endif
