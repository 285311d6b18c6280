##! A client tries functions out: the server refuses several different ones.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A server refused several functions that one client tried.
		Function_Scan,
		## A server refused access to several objects or addresses that one client tried.
		Object_Scan,
	};

	## Refusals that say that a server hasn't such a function.
	option no_such_function: pattern = /function|service|not_supported|unsupported|unrecognized|not_implemented|unknown_type|unknown_cause|type_id/;

	## Different functions refused to one client by one server.
	option function_scan_threshold: count = 5;

	## Different objects refused to one client by one server.
	option object_scan_threshold: count = 50;

	## Within this time.
	option scan_window: interval = 10min;

	## Pairs of client and server that are watched.
	option max_scanned: count = 10000;
}

type Refused: record {
	functions: set[string];
	objects: set[string];
};

global refusals: table[string, string, string] of Refused
    &create_expire=scan_window;

hook OTActivity::refused(a: OTActivity::Act)
	{
	if ( [a$client, a$server, a$service] !in refusals )
		{
		if ( |refusals| >= max_scanned )
			clear_table(refusals);

		refusals[a$client, a$server, a$service] = Refused($functions=set(),
		    $objects=set());
		}

	local r = refusals[a$client, a$server, a$service];

	if ( no_such_function in a$outcome )
		{
		if ( |r$functions| < function_scan_threshold )
			add r$functions[a$pdu$operation];

		if ( |r$functions| >= function_scan_threshold )
			tell(Function_Scan, a, "tried functions out on", vector("T0888", "T0846"));
		}
	else if ( a$pdu$object != "" )
		{
		if ( |r$objects| < object_scan_threshold )
			add r$objects[a$pdu$object];

		if ( |r$objects| >= object_scan_threshold )
			tell(Object_Scan, a, "tried objects out on", vector("T0861"));
		}
	}
