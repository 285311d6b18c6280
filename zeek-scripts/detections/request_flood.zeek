##! A client asks far more than any poller does: the server is kept from its work.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## One client sent a flood of requests to one server.
		Request_Flood,
	};

	## Requests by one client to one server in one interval of ``OTActivity::log_interval``.
	option flood_requests: count = 2000;

	## Or so many of the same request in one interval, ...
	option flood_repetitions: count = 500;

	## ... and so many of them a second.
	option flood_rate: double = 150.0;

	## Pairs of client and server whose requests are added up.
	option max_flood_pairs: count = 20000;
}

type Requests: record {
	ts: time;
	n: count &default=0;
};

global requests: table[string, string] of Requests &create_expire=10min;

# Runs for each row that is written, not for each request. Rows of one interval are written one
# after the other, those of what changes something also before.
hook OTActivity::summed(rec: OTActivity::Info)
	{
	if ( rec$action == "report" || rec$transport == "eth" )
		return;

	if ( [rec$client, rec$server] !in requests )
		{
		if ( |requests| >= max_flood_pairs )
			clear_table(requests);

		requests[rec$client, rec$server] = Requests($ts=rec$ts);
		}

	local r = requests[rec$client, rec$server];

	if ( r$ts != rec$ts )
		{
		r$ts = rec$ts;
		r$n = 0;
		}

	r$n += rec$events;

	local seconds = interval_to_double(rec$last - rec$first);

	if ( r$n < flood_requests
	    && ( rec$events < flood_repetitions || rec$events < flood_rate * seconds ) )
		return;

	raise(Notice::Info($note=Request_Flood, $identifier=cat_sep("|", "",
	    rec$client, rec$server), $ot_techniques=vector("T0814", "T0813"),
	    $sub=rec$operation, $msg=fmt(
	    "%s floods %s with requests: %d within %s, such as %s %s",
	    rec$client, rec$server, r$n, OTActivity::log_interval, rec$service,
	    rec$operation)));
	}
