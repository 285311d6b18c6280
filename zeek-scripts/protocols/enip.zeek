##! EtherNet/IP and CIP: sessions, identities, every service with the object or tag it is about,
##! PCCC functions, and I/O.
##!
##! The analyzer numbers what is asked for and tells it once; what is polled costs a look-up by that
##! number.

@load ../common/activity
@load ../common/identity
@load ./enip_names
@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )
@load-sigs ../spicy/enip.sig
@endif

module OTEnip;

export {
	## Ports of explicit messages.
	const ports = {44818/tcp} &redef;

	## Ports of discovery.
	const discovery_ports = {44818/udp} &redef;

	## Ports of I/O.
	const io_ports = {2222/udp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

redef likely_server_ports += {
	ports,
	discovery_ports
};

# The services of one packet.
type Services: record {
	points: vector of OTActivity::Point;
	pdus: vector of OTActivity::PDU;
};

# What is known of a connection: requests by the analyzer's numbers, apart for both directions.
type State: record {
	orig: table[count] of OTActivity::Point;
	resp: table[count] of OTActivity::Point;
	orig_many: table[count] of Services;
	resp_many: table[count] of Services;
	io: table[bool] of OTActivity::Point;
};

redef record connection += {
	ot_enip: State &optional;
};

# Encapsulation commands.
const commands: table[count] of string = {
	[0x00] = "nop",
	[0x04] = "list_services",
	[0x63] = "list_identity",
	[0x64] = "list_interfaces",
	[0x65] = "register_session",
	[0x66] = "unregister_session",
	[0x6f] = "send_rr_data",
	[0x70] = "send_unit_data",
	[0x72] = "indicate_status",
	[0x73] = "cancel",
};

# Encapsulation commands that are never answered.
const unanswered: set[count] = {
	0x00,
	0x66
};

const command_statuses: table[count] of string = {
	[0x00] = "ok",
	[0x01] = "invalid_unsupported_command",
	[0x02] = "insufficient_memory_resources",
	[0x03] = "malformed_or_incorrect_data",
	[0x64] = "invalid_session_handle",
	[0x65] = "invalid_length",
	[0x69] = "unsupported_protocol_version",
	[0x6a] = "cip_service_not_allowed",
};

# Services that mean the same in every class.
const services: table[count] of string = {
	[0x01] = "get_attributes_all",
	[0x02] = "set_attributes_all",
	[0x03] = "get_attribute_list",
	[0x04] = "set_attribute_list",
	[0x05] = "reset",
	[0x06] = "start",
	[0x07] = "stop",
	[0x08] = "create",
	[0x09] = "delete",
	[0x0a] = "multiple_service_packet",
	[0x0d] = "apply_attributes",
	[0x0e] = "get_attributes_single",
	[0x10] = "set_attributes_single",
	[0x11] = "find_next_object_instance",
	[0x15] = "restore",
	[0x16] = "save",
	[0x17] = "no_forward_open",
	[0x18] = "get_member",
	[0x19] = "set_member",
	[0x1a] = "insert_member",
	[0x1b] = "remove_member",
	[0x1c] = "group_sync",
	[0x1d] = "get_connection_point_member_list",
};

# Services of one class.
const class_services: table[int, count] of string = {
	[0x06, 0x4e] = "forward_close",
	[0x06, 0x52] = "unconnected_send",
	[0x06, 0x54] = "forward_open",
	[0x06, 0x56] = "get_connection_data",
	[0x06, 0x5a] = "get_connection_owner",
	[0x06, 0x5b] = "large_forward_open",
	[0x37, 0x4b] = "initiate_upload",
	[0x37, 0x4c] = "initiate_download",
	[0x37, 0x4d] = "initiate_partial_read",
	[0x37, 0x4e] = "initiate_partial_write",
	[0x37, 0x4f] = "upload_transfer",
	[0x37, 0x50] = "download_transfer",
	[0x37, 0x51] = "clear_file",
	[0x67, 0x4b] = "execute_pccc",
	[0x6a, 0x4f] = "upload_transfer",
	[0x6a, 0x50] = "download_transfer",
	[0x6c, 0x4c] = "read_template",
	[0x74, 0x4b] = "lock",
	[0x74, 0x4c] = "unlock",
	[0xa1, 0x4b] = "firmware_update",
	[0xa1, 0x4d] = "firmware_transfer",
};

# Services of tags, which symbols stand for as well.
const tag_services: table[count] of string = {
	[0x4c] = "read_tag",
	[0x4d] = "write_tag",
	[0x4e] = "read_modify_write_tag",
	[0x52] = "read_tag_fragmented",
	[0x53] = "write_tag_fragmented",
};

# Classes of a Logix controller that make up its program.
const program_classes: set[int] = {
	104,
	105,
	106,
	107,
	108,
	109,
	110,
	112,
	126,
	824
};

# PCCC by command << 8 | function (Rockwell Automation 1770-6.5.16).
const pccc_functions: table[count] of string = {
	[0x0000] = "protected_write",
	[0x0100] = "unprotected_read",
	[0x0200] = "protected_bit_write",
	[0x0500] = "unprotected_bit_write",
	[0x0600] = "echo",
	[0x0601] = "read_diagnostic_counters",
	[0x0602] = "set_variables",
	[0x0603] = "diagnostic_status",
	[0x0604] = "set_timeout",
	[0x0605] = "set_naks",
	[0x0606] = "set_enqs",
	[0x0607] = "reset_diagnostic_counters",
	[0x0608] = "set_data_table_size",
	[0x0609] = "read_link_parameters",
	[0x060a] = "set_link_parameters",
	[0x0700] = "disable_outputs",
	[0x0701] = "enable_outputs",
	[0x0703] = "enable_plc_scanning",
	[0x0704] = "enter_download_mode",
	[0x0705] = "exit_download_upload_mode",
	[0x0706] = "enter_upload_mode",
	[0x0800] = "unprotected_write",
	[0x0f00] = "word_range_write",
	[0x0f01] = "word_range_read",
	[0x0f02] = "bit_write",
	[0x0f03] = "file_write",
	[0x0f04] = "file_read",
	[0x0f05] = "download_request",
	[0x0f06] = "upload",
	[0x0f07] = "shutdown",
	[0x0f08] = "physical_write",
	[0x0f09] = "physical_read",
	[0x0f0a] = "restart_request",
	[0x0f11] = "get_edit_resource",
	[0x0f12] = "return_edit_resource",
	[0x0f17] = "read_bytes_physical",
	[0x0f18] = "write_bytes_physical",
	[0x0f26] = "read_modify_write",
	[0x0f29] = "read_section_size",
	[0x0f3a] = "set_cpu_mode",
	[0x0f41] = "disable_forces",
	[0x0f50] = "download_all_request",
	[0x0f52] = "download_completed",
	[0x0f53] = "upload_all_request",
	[0x0f55] = "upload_completed",
	[0x0f57] = "initialize_memory",
	[0x0f5e] = "modify_plc2_compatibility_file",
	[0x0f67] = "typed_write",
	[0x0f68] = "typed_read",
	[0x0f79] = "read_modify_write_n",
	[0x0f80] = "change_mode",
	[0x0f81] = "open_file",
	[0x0f82] = "close_file",
	[0x0f8f] = "apply_port_configuration",
	[0x0fa1] = "protected_typed_logical_read_2",
	[0x0fa2] = "protected_typed_logical_read_3",
	[0x0fa7] = "protected_typed_file_read",
	[0x0fa9] = "protected_typed_logical_write_2",
	[0x0faa] = "protected_typed_logical_write_3",
	[0x0fab] = "protected_typed_logical_write_mask",
	[0x0faf] = "protected_typed_file_write",
};

# What a PCCC function amounts to where its name doesn't say read or write.
const pccc_actions: table[count] of string = {
	[0x0600] = "diagnose",
	[0x0601] = "diagnose",
	[0x0603] = "identify",
	[0x0607] = "diagnose",
	[0x0609] = "diagnose",
	[0x0700] = "mode",
	[0x0701] = "mode",
	[0x0703] = "mode",
	[0x0704] = "program",
	[0x0705] = "program",
	[0x0706] = "program",
	[0x0f05] = "program",
	[0x0f06] = "program",
	[0x0f07] = "mode",
	[0x0f08] = "program",
	[0x0f0a] = "restart",
	[0x0f11] = "program",
	[0x0f12] = "program",
	[0x0f18] = "program",
	[0x0f3a] = "mode",
	[0x0f41] = "command",
	[0x0f50] = "program",
	[0x0f52] = "program",
	[0x0f53] = "program",
	[0x0f55] = "program",
	[0x0f57] = "program",
	[0x0f80] = "mode",
	[0x0f81] = "file",
	[0x0f82] = "file",
	[0x0f8f] = "write",
	[0x0fa7] = "file",
	[0x0faf] = "file",
};

# PCCC status, the high half of the byte; the rest is told by the extended status.
const pccc_statuses: table[count] of string = {
	[0x10] = "illegal_command_or_format",
	[0x20] = "host_has_a_problem",
	[0x30] = "remote_node_missing",
	[0x40] = "hardware_fault",
	[0x50] = "addressing_problem_or_memory_protect",
	[0x60] = "function_not_allowed",
	[0x70] = "processor_in_program_mode",
	[0x80] = "compatibility_mode_file_missing",
	[0x90] = "remote_node_cannot_buffer",
	[0xa0] = "wait_ack",
	[0xb0] = "remote_node_problem_due_to_download",
};

function pccc_name(pccc: count): string
	{
	if ( pccc in pccc_functions )
		return cat("pccc_", pccc_functions[pccc]);

	return fmt("pccc_0x%02x_0x%02x", pccc / 256, pccc % 256);
	}

function pccc_action(pccc: count, name: string): string
	{
	if ( pccc in pccc_actions )
		return pccc_actions[pccc];

	if ( "write" in name || "set_" in name )
		return "write";

	return "read" in name ? "read" : "other";
	}

# The name of a service: of one class, of tags, or the same everywhere.
function operation_of(code: count, class: int, is_reply: bool): string
	{
	if ( code < 0x4b && code in services )
		return services[code];

	if ( [class, code] in class_services )
		return class_services[class, code];

	if ( class == 0xa1 )
		return fmt("firmware_service_0x%02x", code);

	if ( code == 0x55 && class != 6 )
		return "get_instance_attribute_list";

	if ( ( class == -1 || class == 0x6b )
	    && code in tag_services
	    && ! ( is_reply && ( code == 0x4e || code == 0x52 ) ) )
		return tag_services[code];

	return fmt("service_0x%02x", code);
	}

# What a service amounts to: the analytics' rules, in their order.
function action_of(operation: string, code: count, class: int, instance: int,
    is_reply: bool): string
	{
	local gets = starts_with(operation, "get_");
	local sets = starts_with(operation, "set_");

	if ( class == 0xa1 )
		return "firmware";

	if ( operation == "reset" )
		return class == 1 || class == -1 ? "restart" : "write";

	if ( operation == "start" || operation == "stop" )
		return "mode";

	if ( operation == "save" || operation == "restore" )
		return "program";

	if ( class == 0x37 )
		return "file";

	if ( class == 0x6a && ends_with(operation, "load_transfer") )
		return "program";

	if ( class in program_classes
	    && ( sets || operation == "create" || operation == "delete" || operation == "apply_attributes" ) )
		return "program";

	if ( sets && ( class == 67 || class == 139 ) || operation == "group_sync" )
		return "time";

	if ( class == 1 && gets )
		return "identify";

	if ( code in tag_services && operation == tag_services[code] )
		return starts_with(operation, "read_tag") ? "read" : "write";

	if ( ( class == 107 || class == 108 )
	    && ( gets || starts_with(operation, "read_") ) )
		return "discover";

	if ( operation == "get_instance_attribute_list"
	    || operation == "find_next_object_instance"
	    || code == 0x4b
	    && instance == 0
	    && class > 99 )
		return "discover";

	if ( sets
	    || ends_with(operation, "_member")
	    && ! gets
	    || operation == "apply_attributes" )
		return "write";

	if ( class == 6 )
		return "connect";

	if ( is_reply && operation == "get_attributes_all" )
		return "identify";

	if ( gets || starts_with(operation, "read_") || class == 114 && code == 0x4c )
		return "read";

	return "other";
	}

# `identity:1`, `class_0x72:0`, `assembly:100/attribute:3`, `tag:Program:Main.Level[2]`.
function object_of(item: Item): string
	{
	if ( |item$where| > 0 )
		return item$where;

	if ( item$class_ < 0 )
		return |item$name| > 0 ? cat("tag:", clean(item$name)) : "";

	local class = int_to_count(item$class_);
	local object = class in classes ? classes[class] : fmt("class_0x%02x", class);

	if ( item$instance >= 0 )
		object = cat(object, ":", int_to_count(item$instance));

	if ( item$attr >= 0 )
		object = cat(object, "/attribute:", int_to_count(item$attr));

	return object;
	}

function pdu_of(item: Item, route: string): OTActivity::PDU
	{
	if ( item$pccc >= 0 )
		{
		local pccc = int_to_count(item$pccc);
		local name = pccc_name(pccc);
		return OTActivity::PDU($operation=name, $action=pccc_action(pccc, name),
		    $object=object_of(item), $unit=clean(route));
		}

	local operation = operation_of(item$code, item$class_, F);
	return OTActivity::PDU($operation=operation, $action=action_of(operation,
	    item$code, item$class_, item$instance, F), $object=object_of(item),
	    $unit=clean(route));
	}

function outcome_of(status: count, extended: int): string
	{
	# That more data follows is no fault.
	if ( status == 0 || status == 6 )
		return "ok";

	if ( status >= 0x10000 )
		{
		local sts = ( status / 256 ) % 256;

		if ( sts == 0xf0 )
			return fmt("pccc_extended_status_0x%02x", status % 256);

		# The low half tells of the link, the high half of the remote node.
		sts = sts - sts % 16;
		return sts in pccc_statuses ? pccc_statuses[sts] : fmt("pccc_status_0x%02x", (
		    status / 256 ) % 256);
		}

	local outcome = status in statuses ? statuses[status] : fmt(
	    "unknown_cip_status_0x%02x", status);

	if ( status == 1 && extended >= 0 )
		{
		local more = int_to_count(extended);
		outcome = cat(outcome, ":", more in extended_statuses ?
		    extended_statuses[more] : fmt("0x%04x", more));
		}

	return outcome;
	}

function state_of(c: connection): State
	{
	if ( ! c?$ot_enip )
		c$ot_enip = State();

	return c$ot_enip;
	}

# A number stands for one service or for those of a packet.
event OTEnip::path(c: connection, is_orig: bool, id: count, items: vector of
    Item, route: string)
	{
	local state = state_of(c);
	local s = OTActivity::side_of(c, is_orig);
	local single = is_orig ? state$orig : state$resp;
	local several = is_orig ? state$orig_many : state$resp_many;

	if ( |items| == 1 )
		{
		single[id] = OTActivity::point_of(s, "cip", pdu_of(items[0], route));
		delete several[id];
		return;
		}

	local all = Services($points=vector(), $pdus=vector());
	for ( _, item in items )
		{
		local pdu = pdu_of(item, route);

		if ( item$has_values )
			{
			pdu$value_min = item$value_min;
			pdu$value_max = item$value_max;
			}

		all$points += OTActivity::point_of(s, "cip", pdu);
		all$pdus += pdu;
		}

	several[id] = all;
	delete single[id];
	}

event OTEnip::asked(c: connection, is_orig: bool, tag: count, id: count,
    size: count)
	{
	if ( ! c?$ot_enip )
		return;

	local state = c$ot_enip;
	local single = is_orig ? state$orig : state$resp;
	local s = OTActivity::side_of(c, is_orig);

	if ( id in single )
		{
		OTActivity::ask(c, s, single[id], tag, 0, size + 24);
		return;
		}

	local several = is_orig ? state$orig_many : state$resp_many;

	if ( id in several )
		OTActivity::ask_with(c, s, several[id]$points, several[id]$pdus, tag, 0, size +
		    24);
	}

event OTEnip::asked_with(c: connection, is_orig: bool, tag: count, id: count,
    size: count, low: double, high: double)
	{
	if ( ! c?$ot_enip )
		return;

	local single = is_orig ? c$ot_enip$orig : c$ot_enip$resp;

	if ( id !in single )
		return;

	local pdu = copy(single[id]$pdu);
	pdu$value_min = low;
	pdu$value_max = high;
	OTActivity::ask_with(c, OTActivity::side_of(c, is_orig), vector(single[id]),
	    vector(pdu), tag, 0, size + 24);
	}

# A reply whose request was not seen still tells of the service.
function told_alone(c: connection, is_orig: bool, tag: count, code: count,
    outcome: string, size: count)
	{
	local operation = operation_of(code, -1, T);
	OTActivity::reply(c, is_orig, "cip", cat(tag), outcome, size,
	    OTActivity::no_values, OTActivity::PDU($operation=operation,
	    $action=action_of(operation, code, -1, -1, T)));
	}

event OTEnip::answered(c: connection, is_orig: bool, tag: count, code: count,
    status: count, extended: int, size: count)
	{
	local s = OTActivity::side_of(c, ! is_orig);

	local outcome = outcome_of(status, extended);

	if ( ! OTActivity::answer(c, s, tag, 0, outcome, size + 24) )
		told_alone(c, is_orig, tag, code, outcome, size + 24);
	}

event OTEnip::answered_with(c: connection, is_orig: bool, tag: count,
    size: count, low: double, high: double)
	{
	OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), tag, 0, "ok", size + 24,
	    OTActivity::Values($value_min=low, $value_max=high));
	}

# Services of one packet, each with its own outcome.
event OTEnip::answered_many(c: connection, is_orig: bool, tag: count,
    outcomes: vector of count, size: count)
	{
	local s = OTActivity::side_of(c, ! is_orig);

	if ( [tag, 0] !in s$queue )
		return;

	local waiting = s$queue[tag, 0];
	delete s$queue[tag, 0];

	for ( i, p in waiting$points )
		{
		local outcome = i < |outcomes| ? outcome_of(outcomes[i], -1) : "no_reply";
		OTActivity::add_event(s, p, outcome, waiting$ts, i == 0 ? waiting$bytes : 0, i == 0 ?
		    size + 24 : 0);

		if ( outcome != "ok" && outcome != "no_reply" )
			hook OTActivity::refused(OTActivity::Act($c=c, $client=s$client,
			    $server=s$server, $service="cip", $pdu=p$pdu,
			    $outcome=outcome));
		}
	}

function command_pdu(command: count): OTActivity::PDU
	{
	local name = command in commands ? commands[command] : "unknown";
	local action = "other";

	if ( ends_with(name, "register_session") )
		action = "connect";
	else if ( name == "list_identity" )
		action = "identify";
	else if ( starts_with(name, "list_") )
		action = "discover";

	return OTActivity::PDU($operation=name, $action=action);
	}

function is_group(a: addr): bool
	{
	return a in 224.0.0.0/4
	    || a in [ff00::]/8
	    || ends_with(cat(a), ".255")
	    || a == 255.255.255.255;
	}

event OTEnip::command(c: connection, is_orig: bool, is_reply: bool, tag: count,
    command: count, status: count, size: count)
	{
	local pdu = command_pdu(command);

	if ( is_reply )
		{
		local outcome = status in command_statuses ? command_statuses[status] : fmt(
		    "unknown_enip_status_0x%02x", status);
		local s = OTActivity::side_of(c, ! is_orig);

		# An error to a CIP request tells of that request.
		local part = command == 0x6f || command == 0x70 ? 0 : command;

		if ( ! OTActivity::answer(c, s, tag, part, outcome, size + 24) )
			OTActivity::reply(c, is_orig, "cip", cat(tag), outcome, size + 24,
			    OTActivity::no_values, pdu);
		}
	else if ( command in unanswered
	    || is_group(is_orig ? c$id$resp_h : c$id$orig_h) )
		OTActivity::once(c, is_orig, "cip", pdu, "ok", size + 24);
	else
		{
		local asking = OTActivity::side_of(c, is_orig);
		OTActivity::ask(c, asking, OTActivity::point_of(asking, "cip", pdu), tag,
		    command, size + 24);
		}
	}

event OTEnip::identity(c: connection, is_orig: bool, who: Identity)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	if ( who$vendor in vendors )
		OTIdentity::claim(asset, "vendor", vendors[who$vendor], "cip", c$uid);

	if ( who$device_type in device_types )
		OTIdentity::claim(asset, "device_type", device_types[who$device_type], "cip",
		    c$uid);

	OTIdentity::claim(asset, "model", clean(who$name), "cip", c$uid);
	OTIdentity::claim(asset, "product_code", cat(who$product), "cip", c$uid);
	OTIdentity::claim(asset, "firmware", cat(who$major, ".", who$minor), "cip",
	    c$uid);
	OTIdentity::claim(asset, "serial", fmt("0x%08x", who$serial), "cip", c$uid);
	}

# Who produces data is the server: it is the one who has them to give.
event OTEnip::io_data(c: connection, is_orig: bool, size: count)
	{
	local state = state_of(c);
	local s = OTActivity::side_of(c, ! is_orig);

	if ( is_orig !in state$io )
		state$io[is_orig] = OTActivity::point_of(s, "cip_io", OTActivity::PDU(
		    $operation="io_data", $action="report"));

	OTActivity::add_event(s, state$io[is_orig], "ok", network_time(), 0, size);
	}

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_ENIP, ports);
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_ENIP_UDP,
	    discovery_ports);
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_CIP_IO, io_ports);
	}

@endif
