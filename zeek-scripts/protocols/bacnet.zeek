##! BACnet/IP: virtual link control, network messages, and every service with the objects and
##! properties it is about.
##!
##! The analyzer numbers what is asked for and tells it once; what is polled costs a look-up by that
##! number. A password is never passed on.

@load ../common/activity
@load ../common/identity
@load ./bacnet_names
@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )
@load-sigs ../spicy/bacnet.sig
@endif

module OTBacnet;

export {
	## The port of BACnet/IP.
	const ports = {47808/udp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

redef likely_server_ports += {ports};

# What the analyzer's numbers stand for.
type About: record {
	# What it is about, or the first of several.
	p: OTActivity::Point;
	# Whether its sender is the one whose data it tells.
	announces: bool;
	# All that it is about, where that is more than one.
	points: vector of OTActivity::Point &optional;
	pdus: vector of OTActivity::PDU &optional;
};

redef record connection += {
	ot_bacnet_orig: table[count] of About &optional;
	ot_bacnet_resp: table[count] of About &optional;
};

# Functions of the virtual link (annex J.2).
const link_functions: table[count] of string = {
	[0] = "bvlc_result",
	[1] = "write_broadcast_table",
	[2] = "read_broadcast_table",
	[3] = "read_broadcast_table",
	[5] = "register_foreign_device",
	[6] = "read_foreign_device_table",
	[7] = "read_foreign_device_table",
	[8] = "delete_foreign_device_table_entry",
	[12] = "secure_bvll",
};

const link_results: table[count] of string = {
	[0x00] = "ok",
	[0x10] = "write_broadcast_distribution_table_nak",
	[0x20] = "read_broadcast_distribution_table_nak",
	[0x30] = "register_foreign_device_nak",
	[0x40] = "read_foreign_device_table_nak",
	[0x50] = "delete_foreign_device_table_entry_nak",
	[0x60] = "distribute_broadcast_to_network_nak",
};

# Network layer messages (clause 6.2.4).
const network_messages: table[count] of string = {
	[0x00] = "who_is_router_to_network",
	[0x01] = "i_am_router_to_network",
	[0x02] = "i_could_be_router_to_network",
	[0x03] = "reject_message_to_network",
	[0x04] = "router_busy_to_network",
	[0x05] = "router_available_to_network",
	[0x06] = "initialize_routing_table",
	[0x07] = "initialize_routing_table_ack",
	[0x08] = "establish_connection_to_network",
	[0x09] = "disconnect_connection_to_network",
	[0x0a] = "challenge_request",
	[0x0b] = "security_payload",
	[0x0c] = "security_response",
	[0x0d] = "request_key_update",
	[0x0e] = "update_key_set",
	[0x0f] = "update_distribution_key",
	[0x10] = "request_master_key",
	[0x11] = "set_master_key",
	[0x12] = "what_is_networknumber",
	[0x13] = "networknumber_is",
};

const confirmed_services: table[count] of string = {
	[0] = "acknowledge_alarm",
	[1] = "confirmed_cov_notification",
	[2] = "confirmed_event_notification",
	[3] = "get_alarm_summary",
	[4] = "get_enrollment_summary",
	[5] = "subscribe_cov",
	[6] = "atomic_read_file",
	[7] = "atomic_write_file",
	[8] = "add_list_element",
	[9] = "remove_list_element",
	[10] = "create_object",
	[11] = "delete_object",
	[12] = "read_property",
	[13] = "read_property_conditional",
	[14] = "read_property_multiple",
	[15] = "write_property",
	[16] = "write_property_multiple",
	[17] = "device_communication_control",
	[18] = "confirmed_private_transfer",
	[19] = "confirmed_text_message",
	[20] = "reinitialize_device",
	[21] = "vt_open",
	[22] = "vt_close",
	[23] = "vt_data",
	[24] = "authenticate",
	[25] = "request_key",
	[26] = "read_range",
	[27] = "life_safety_operation",
	[28] = "subscribe_cov_property",
	[29] = "get_event_information",
	[30] = "subscribe_cov_property_multiple",
	[31] = "confirmed_cov_notification_multiple",
	[32] = "confirmed_audit_notification",
	[33] = "audit_log_query",
	[34] = "auth_request",
};

const unconfirmed_services: table[count] of string = {
	[0] = "i_am",
	[1] = "i_have",
	[2] = "unconfirmed_cov_notification",
	[3] = "unconfirmed_event_notification",
	[4] = "unconfirmed_private_transfer",
	[5] = "unconfirmed_text_message",
	[6] = "time_synchronization",
	[7] = "who_has",
	[8] = "who_is",
	[9] = "utc_time_synchronization",
	[10] = "write_group",
	[11] = "unconfirmed_cov_notification_multiple",
	[12] = "unconfirmed_audit_notification",
	[13] = "who_am_i",
	[14] = "you_are",
};

# States that Reinitialize Device and Device Communication Control ask for.
const reinitialize_states: table[count] of string = {
	[0] = "coldstart",
	[1] = "warmstart",
	[2] = "start_backup",
	[3] = "end_backup",
	[4] = "start_restore",
	[5] = "end_restore",
	[6] = "abort_restore",
	[7] = "activate_changes",
};

const communication_states: table[count] of string = {
	[0] = "enable",
	[1] = "disable",
	[2] = "disable_initiation",
};

# Properties by which a device is recognised: as a claim, and as what somebody wants to know.
const identifying: table[count] of string = {
	[12] = "software",
	[28] = "description",
	[44] = "firmware",
	[58] = "location",
	[70] = "model",
	[77] = "name",
	[121] = "vendor",
	[372] = "serial",
};

const recognised_by: set[int] = {
	8,
	12,
	28,
	44,
	58,
	70,
	75,
	77,
	80,
	98,
	105,
	120,
	121,
	139,
	372
};

# What operations amount to where no pattern says it.
const actions: table[string] of string = {
	["read_broadcast_table"] = "discover",
	["read_foreign_device_table"] = "discover",
	["reinitialize_device"] = "restart",
	["device_communication_control"] = "suppress",
	["acknowledge_alarm"] = "suppress",
	["life_safety_operation"] = "command",
	["add_list_element"] = "write",
	["remove_list_element"] = "write",
	["create_object"] = "write",
	["delete_object"] = "write",
	["you_are"] = "write",
	["atomic_read_file"] = "file",
	["atomic_write_file"] = "file",
	["time_synchronization"] = "time",
	["utc_time_synchronization"] = "time",
	["authenticate"] = "authenticate",
	["request_key"] = "authenticate",
	["auth_request"] = "authenticate",
};

function name_in(names: table[count] of string, code: count, unknown: string)
    : string
	{
	return code in names ? names[code] : fmt("%s_0x%02x", unknown, code);
	}

# Sent unasked by the device whose data they tell.
const announcements: set[string] = {
	"i_am",
	"i_have",
	"i_am_router_to_network",
	"router_busy_to_network",
	"router_available_to_network",
	"confirmed_cov_notification",
	"confirmed_event_notification",
	"confirmed_cov_notification_multiple",
	"confirmed_audit_notification",
	"unconfirmed_cov_notification",
	"unconfirmed_event_notification",
	"unconfirmed_cov_notification_multiple",
	"unconfirmed_audit_notification",
};

function is_announcement(operation: string): bool
	{
	return operation in announcements;
	}

function action_of(operation: string): string
	{
	if ( operation in actions )
		return actions[operation];

	if ( starts_with(operation, "reinitialize_device_") )
		return "program";

	if ( starts_with(operation, "write")
	    || starts_with(operation, "delete_foreign") )
		return "write";

	if ( starts_with(operation, "who_") )
		return "discover";

	if ( is_announcement(operation) )
		return "report";

	if ( starts_with(operation, "register_foreign") )
		return "connect";

	if ( starts_with(operation, "read_")
	    || starts_with(operation, "subscribe_")
	    || starts_with(operation, "get_") )
		return "read";

	return "other";
	}

function type_name(object_type: int): string
	{
	local code = int_to_count(object_type);
	return code in objects ? objects[code] : fmt("unknown_object_type_0x%02x",
	    code);
	}

function property_name(property: int): string
	{
	if ( property < 0 )
		return "object";

	local code = int_to_count(property);
	return code in properties ? properties[code] : fmt("unknown_property_0x%02x",
	    code);
	}

# `analog_output.present_value:101`
function object_of(item: Item): string
	{
	local object = cat(type_name(item$object_type), ".", property_name(
	    item$property_));

	if ( item$instance >= 0 )
		object = cat(object, ":", int_to_count(item$instance));

	return object;
	}

function private_object(item: Item): string
	{
	return cat("vendor:", int_to_count(item$first), item$second >= 0 ? cat(
	    "/service:", int_to_count(item$second)) : "");
	}

function confirmed_pdu(code: count, item: Item): OTActivity::PDU
	{
	local pdu = OTActivity::PDU($operation=name_in(confirmed_services, code,
	    "unknown_service_choice"), $action="");

	if ( item$object_type >= 0 )
		pdu$object = object_of(item);
	else if ( item$first >= 0 )
		{
		local first = int_to_count(item$first);

		if ( code == 20 )
			{
			pdu$object = name_in(reinitialize_states, first,
			    "unknown_device_state_type");

			if ( ends_with(pdu$object, "backup") )
				pdu$operation = "reinitialize_device_backup";
			else if ( ends_with(pdu$object, "restore") )
				pdu$operation = "reinitialize_device_restore";
			}
		else if ( code == 17 )
			pdu$object = name_in(communication_states, first,
			    "unknown_device_state_type");
		else if ( code == 18 )
			pdu$object = private_object(item);
		}

	pdu$action = action_of(pdu$operation);
	return pdu;
	}

function unconfirmed_pdu(code: count, item: Item): OTActivity::PDU
	{
	local operation = name_in(unconfirmed_services, code,
	    "unknown_service_choice");
	local pdu = OTActivity::PDU($operation=operation, $action=action_of(
	    operation));

	switch ( code )
		{
		case 0:
			if ( item$first >= 0 )
				pdu$unit = cat(int_to_count(item$first));
			break;
		case 1, 7:
			if ( |item$name| > 0 )
				pdu$object = clean(item$name);
			else if ( item$object_type >= 0 )
				pdu$object = cat(type_name(item$object_type), ":", int_to_count(
				    item$instance));

			if ( item$first >= 0 )
				pdu$unit = cat(int_to_count(item$first));
			break;
		case 4:
			if ( item$first >= 0 )
				pdu$object = private_object(item);
			break;
		case 8:
			if ( item$first >= 0 && item$second >= 0 )
				pdu$object = cat("device:", int_to_count(item$first), "-", int_to_count(
				    item$second));
			break;
		case 10:
			if ( item$first >= 0 )
				pdu$object = cat("group:", int_to_count(item$first));
			break;
		default:
			if ( item$object_type >= 0 )
				pdu$object = object_of(item);
			break;
		}

	return pdu;
	}

# Reading the list of objects looks for what there is, reading what a device is called recognises
# it: all properties of one request together tell.
function action_of_reads(items: vector of Item): string
	{
	local all_recognise = T;

	for ( _, item in items )
		{
		if ( item$object_type == 8 && item$property_ == 76 )
			return "discover";

		if ( item$object_type != 8 || item$property_ !in recognised_by )
			all_recognise = F;
		}

	return all_recognise && |items| > 0 ? "identify" : "read";
	}

function no_item(): Item
	{
	return Item($object_type=-1, $instance=-1, $property_=-1, $first=-1,
	    $second=-1, $name="");
	}

function pdu_of(is_unconfirmed: bool, code: count, item: Item, items: vector of
    Item): OTActivity::PDU
	{
	local pdu = is_unconfirmed ? unconfirmed_pdu(code, item) : confirmed_pdu(code,
	    item);

	if ( ! is_unconfirmed && ( code == 12 || code == 14 || code == 26 ) )
		pdu$action = action_of_reads(items);

	return pdu;
	}

# Requests about one object, for all connections: UDP forgets a connection between two slow polls.
global named: table[count, int, int, int] of OTActivity::PDU;

const max_named = 20000;

function first_pdu(is_unconfirmed: bool, code: count, items: vector of Item)
    : OTActivity::PDU
	{
	if ( |items| == 0 )
		return pdu_of(is_unconfirmed, code, no_item(), items);

	local item = items[0];

	if ( |items| > 1 || is_unconfirmed || item$object_type < 0 )
		return pdu_of(is_unconfirmed, code, item, items);

	if ( [code, item$object_type, item$instance, item$property_] in named )
		return named[code, item$object_type, item$instance, item$property_];

	if ( |named| >= max_named )
		named = table();

	local pdu = pdu_of(F, code, item, items);
	named[code, item$object_type, item$instance, item$property_] = pdu;
	return pdu;
	}

event OTBacnet::path(c: connection, is_orig: bool, id: count,
    is_unconfirmed: bool, code: count, items: vector of Item)
	{
	local first = first_pdu(is_unconfirmed, code, items);
	local announces = is_announcement(first$operation);
	local s = OTActivity::side_of(c, is_orig != announces);
	local about = About($p=OTActivity::point_of(s, "bacnet", first),
	    $announces=announces);

	if ( |items| > 1 )
		{
		local seen: set[string];
		about$points = vector();
		about$pdus = vector();

		for ( _, item in items )
			{
			local pdu = pdu_of(is_unconfirmed, code, item, items);

			# An element of an array is the same property.
			if ( pdu$object in seen )
				next;

			add seen[pdu$object];
			about$pdus += pdu;
			about$points += OTActivity::point_of(s, "bacnet", pdu);
			}
		}

	if ( is_orig )
		{
		if ( ! c?$ot_bacnet_orig )
			c$ot_bacnet_orig = table();

		c$ot_bacnet_orig[id] = about;
		}
	else
		{
		if ( ! c?$ot_bacnet_resp )
			c$ot_bacnet_resp = table();

		c$ot_bacnet_resp[id] = about;
		}
	}

# Confirmed requests of both ends have invoke ids of their own. Bit 8 sets notifications apart, which
# are asked by the server.
function ask(c: connection, is_orig: bool, about: About, invoke: count,
    far: count, size: count)
	{
	local s = OTActivity::side_of(c, is_orig != about$announces);
	local tag = about$announces ? invoke + 256 : invoke;

	if ( ! about?$points )
		OTActivity::ask(c, s, about$p, tag, far, size);
	else
		OTActivity::ask_with(c, s, about$points, about$pdus, tag, far, size);
	}

event OTBacnet::confirmed(c: connection, is_orig: bool, code: count,
    invoke: count, far: count, id: count, size: count)
	{
	if ( is_orig )
		{
		if ( c?$ot_bacnet_orig && id in c$ot_bacnet_orig )
			ask(c, is_orig, c$ot_bacnet_orig[id], invoke, far, size);
		}
	else if ( c?$ot_bacnet_resp && id in c$ot_bacnet_resp )
		ask(c, is_orig, c$ot_bacnet_resp[id], invoke, far, size);
	}

event OTBacnet::confirmed_with(c: connection, is_orig: bool, invoke: count,
    far: count, id: count, value: double, size: count)
	{
	local abouts: table[count] of About;

	if ( is_orig && c?$ot_bacnet_orig )
		abouts = c$ot_bacnet_orig;
	else if ( ! is_orig && c?$ot_bacnet_resp )
		abouts = c$ot_bacnet_resp;

	if ( id !in abouts )
		return;

	local about = abouts[id];
	local pdu = copy(about$p$pdu);
	pdu$value_min = value;
	pdu$value_max = value;
	OTActivity::ask_with(c, OTActivity::side_of(c, is_orig), vector(about$p),
	    vector(pdu), invoke, far, size);
	}

# An answer to what the other end asked, or to what it was told.
function answered(c: connection, is_orig: bool, code: count, invoke: count,
    far: count, outcome: string, size: count, values: OTActivity::Values)
	{
	if ( OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), invoke, far,
	    outcome, size, values) )
		return;

	if ( OTActivity::answer(c, OTActivity::side_of(c, is_orig), invoke + 256, far,
	    outcome, size, values) )
		return;

	# A reply whose request was not seen still tells of the service.
	local operation = code == 0xff ? "unknown" : name_in(confirmed_services, code,
	    "unknown_service_choice");
	local pdu = OTActivity::PDU($operation=operation, $action=action_of(
	    operation));
	OTActivity::reply(c, is_orig != is_announcement(operation), "bacnet", cat(
	    invoke), outcome, size, values, pdu);
	}

event OTBacnet::ack(c: connection, is_orig: bool, code: count, invoke: count,
    far: count, size: count)
	{
	answered(c, is_orig, code, invoke, far, "ok", size, OTActivity::no_values);
	}

event OTBacnet::ack_with(c: connection, is_orig: bool, code: count,
    invoke: count, far: count, value: double, size: count)
	{
	answered(c, is_orig, code, invoke, far, "ok", size, OTActivity::Values(
	    $value_min=value, $value_max=value));
	}

event OTBacnet::failed(c: connection, is_orig: bool, apdu: count,
    by_client: bool, code: count, reason: count, invoke: count, far: count,
    size: count)
	{
	local outcome = "";

	switch ( apdu )
		{
		case 5:
			outcome = reason == 0xffff ? "error" : name_in(errors, reason,
			    "unknown_error_code");
			break;
		case 6:
			outcome = name_in(rejects, reason, "unknown_reject_reason");
			break;
		default:
			outcome = name_in(aborts, reason, "unknown_abort_reason");
			break;
		}

	answered(c, is_orig != by_client, code, invoke, far, outcome, size,
	    OTActivity::no_values);
	}

event OTBacnet::unconfirmed(c: connection, is_orig: bool, id: count,
    size: count)
	{
	local about: About;

	if ( is_orig && c?$ot_bacnet_orig && id in c$ot_bacnet_orig )
		about = c$ot_bacnet_orig[id];
	else if ( ! is_orig && c?$ot_bacnet_resp && id in c$ot_bacnet_resp )
		about = c$ot_bacnet_resp[id];
	else
		return;

	if ( ! about?$points )
		{
		OTActivity::once(c, is_orig, "bacnet", about$p$pdu, "ok", size,
		    about$announces);
		return;
		}

	for ( i, pdu in about$pdus )
		OTActivity::once(c, is_orig, "bacnet", pdu, "ok", i == 0 ? size : 0,
		    about$announces);
	}

event OTBacnet::network(c: connection, is_orig: bool, code: count, size: count)
	{
	local operation = name_in(network_messages, code, "unknown_npdu_type");
	OTActivity::once(c, is_orig, "bacnet", OTActivity::PDU($operation=operation,
	    $action=action_of(operation)), "ok", size, is_announcement(
	    operation));
	}

# Link functions carry no number: one of them is open at a time.
const link_tag = 512;

event OTBacnet::link(c: connection, is_orig: bool, code: count, result_: count,
    size: count)
	{
	local operation = name_in(link_functions, code, "unknown_bvlc_function_code");
	local pdu = OTActivity::PDU($operation=operation, $action=action_of(
	    operation));

	# Result and acknowledgments.
	if ( code == 0 || code == 3 || code == 7 )
		{
		local outcome = code == 0 ? name_in(link_results, result_,
		    "unknown_bvlc_result_code") : "ok";

		if ( ! OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), link_tag, 0,
		    outcome, size) )
			OTActivity::reply(c, is_orig, "bacnet", "link", outcome, size,
			    OTActivity::no_values, pdu);

		return;
		}

	local s = OTActivity::side_of(c, is_orig);
	OTActivity::ask(c, s, OTActivity::point_of(s, "bacnet", pdu), link_tag, 0,
	    size);
	}

# What a device says of itself; instance 4194303 stands for "not configured".
function announced(asset: string, instance: count, vendor: count, uid: string)
	{
	# A broadcast address is nobody's, whoever sends from it.
	if ( ends_with(asset, ".255") )
		return;

	if ( instance != 4194303 )
		OTIdentity::claim(asset, "instance", cat(instance), "bacnet", uid);

	if ( vendor in vendors )
		OTIdentity::claim(asset, "vendor", vendors[vendor], "bacnet", uid);
	}

event OTBacnet::i_am(c: connection, is_orig: bool, instance: count,
    vendor: count)
	{
	announced(cat(is_orig ? c$id$orig_h : c$id$resp_h), instance, vendor, c$uid);
	}

event OTBacnet::i_am_forwarded(c: connection, source: addr, instance: count,
    vendor: count)
	{
	announced(cat(source), instance, vendor, c$uid);
	}

event OTBacnet::told(c: connection, is_orig: bool, claims: vector of Told)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	for ( _, claim in claims )
		if ( claim$property_ in identifying )
			OTIdentity::claim(asset, identifying[claim$property_], clean(claim$value),
			    "bacnet", c$uid);
	}

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_BACNET, ports);
	}

@endif
