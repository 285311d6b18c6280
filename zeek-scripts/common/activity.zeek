##! Who did what to which object how often: ``ot_activity.log``, one row per client, server,
##! service, unit, operation, object and outcome in each interval, whatever the protocol.
##!
##! Requests are paired with their replies. Rows with the same key add up: those of several
##! workers, and those of one that had to write early. What changes the state of a device or a
##! process is written when it happens; what repeats in the same interval follows at its end.

@load base/protocols/conn/removal-hooks

module OTActivity;

export {
	redef enum Log::ID += { LOG };

	## Decides whether a row is written.
	global log_policy: Log::PolicyHook;

	## One row of the log.
	type Info: record {
		## Start of the interval.
		ts: time &log;
		## Who asks: an IP address, or a MAC address for protocols of layer 2.
		client: string &log;
		## Who is asked.
		server: string &log;
		## The link-layer address that the client's frames came from.
		client_mac: string &log &optional;
		## The link-layer address that the server's frames came from.
		server_mac: string &log &optional;
		## ``tcp``, ``udp``, ``icmp`` or ``eth``.
		transport: string &log;
		## The server's port.
		server_port: count &log &optional;
		## The application protocol.
		service: string &log;
		## The sub-address: a Modbus unit, a BACnet device, a CIP path.
		unit: string &log &optional;
		## The protocol's own name of the function, in snake case.
		operation: string &log;
		## What the operation amounts to, in the words of the ledger: ``read``, ``write``,
		## ``command``, ``program``, ``mode`` and a few more.
		action: string &log;
		## The address or range of points.
		object: string &log &optional;
		## ``ok``, the name of the protocol's error, or ``no_reply``.
		outcome: string &log;
		## How many times.
		events: count &log &default=0;
		## Payload bytes from client to server.
		bytes_to_server: count &log &default=0;
		## Payload bytes from server to client.
		bytes_to_client: count &log &default=0;
		## When it happened first.
		first: time &log;
		## When it happened last.
		last: time &log;
		## How many gaps between successive events lie in the row.
		gap_count: count &log &default=0;
		## Sum of these gaps in microseconds.
		gap_sum: count &log &default=0;
		## Sum of their squares in microseconds squared.
		gap_sq: count &log &default=0;
		## The smallest value read or written.
		value_min: double &log &optional;
		## The largest value read or written.
		value_max: double &log &optional;
		## Connections it was seen on, the first few.
		uids: vector of string &log;

		# The squared gaps in seconds, while they add up.
		squares: double &default=0.0;
		# No event at or after this time belongs here.
		until: time;
		# Written at the interval's end: what comes next belongs to another row.
		closed: bool &default=F;
		# The side that added last, so that its uid is looked for only once in a run.
		latest: count &default=0;
		# The first event was written when it happened.
		told: bool &default=F;
	};

	## One operation on one object.
	type PDU: record {
		## The protocol's own name of the function, in snake case.
		operation: string;
		## What it amounts to, in the words of the ledger.
		action: string;
		## The address or range of points.
		object: string &default="";
		## The sub-address.
		unit: string &default="";
		## The smallest value it writes.
		value_min: double &optional;
		## The largest value it writes.
		value_max: double &optional;
	};

	## Values that a reply carries.
	type Values: record {
		## The smallest.
		value_min: double &optional;
		## The largest.
		value_max: double &optional;
	};

	## For replies that carry none.
	global no_values: Values = Values();

	## For replies that don't repeat what was asked.
	global no_pdu: PDU = PDU($operation="", $action="");

	## What detections look at.
	type Act: record {
		## The connection; unset below IP.
		c: connection &optional;
		## Who asks.
		client: string;
		## Who is asked.
		server: string;
		## The application protocol.
		service: string;
		## What is asked.
		pdu: PDU;
		## ``requested`` for what has been asked, else how it ended.
		outcome: string;
	};

	## The interval that rows sum up, aligned to whole multiples of it.
	option log_interval: interval = 1min;

	## A request that has not been answered for this long counts as ``no_reply``. Rows of an
	## interval are written this long after its end, so that late replies still find theirs.
	option reply_timeout: interval = 10sec;

	## With this many rows in memory they are written early.
	option max_entries: count = 100000;

	## Open requests that are remembered on one connection.
	option max_pending: count = 256;

	## Operations on objects that are remembered on one connection.
	option max_points: count = 2000;

	## Pairs of link-layer addresses that are remembered.
	option max_frame_pairs: count = 10000;

	## Sample uids in one row.
	option max_uids: count = 3;

	## Longest object, unit or operation that is kept, in bytes.
	option max_text: count = 256;

	## Actions that change a device or a process: their first row in an interval is written at
	## once.
	option state_changing: set[string] = {
		"write",
		"command",
		"program",
		"mode",
		"firmware",
		"restart",
		"suppress",
	};

	## Actions that detections needn't hear of one by one.
	option plain: set[string] = {
		"read",
		"report",
		"connect"
	};

	## Each request, report or frame whose action is not plain, before any reply.
	global acted: hook(a: Act);

	## Each reply that tells of an error.
	global refused: hook(a: Act);

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
	global reply_items: function(c: connection, is_orig: bool, service: string,
	    tag: string, outcomes: vector of string, bytes: count &default=0);

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
	global frame: function(client: string, server: string, service: string,
	    pdu: PDU, outcome: string &default="ok", bytes: count &default=0);

	## What protocols with much polling use below the functions above: one operation on one
	## object by one client, looked up once and then counted without any lookup.
	type Point: record {
		## What it does.
		pdu: PDU;
		## The application protocol.
		service: string;
		## Whether detections hear of it.
		heard: bool;
		## Whether it changes a device or a process.
		changing: bool;
		## Its row of outcome ``ok`` that was added to last.
		row: Info &optional;
	};

	## A request that waits for its reply.
	type Pending: record {
		## When it was sent.
		ts: time;
		## What it asks for.
		points: vector of Point;
		## The same with the values of this request.
		pdus: vector of PDU;
		## Its payload bytes.
		bytes: count;
	};

	## One direction of asking on one connection.
	type Side: record {
		## Tells sides apart.
		serial: count;
		## The client.
		client: string;
		## The server.
		server: string;
		## The link-layer address of the client, or empty.
		client_mac: string;
		## The link-layer address of the server, or empty.
		server_mac: string;
		## The transport protocol.
		transport: string;
		## The server's port; unset below IP.
		server_port: count &optional;
		## The connection's uid; empty below IP.
		uid: string;
		## All of the above that is part of a row's key.
		ends: string;
		## Operations seen here.
		points: table[string, string, string, string] of Point;
		## The same by a number that a protocol makes of them, where that is cheaper.
		numbered: table[count] of Point;
		## Open requests by service and tag.
		pending: table[string, string] of Pending;
		## The latest open request of a protocol that polls, and whether there is one.
		asked: Point &optional;
		is_open: bool &default=F;
		## Its tag, time and bytes.
		asked_tag: count &default=0;
		asked_ts: time &optional;
		asked_bytes: count &default=0;
		## Those before it that are still open, by tag.
		queue: table[count] of Pending;
	};

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

	## The row of a point for an outcome and a time. It may be kept in ``p$row`` and added to as
	## long as ``ts >= row$ts && ts < row$until && ! row$closed``.
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
	global add_event: function(s: Side, p: Point, outcome: string, ts: time,
	    up: count, down: count, values: Values &default=no_values);

	## Name a point of a side by a number.
	##
	## s: the side.
	##
	## n: the number.
	##
	## service: the application protocol.
	##
	## pdu: the operation.
	##
	## Returns: the point, which is ``s$numbered[n]`` from now on.
	global number_point: function(s: Side, n: count, service: string, pdu: PDU)
	    : Point;

	## A request of a protocol that polls.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## p: what is asked.
	##
	## tag: pairs it with its reply, one number for the whole connection.
	##
	## bytes: payload bytes.
	global ask: function(c: connection, s: Side, p: Point, tag: count,
	    bytes: count);

	## The same with values.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## p: what is asked.
	##
	## tag: pairs it with its reply.
	##
	## bytes: payload bytes.
	##
	## pdu: the operation with the values.
	global ask_with: function(c: connection, s: Side, p: Point, tag: count,
	    bytes: count, pdu: PDU);

	## The same for several operations in one request.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## asked: what is asked.
	##
	## tag: pairs it with its reply.
	##
	## bytes: payload bytes.
	global ask_many: function(c: connection, s: Side, asked: vector of Point,
	    tag: count, bytes: count);

	## The reply to the request in ``s$asked``, if that went well: the caller has compared
	## ``s$is_open`` and ``s$asked_tag``.
	##
	## s: the side.
	##
	## bytes: payload bytes.
	##
	## Returns: the row, for values to be added.
	global answer_ok: function(s: Side, bytes: count): Info;

	## The reply to any request made by ``ask`` or ``ask_with``.
	##
	## c: the connection.
	##
	## s: the side.
	##
	## tag: that of the request.
	##
	## outcome: how it ended.
	##
	## bytes: payload bytes.
	##
	## values: values that it carries.
	##
	## Returns: whether there was such a request.
	global answer: function(c: connection, s: Side, tag: count, outcome: string,
	    bytes: count, values: Values &default=no_values): bool;

	## Write everything now.
	global flush: function();

	## Rows and sides that are in memory, for whoever watches the sensor's health.
	type Sizes: record {
		## Rows that are not written yet.
		rows: count;
		## Sides, which is about as many as there are connections of protocols seen here.
		sides: count;
	};

	## How much is in memory.
	global sizes: function(): Sizes;
}

redef record connection += {
	## The originator as client.
	ot_orig: Side &optional;
	## The responder as client.
	ot_resp: Side &optional;
};

# The rows of an interval, by ends, service, unit, operation, object and outcome.
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

# Every side of every connection, by serial, to find requests that nobody answers.
global sides: table[count] of Side;
global serial = 0;

# Sides below IP by client and server.
global frame_sides: table[string, string] of Side;

# Rows are being written, and the interval stays what it is meanwhile.
global rolling = F;

# Moves on to the interval that a time lies in.
global roll: function(now: time);

# Operations of one request come from one packet, or from a few in a row.
const one_request = 100msec;

event zeek_init() &priority=5
	{
	Log::create_stream(LOG, Log::Stream($columns=Info, $path="ot_activity",
	    $policy=log_policy));
	}

function write(r: Info)
	{
	if ( r$events == 0 )
		return;

	r$gap_count = r$events - 1;
	r$gap_sum = double_to_count(interval_to_double(r$last - r$first) * 1000000.0);
	r$gap_sq = double_to_count(r$squares * 1000000000000.0);
	Log::write(LOG, r);
	}

# Writes the current interval's rows; the next one's take their place.
function write_all()
	{
	for ( [ends, service, unit, operation, object, outcome], r in rows )
		{
		write(r);
		r$closed = T;
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

function add_uid(r: Info, s: Side)
	{
	r$latest = s$serial;

	if ( s$uid == "" || |r$uids| >= max_uids )
		return;

	for ( i, known in r$uids )
		if ( known == s$uid )
			return;

	r$uids += s$uid;
	}

function new_row(s: Side, p: Point, outcome: string, ts: time, start: time)
    : Info
	{
	local pdu = p$pdu;
	local r = Info($ts=start, $client=s$client, $server=s$server,
	    $transport=s$transport, $service=p$service,
	    $operation=pdu$operation, $action=pdu$action, $outcome=outcome,
	    $first=ts, $last=ts, $uids=vector(), $until=start + log_interval);

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

function start_of(ts: time): time
	{
	local length = interval_to_double(log_interval);
	return double_to_time(floor(time_to_double(ts) / length) * length);
	}

function row_of(s: Side, p: Point, outcome: string, ts: time): Info
	{
	if ( ts >= window_end + reply_timeout && ! rolling )
		roll(ts);

	if ( ts < window || ts >= window_end + log_interval )
		{
		local stray = new_row(s, p, outcome, ts, start_of(ts));
		stray$closed = T;
		strays += stray;
		return stray;
		}

	local pdu = p$pdu;
	local mine = ts < window_end ? rows : later;

	if ( [s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome] in
	    mine )
		return mine[s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome];

	if ( |rows| + |later| + |strays| >= max_entries )
		{
		# Early, and so that the interval stays what it is.
		local kept = later;
		later = Rows();
		write_all();
		later = kept;

		if ( |later| >= max_entries / 2 )
			{
			rows = later;
			later = Rows();
			write_all();
			}

		mine = ts < window_end ? rows : later;
		}

	local r = new_row(s, p, outcome, ts, ts < window_end ? window : window_end);
	mine[s$ends, p$service, pdu$unit, pdu$operation, pdu$object, outcome] = r;
	return r;
	}

function tally(r: Info, s: Side, ts: time, up: count, down: count)
	{
	if ( r$events == 0 )
		{
		r$first = ts;
		r$last = ts;
		}
	else
		{
		local gap = interval_to_double(ts - r$last);
		r$squares += gap * gap;

		if ( gap > 0.0 )
			r$last = ts;
		else if ( ts < r$first )
			r$first = ts;
		}

	++r$events;
	r$bytes_to_server += up;
	r$bytes_to_client += down;

	if ( r$latest != s$serial )
		add_uid(r, s);
	}

# Writes the first event of an interval; what is counted later starts from zero.
function write_first(r: Info)
	{
	write(r);
	r$told = T;
	r$events = 0;
	r$bytes_to_server = 0;
	r$bytes_to_client = 0;
	r$squares = 0.0;
	delete r$value_min;
	delete r$value_max;
	}

function add_event(s: Side, p: Point, outcome: string, ts: time, up: count,
    down: count, values: Values)
	{
	local r: Info;

	if ( outcome == "ok" )
		{
		if ( ! p?$row || p$row$closed || ts >= p$row$until || ts < p$row$ts )
			p$row = row_of(s, p, outcome, ts);

		r = p$row;
		}
	else
		r = row_of(s, p, outcome, ts);

	tally(r, s, ts, up, down);

	if ( values?$value_min
	    && ( ! r?$value_min || values$value_min < r$value_min ) )
		r$value_min = values$value_min;

	if ( values?$value_max
	    && ( ! r?$value_max || values$value_max > r$value_max ) )
		r$value_max = values$value_max;

	if ( p$changing && ! r$told )
		write_first(r);
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

# Counts the operations of a request that ended, each with its own outcome or the last one.
function settle(s: Side, o: Pending, outcomes: vector of string, down: count,
    values: Values)
	{
	for ( i, p in o$points )
		{
		local outcome = outcomes[i < |outcomes| ? i : |outcomes| - 1];
		add_event(s, p, outcome, o$ts, i == 0 ? o$bytes : 0, i == 0 ? down : 0,
		    values_of(o$pdus[i], values));
		}
	}

# Remembers a request of a protocol that polls.
function queue(s: Side, tag: count, o: Pending)
	{
	# Whoever uses a tag again has given up on the request before.
	if ( tag in s$queue )
		settle(s, s$queue[tag], vector("no_reply"), 0, no_values);
	else if ( |s$queue| >= max_pending )
		{
		for ( n, old in s$queue )
			settle(s, old, vector("no_reply"), 0, no_values);

		s$queue = table();
		}

	s$queue[tag] = o;
	}

# Another request follows before the reply to the latest.
function set_aside(s: Side)
	{
	s$is_open = F;
	queue(s, s$asked_tag, Pending($ts=s$asked_ts, $points=vector(s$asked),
	    $pdus=vector(s$asked$pdu), $bytes=s$asked_bytes));
	}

# Counts every request of a side that was sent before a time and is still open as unanswered.
function give_up(s: Side, before: time)
	{
	if ( s$is_open && s$asked_ts < before )
		set_aside(s);

	if ( |s$queue| > 0 )
		{
		local waits: table[count] of Pending;
		for ( tag, o in s$queue )
			{
			if ( o$ts < before )
				settle(s, o, vector("no_reply"), 0, no_values);
			else
				waits[tag] = o;
			}

		s$queue = waits;
		}

	if ( |s$pending| > 0 )
		{
		local still: table[string, string] of Pending;
		for ( [service, name], q in s$pending )
			{
			if ( q$ts < before )
				settle(s, q, vector("no_reply"), 0, no_values);
			else
				still[service, name] = q;
			}

		s$pending = still;
		}
	}

# Moves on to the interval that a time lies in.
function roll(now: time)
	{
	rolling = T;

	for ( n, s in sides )
		give_up(s, now - reply_timeout);

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

	for ( n, s in sides )
		give_up(s, network_time() + 1day);

	flush();
	}

hook connection_gone(c: connection)
	{
	for ( i, s in vector(c$ot_orig, c$ot_resp) )
		{
		give_up(s, network_time() + 1day);
		delete sides[s$serial];
		}
	}

function new_side(client: string, server: string, client_mac: string,
    server_mac: string, transport: string, uid: string): Side
	{
	++serial;

	return Side($serial=serial, $client=client, $server=server,
	    $client_mac=client_mac, $server_mac=server_mac,
	    $transport=transport, $uid=uid, $ends=cat(client, " ", server, " ",
	    client_mac, " ", server_mac));
	}

# Both sides of a connection, on its first use.
function open_sides(c: connection)
	{
	local id = c$id;
	local orig = cat(id$orig_h);
	local resp = cat(id$resp_h);
	local orig_mac = c$orig?$l2_addr ? c$orig$l2_addr : "";
	local resp_mac = c$resp?$l2_addr ? c$resp$l2_addr : "";
	local transport = cat(get_port_transport_proto(id$resp_p));

	c$ot_orig = new_side(orig, resp, orig_mac, resp_mac, transport, c$uid);
	c$ot_orig$server_port = port_to_count(id$resp_p);
	c$ot_resp = new_side(resp, orig, resp_mac, orig_mac, transport, c$uid);
	c$ot_resp$server_port = port_to_count(id$orig_p);
	c$ot_orig$ends = cat(c$ot_orig$ends, " ", id$resp_p);
	c$ot_resp$ends = cat(c$ot_resp$ends, " ", id$orig_p);

	sides[c$ot_orig$serial] = c$ot_orig;
	sides[c$ot_resp$serial] = c$ot_resp;
	Conn::register_removal_hook(c, connection_gone);
	}

function side_of(c: connection, is_orig: bool): Side
	{
	if ( ! c?$ot_orig )
		open_sides(c);

	return is_orig ? c$ot_orig : c$ot_resp;
	}

function cut(text: string): string
	{
	return |text| <= max_text ? text : text[:max_text] + "...";
	}

function point_of(s: Side, service: string, pdu: PDU): Point
	{
	if ( [service, pdu$operation, pdu$unit, pdu$object] in s$points )
		return s$points[service, pdu$operation, pdu$unit, pdu$object];

	if ( |s$points| >= max_points )
		s$points = table();

	local mine = PDU($operation=cut(pdu$operation), $action=pdu$action,
	    $object=cut(pdu$object), $unit=cut(pdu$unit));
	local p = Point($pdu=mine, $service=service, $heard=pdu$action !in plain,
	    $changing=pdu$action in state_changing);

	s$points[service, mine$operation, mine$unit, mine$object] = p;
	return p;
	}

function number_point(s: Side, n: count, service: string, pdu: PDU): Point
	{
	if ( |s$numbered| >= max_points )
		s$numbered = table();

	local p = point_of(s, service, pdu);
	s$numbered[n] = p;
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

function ask(c: connection, s: Side, p: Point, tag: count, bytes: count)
	{
	if ( s$is_open )
		set_aside(s);

	s$is_open = T;
	s$asked = p;
	s$asked_tag = tag;
	s$asked_ts = network_time();
	s$asked_bytes = bytes;

	if ( p$heard )
		tell_acted(c, s, p$service, p$pdu, "requested");
	}

function ask_with(c: connection, s: Side, p: Point, tag: count, bytes: count,
    pdu: PDU)
	{
	queue(s, tag, Pending($ts=network_time(), $points=vector(p), $pdus=vector(pdu),
	    $bytes=bytes));

	if ( p$heard )
		tell_acted(c, s, p$service, pdu, "requested");
	}

function ask_many(c: connection, s: Side, asked: vector of Point, tag: count,
    bytes: count)
	{
	if ( |asked| == 0 )
		return;

	local pdus: vector of PDU;
	for ( i, p in asked )
		pdus += p$pdu;

	queue(s, tag, Pending($ts=network_time(), $points=asked, $pdus=pdus,
	    $bytes=bytes));

	for ( j, q in asked )
		if ( q$heard )
			tell_acted(c, s, q$service, q$pdu, "requested");
	}

function answer_ok(s: Side, bytes: count): Info
	{
	local p = s$asked;
	local ts = s$asked_ts;

	if ( ! p?$row || p$row$closed || ts >= p$row$until || ts < p$row$ts )
		p$row = row_of(s, p, "ok", ts);

	local r = p$row;
	s$is_open = F;
	tally(r, s, ts, s$asked_bytes, bytes);

	if ( p$changing && ! r$told )
		write_first(r);

	return r;
	}

function answer(c: connection, s: Side, tag: count, outcome: string,
    bytes: count, values: Values): bool
	{
	local pdu: PDU;
	local service: string;

	if ( s$is_open && s$asked_tag == tag )
		{
		s$is_open = F;
		pdu = s$asked$pdu;
		service = s$asked$service;
		add_event(s, s$asked, outcome, s$asked_ts, s$asked_bytes, bytes, values);
		}
	else if ( tag in s$queue )
		{
		local o = s$queue[tag];
		delete s$queue[tag];
		pdu = o$pdus[0];
		service = o$points[0]$service;
		settle(s, o, vector(outcome), bytes, values);
		}
	else
		return F;

	tell_refused(c, s, service, pdu, outcome);
	return T;
	}

function request(c: connection, is_orig: bool, service: string, tag: string,
    pdu: PDU, bytes: count)
	{
	local s = side_of(c, is_orig);
	local p = point_of(s, service, pdu);
	local now = network_time();

	if ( [service, tag] in s$pending )
		{
		local o = s$pending[service, tag];

		if ( now - o$ts <= one_request && |o$points| < max_pending )
			{
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
			give_up(s, now);

		s$pending[service, tag] = Pending($ts=now, $points=vector(p), $pdus=vector(
		    pdu), $bytes=bytes);
		}

	if ( p$heard )
		tell_acted(c, s, service, pdu, "requested");
	}

function reply_items(c: connection, is_orig: bool, service: string, tag: string,
    outcomes: vector of string, bytes: count)
	{
	local s = side_of(c, ! is_orig);

	if ( |outcomes| == 0 || [service, tag] !in s$pending )
		return;

	local o = s$pending[service, tag];
	delete s$pending[service, tag];
	settle(s, o, outcomes, bytes, no_values);

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
    outcome: string, bytes: count)
	{
	if ( [client, server] !in frame_sides )
		{
		if ( |frame_sides| >= max_frame_pairs )
			frame_sides = table();

		frame_sides[client, server] = new_side(client, server, client, "", "eth", "");
		}

	local s = frame_sides[client, server];
	local p = point_of(s, service, pdu);

	add_event(s, p, outcome, network_time(), bytes, 0, values_of(pdu, no_values));

	if ( p$heard )
		hook acted(Act($client=client, $server=server, $service=service, $pdu=pdu,
		    $outcome=outcome));
	}

function sizes(): Sizes
	{
	return Sizes($rows=|rows| + |later|, $sides=|sides|);
	}
