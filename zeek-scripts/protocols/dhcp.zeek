##! DHCP (RFC 2131): which address a device was given, and what it calls itself.
##!
##! Names come in requests, addresses in acknowledgements: claims are made about the address once
##! it is acknowledged, and about the MAC address before. Handle :zeek:see:`OTDHCP::server` to
##! be told who gives out addresses.

@load base/protocols/dhcp
@load ../common/identity

module OTDHCP;

export {
	## A server offers or acknowledges an address, once an hour.
	##
	## c: the connection.
	##
	## server: its identifier.
	##
	## mac: the client that it answers.
	global server: event(c: connection, server: addr, mac: string);

	## Clients whose names are remembered until they have an address.
	option max_clients: count = 10000;
}

# Message types (RFC 2132, 9.6).
const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;
const INFORM = 8;

type Names: record {
	hostname: string &default="";
	fqdn: string &default="";
	client: string &default="";
};

global asking: table[string] of Names &create_expire=1min;
global servers: set[addr] &create_expire=1hr;

function claim_all(asset: string, n: Names, uid: string)
	{
	if ( n$hostname != "" )
		OTIdentity::claim(asset, "hostname", n$hostname, "dhcp", uid);
	if ( n$fqdn != "" && n$fqdn != n$hostname )
		OTIdentity::claim(asset, "hostname", n$fqdn, "dhcp", uid);
	if ( n$client != "" )
		OTIdentity::claim(asset, "dhcp_client", n$client, "dhcp", uid);
	}

event dhcp_message(c: connection, is_orig: bool, msg: DHCP::Msg,
    options: DHCP::Options)
	{
	local mac = to_lower(msg$chaddr);

	if ( msg$m_type in set(DISCOVER, REQUEST, INFORM) )
		{
		local n = Names();
		if ( options?$host_name )
			n$hostname = options$host_name;
		if ( options?$client_fqdn )
			n$fqdn = options$client_fqdn$domain_name;
		if ( options?$vendor_class )
			n$client = options$vendor_class;

		if ( |asking| < max_clients )
			asking[mac] = n;

		# A device that has an address already only asks for the rest.
		if ( msg$m_type == INFORM && msg$ciaddr != 0.0.0.0 )
			{
			OTIdentity::claim(cat(msg$ciaddr), "mac", mac, "dhcp", c$uid);
			claim_all(cat(msg$ciaddr), n, c$uid);
			}
		else
			claim_all(mac, n, c$uid);
		}

	else if ( msg$m_type == OFFER || msg$m_type == ACK )
		{
		local from = options?$serv_addr ? options$serv_addr : c$id$resp_h;

		if ( from !in servers )
			{
			if ( |servers| < max_clients )
				add servers[from];
			OTIdentity::claim(cat(from), "role_hint", "dhcp_server", "dhcp", c$uid);
			event OTDHCP::server(c, from, mac);
			}

		if ( msg$m_type == ACK && msg$yiaddr != 0.0.0.0 )
			{
			OTIdentity::claim(cat(msg$yiaddr), "mac", mac, "dhcp", c$uid);
			if ( mac in asking )
				claim_all(cat(msg$yiaddr), asking[mac], c$uid);
			}
		}
	}
