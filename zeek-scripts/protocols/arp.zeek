##! Address claims by ARP: which MAC says that it holds which IP address (RFC 826, RFC 5227).
##!
##! Two MACs that claim one address at a time are an address conflict or ARP spoofing; the
##! analytics tell, as they know which is the older claim.

@load ../common/identity

module OTARP;

# A sender of 0.0.0.0 probes an address and claims nothing (RFC 5227, 1.1).
function note(ip: addr, mac: string)
	{
	if ( ip != 0.0.0.0 && mac != "00:00:00:00:00:00" )
		OTIdentity::claim(cat(ip), "mac", mac, "arp");
	}

event arp_request(mac_src: string, mac_dst: string, SPA: addr, SHA: string, TPA: addr, THA: string)
	{
	note(SPA, SHA);
	}

event arp_reply(mac_src: string, mac_dst: string, SPA: addr, SHA: string, TPA: addr, THA: string)
	{
	note(SPA, SHA);
	}
