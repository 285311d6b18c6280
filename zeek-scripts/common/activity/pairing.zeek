##! Sides of connections, and requests with their replies.

@load base/protocols/conn/removal-hooks
@load ./rows

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

	## Something that awaits no reply: a report, an unconfirmed command.
	##
	## c: the connection.
	##
	## is_orig: whether the originator sent it.
	##
	## service: the application protocol.
	##
	## pdu: what it says.
	##
	## outcome: ``ok``, or the error that it tells of.
	##
	## bytes: payload bytes.
	##
	## from_server: whether its sender is the server, as of an unsolicited report.
	global once: function(c: connection, is_orig: bool, service: string, pdu: PDU,
	    outcome: string &default="ok", bytes: count &default=0,
	    from_server: bool &default=F);

	## Something said below IP.
	##
	## client: the MAC address of who asks or commands, lower case with colons.
	##
	## server: the MAC address of who is asked, or a group address.
	##
	## service: the protocol.
	##
	## pdu: what it says.
	##
	## outcome: ``ok``, or the error that it tells of.
	##
	## bytes: payload bytes.
	##
	## events: how many of them are told of at once; bytes are those of all.
	global frame: function(client: string, server: string, service: string,
	    pdu: PDU, outcome: string &default="ok", bytes: count &default=0,
	    events: count &default=1);

	## The side of a connection from which a client asks.
	##
	## c: the connection.
	##
	## is_orig: whether the originator is the client.
	##
	## Returns: the side, the same one for the same arguments.
	global side_of: function(c: connection, is_orig: bool): Side;

	## The point of a side for an operation.
	##
	## s: the side.
	##
	## service: the application protocol.
	##
	## pdu: the operation; its values are not part of what identifies the point.
	##
	## Returns: the point.
	global point_of: function(s: Side, service: string, pdu: PDU): Point;

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

	## How much is in memory.
	global sizes: function(): Sizes;

	## Run when a side's requests that were sent before a time count as unanswered.
	global expire_side: hook(s: Side, before: time);
}

# Every side of every connection, to find requests that nobody answers.
global sides: table[string] of Side;

# Sides below IP by client and server.
global frame_sides: table[string, string] of Side;

# Operations of one request come from one packet, or from a few in a row.
const one_request = 100msec;

# Where nothing was counted or asked yet.
global no_row: Info = Info($ts=double_to_time(0.0), $client="", $server="",
    $transport="", $service="", $operation="", $action="", $outcome="",
    $first=double_to_time(0.0), $last=double_to_time(0.0), $uids=vector(),
    $until=double_to_time(0.0));
global no_point: Point = Point($pdu=no_pdu, $service="", $heard=F, $changing=F,
    $row=no_row);

function sizes(): Sizes
	{
	return Sizes($rows=row_count(), $sides=|sides| + |frame_sides|);
	}

# Most connections of a flood never need a table: these stand in until something is put in.
global no_points: table[string, string, string, string] of Point;
global none_numbered: table[count] of Point &default=no_point;
global none_pending: table[string, string] of Pending;
global none_queued: table[count, count] of Pending;

function new_side(client: string, server: string, client_mac: string,
    server_mac: string, transport: string, uid: string): Side
	{
	return Side($client=client, $server=server, $client_mac=client_mac,
	    $server_mac=server_mac, $transport=transport, $uid=uid, $ends=cat(
	    client, " ", server, " ", client_mac, " ", server_mac),
	    $points=no_points, $numbered=none_numbered, $pending=none_pending,
	    $queue=none_queued, $asked=no_point, $asked_ts=double_to_time(0.0));
	}

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

hook expire(before: time)
	{
	for ( n, s in sides )
		hook expire_side(s, before);
	}

hook connection_gone(c: connection)
	{
	local after = network_time() + 1day;

	if ( c?$ot_orig )
		{
		hook expire_side(c$ot_orig, after);
		delete sides[c$uid + ">"];
		}

	if ( c?$ot_resp )
		{
		hook expire_side(c$ot_resp, after);
		delete sides[c$uid + "<"];
		}

	# Connections may outlive the end of everything else.
	if ( ended )
		flush();
	}

# The side of a connection on its first use.
function open_side(c: connection, is_orig: bool): Side
	{
	local id = c$id;
	local orig_mac = c$orig?$l2_addr ? c$orig$l2_addr : "";
	local resp_mac = c$resp?$l2_addr ? c$resp$l2_addr : "";
	local transport = cat(get_port_transport_proto(id$resp_p));
	local s: Side;

	if ( is_orig )
		{
		s = new_side(cat(id$orig_h), cat(id$resp_h), orig_mac, resp_mac, transport,
		    c$uid);
		s$server_port = port_to_count(id$resp_p);
		}
	else
		{
		s = new_side(cat(id$resp_h), cat(id$orig_h), resp_mac, orig_mac, transport,
		    c$uid);
		s$server_port = port_to_count(id$orig_p);
		}

	s$ends += cat(" ", s$server_port, "/", transport);

	if ( |sides| >= max_connections )
		{
		# Not kept, so that memory stays what it is.
		s$crowded = T;
		return s;
		}

	if ( is_orig )
		c$ot_orig = s;
	else
		c$ot_resp = s;

	sides[c$uid + ( is_orig ? ">" : "<" )] = s;
	Conn::register_removal_hook(c, connection_gone);
	return s;
	}

function side_of(c: connection, is_orig: bool): Side
	{
	if ( is_orig )
		return c?$ot_orig ? c$ot_orig : open_side(c, T);

	return c?$ot_resp ? c$ot_resp : open_side(c, F);
	}

function cut(text: string): string
	{
	return |text| <= max_text ? text : text[:max_text] + "...";
	}

function new_point(service: string, pdu: PDU): Point
	{
	local mine = PDU($operation=cut(pdu$operation), $action=pdu$action,
	    $object=cut(pdu$object), $unit=cut(pdu$unit));

	return Point($pdu=mine, $service=service, $heard=pdu$action !in plain,
	    $changing=pdu$action in state_changing, $row=no_row);
	}

function point_of(s: Side, service: string, pdu: PDU): Point
	{
	if ( [service, pdu$operation, pdu$unit, pdu$object] in s$points )
		return s$points[service, pdu$operation, pdu$unit, pdu$object];

	if ( |s$points| == 0 || |s$points| >= max_points )
		s$points = table();

	local p = new_point(service, pdu);
	s$points[service, p$pdu$operation, p$pdu$unit, p$pdu$object] = p;
	return p;
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

function once(c: connection, is_orig: bool, service: string, pdu: PDU,
    outcome: string, bytes: count, from_server: bool)
	{
	local s = side_of(c, is_orig != from_server);
	local p = point_of(s, service, pdu);

	add_event(s, p, outcome, network_time(), from_server ? 0 : bytes, from_server ?
	    bytes : 0, values_of(pdu, no_values));

	if ( p$heard )
		tell_acted(c, s, service, pdu, outcome);
	}

function frame(client: string, server: string, service: string, pdu: PDU,
    outcome: string, bytes: count, events: count)
	{
	if ( [client, server] !in frame_sides )
		{
		if ( |frame_sides| >= max_frame_pairs )
			frame_sides = table();

		frame_sides[client, server] = new_side(client, server, client, "", "eth", "");
		}

	local s = frame_sides[client, server];
	local p = point_of(s, service, pdu);

	add_event(s, p, outcome, network_time(), bytes, 0, values_of(pdu, no_values),
	    events);

	if ( p$heard )
		hook acted(Act($client=client, $server=server, $service=service, $pdu=pdu,
		    $outcome=outcome));
	}
