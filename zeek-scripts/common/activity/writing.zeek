##! Rows as they are kept until their interval ends, and how they are written.

@load ./types

module OTActivity;

export {
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

# By ends, service, unit, operation, object and outcome, in one string.
type Rows: table[string] of Info;

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
	for ( key, r in rows )
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
