##! Below the services: functions of the virtual link, and messages of the network layer.

@load ../../common/activity
@load ./actions
@load ./services

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

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

@endif
