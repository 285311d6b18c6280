##! What operations amount to.

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

# Properties by which a device is recognised, where somebody wants to know them.
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

@endif
