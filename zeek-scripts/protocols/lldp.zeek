##! LLDP (IEEE 802.1AB): what devices tell their neighbours about themselves.
##!
##! Each port of a device announces itself. Claims are made about the device where it tells its
##! own address (PROFINET devices do, others in the chassis id), else about the port's address.

@load ../common/activity
@load ../common/identity

module OTLLDP;

export {
	## The analyzer's event for each announcement. Addresses are raw bytes, what wasn't told is
	## empty.
	global announced: event(p: raw_pkt_hdr, chassis_kind: count, chassis: string,
	    port_kind: count, port_id: string, port_description: string,
	    name: string, description: string, capabilities: count,
	    management: string, device_mac: string);

	## A frame that can't be parsed.
	global malformed: event();
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_LLDP )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET,
	    PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x88cc,
		    PacketAnalyzer::ANALYZER_SPICY_OT_LLDP);
	}

# Kinds of chassis and port ids that hold addresses (IEEE 802.1AB-2016, 8.5.2.2 and 8.5.3.2).
const CHASSIS_MAC = 4;
const CHASSIS_ADDRESS = 5;
const CHASSIS_LOCAL = 7;
const PORT_MAC = 3;
const PORT_ADDRESS = 4;

# Capabilities by bit (8.5.8.1).
const capable_of: table[count] of string = {
	[2] = "repeater",
	[4] = "bridge",
	[8] = "wlan_access_point",
	[16] = "router",
	[32] = "telephone",
	[64] = "docsis",
	[128] = "station",
};

function mac_of(raw: string): string
	{
	local s = bytestring_to_hexstr(raw);
	return fmt("%s:%s:%s:%s:%s:%s", s[0:2], s[2:4], s[4:6], s[6:8], s[8:10], s[10:
	    12]);
	}

function address_of(raw: string): string
	{
	return |raw| == 4 ? cat(count_to_v4_addr(bytestring_to_count(raw))) : cat(
	    counts_to_addr(vector(bytestring_to_count(raw[0:4]),
	    bytestring_to_count(raw[4:8]), bytestring_to_count(raw[8:12]),
	    bytestring_to_count(raw[12:16]))));
	}

function tidy(s: string): string
	{
	return strip(gsub(s, /[\x00\r\n\t ]+/, " "));
	}

event OTLLDP::announced(p: raw_pkt_hdr, chassis_kind: count, chassis: string,
    port_kind: count, port_id: string, port_description: string, name: string,
    description: string, capabilities: count, management: string,
    device_mac: string)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	local asset = l2$src;
	if ( |device_mac| == 6 )
		asset = mac_of(device_mac);
	else if ( chassis_kind == CHASSIS_MAC && |chassis| == 6 )
		asset = mac_of(chassis);

	local called = tidy(name);
	# PROFINET devices have their name of station there.
	if ( called == "" && chassis_kind == CHASSIS_LOCAL )
		called = tidy(chassis);

	if ( called != "" )
		OTIdentity::claim(asset, "name", called, "lldp");

	if ( tidy(description) != "" )
		OTIdentity::claim(asset, "description", tidy(description), "lldp");

	if ( |management| == 4 || |management| == 16 )
		{
		local ip = address_of(management);
		if ( ip != "0.0.0.0" && ip != "::" )
			{
			OTIdentity::claim(asset, "ip", ip, "lldp");
			OTIdentity::claim(ip, "mac", asset, "lldp");
			}
		}

	for ( bit, capability in capable_of )
		if ( capabilities % ( 2 * bit ) >= bit )
			OTIdentity::claim(asset, "role_hint", capability, "lldp");

	local port_name = tidy(port_id);
	if ( port_kind == PORT_MAC && |port_id| == 6 )
		port_name = mac_of(port_id);
	else if ( port_kind == PORT_ADDRESS && |port_id| == 5 )
		port_name = address_of(port_id[1:5]);

	OTActivity::frame(l2$src, l2$dst, "lldp", OTActivity::PDU(
	    $operation="announce", $action="report",
	    $object="port:" + port_name));
	}

@endif
