##! Confirmed requests: a number stands for what each is about.

@load ../../common/activity
@load ./connection

module OTMMS;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

event OTMMS::asked(c: connection, is_orig: bool, id: count, anew: bool,
    confirmed: bool, service: count, names: vector of string)
	{
	local st = state_of(c, is_orig == confirmed);
	local operation = "";

	if ( confirmed )
		operation = service_name(service);
	else if ( service in unconfirmed_services )
		operation = unconfirmed_services[service];
	else
		operation = fmt("unknown_unconfirmed_service_%d", service);

	local what = Asked($loads=confirmed && ( service == 27 || service == 28 ),
	    $pdus=vector());

	for ( i, name in names )
		what$pdus += pdu_of(operation, name);

	if ( |names| == 0 )
		what$pdus += pdu_of(operation, "");

	if ( anew )
		forget_asked(c, st);

	st$asked[id] = what;
	}

# On whose account a request goes: on its sender's, except where a server fetches what it is sent.
function asks_for_client(c: connection, is_orig: bool, what: Asked): bool
	{
	return what$loads && ours(c, is_orig)$client_is_orig != is_orig;
	}

function ask_for(c: connection, is_orig: bool, invoke: count, id: count,
    what: Asked, pdus: vector of OTActivity::PDU, size: count)
	{
	local for_client = asks_for_client(c, is_orig, what);
	local s = OTActivity::side_of(c, is_orig != for_client);
	local series = for_client ? FROM_SERVER : REQUEST;

	if ( |pdus| == 1 )
		OTActivity::ask_with(c, s, vector(point_of(s, id, what)), pdus, invoke,
		    series, size);
	else
		OTActivity::ask_with(c, s, points_of(s, id, what), pdus, invoke, series,
		    size);
	}

event OTMMS::request(c: connection, is_orig: bool, invoke: count, id: count,
    size: count)
	{
	local st = ours(c, is_orig);

	if ( id !in st$asked )
		return;

	local what = st$asked[id];

	if ( |what$pdus| > 1 || what$loads )
		{
		ask_for(c, is_orig, invoke, id, what, what$pdus, size);
		return;
		}

	local s = OTActivity::side_of(c, is_orig);
	OTActivity::ask(c, s, point_of(s, id, what), invoke, REQUEST, size);
	}

event OTMMS::request_with(c: connection, is_orig: bool, invoke: count,
    id: count, which: vector of count, values: vector of double, size: count)
	{
	local st = ours(c, is_orig);

	if ( id !in st$asked )
		return;

	local what = st$asked[id];
	local pdus: vector of OTActivity::PDU;

	for ( i, pdu in what$pdus )
		pdus += pdu;

	for ( j, n in which )
		if ( n < |pdus| )
			{
			local valued = copy(pdus[n]);
			valued$value_min = values[j];
			valued$value_max = values[j];
			pdus[n] = valued;
			}

	ask_for(c, is_orig, invoke, id, what, pdus, size);
	}

# What opens the numbers that some services name instead of a file or a domain.
const opening: table[count] of count = {
	[30] = 29,
	[31] = 29,
	[73] = 72,
	[74] = 72,
};

# These end it.
const closing: set[count] = {
	31,
	74
};

event OTMMS::request_of(c: connection, is_orig: bool, invoke: count,
    service: count, handle: count, size: count)
	{
	local st = ours(c, is_orig);
	local object = "";

	if ( service in opening && [opening[service], handle] in st$opened )
		{
		object = st$opened[opening[service], handle];

		if ( service in closing )
			delete st$opened[opening[service], handle];
		}

	local s = OTActivity::side_of(c, is_orig);
	OTActivity::ask(c, s, OTActivity::point_of(s, SERVICE, pdu_of(service_name(
	    service), object)), invoke, REQUEST, size);
	}

event OTMMS::cancel(c: connection, is_orig: bool, invoke: count, size: count)
	{
	ours(c, is_orig);

	local s = OTActivity::side_of(c, is_orig);
	OTActivity::ask(c, s, OTActivity::point_of(s, SERVICE, pdu_of("cancel", "")),
	    invoke, CANCEL, size);
	}

@endif
