##! Requests, paired with their replies.

@load ./sides

module OTActivity;

export {
	## A request that a reply should answer.
	##
	## c: the connection.
	##
	## is_orig: whether the originator sent it, and so is the client.
	##
	## service: the application protocol.
	##
	## tag: what pairs it with its reply on this connection: a transaction or invoke id. Called
	##      again with the same tag before the reply, it adds an operation to the request.
	##
	## pdu: what is asked.
	##
	## bytes: payload bytes; of a request with several operations, on the first only.
	global request: function(c: connection, is_orig: bool, service: string,
	    tag: string, pdu: PDU, bytes: count &default=0);

	## The reply to a request. One that answers nothing known is ignored.
	##
	## c: the connection.
	##
	## is_orig: whether the originator sent it, and so is the server.
	##
	## service: the application protocol.
	##
	## tag: that of the request.
	##
	## outcome: ``ok`` or the protocol's name of the error, in snake case.
	##
	## bytes: payload bytes.
	##
	## values: values that it carries.
	##
	## pdu: what was asked, where the reply tells: it counts even if no request was seen.
	global reply: function(c: connection, is_orig: bool, service: string,
	    tag: string, outcome: string, bytes: count &default=0,
	    values: Values &default=no_values, pdu: PDU &default=no_pdu);

	## The reply to a request with several operations, with an outcome for each.
	##
	## c: the connection.
	##
	## is_orig: whether the originator sent it, and so is the server.
	##
	## service: the application protocol.
	##
	## tag: that of the request.
	##
	## outcomes: one for each operation, in order; those that are missing take the last one's.
	##
	## bytes: payload bytes.
	##
	## values: values that it carries, one of these for each operation.
	global reply_items: function(c: connection, is_orig: bool, service: string,
	    tag: string, outcomes: vector of string, bytes: count &default=0,
	    values: vector of Values &default=vector());

	## Count the operations of a request that ended.
	##
	## s: the side.
	##
	## o: the request.
	##
	## outcomes: one for each operation; those that are missing take the last one's.
	##
	## down: payload bytes of the reply.
	##
	## values: values that it carries.
	##
	## each: values of each operation, where they are known one by one.
	global settle: function(s: Side, o: Pending, outcomes: vector of string,
	    down: count, values: Values, each: vector of Values
	    &default=vector());

	## Tell detections what is asked.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## service: the application protocol.
	##
	## pdu: the operation with its values.
	##
	## outcome: ``requested``, or how it ended.
	global tell_acted: function(c: connection, s: Side, service: string, pdu: PDU,
	    outcome: string);

	## Tell detections how it ended, if that was an error.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## service: the application protocol.
	##
	## pdu: the operation with its values.
	##
	## outcome: how it ended.
	global tell_refused: function(c: connection, s: Side, service: string,
	    pdu: PDU, outcome: string);
}

# Operations of one request come from one packet, or from a few in a row.
const one_request = 100msec;

function values_of(pdu: PDU, seen: Values): Values
	{
	if ( ! pdu?$value_min && ! pdu?$value_max )
		return seen;

	local v = copy(seen);

	if ( pdu?$value_min && ( ! v?$value_min || pdu$value_min < v$value_min ) )
		v$value_min = pdu$value_min;

	if ( pdu?$value_max && ( ! v?$value_max || pdu$value_max > v$value_max ) )
		v$value_max = pdu$value_max;

	return v;
	}

function settle(s: Side, o: Pending, outcomes: vector of string, down: count,
    values: Values, each: vector of Values)
	{
	for ( i, p in o$points )
		{
		local outcome = outcomes[i < |outcomes| ? i : |outcomes| - 1];
		add_event(s, p, outcome, o$ts, i == 0 ? o$bytes : 0, i == 0 ? down : 0,
		    values_of(o$pdus[i], i < |each| ? each[i] : values));
		}
	}

hook expire_side(s: Side, before: time)
	{
	if ( |s$pending| == 0 )
		return;

	local still: table[string, string] of Pending;
	for ( [service, tag], o in s$pending )
		{
		if ( o$ts < before )
			settle(s, o, vector("no_reply"), 0, no_values);
		else
			still[service, tag] = o;
		}

	s$pending = still;
	}

function tell_acted(c: connection, s: Side, service: string, pdu: PDU,
    outcome: string)
	{
	hook acted(Act($c=c, $client=s$client, $server=s$server, $service=service,
	    $pdu=pdu, $outcome=outcome));
	}

function tell_refused(c: connection, s: Side, service: string, pdu: PDU,
    outcome: string)
	{
	if ( outcome != "ok" && outcome != "no_reply" )
		hook refused(Act($c=c, $client=s$client, $server=s$server, $service=service,
		    $pdu=pdu, $outcome=outcome));
	}

function request(c: connection, is_orig: bool, service: string, tag: string,
    pdu: PDU, bytes: count)
	{
	local s = side_of(c, is_orig);
	local p = point_of(s, service, pdu);
	local now = network_time();

	if ( s$crowded )
		add_event(s, p, "unknown", now, bytes, 0, values_of(pdu, no_values));
	else if ( [service, tag] in s$pending )
		{
		local o = s$pending[service, tag];

		if ( now - o$ts <= one_request )
			{
			if ( |o$points| >= max_items )
				return;

			o$points += p;
			o$pdus += pdu;
			o$bytes += bytes;
			}
		else
			{
			# Whoever uses a tag again has given up on the request before.
			settle(s, o, vector("no_reply"), 0, no_values);
			s$pending[service, tag] = Pending($ts=now, $points=vector(p), $pdus=vector(
			    pdu), $bytes=bytes);
			}
		}
	else
		{
		if ( |s$pending| >= max_pending )
			hook expire_side(s, now + 1day);

		if ( |s$pending| == 0 )
			s$pending = table();

		s$pending[service, tag] = Pending($ts=now, $points=vector(p), $pdus=vector(
		    pdu), $bytes=bytes);
		}

	if ( p$heard )
		tell_acted(c, s, service, pdu, "requested");
	}

function reply_items(c: connection, is_orig: bool, service: string, tag: string,
    outcomes: vector of string, bytes: count, values: vector of Values)
	{
	local s = side_of(c, ! is_orig);

	if ( |outcomes| == 0 || [service, tag] !in s$pending )
		return;

	local o = s$pending[service, tag];
	delete s$pending[service, tag];
	settle(s, o, outcomes, bytes, no_values, values);

	for ( i, pdu in o$pdus )
		tell_refused(c, s, service, pdu, outcomes[i < |outcomes| ? i : |outcomes| -
		    1]);
	}

function reply(c: connection, is_orig: bool, service: string, tag: string,
    outcome: string, bytes: count, values: Values, pdu: PDU)
	{
	local s = side_of(c, ! is_orig);

	if ( [service, tag] in s$pending )
		{
		local o = s$pending[service, tag];
		delete s$pending[service, tag];
		settle(s, o, vector(outcome), bytes, values);

		for ( i, asked in o$pdus )
			tell_refused(c, s, service, asked, outcome);
		}
	else if ( pdu$operation != "" )
		{
		add_event(s, point_of(s, service, pdu), outcome, network_time(), 0, bytes,
		    values_of(pdu, values));
		tell_refused(c, s, service, pdu, outcome);
		}
	}
