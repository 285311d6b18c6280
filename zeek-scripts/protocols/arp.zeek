##! Address claims by ARP: which MAC says that it holds which IP address (RFC 826, RFC 5227).
##!
##! Two MACs that claim one address at a time are an address conflict or ARP spoofing. Handle
##! :zeek:see:`OTARP::conflict` to be told of each change of hands; whether the newcomer
##! is a spoofer, a spare part or a redundant pair, it can't tell.

@load ../common/identity

module OTARP;

export {
	## Another MAC claims an address that was claimed a short while ago.
	##
	## ip: the address.
	##
	## before: the MAC that claimed it so far.
	##
	## now: the MAC that claims it now.
	##
	## reply: whether by a reply, which changes what others remember, else by a request.
	##
	## back: whether the newcomer held it before: the two are at odds, or one relays for the other.
	global conflict: event(ip: addr, before: string, now: string, reply: bool,
	    back: bool);

	## The address in the frame's header isn't the one that the claim is about.
	##
	## ip: the claimed address.
	##
	## claimed: the MAC in the claim.
	##
	## sender: the MAC that the frame came from.
	global mismatch: event(ip: addr, claimed: string, sender: string);

	## A claim is good for this long.
	option claim_lasts: interval = 10min;

	## Addresses that are remembered.
	option max_addresses: count = 100000;
}

# Who claimed an address last, and who before.
type Holder: record {
	mac: string;
	former: string &default="";
};

global holders: table[addr] of Holder &write_expire=claim_lasts;

# Where relations between header and claim differ by design: a frame is told once.
global mismatched: set[addr, string, string] &create_expire=claim_lasts;

# A sender of 0.0.0.0 probes an address and claims nothing (RFC 5227, 1.1).
function note(ip: addr, mac: string, sender: string, reply: bool)
	{
	if ( ip == 0.0.0.0
	    || mac == "00:00:00:00:00:00"
	    || mac == "ff:ff:ff:ff:ff:ff" )
		return;

	OTIdentity::claim(cat(ip), "mac", mac, "arp");

	if ( mac != sender
	    && [ip, mac, sender] !in mismatched
	    && |mismatched| < max_addresses )
		{
		add mismatched[ip, mac, sender];
		event OTARP::mismatch(ip, mac, sender);
		}

	if ( ip in holders )
		{
		local h = holders[ip];

		if ( h$mac != mac )
			{
			event OTARP::conflict(ip, h$mac, mac, reply, h$former == mac);
			holders[ip] = Holder($mac=mac, $former=h$mac);
			}
		else
			# It is good for another while.
			holders[ip] = h;
		}
	else if ( |holders| < max_addresses )
		holders[ip] = Holder($mac=mac);
	}

event arp_request(mac_src: string, mac_dst: string, SPA: addr, SHA: string,
    TPA: addr, THA: string)
	{
	note(SPA, SHA, mac_src, F);
	}

event arp_reply(mac_src: string, mac_dst: string, SPA: addr, SHA: string,
    TPA: addr, THA: string)
	{
	note(SPA, SHA, mac_src, T);
	}
