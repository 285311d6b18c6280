##! Commands of the encapsulation: sessions and discovery.

@load ../../common/activity

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

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

@endif
