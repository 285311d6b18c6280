##! For protocols that poll: points by number, and the latest request of a connection kept apart,
##! so that a poll and its reply that were seen before cost no string and hardly a look-up.

@load ./pairing

module OTActivity;

export {
	## Name a point of a side by a number.
	##
	## s: the side.
	##
	## n: the number, not 0.
	##
	## service: the application protocol.
	##
	## pdu: the operation, without values and in few words. It is kept, and must stay as it is.
	##
	## Returns: the point, which is ``s$numbered[n]`` from now on.
	global number_point: function(s: Side, n: count, service: string, pdu: PDU)
	    : Point;

	## A request.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## p: what is asked.
	##
	## tag: pairs it with its reply.
	##
	## sub: does so together with ``tag``.
	##
	## bytes: payload bytes.
	global ask: function(c: connection, s: Side, p: Point, tag: count, sub: count,
	    bytes: count);

	## A request with values, or for several operations.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## points: what is asked.
	##
	## pdus: the same with values.
	##
	## tag: pairs it with its reply.
	##
	## sub: does so together with ``tag``.
	##
	## bytes: payload bytes.
	##
	## tell: whether detections hear of it here.
	##
	## Returns: the request, to which more may be added before its reply.
	global ask_with: function(c: connection, s: Side, points: vector of Point,
	    pdus: vector of PDU, tag: count, sub: count, bytes: count,
	    tell: bool &default=T): Pending;

	## Another request follows before the reply to the latest one.
	##
	## s: the side, which is open.
	global set_aside: function(s: Side);

	## The row to count a successful poll in: ``s$asked`` has been answered, and its row is of
	## an interval before.
	##
	## s: the side.
	##
	## down: payload bytes of the reply.
	##
	## Returns: the row.
	global next_row: function(s: Side, down: count): Info;

	## The reply to a request.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## tag: that of the request.
	##
	## sub: that of the request.
	##
	## outcome: how it ended.
	##
	## bytes: payload bytes.
	##
	## values: values that it carries.
	##
	## Returns: whether there was such a request.
	global answer: function(c: connection, s: Side, tag: count, sub: count,
	    outcome: string, bytes: count, values: Values &default=no_values)
	    : bool;

	## The reply to a request for several operations, with an outcome for each.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## tag: that of the request.
	##
	## sub: that of the request.
	##
	## outcomes: one for each operation; those that are missing take the last one's.
	##
	## bytes: payload bytes.
	##
	## Returns: whether there was such a request.
	global answer_items: function(c: connection, s: Side, tag: count, sub: count,
	    outcomes: vector of string, bytes: count): bool;
}

function number_point(s: Side, n: count, service: string, pdu: PDU): Point
	{
	if ( |s$numbered| == 0 || |s$numbered| >= max_points )
		{
		local numbered: table[count] of Point &default=no_point;
		s$numbered = numbered;
		}

	local p = new_point(service, pdu);
	p$number = n;
	s$numbered[n] = p;
	return p;
	}

# Remembers a request that is not the latest one, or has more to it.
function queue(s: Side, tag: count, sub: count, o: Pending)
	{
	if ( s$crowded )
		{
		settle(s, o, vector("unknown"), 0, no_values);
		return;
		}

	# Whoever uses a tag again has given up on the request before.
	if ( [tag, sub] in s$queue )
		settle(s, s$queue[tag, sub], vector("no_reply"), 0, no_values);
	else if ( |s$queue| >= max_pending )
		{
		for ( [t, u], old in s$queue )
			settle(s, old, vector("no_reply"), 0, no_values);

		s$queue = table();
		}

	if ( |s$queue| == 0 )
		s$queue = table();

	s$queue[tag, sub] = o;
	}

function set_aside(s: Side)
	{
	s$is_open = F;
	queue(s, s$asked_tag, s$asked_sub, Pending($ts=s$asked_ts, $points=vector(
	    s$asked), $pdus=vector(s$asked$pdu), $bytes=s$asked$bytes));
	}

hook expire_side(s: Side, before: time)
	{
	if ( s$is_open && s$asked_ts < before )
		{
		s$is_open = F;
		add_event(s, s$asked, "no_reply", s$asked_ts, s$asked$bytes, 0);
		}

	if ( |s$queue| == 0 )
		return;

	local still: table[count, count] of Pending;
	for ( [tag, part], o in s$queue )
		{
		if ( o$ts < before )
			settle(s, o, vector("no_reply"), 0, no_values);
		else
			still[tag, part] = o;
		}

	s$queue = still;
	}

function ask(c: connection, s: Side, p: Point, tag: count, sub: count,
    bytes: count)
	{
	if ( s$is_open )
		set_aside(s);

	p$bytes = bytes;

	if ( s$crowded )
		add_event(s, p, "unknown", network_time(), bytes, 0);

	s$asked = p;
	s$asked_ts = network_time();
	s$asked_tag = tag;
	s$asked_sub = sub;
	s$is_open = T;

	if ( p$heard )
		tell_acted(c, s, p$service, p$pdu, "requested");
	}

function ask_with(c: connection, s: Side, points: vector of Point, pdus: vector of
    PDU, tag: count, sub: count, bytes: count, tell: bool): Pending
	{
	local o = Pending($ts=network_time(), $points=points, $pdus=pdus,
	    $bytes=bytes);

	if ( |points| == 0 )
		return o;

	queue(s, tag, sub, o);

	for ( i, p in points )
		if ( tell && p$heard )
			tell_acted(c, s, p$service, pdus[i], "requested");

	return o;
	}

function next_row(s: Side, down: count): Info
	{
	local p = s$asked;
	p$row = row_of(s, p, "ok", s$asked_ts);

	if ( p$row$polls > 0 )
		fold_polls(p$row);

	p$row$poll_up = p$bytes;
	p$row$poll_down = down;
	return p$row;
	}

function answer(c: connection, s: Side, tag: count, sub: count, outcome: string,
    bytes: count, values: Values): bool
	{
	if ( s$is_open && s$asked_tag == tag && s$asked_sub == sub )
		{
		local p = s$asked;
		s$is_open = F;
		add_event(s, p, outcome, s$asked_ts, p$bytes, bytes, values);

		if ( outcome != "ok" )
			tell_refused(c, s, p$service, p$pdu, outcome);

		return T;
		}

	if ( [tag, sub] !in s$queue )
		return F;

	local o = s$queue[tag, sub];
	delete s$queue[tag, sub];
	settle(s, o, vector(outcome), bytes, values);

	for ( i, each in o$pdus )
		tell_refused(c, s, o$points[0]$service, each, outcome);

	return T;
	}

function answer_items(c: connection, s: Side, tag: count, sub: count,
    outcomes: vector of string, bytes: count): bool
	{
	if ( [tag, sub] !in s$queue )
		return F;

	local o = s$queue[tag, sub];
	delete s$queue[tag, sub];

	local each = |outcomes| > 0 ? outcomes : vector("ok");
	settle(s, o, each, bytes, no_values);

	for ( i, pdu in o$pdus )
		tell_refused(c, s, o$points[i]$service, pdu, each[i < |each| ? i : |each| -
		    1]);

	return T;
	}
