##! Names in DNP3 (IEEE 1815-2012): what functions amount to, what outstations say is wrong, how
##! controls end.

module OTDNP3;

export {
	## What a function amounts to; those that are missing are ``other``.
	option actions: table[string] of string = {
		["read"] = "read",
		["write"] = "write",
		["select"] = "command",
		["operate"] = "command",
		["direct_operate"] = "command",
		["direct_operate_nr"] = "command",
		["immed_freeze"] = "command",
		["immed_freeze_nr"] = "command",
		["freeze_clear"] = "command",
		["freeze_clear_nr"] = "command",
		["freeze_at_time"] = "command",
		["freeze_at_time_nr"] = "command",
		["cold_restart"] = "restart",
		["warm_restart"] = "restart",
		["initialize_data"] = "mode",
		["initialize_appl"] = "mode",
		["start_appl"] = "mode",
		["stop_appl"] = "mode",
		["save_config"] = "program",
		["activate_config"] = "program",
		["disable_unsolicited"] = "suppress",
		["delay_measure"] = "time",
		["record_current_time"] = "time",
		["open_file"] = "file",
		["close_file"] = "file",
		["delete_file"] = "file",
		["get_file_info"] = "file",
		["abort_file"] = "file",
		["authenticate_file"] = "authenticate",
		["authenticate_req"] = "authenticate",
		["authenticate_req_nr"] = "authenticate",
		["authenticate_resp"] = "authenticate",
		["response"] = "report",
		["unsolicited_response"] = "report",
	};
}

# What the second octet of the internal indications says is wrong, the gravest first (table 4-8).
const faults: vector of count = {
	1,
	2,
	4,
	16,
	32
};
const fault_names: vector of string = {
	"function_not_supported",
	"object_unknown",
	"parameter_error",
	"already_executing",
	"config_corrupt",
};

# Status of a control (table 4-15).
const control_status: table[count] of string = {
	[0] = "ok",
	[1] = "timeout",
	[2] = "no_select",
	[3] = "format_error",
	[4] = "not_supported",
	[5] = "already_active",
	[6] = "hardware_error",
	[7] = "local",
	[8] = "too_many_objs",
	[9] = "not_authorized",
	[10] = "automation_inhibit",
	[11] = "processing_limited",
	[12] = "out_of_range",
	[126] = "non_participating",
	[127] = "undefined",
};

function name_of(code: count): string
	{
	return gsub(to_lower(DNP3::function_codes[code]), /-/, "_");
	}

function outcome_of(iin: count): string
	{
	for ( i, bit in faults )
		if ( iin & bit != 0 )
			return fault_names[i];

	return "ok";
	}
