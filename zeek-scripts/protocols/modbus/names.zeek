##! Names in Modbus: functions and what they amount to, exceptions, what is addressed.

@load ../../common/activity

module OTModbus;

export {
	## What a function amounts to; those that are missing are ``other``.
	option actions: table[string] of string = {
		["read_coils"] = "read",
		["read_discrete_inputs"] = "read",
		["read_holding_registers"] = "read",
		["read_input_registers"] = "read",
		["read_exception_status"] = "read",
		["read_file_record"] = "read",
		["read_fifo_queue"] = "read",
		["write_single_coil"] = "write",
		["write_single_register"] = "write",
		["write_multiple_coils"] = "write",
		["write_multiple_registers"] = "write",
		["write_file_record"] = "write",
		["mask_write_register"] = "write",
		["read_write_multiple_registers"] = "write",
		["diagnostics"] = "diagnose",
		["get_comm_event_counter"] = "diagnose",
		["get_comm_event_log"] = "diagnose",
		["program_484"] = "program",
		["poll_484"] = "program",
		["program_584_984"] = "program",
		["poll_584_984"] = "program",
		["program_884_u84"] = "program",
		["program_concept"] = "program",
		["program_584_984_2"] = "program",
		["umas"] = "program",
		["report_slave_id"] = "identify",
		["read_device_identification"] = "identify",
		["encap_interface_transport"] = "identify",
		["firmware_replacement"] = "firmware",
	};
}

# The function codes whose requests have an event of their own, with what they address.
const addressed: table[count] of string = {
	[1] = "coil",
	[2] = "discrete_input",
	[3] = "holding_register",
	[4] = "input_register",
	[5] = "coil",
	[6] = "holding_register",
	[8] = "",
	[15] = "coil",
	[16] = "holding_register",
	[20] = "file_record",
	[21] = "file_record",
	[22] = "holding_register",
	[23] = "holding_register",
	[24] = "holding_register",
	[43] = "",
};

# 'unknown-99' and the like in snake case; 90 is Schneider's UMAS.
function name_of(code: count): string
	{
	if ( code == 90 )
		return "umas";

	return gsub(to_lower(Modbus::function_codes[code]), /-/, "_");
	}

function outcome_of(code: count): string
	{
	if ( code == 0 || code > 11 || code == 7 || code == 9 )
		return cat("exception_", code);

	return to_lower(Modbus::exception_codes[code]);
	}

function range(kind: string, start: count, quantity: count): string
	{
	if ( kind == "" )
		return "";

	if ( quantity <= 1 )
		return cat(kind, ":", start);

	return cat(kind, ":", start, "-", start + quantity - 1);
	}

# Records of a file, as `file_record:4/0-9`.
function file_range(number: count, start: count, length: count): string
	{
	if ( length <= 1 )
		return cat("file_record:", number, "/", start);

	return cat("file_record:", number, "/", start, "-", start + length - 1);
	}

function pdu_of(operation: string, unit: count, object: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation,
	    $action=operation in actions ? actions[operation] : "other",
	    $object=object, $unit=cat(unit));
	}
