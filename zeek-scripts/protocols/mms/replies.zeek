##! Responses, with a result for each variable, and errors.

@load ../../common/activity
@load ./connection
@load ./errors

module OTMMS;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

# Turns the bytes of a server's request round: what it asked came down, and what the client answers
# goes up. Returns the bytes that came down.
function turned(s: OTActivity::Side, invoke: count, size: count): count
	{
	local down = s$queue[invoke, FROM_SERVER]$bytes;
	s$queue[invoke, FROM_SERVER]$bytes = size;
	return down;
	}

# A reply to what the other end asked; one whose request was not seen still tells of the service.
function answered(c: connection, is_orig: bool, invoke: count,
    operation: string, outcome: string, size: count, values: OTActivity::Values)
	{
	local st = ours(c, ! is_orig);

	if ( OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), invoke, REQUEST,
	    outcome, size, values) )
		return;

	if ( is_orig == st$client_is_orig )
		{
		local s = OTActivity::side_of(c, is_orig);

		if ( [invoke, FROM_SERVER] in s$queue )
			{
			OTActivity::answer(c, s, invoke, FROM_SERVER, outcome, turned(s, invoke,
			    size));
			return;
			}
		}

	if ( operation != "" )
		OTActivity::reply(c, is_orig, SERVICE, cat(invoke), outcome, size, values,
		    pdu_of(operation, ""));
	}

event OTMMS::response(c: connection, is_orig: bool, invoke: count,
    service: count, size: count)
	{
	answered(c, is_orig, invoke, service_name(service), "ok", size,
	    OTActivity::no_values);
	}

event OTMMS::response_with(c: connection, is_orig: bool, invoke: count,
    service: count, value: double, size: count)
	{
	answered(c, is_orig, invoke, service_name(service), "ok", size,
	    OTActivity::Values($value_min=value, $value_max=value));
	}

# An outcome for each result, as far as there are codes.
function outcomes_of(codes: string): vector of string
	{
	local outcomes: vector of string;

	for ( code in codes )
		outcomes += code == "\xff" ? "ok" : access_error(bytestring_to_count(code));

	return outcomes;
	}

# Of a list that is one object, the first result that failed.
function first_failure(outcomes: vector of string): string
	{
	for ( i, outcome in outcomes )
		if ( outcome != "ok" )
			return outcome;

	return "ok";
	}

function values_of(which: vector of count, values: vector of double,
    number: count): vector of OTActivity::Values
	{
	local each: vector of OTActivity::Values;

	for ( j, n in which )
		{
		while ( |each| < n && |each| < number )
			each += OTActivity::no_values;

		if ( n < number )
			each += OTActivity::Values($value_min=values[j], $value_max=values[j]);
		}

	return each;
	}

event OTMMS::response_items(c: connection, is_orig: bool, invoke: count,
    service: count, codes: string, which: vector of count, values: vector of
    double, size: count)
	{
	local s = OTActivity::side_of(c, ! is_orig);
	local outcomes = outcomes_of(codes);

	if ( [invoke, REQUEST] !in s$queue || |s$queue[invoke, REQUEST]$points| == 1 )
		{
		answered(c, is_orig, invoke, service_name(service), first_failure(outcomes),
		    size, OTActivity::no_values);
		return;
		}

	ours(c, ! is_orig);

	local o = s$queue[invoke, REQUEST];
	delete s$queue[invoke, REQUEST];

	if ( |outcomes| == 0 )
		outcomes += "ok";

	OTActivity::settle(s, o, outcomes, size, OTActivity::no_values, values_of(
	    which, values, |o$points|));

	for ( i, pdu in o$pdus )
		OTActivity::tell_refused(c, s, SERVICE, pdu, outcomes[i < |outcomes| ? i :
		    |outcomes| - 1]);
	}

event OTMMS::failed(c: connection, is_orig: bool, invoke: count, class: count,
    code: count, size: count)
	{
	answered(c, is_orig, invoke, "", error_name(class, code), size,
	    OTActivity::no_values);
	}

# A reject of a request ends it; others refuse a reply, or what has no number.
event OTMMS::rejected(c: connection, is_orig: bool, invoke: count, class: count,
    code: count, size: count)
	{
	local reason = code in reject_reasons ? reject_reasons[code] : fmt(
	    "reject_reason_%d", code);

	if ( class == 1 && invoke != NONE )
		answered(c, is_orig, invoke, "", reason, size, OTActivity::no_values);
	else if ( class == 6 && invoke != NONE )
		OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), invoke, CANCEL, code == 1 ?
		    "invalid_invoke_id" : "rejected", size);
	else
		{
		local st = ours(c, ! is_orig);
		OTActivity::once(c, is_orig, SERVICE, pdu_of("reject", ""), "ok", size,
		    is_orig != st$client_is_orig);
		}
	}

event OTMMS::cancelled(c: connection, is_orig: bool, invoke: count,
    class: count, code: count, size: count)
	{
	OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), invoke, CANCEL, class ==
	    NONE ? "ok" : error_name(class, code), size);
	}

# The request that a reply answers, if it is for one object.
function pending_object(c: connection, is_orig: bool, invoke: count): string
	{
	local s = OTActivity::side_of(c, ! is_orig);

	if ( s$is_open && s$asked_tag == invoke && s$asked_sub == REQUEST )
		return s$asked$pdu$object;

	if ( [invoke, REQUEST] in s$queue && |s$queue[invoke, REQUEST]$pdus| == 1 )
		return s$queue[invoke, REQUEST]$pdus[0]$object;

	return "";
	}

event OTMMS::opened(c: connection, is_orig: bool, invoke: count, service: count,
    handle: count)
	{
	local st = ours(c, ! is_orig);
	local object = pending_object(c, is_orig, invoke);

	if ( |st$opened| >= max_remembered )
		st$opened = table();

	if ( object != "" )
		st$opened[service, handle] = object;
	}

@endif
