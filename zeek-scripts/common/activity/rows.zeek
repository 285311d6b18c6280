##! The rows of the current interval: found by key, added to, written.

@load ./types

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

	## Write the first event of an interval now; what is counted later starts from zero.
	##
	## r: the row.
	global write_first: function(r: Info);

	## Add up the polls that were counted apart.
	##
	## r: the row.
	global fold_polls: function(r: Info);

	## Write everything now.
	global flush: function();

	## How many rows are in memory.
	global row_count: function(): count;
}

# By ends, service, unit, operation, object and outcome.
type Rows: table[string, string, string, string, string, string] of Info;

# Those of the current interval, and of the one after it: it starts before the current one is
# written, as replies to its requests may still come.
global rows: Rows;
global later: Rows;

# Rows of other intervals, as after a jump of the clock.
global strays: vector of Info;

# The current interval.
global window = double_to_time(0.0);
global window_end = double_to_time(0.0);

# Rows are being written, and the interval stays what it is meanwhile.
global rolling = F;

# The last rows have been written, unless there is still something to count.
global ended = F;

function row_count(): count
	{
	return |rows| + |later| + |strays|;
	}

function fold_polls(r: Info)
	{
	r$events += r$polls;
	r$bytes_to_server += r$polls * r$poll_up;
	r$bytes_to_client = int_to_count(r$bytes_to_client + r$polls * r$poll_down +
	    r$more_down);
	r$polls = 0;
	r$more_down = +0;
	}

function add_values(r: Info, values: Values)
	{
	if ( values?$value_min
	    && ( ! r?$value_min || values$value_min < r$value_min ) )
		r$value_min = values$value_min;

	if ( values?$value_max
	    && ( ! r?$value_max || values$value_max > r$value_max ) )
		r$value_max = values$value_max;
	}

function write(r: Info)
	{
	if ( r$polls > 0 )
		fold_polls(r);

	if ( r$events == 0 )
		return;

	if ( r$low != no_value )
		add_values(r, Values($value_min=r$low + 0.0, $value_max=r$high + 0.0));

	# Replies on two connections may come in another order than the requests.
	if ( r$last < r$first )
		{
		local last = r$last;
		r$last = r$first;
		r$first = last;
		}

	r$gap_count = r$events - 1 - r$overlaps;
	r$gap_sum = double_to_count(interval_to_double(r$last - r$first + r$overlapped) *
	    1000000.0);
	r$gap_sq = double_to_count(r$squares * 1000000000000.0);
	hook summed(r);
	Log::write(LOG, r);
	}

# Writes the current interval's rows; the next one's take their place.
function write_all()
	{
	for ( [ends, service, unit, operation, object, outcome], r in rows )
		{
		write(r);
		r$until = double_to_time(0.0);
		}

	for ( i, stray in strays )
		write(stray);

	strays = vector();
	rows = later;
	later = Rows();
	}

function flush()
	{
	write_all();
	write_all();
	}

function start_of(ts: time): time
	{
	local length = interval_to_double(log_interval);
	return double_to_time(floor(time_to_double(ts) / length) * length);
	}

# Moves on to the interval that a time lies in.
function roll(now: time)
	{
	rolling = T;
	hook expire(now - reply_timeout);
	write_all();

	if ( now < window_end + log_interval )
		window = window_end;
	else
		{
		write_all();
		window = start_of(now);
		}

	window_end = window + log_interval;
	rolling = F;
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

# Memory is short: rows are written before their interval ends.
function write_early()
	{
	local kept = later;
	later = Rows();
	write_all();
	rows = later;
	later = kept;

	if ( |later| >= max_entries / 2 )
		{
		rows = later;
		later = Rows();
		write_all();
		}
	}

function row_of(s: Side, p: Point, outcome: string, ts: time): Info
	{
	if ( ts >= window_end + reply_timeout && ! rolling )
		roll(ts);

	local r: Info;

	if ( ts < window || ts >= window_end + log_interval )
		{
		r = new_row(s, p, outcome, ts, start_of(ts));
		r$until = double_to_time(0.0);
		strays += r;
		add_uid(r, s);
		return r;
		}

	local pdu = p$pdu;
	local mine = ts < window_end ? rows : later;

	if ( [s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome] in
	    mine )
		{
		r = mine[s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome];
		add_uid(r, s);
		return r;
		}

	if ( row_count() >= max_entries )
		{
		write_early();
		mine = ts < window_end ? rows : later;
		}

	r = new_row(s, p, outcome, ts, ts < window_end ? window : window_end);
	add_uid(r, s);
	mine[s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome] = r;
	return r;
	}

function write_first(r: Info)
	{
	write(r);
	r$told = T;
	r$events = 0;
	r$bytes_to_server = 0;
	r$bytes_to_client = 0;
	r$squares = 0.0;
	r$overlaps = 0;
	r$overlapped = 0sec;
	r$low = no_value;
	r$high = 0;
	delete r$value_min;
	delete r$value_max;
	}

function row_to_add_to(s: Side, p: Point, outcome: string, ts: time): Info
	{
	if ( outcome != "ok" )
		return row_of(s, p, outcome, ts);

	if ( ts >= p$row$until || ts < p$row$ts )
		p$row = row_of(s, p, outcome, ts);

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

event OTActivity::tick()
	{
	if ( network_time() >= window_end + reply_timeout )
		roll(network_time());

	schedule ( window_end + reply_timeout ) - network_time() { OTActivity::tick() };
	}

event zeek_init()
	{
	schedule log_interval { OTActivity::tick() };
	}

event zeek_done()
	{
	rolling = T;
	hook expire(network_time() + 1day);
	flush();
	ended = T;
	}
