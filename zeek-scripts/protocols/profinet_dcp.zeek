##! PROFINET below IP: discovery and configuration (DCP), alarms and the state of cyclic data
##! (IEC 61158-6-10).
##!
##! DCP has no authentication: whoever reaches the segment can rename a device, take its address
##! away or reset it. Each request is counted with its answer, as ``profinet_dcp``; alarms and
##! cyclic frames are ``profinet_rt``. Handle :zeek:see:`OTProfinet::provider_state` to be told
##! when a controller or device stops or starts providing data.

@load ../common/activity
@load ../common/identity

module OTProfinet;

export {
	## The analyzer's event for each DCP frame.
	global dcp: event(p: raw_pkt_hdr, service: count, service_type: count,
	    xid: count, options: vector of count, infos: vector of count,
	    data: vector of string);

	## The analyzer's event for each alarm frame. ``kind`` 1 carries a notification or its
	## acknowledgement, told apart by ``block``.
	global alarm: event(p: raw_pkt_hdr, high: bool, kind: count, block: count,
	    alarm: count, slot: count, subslot: count);

	## The analyzer's event for cyclic frames.
	global cyclic: event(p: raw_pkt_hdr, frame_id: count, status: count,
	    length: count);

	## A frame that can't be parsed.
	global malformed: event();

	## The state of cyclic data changed: its sender stopped or started, found a problem or calls
	## its data invalid.
	##
	## src: who provides the data.
	##
	## dst: who consumes them.
	##
	## frame_id: which of the two's relations it is.
	##
	## before: the state so far: ``ok``, ``provider_stopped``, ``data_invalid`` or
	##         ``station_problem``.
	##
	## now: the state from now on.
	global provider_state: event(src: string, dst: string, frame_id: count,
	    before: string, now: string);

	## An answer comes within this time, or not at all.
	option answer_timeout: interval = 10sec;

	## Open requests, and relations of cyclic data, that are remembered.
	option max_open: count = 10000;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET,
	    PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x8892,
		    PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET);
	}

const GET = 3;
const SET = 4;
const IDENTIFY = 5;
const HELLO = 6;

const IP_MAC = 0x0101;
const IP_PARAMETER = 0x0102;
const IP_SUITE = 0x0103;
const TYPE_OF_STATION = 0x0201;
const NAME_OF_STATION = 0x0202;
const DEVICE_ID = 0x0203;
const DEVICE_ROLE = 0x0204;
const ALIAS_NAME = 0x0206;
const START_TRANSACTION = 0x0501;
const END_TRANSACTION = 0x0502;
const SIGNAL = 0x0503;
const RESPONSE = 0x0504;
const FACTORY_RESET = 0x0505;
const RESET_TO_FACTORY = 0x0506;

const names: table[count] of string = {
	[IP_MAC] = "mac_address",
	[IP_PARAMETER] = "ip_parameter",
	[IP_SUITE] = "full_ip_suite",
	[TYPE_OF_STATION] = "type_of_station",
	[NAME_OF_STATION] = "name_of_station",
	[DEVICE_ID] = "device_id",
	[DEVICE_ROLE] = "device_role",
	[0x0205] = "device_options",
	[ALIAS_NAME] = "alias_name",
	[0x0207] = "device_instance",
	[0x0208] = "oem_device_id",
	[0x0209] = "standard_gateway",
	[0x020a] = "rsi_properties",
	[START_TRANSACTION] = "start_transaction",
	[END_TRANSACTION] = "end_transaction",
	[SIGNAL] = "signal",
	[RESPONSE] = "response",
	[FACTORY_RESET] = "factory_reset",
	[RESET_TO_FACTORY] = "reset_to_factory",
	[0x0601] = "device_initiative",
	[0xffff] = "all",
};

const errors: table[count] of string = {
	[0] = "ok",
	[1] = "option_not_supported",
	[2] = "suboption_not_supported",
	[3] = "suboption_not_set",
	[4] = "resource_error",
	[5] = "set_not_possible",
	[6] = "in_operation",
};

# Vendor ids of PROFIBUS & PROFINET International.
const vendors: table[count] of string = {
	[0x002a] = "Siemens",
	[0x00b0] = "Phoenix Contact",
	[0x011e] = "Hilscher",
};

const roles: table[count] of string = {
	[1] = "profinet_device",
	[2] = "profinet_controller",
	[4] = "profinet_multidevice",
	[8] = "profinet_supervisor",
};

const alarms: table[count] of string = {
	[1] = "diagnosis",
	[2] = "process",
	[3] = "pull",
	[4] = "plug",
	[5] = "status",
	[6] = "update",
	[7] = "redundancy",
	[8] = "controlled_by_supervisor",
	[9] = "released",
	[10] = "plug_wrong_submodule",
	[11] = "return_of_submodule",
	[12] = "diagnosis_disappears",
	[30] = "upload_and_retrieval",
	[31] = "pull_module",
};

# A request that waits for its answer.
type Open: record {
	client: string;
	server: string;
	# The requested options in order, and the operation on each.
	options: vector of count &default=vector();
	pdus: vector of OTActivity::PDU &default=vector();
};

function unanswered(t: table[string, string, count] of Open, client: string,
    server: string, xid: count): interval
	{
	local o = t[client, server, xid];
	for ( _, pdu in o$pdus )
		OTActivity::frame(o$client, o$server, "profinet_dcp", pdu, "no_reply");

	return 0sec;
	}

global open: table[string, string, count] of Open &create_expire=answer_timeout
    &expire_func=unanswered;

# The state of each relation's data.
global states: table[string, string, count] of string &read_expire=1hr;

function name_of(option_: count): string
	{
	if ( option_ in names )
		return names[option_];

	return fmt("option_%d_%d", option_ / 256, option_ % 256);
	}

function address(data: string, at: count): string
	{
	return cat(count_to_v4_addr(bytestring_to_count(data[at : at + 4])));
	}

# Names are padded by some.
function tidy(name: string): string
	{
	return strip(gsub(name, /\x00+/, " "));
	}

# What is set or looked for.
function describe(option_: count, data: string, info: count): string
	{
	local name = name_of(option_);

	if ( ( option_ == NAME_OF_STATION || option_ == ALIAS_NAME )
	    && tidy(data) != "" )
		return fmt("%s:%s", name, tidy(data));

	if ( ( option_ == IP_PARAMETER || option_ == IP_SUITE ) && |data| >= 8 )
		return fmt("%s:%s/%s", name, address(data, 0), address(data, 4));

	# Which data are reset.
	if ( option_ == RESET_TO_FACTORY )
		return fmt("%s:%d", name, info / 2);

	return name;
	}

function claims(mac: string, options: vector of count, data: vector of string)
	{
	for ( i, o in options )
		{
		local d = data[i];

		if ( o == NAME_OF_STATION && tidy(d) != "" )
			OTIdentity::claim(mac, "name", tidy(d), "profinet_dcp");

		else if ( o == TYPE_OF_STATION && tidy(d) != "" )
			OTIdentity::claim(mac, "model", tidy(d), "profinet_dcp");

		else if ( o == DEVICE_ID && |d| >= 4 )
			{
			local vendor = bytestring_to_count(d[0:2]);
			OTIdentity::claim(mac, "vendor", vendor in vendors ? vendors[vendor] : fmt(
			    "profinet_vendor_0x%04x", vendor), "profinet_dcp");
			OTIdentity::claim(mac, "product_code", fmt("0x%04x", bytestring_to_count(d[2:
			    4])), "profinet_dcp");
			}

		else if ( o == DEVICE_ROLE && |d| >= 1 )
			{
			local bits = bytestring_to_count(d[0]);
			for ( bit, role in roles )
				if ( bits % ( 2 * bit ) >= bit )
					OTIdentity::claim(mac, "role_hint", role, "profinet_dcp");
			}

		else if ( ( o == IP_PARAMETER || o == IP_SUITE ) && |d| >= 4 )
			{
			local ip = address(d, 0);
			if ( ip != "0.0.0.0" )
				{
				OTIdentity::claim(mac, "ip", ip, "profinet_dcp");
				OTIdentity::claim(ip, "mac", mac, "profinet_dcp");
				}
			}
		}
	}

function action_of(service: count, option_: count): string
	{
	if ( service == GET )
		return "identify";

	if ( option_ == FACTORY_RESET || option_ == RESET_TO_FACTORY )
		return "restart";

	# It makes a device blink.
	if ( option_ == SIGNAL )
		return "diagnose";

	return "write";
	}

function requested(src: string, dst: string, service: count, xid: count,
    options: vector of count, infos: vector of count, data: vector of string)
	{
	if ( |open| >= max_open )
		return;

	local o = Open($client=src, $server=dst);

	for ( i, code in options )
		{
		if ( code == START_TRANSACTION || code == END_TRANSACTION )
			next;

		o$options += code;
		o$pdus += OTActivity::PDU($operation=service == GET ? "get" : "set",
		    $action=action_of(service, code),
		    $object=service == GET ? name_of(code) : describe(code,
		    data[i], infos[i]));
		}

	# The same request again, before it was answered, is another one.
	if ( [src, dst, xid] in open )
		unanswered(open, src, dst, xid);

	open[src, dst, xid] = o;
	}

function answered(src: string, dst: string, service_type: count, xid: count,
    options: vector of count, infos: vector of count, data: vector of string)
	{
	if ( [dst, src, xid] !in open )
		return;

	local o = open[dst, src, xid];
	delete open[dst, src, xid];

	# Of a refused option, the answer's qualifier tells which it was.
	local outcomes: table[count] of string;
	for ( i, code in options )
		if ( code == RESPONSE && |data[i]| >= 1 )
			{
			local e = bytestring_to_count(data[i][0]);
			outcomes[infos[i]] = e in errors ? errors[e] : fmt("error_%d", e);
			}

	for ( n, pdu in o$pdus )
		{
		local outcome = "ok";
		if ( o$options[n] in outcomes )
			outcome = outcomes[o$options[n]];
		else if ( service_type % 8 >= 4 )
			outcome = "not_supported";

		OTActivity::frame(o$client, o$server, "profinet_dcp", pdu, outcome);
		}
	}

event OTProfinet::dcp(p: raw_pkt_hdr, service: count, service_type: count,
    xid: count, options: vector of count, infos: vector of count, data: vector of
    string)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	local reply = service_type % 2 == 1;

	if ( ( service == IDENTIFY || service == GET ) && reply || service == HELLO )
		claims(l2$src, options, data);

	if ( service == HELLO )
		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation="hello", $action="report"));

	else if ( service == IDENTIFY )
		{
		if ( reply )
			return;

		local sought: vector of string;
		for ( i, code in options )
			sought += describe(code, data[i], infos[i]);

		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation="identify", $action="discover",
		    $object=join_string_vec(sought, ";")));
		}

	else if ( service == GET || service == SET )
		{
		if ( reply )
			answered(l2$src, l2$dst, service_type, xid, options, infos, data);
		else
			requested(l2$src, l2$dst, service, xid, options, infos, data);
		}

	else if ( ! reply )
		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation=fmt("service_%d", service), $action="other"));
	}

event OTProfinet::alarm(p: raw_pkt_hdr, high: bool, kind: count, block: count,
    alarm: count, slot: count, subslot: count)
	{
	# Only notifications: the rest is transport.
	if ( kind != 1 || block != 1 && block != 2 || ! p$l2?$src || ! p$l2?$dst )
		return;

	local name = alarm in alarms ? alarms[alarm] : fmt("type_%d", alarm);

	OTActivity::frame(p$l2$src, p$l2$dst, "profinet_rt", OTActivity::PDU(
	    $operation="alarm_" + name, $action="report", $object=fmt(
	    "slot:%d.%d", slot, subslot)));
	}

event OTProfinet::cyclic(p: raw_pkt_hdr, frame_id: count, status: count,
    length: count)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	# Data status (4.7.2.1.3): bit 2 valid, bit 4 provider runs, bit 5 no problem.
	local now = "ok";
	if ( status % 8 < 4 )
		now = "data_invalid";
	else if ( status % 32 < 16 )
		now = "provider_stopped";
	else if ( status % 64 < 32 )
		now = "station_problem";

	if ( [l2$src, l2$dst, frame_id] in states )
		{
		local before = states[l2$src, l2$dst, frame_id];
		if ( before != now )
			{
			states[l2$src, l2$dst, frame_id] = now;
			event OTProfinet::provider_state(l2$src, l2$dst, frame_id, before, now);
			}
		}
	else if ( |states| < max_open )
		states[l2$src, l2$dst, frame_id] = now;

	OTActivity::frame(l2$src, l2$dst, "profinet_rt", OTActivity::PDU(
	    $operation="cyclic", $action="report", $object=fmt(
	    "frame_id:0x%04x", frame_id)), now, length);
	}

# What is open at the end has no answer; before the rows are written.
event zeek_done() &priority=10
	{
	for ( [client, server, xid] in open )
		unanswered(open, client, server, xid);

	open = table();
	}

@endif
