##! Data is carried out in names: many long names below one domain, each asked for once.

@load base/protocols/dns
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A host asks for many long names of one domain.
		DNS_Tunnel,
	};

	## A first label of a name is long from this many characters on.
	option long_label: count = 24;

	## Different long names of one domain that one host asks for.
	option dns_tunnel_threshold: count = 30;

	## Within this time.
	option dns_tunnel_window: interval = 10min;
}

global long_names: table[addr, string] of set[string]
    &create_expire=dns_tunnel_window;

event dns_request(c: connection, msg: dns_msg, query: string, qtype: count,
    qclass: count, original_query: string)
	{
	if ( |query| <= long_label )
		return;

	local dot = find_str(query, ".");

	if ( dot < +0 || int_to_count(dot) < long_label )
		return;

	local who = c$id$orig_h;
	local domain = query[dot + 1 :];

	if ( [who, domain] !in long_names )
		{
		if ( |long_names| >= max_watched )
			clear_table(long_names);

		long_names[who, domain] = set();
		}

	local names = long_names[who, domain];
	add names[query];

	if ( |names| < dns_tunnel_threshold )
		return;

	raise(Notice::Info($note=DNS_Tunnel, $conn=c, $identifier=cat_sep("|", "", who,
	    domain), $ot_techniques=vector("T0869", "T0885"), $sub=domain,
	    $msg=fmt(
	    "%s asked for %d long names below %s: data may leave in them", who,
	    |names|, domain)));
	delete long_names[who, domain];
	}
