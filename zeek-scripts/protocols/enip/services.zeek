##! What services of CIP are called, and what they amount to.

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

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

@endif
