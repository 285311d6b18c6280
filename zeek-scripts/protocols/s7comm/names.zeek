##! What S7comm and S7comm-plus call their functions, blocks and errors.

module OTS7comm;

export {
	## Functions of jobs.
	const functions: table[count] of string = {
		[0x00] = "cpu_services",
		[0x04] = "read_variable",
		[0x05] = "write_variable",
		[0x1a] = "request_download",
		[0x1b] = "download_block",
		[0x1c] = "download_ended",
		[0x1d] = "start_upload",
		[0x1e] = "upload",
		[0x1f] = "end_upload",
		[0x28] = "plc_control",
		[0x29] = "plc_stop",
		[0xf0] = "setup_communication",
	};

	## Groups of user data.
	const groups: table[count] of string = {
		[0] = "mode_transition",
		[1] = "programmer_controls",
		[2] = "cyclic_services",
		[3] = "block_functions",
		[4] = "cpu_functions",
		[5] = "security",
		[6] = "pbc_bsend_brecv",
		[7] = "time_functions",
		[15] = "nc_programming",
	};

	## Functions of user data by group and number.
	const user_functions: table[count, count] of string = {
		[0, 0x00] = "mode_transition_stop",
		[0, 0x01] = "mode_transition_warm_restart",
		[0, 0x02] = "mode_transition_run",
		[0, 0x03] = "mode_transition_hot_restart",
		[0, 0x04] = "mode_transition_hold",
		[0, 0x06] = "mode_transition_cold_restart",
		[0, 0x09] = "mode_transition_run_r",
		[0, 0x0b] = "mode_transition_link_up",
		[0, 0x0c] = "mode_transition_update",
		[1, 0x01] = "block_status",
		[1, 0x02] = "variable_status",
		[1, 0x03] = "output_istack",
		[1, 0x04] = "output_bstack",
		[1, 0x05] = "output_lstack",
		[1, 0x06] = "time_measurement",
		[1, 0x07] = "force_selection",
		[1, 0x08] = "modify_variable",
		[1, 0x09] = "force",
		[1, 0x0a] = "breakpoint",
		[1, 0x0b] = "exit_hold",
		[1, 0x0c] = "memory_reset",
		[1, 0x0d] = "disable_job",
		[1, 0x0e] = "enable_job",
		[1, 0x0f] = "delete_job",
		[1, 0x10] = "read_job_list",
		[1, 0x11] = "read_job",
		[1, 0x12] = "replace_job",
		[1, 0x13] = "block_status_v2",
		[1, 0x16] = "flash_led",
		[2, 0x01] = "cyclic_transfer",
		[2, 0x04] = "unsubscribe",
		[2, 0x05] = "change_driven_transfer",
		[2, 0x07] = "change_driven_transfer_modify",
		[2, 0x08] = "rdrec",
		[3, 0x01] = "list_blocks",
		[3, 0x02] = "list_blocks_of_type",
		[3, 0x03] = "get_block_info",
		[4, 0x01] = "read_szl",
		[4, 0x02] = "message_service",
		[4, 0x03] = "diagnostic_message",
		[4, 0x04] = "alarm_8_indication",
		[4, 0x05] = "notify_indication",
		[4, 0x06] = "alarm_8_lock",
		[4, 0x07] = "alarm_8_unlock",
		[4, 0x08] = "scan_indication",
		[4, 0x0b] = "alarm_s_indication",
		[4, 0x0c] = "alarm_sq_indication",
		[4, 0x0d] = "alarm_query",
		[4, 0x0e] = "alarm_ack",
		[4, 0x11] = "alarm_ack_indication",
		[4, 0x12] = "alarm_lock_indication",
		[4, 0x13] = "alarm_unlock_indication",
		[4, 0x16] = "notify_8_indication",
		[5, 0x01] = "plc_password",
		[7, 0x01] = "read_clock",
		[7, 0x02] = "set_clock",
		[7, 0x03] = "read_clock_following",
		[7, 0x04] = "set_clock_2",
	};

	## Program invocation services with a name of their own; the others go by theirs.
	const services: table[string] of string = {
		["P_PROGRAM"] = "plc_start",
		["_INSE"] = "plc_control_insert_block",
		["_INS2"] = "plc_control_insert_block",
		["_DELE"] = "plc_control_delete_block",
		["_MODU"] = "plc_control_copy_ram_to_rom",
		["_GARB"] = "plc_control_compress_memory",
		["_N_LOGIN_"] = "plc_control_login",
		["_N_NEWPWD"] = "plc_control_new_password",
	};

	## Types of blocks as names of files spell them.
	const blocks: table[string] of string = {
		["08"] = "organization_block",
		["0A"] = "data_block",
		["0B"] = "system_data_block",
		["0C"] = "function",
		["0D"] = "system_function",
		["0E"] = "function_block",
		["0F"] = "system_function_block",
	};

	## Error classes of acknowledgements.
	const error_classes: table[count] of string = {
		[0x81] = "application_relationship_error",
		[0x82] = "object_definition_error",
		[0x83] = "no_ressources_available_error",
		[0x84] = "error_on_service_processing",
		[0x85] = "error_on_supplies",
		[0x87] = "access_error",
	};

	## Return codes of single items and of user data.
	const return_codes: table[count] of string = {
		[0x00] = "reserved",
		[0x01] = "hardware_error",
		[0x03] = "accessing_the_object_not_allowed",
		[0x05] = "invalid_address",
		[0x06] = "data_type_not_supported",
		[0x07] = "data_type_inconsistent",
		[0x0a] = "object_does_not_exist",
		[0xff] = "ok",
	};

	## Functions of S7comm-plus.
	const plus_functions: table[count] of string = {
		[0x04bb] = "explore",
		[0x04ca] = "create_object",
		[0x04d4] = "delete_object",
		[0x04f2] = "set_variable",
		[0x0524] = "get_link",
		[0x0542] = "set_multi_variables",
		[0x054c] = "get_multi_variables",
		[0x0556] = "begin_sequence",
		[0x0560] = "end_sequence",
		[0x056b] = "invoke",
		[0x057c] = "set_variable_sub_streamed",
		[0x0586] = "get_variable_sub_streamed",
		[0x0590] = "get_variables_address",
		[0x059a] = "abort",
		[0x05a9] = "error",
		[0x05b3] = "init_ssl",
	};

	## ``_0A00007P`` is ``data_block:7``; what names no block stays as it is.
	global block_name: function(path: string): string;
}

function block_name(path: string): string
	{
	local name = starts_with(path, "_") ? path[1:] : path;

	if ( |name| < 7 || name[2:7] != /[0-9]{5}/ )
		return path;

	local kind = name[0:2];
	return cat(kind in blocks ? blocks[kind] : "unknown", ":", to_count(name[2:
	    7]));
	}
