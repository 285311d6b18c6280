##! A device is changed by a client that nobody approved.
##!
##! The allowlist is a file of tab-separated columns ``client``, ``server``, ``service``,
##! ``operation`` and ``object``; ``*`` stands for anything, and an operation may be an action of
##! the ledger's vocabulary (``write``, ``command``, ...). It is read again whenever it changes.
##! What changes nothing on a device needs no entry.

@load base/frameworks/cluster
@load base/frameworks/input
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A device was changed in a way that isn't on the allowlist.
		Change_Not_Allowed,
	};

	redef enum Log::ID += { ALLOWLIST_LOG };

	## Decides whether a row is written.
	global log_policy_allowlist: Log::PolicyHook;

	## What may happen.
	type Entry: record {
		## The client's address, or ``*``.
		client: string;
		## The server's address, or ``*``.
		server: string;
		## The application protocol, or ``*``.
		service: string;
		## The operation, or an action, or ``*``.
		operation: string;
		## The object, or ``*``.
		object: string;
	};

	## One change of the allowlist.
	type AllowlistInfo: record {
		## When it took effect.
		ts: time &log;
		## ``added`` or ``removed``.
		change: string &log;
		## Where it came from: ``file`` or ``link``.
		origin: string &log;
		## The client's address, or ``*``.
		client: string &log;
		## The server's address, or ``*``.
		server: string &log;
		## The application protocol, or ``*``.
		service: string &log;
		## The operation, or an action, or ``*``.
		operation: string &log;
		## The object, or ``*``.
		object: string &log;
	};

	## The allowlist. Without a file (and without one that is pushed) nothing is judged.
	const allowlist_file = "" &redef;

	## Whether clients are judged. Off unless a site says so.
	option enforce_allowlist: bool = F;

	## Actions that need an entry.
	option judged_actions: set[string] = {
		"write",
		"command",
		"program",
		"mode",
		"firmware",
		"restart",
		"suppress",
		"time",
	};

	## Decisions that are remembered.
	option max_decided: count = 50000;

	## Replace the list that was pushed, at once.
	##
	## entries: all of it.
	global replace_pushed: function(entries: vector of Entry);

	## How many entries are in force.
	global allowlist_size: function(): count;
}

type Index: record {
	client: string;
	server: string;
	service: string;
	operation: string;
	object: string;
};

global from_file: set[string, string, string, string, string];
global pushed: set[string, string, string, string, string];
global decided: table[string, string, string, string, string] of bool;
global file_read = F;
global was_pushed = F;

function allowlist_size(): count
	{
	return |from_file| + |pushed|;
	}

function log_change(change: string, origin: string, e: Index)
	{
	# Every node of a cluster takes the same list; one row tells it.
	if ( Cluster::is_enabled() && Cluster::local_node_type() != Cluster::MANAGER )
		return;

	Log::write(ALLOWLIST_LOG, AllowlistInfo($ts=network_time(), $change=change,
	    $origin=origin, $client=e$client, $server=e$server,
	    $service=e$service, $operation=e$operation, $object=e$object));
	}

function replace_pushed(entries: vector of Entry)
	{
	local before = pushed;
	local now: set[string, string, string, string, string];

	for ( i, e in entries )
		{
		if ( [e$client, e$server, e$service, e$operation, e$object] !in before )
			log_change("added", "link", Index($client=e$client, $server=e$server,
			    $service=e$service, $operation=e$operation,
			    $object=e$object));

		add now[e$client, e$server, e$service, e$operation, e$object];
		}

	for ( [client, server, service, operation, object] in before )
		if ( [client, server, service, operation, object] !in now )
			log_change("removed", "link", Index($client=client, $server=server,
			    $service=service, $operation=operation,
			    $object=object));

	pushed = now;
	was_pushed = T;
	clear_table(decided);
	}

function listed(client: string, server: string, service: string,
    operation: string, object: string): bool
	{
	return [client, server, service, operation, object] in from_file
	    || [client, server, service, operation, object] in pushed;
	}

function is_allowed(a: OTActivity::Act): bool
	{
	local pdu = a$pdu;

	for ( i, client in vector(a$client, "*") )
		for ( j, server in vector(a$server, "*") )
			for ( k, service in vector(a$service, "*") )
				for ( l, operation in vector(pdu$operation, pdu$action, "*") )
					if ( listed(client, server, service, operation, "*")
					    || listed(client, server, service, operation, pdu$object) )
						return T;

	return F;
	}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( ! enforce_allowlist
	    || ! ( file_read || was_pushed )
	    || a$pdu$action !in judged_actions )
		return;

	local pdu = a$pdu;

	if ( [a$client, a$server, a$service, pdu$operation, pdu$object] !in decided )
		{
		if ( |decided| >= max_decided )
			clear_table(decided);

		decided[a$client, a$server, a$service, pdu$operation, pdu$object] =
		    is_allowed(a);
		}

	if ( ! decided[a$client, a$server, a$service, pdu$operation, pdu$object] )
		tell(Change_Not_Allowed, a, "isn't allowed to change", vector("T1692.001",
		    "T0836"));
	}

event OTDetect::allowlist_line(description: Input::TableDescription,
    tpe: Input::Event, left: Index)
	{
	clear_table(decided);
	log_change(tpe == Input::EVENT_REMOVED ? "removed" : "added", "file", left);
	}

event Input::end_of_data(name: string, source: string)
	{
	if ( name != "ot-allowlist" || file_read )
		return;

	file_read = T;

	if ( reading_traces() )
		continue_processing();
	}

event zeek_init()
	{
	Log::create_stream(ALLOWLIST_LOG, Log::Stream($columns=AllowlistInfo,
	    $path="ot_allowlist", $policy=log_policy_allowlist));

	if ( allowlist_file == "" )
		return;

	# A capture would be over before the file is read.
	if ( reading_traces() )
		suspend_processing();

	Input::add_table([$source=allowlist_file, $name="ot-allowlist", $idx=Index,
	    $destination=from_file, $mode=Input::REREAD,
	    $ev=OTDetect::allowlist_line]);
	}
