##! The rows of the current interval: found by key, and added to.

@load ./writing

module OTActivity;

export {
	## The row of a point for an outcome and a time. It may be kept in ``p$row`` and added to as
	## long as ``ts >= row$ts && ts < row$until``.
	##
	## s: the side.
	##
	## p: the point.
	##
	## outcome: how it ended.
	##
	## ts: when it was asked.
	##
	## Returns: the row.
	global row_of: function(s: Side, p: Point, outcome: string, ts: time): Info;

	## Count one event.
	##
	## s: the side.
	##
	## p: the point.
	##
	## outcome: how it ended.
	##
	## ts: when it was asked.
	##
	## up: payload bytes to the server.
	##
	## down: payload bytes to the client.
	##
	## values: values read or written.
	##
	## events: how many of them at once.
	global add_event: function(s: Side, p: Point, outcome: string, ts: time,
	    up: count, down: count, values: Values &default=no_values,
	    events: count &default=1);

	## Count events that were added up elsewhere: of one interval, and of one connection. They are
	## written at once if their interval's rows are written already. Where they overlap what the
	## row has, the gaps between the one and the other stay uncounted, as between rows of two
	## workers.
	##
	## s: the side.
	##
	## p: the point.
	##
	## outcome: how they ended.
	##
	## events: how many.
	##
	## up: payload bytes to the server.
	##
	## down: payload bytes to the client.
	##
	## first: when the first of them was asked.
	##
	## last: when the last one was.
	##
	## squares: sum of the squared gaps between them, in seconds.
	##
	## values: values read or written.
	global add_events: function(s: Side, p: Point, outcome: string, events: count,
	    up: count, down: count, first: time, last: time, squares: double,
	    values: Values);
}

function new_row(s: Side, p: Point, outcome: string, ts: time, start: time)
    : Info
	{
	local pdu = p$pdu;
	local r = Info($ts=start, $client=s$client, $server=s$server,
	    $transport=s$transport, $service=p$service,
	    $operation=pdu$operation, $action=pdu$action, $outcome=outcome,
	    $first=ts, $last=ts, $uids=vector(), $until=start + log_interval);

	r$poll_up = p$bytes;

	if ( s$uid != "" && max_uids > 0 )
		r$uids += s$uid;

	if ( s?$server_port )
		r$server_port = s$server_port;

	if ( s$client_mac != "" )
		r$client_mac = s$client_mac;

	if ( s$server_mac != "" )
		r$server_mac = s$server_mac;

	if ( pdu$unit != "" )
		r$unit = pdu$unit;

	if ( pdu$object != "" )
		r$object = pdu$object;

	return r;
	}

function add_uid(r: Info, s: Side)
	{
	if ( s$uid == "" || |r$uids| >= max_uids )
		return;

	for ( i, known in r$uids )
		if ( known == s$uid )
			return;

	r$uids += s$uid;
	}

# What a row is found by. Lengths go first, as whoever sends a name may put anything in it.
function key_of(s: Side, p: Point, outcome: string): string
	{
	if ( p$key == "" )
		{
		local pdu = p$pdu;
		p$key = cat(|s$ends|, " ", |pdu$unit|, " ", |pdu$operation|, " ", |pdu$object|,
		    " ", s$ends, p$service, pdu$unit, pdu$operation,
		    pdu$object);
		}

	return outcome == "ok" ? p$key : cat(p$key, " ", outcome);
	}

function row_of(s: Side, p: Point, outcome: string, ts: time): Info
	{
	if ( ts >= window_end + reply_timeout && ! rolling )
		roll(ts);

	if ( ts < window || ts >= window_end + log_interval )
		{
		local stray = new_row(s, p, outcome, ts, start_of(ts));
		stray$until = double_to_time(0.0);
		strays += stray;
		return stray;
		}

	local key = key_of(s, p, outcome);
	local mine = ts < window_end ? rows : later;

	if ( key in mine )
		{
		local known = mine[key];
		add_uid(known, s);
		return known;
		}

	if ( |rows| + |later| + |strays| >= max_entries )
		{
		write_early();
		mine = ts < window_end ? rows : later;
		}

	local r = new_row(s, p, outcome, ts, ts < window_end ? window : window_end);
	mine[key] = r;
	return r;
	}

function row_to_add_to(s: Side, p: Point, outcome: string, ts: time): Info
	{
	if ( outcome != "ok" )
		return row_of(s, p, outcome, ts);

	if ( ts >= p$row$until || ts < p$row$ts || p$turn != s$turn )
		{
		p$row = row_of(s, p, outcome, ts);
		p$turn = s$turn;
		}

	return p$row;
	}

function add_event(s: Side, p: Point, outcome: string, ts: time, up: count,
    down: count, values: Values, events: count)
	{
	local r = row_to_add_to(s, p, outcome, ts);

	if ( r$events == 0 && r$polls == 0 )
		{
		r$first = ts;
		r$last = ts;
		}
	else
		{
		local gap = ( ts - r$last ) / 1sec;
		r$squares += gap * gap;

		if ( gap > 0.0 )
			r$last = ts;
		else if ( ts < r$first )
			r$first = ts;
		}

	r$events += events;
	r$bytes_to_server += up;
	r$bytes_to_client += down;

	add_values(r, values);

	if ( p$changing && ! r$told )
		write_first(r);
	}

function add_events(s: Side, p: Point, outcome: string, events: count,
    up: count, down: count, first: time, last: time, squares: double,
    values: Values)
	{
	local r = row_to_add_to(s, p, outcome, first);

	if ( r$events == 0 && r$polls == 0 )
		{
		r$first = first;
		r$last = last;
		}
	else if ( first >= r$last || last <= r$first )
		{
		local gap = ( first >= r$last ? first - r$last : r$first - last ) / 1sec;
		r$squares += gap * gap;
		}
	else
		{
		++r$overlaps;
		r$overlapped += ( last < r$last ? last : r$last ) - ( first > r$first ? first :
		    r$first );
		}

	if ( first < r$first )
		r$first = first;

	if ( last > r$last )
		r$last = last;

	r$squares += squares;
	r$events += events;
	r$bytes_to_server += up;
	r$bytes_to_client += down;
	add_values(r, values);

	# Its interval was written already.
	if ( r$until == double_to_time(0.0) )
		write_first(r);
	}
