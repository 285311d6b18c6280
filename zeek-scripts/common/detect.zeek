##! What detections share: a notice's techniques in a field of their own, and how one is raised.

@load base/frameworks/notice
@load ./activity

module OTDetect;

export {
	redef record Notice::Info += {
		## Techniques of ATT&CK for ICS that it points to, by their ids of version 19.1.
		ot_techniques: vector of string &log &optional;
	};

	## The same notice about the same ends isn't raised again for this long.
	option suppress_for: interval = 1hr;

	## Notices that are remembered so as not to be raised again.
	option max_told: count = 50000;

	## Hosts that look around as their duty, such as scanners of an inventory: their looking is no
	## notice.
	option known_tools: set[subnet] = {};

	## Hosts, or pairs of them, that a detection adds up for.
	option max_watched: count = 10000;

	## Whether a client is one of ``known_tools``.
	##
	## client: its address, or a MAC address.
	global is_known_tool: function(client: string): bool;

	## Raise a notice about an act.
	##
	## note: its type.
	##
	## a: the act.
	##
	## deed: what the client did to the server, as in ``stopped the controller``.
	##
	## techniques: ids.
	global tell: function(note: Notice::Type, a: OTActivity::Act, deed: string,
	    techniques: vector of string);

	## Raise a notice about an act, once for its client whatever the server.
	##
	## note: its type.
	##
	## a: the act.
	##
	## deed: what the client did to the server.
	##
	## techniques: ids.
	global tell_of_client: function(note: Notice::Type, a: OTActivity::Act,
	    deed: string, techniques: vector of string);

	## Raise a notice about anything.
	##
	## info: the notice. It needs an identifier.
	global raise: function(info: Notice::Info);

	## Whether a notice of a type has been raised lately.
	##
	## note: its type.
	##
	## identifier: whom it is about.
	global was_told: function(note: Notice::Type, identifier: string): bool;
}

# Spares the notice framework the repetitions of a flood.
global told: set[Notice::Type, string] &create_expire=suppress_for;

function was_told(note: Notice::Type, identifier: string): bool
	{
	return [note, identifier] in told;
	}

function raise(info: Notice::Info)
	{
	if ( [info$note, info$identifier] in told )
		return;

	if ( |told| >= max_told )
		clear_table(told);

	add told[info$note, info$identifier];

	info$suppress_for = suppress_for;
	NOTICE(info);
	}

function is_known_tool(client: string): bool
	{
	return |known_tools| > 0
	    && is_valid_ip(client)
	    && to_addr(client) in known_tools;
	}

function tell_as(note: Notice::Type, identifier: string, a: OTActivity::Act,
    deed: string, techniques: vector of string)
	{
	if ( [note, identifier] in told )
		return;

	local object = a$pdu$object == "" ? "" : cat(" of ", a$pdu$object);
	local info = Notice::Info($note=note, $identifier=identifier,
	    $ot_techniques=techniques, $sub=a$pdu$operation, $msg=fmt(
	    "%s %s %s: %s %s%s (%s)", a$client, deed, a$server, a$service,
	    a$pdu$operation, object, a$outcome));

	if ( a?$c )
		info$conn = a$c;

	raise(info);
	}

function tell(note: Notice::Type, a: OTActivity::Act, deed: string,
    techniques: vector of string)
	{
	tell_as(note, cat_sep("|", "", a$client, a$server, a$service), a, deed,
	    techniques);
	}

function tell_of_client(note: Notice::Type, a: OTActivity::Act, deed: string,
    techniques: vector of string)
	{
	tell_as(note, a$client, a, deed, techniques);
	}
