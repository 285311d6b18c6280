##! Outputs or setpoints are written exhaustively: many of one device, or the same over and over.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## One client wrote very many points of one server, or very often.
		IO_Brute_Forced,
	};

	## Different points that one client writes on one server.
	option brute_force_points: count = 30;

	## Writes by one client to one server, whatever the points.
	option brute_force_writes: count = 600;

	## Within this time.
	option brute_force_window: interval = 1min;
}

type Written: record {
	points: set[string, string];
	writes: count &default=0;
};

global written: table[string, string, string] of Written
    &create_expire=brute_force_window;

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action != "write" && a$pdu$action != "command" )
		return;

	if ( [a$client, a$server, a$service] !in written )
		{
		if ( |written| >= max_watched )
			clear_table(written);

		written[a$client, a$server, a$service] = Written($points=set());
		}

	local w = written[a$client, a$server, a$service];
	w$writes += 1;

	if ( |w$points| < brute_force_points )
		add w$points[a$pdu$unit, a$pdu$object];

	if ( |w$points| >= brute_force_points || w$writes >= brute_force_writes )
		tell(IO_Brute_Forced, a, "wrote exhaustively to", vector("T0806",
		    "T1692.001"));
	}
