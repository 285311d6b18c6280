##! Two devices claim one IP address and go on doing so: ARP spoofing, or a wrong setting.

@load ../common/detect
@load ../protocols/arp

module OTDetect;

export {
	redef enum Notice::Type += {
		## An address changes hands to and fro.
		Address_Conflict,
		## One device claims the addresses of several others.
		ARP_Spoofed,
	};

	## Addresses of others that one device claims before it is ARP spoofing.
	option spoofed_addresses: count = 2;

	## Devices whose claims are watched.
	option max_claimants: count = 10000;
}

global claimed: table[string] of set[addr] &create_expire=10min;

event OTARP::conflict(ip: addr, before: string, now: string, reply: bool,
    back: bool)
	{
	if ( now !in claimed )
		{
		if ( |claimed| >= max_claimants )
			clear_table(claimed);

		claimed[now] = set();
		}

	add claimed[now][ip];

	if ( reply && ! back && |claimed[now]| >= spoofed_addresses )
		raise(Notice::Info($note=ARP_Spoofed, $identifier=now, $src=ip,
		    $ot_techniques=vector("T0830", "T0849"), $msg=fmt(
		    "%s claims the addresses of others by ARP: %s was %s before",
		    now, ip, before)));

	# Once can be a spare part.
	if ( back )
		raise(Notice::Info($note=Address_Conflict, $identifier=cat(ip), $src=ip,
		    $ot_techniques=vector("T0830", "T0849"), $msg=fmt(
		    "%s is claimed by %s and %s in turn", ip, before, now)));
	}
