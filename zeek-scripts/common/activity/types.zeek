##! The log, its options, and what is passed between protocols, rows and detections.

module OTActivity;

export {
	redef enum Log::ID += { LOG };

	## Decides whether a row is written.
	global log_policy: Log::PolicyHook;

	# More than any value that is counted in whole numbers.
	const no_value = 0xffffffffffffffff;

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
		## ``ok``, the name of the protocol's error, ``no_reply``, or ``unknown`` where there were too
		## many connections to wait for replies.
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
		# Events at or after this time belong to another row; zero once it is written.
		until: time;
		# Events that were added up elsewhere overlap others: how often, and for how long.
		overlaps: count &default=0;
		overlapped: interval &default=0sec;
		# The first event was written when it happened.
		told: bool &default=F;
		# Polls are counted apart: how many, the payload of one both ways, and by how much the
		# replies were longer in all. Their values are whole numbers.
		polls: count &default=0;
		poll_up: count &default=0;
		poll_down: count &default=0;
		more_down: int &default=0;
		low: count &default=no_value;
		high: count &default=0;
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
	option max_entries: count = 50000;

	## Connections that are followed. As long as there are more, requests on the others are
	## counted without waiting for their replies, with outcome ``unknown``.
	option max_connections: count = 50000;

	## Open requests that are remembered on one connection.
	option max_pending: count = 256;

	## Operations in one request; those that follow are not counted.
	option max_items: count = 2000;

	## Operations on objects that are remembered on one connection.
	option max_points: count = 2000;

	## Ends of UDP connections on one port both ways whose operations are remembered. Further ones
	## are forgotten with their connection, as all others.
	option max_peers: count = 10000;

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

	## One operation on one object by one client, as long as its connection lives.
	type Point: record {
		## What it does.
		pdu: PDU;
		## The application protocol.
		service: string;
		## Whether detections hear of it.
		heard: bool;
		## Whether it changes a device or a process.
		changing: bool;
		## Its row of outcome ``ok`` that was added to last: good for times from ``row$ts`` to
		## before ``row$until``.
		row: Info;
		## What its rows are found by, once there was one.
		key: string &default="";
		## The connection of its side that added to that row last.
		turn: count &default=0;
		## Payload bytes of a request, for protocols that poll.
		bytes: count &default=0;
		## The number that it has there.
		number: count &default=0;
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
		## How many connections between the same ends had this side before.
		turn: count &default=0;
		## All of the above that is part of a row's key.
		ends: string;
		## There are too many connections to follow this one.
		crowded: bool &default=F;
		## Operations by service, operation, unit and object.
		points: table[string, string, string, string] of Point;
		## Open requests by service and tag.
		pending: table[string, string] of Pending;
		## Operations by a number that a protocol makes of them; others have number 0.
		numbered: table[count] of Point;
		## The latest request of a protocol that polls.
		asked: Point;
		## When it was sent.
		asked_ts: time;
		## What pairs it with its reply: two numbers.
		asked_tag: count &default=0;
		asked_sub: count &default=0;
		## Whether there is no reply yet.
		is_open: bool &default=F;
		## Those before it that are still open, by tag.
		queue: table[count, count] of Pending;
	};

	## Rows and sides that are in memory, for whoever watches the sensor's health.
	type Sizes: record {
		## Rows that are not written yet.
		rows: count;
		## Sides, about as many as there are connections of protocols seen here.
		sides: count;
	};

	## Each request, report or frame whose action is not plain: ``requested`` before any reply.
	global acted: hook(a: Act);

	## Each reply that tells of an error.
	global refused: hook(a: Act);

	## Run for each row before it is written, whatever becomes of it in the log.
	global summed: hook(r: Info);

	## Run before rows are written, to count requests as unanswered that were sent before a time.
	global expire: hook(before: time);
}

redef record connection += {
	## The originator as client.
	ot_orig: Side &optional;
	## The responder as client.
	ot_resp: Side &optional;
};

event zeek_init() &priority=5
	{
	Log::create_stream(LOG, Log::Stream($columns=Info, $path="ot_activity",
	    $policy=log_policy));
	}
