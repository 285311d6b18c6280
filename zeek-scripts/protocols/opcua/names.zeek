##! What services and attributes are called (OPC 10000-4, OPC 10000-6 Annex A), and what the
##! services amount to.

@load ../../common/activity

module OTOpcua;

export {
	## Services by the type id of their binary request and response.
	const services: table[count] of string = {
		[422] = "find_servers",
		[425] = "find_servers",
		[428] = "get_endpoints",
		[431] = "get_endpoints",
		[437] = "register_server",
		[440] = "register_server",
		[446] = "open_secure_channel",
		[449] = "open_secure_channel",
		[452] = "close_secure_channel",
		[455] = "close_secure_channel",
		[461] = "create_session",
		[464] = "create_session",
		[467] = "activate_session",
		[470] = "activate_session",
		[473] = "close_session",
		[476] = "close_session",
		[479] = "cancel",
		[482] = "cancel",
		[488] = "add_nodes",
		[491] = "add_nodes",
		[494] = "add_references",
		[497] = "add_references",
		[500] = "delete_nodes",
		[503] = "delete_nodes",
		[506] = "delete_references",
		[509] = "delete_references",
		[527] = "browse",
		[530] = "browse",
		[533] = "browse_next",
		[536] = "browse_next",
		[554] = "translate_browse_paths_to_node_ids",
		[557] = "translate_browse_paths_to_node_ids",
		[560] = "register_nodes",
		[563] = "register_nodes",
		[566] = "unregister_nodes",
		[569] = "unregister_nodes",
		[615] = "query_first",
		[618] = "query_first",
		[621] = "query_next",
		[624] = "query_next",
		[631] = "read",
		[634] = "read",
		[664] = "history_read",
		[667] = "history_read",
		[673] = "write",
		[676] = "write",
		[700] = "history_update",
		[703] = "history_update",
		[712] = "call",
		[715] = "call",
		[751] = "create_monitored_items",
		[754] = "create_monitored_items",
		[763] = "modify_monitored_items",
		[766] = "modify_monitored_items",
		[769] = "set_monitoring_mode",
		[772] = "set_monitoring_mode",
		[775] = "set_triggering",
		[778] = "set_triggering",
		[781] = "delete_monitored_items",
		[784] = "delete_monitored_items",
		[787] = "create_subscription",
		[790] = "create_subscription",
		[793] = "modify_subscription",
		[796] = "modify_subscription",
		[799] = "set_publishing_mode",
		[802] = "set_publishing_mode",
		[826] = "publish",
		[829] = "publish",
		[832] = "republish",
		[835] = "republish",
		[841] = "transfer_subscriptions",
		[844] = "transfer_subscriptions",
		[847] = "delete_subscriptions",
		[850] = "delete_subscriptions",
		[12208] = "find_servers_on_network",
		[12209] = "find_servers_on_network",
		[12211] = "register_server2",
		[12212] = "register_server2",
	};

	## Attributes of nodes.
	const attribute_names: table[count] of string = {
		[1] = "node_id",
		[2] = "node_class",
		[3] = "browse_name",
		[4] = "display_name",
		[5] = "description",
		[6] = "write_mask",
		[7] = "user_write_mask",
		[8] = "is_abstract",
		[9] = "symmetric",
		[10] = "inverse_name",
		[11] = "contains_no_loops",
		[12] = "event_notifier",
		[13] = "value",
		[14] = "data_type",
		[15] = "value_rank",
		[16] = "array_dimensions",
		[17] = "access_level",
		[18] = "user_access_level",
		[19] = "minimum_sampling_interval",
		[20] = "historizing",
		[21] = "executable",
		[22] = "user_executable",
		[23] = "data_type_definition",
		[24] = "role_permissions",
		[25] = "user_role_permissions",
		[26] = "access_restrictions",
		[27] = "access_level_ex",
	};
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )

# What services amount to.
const actions: table[string] of string = {
	["read"] = "read",
	["write"] = "write",
	["history_update"] = "write",
	["add_nodes"] = "write",
	["delete_nodes"] = "write",
	["add_references"] = "write",
	["delete_references"] = "write",
	["call"] = "command",
	["activate_session"] = "authenticate",
	["hello"] = "connect",
	["reverse_hello"] = "connect",
	["open_secure_channel"] = "connect",
	["close_secure_channel"] = "connect",
	["create_session"] = "connect",
	["close_session"] = "connect",
	["get_endpoints"] = "identify",
	["find_servers"] = "discover",
	["find_servers_on_network"] = "discover",
	["browse"] = "discover",
	["browse_next"] = "discover",
	["translate_browse_paths_to_node_ids"] = "discover",
	["query_first"] = "discover",
	["query_next"] = "discover",
	["publish"] = "report",
	["republish"] = "report",
	["create_monitored_items"] = "read",
	["modify_monitored_items"] = "read",
	["create_subscription"] = "read",
	["modify_subscription"] = "read",
	["history_read"] = "read",
} &default="other";

function plain_pdu(operation: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action=actions[operation]);
	}

function operation_of(service: count): string
	{
	return service in services ? services[service] : fmt("service_%d", service);
	}

@endif
