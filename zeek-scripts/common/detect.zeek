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

function tell(note: Notice::Type, a: OTActivity::Act, deed: string,
    techniques: vector of string)
	{
	local identifier = cat_sep("|", "", a$client, a$server, a$service);

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
