##! What functions and errors of PCCC are called, and what the functions amount to.

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

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

@endif
