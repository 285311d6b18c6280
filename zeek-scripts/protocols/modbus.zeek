##! Modbus/TCP: every function with what it addresses, the values, and how it ended
##! (Modbus Application Protocol Specification V1.1b3).
##!
##! Polling makes up nearly all of it, so a request and its reply that were seen before cost two
##! look-ups by number, and replies whose content says nothing are never taken apart. With the
##! compiled analyzer, reads are counted there.

@load ../common/activity
@load ../common/identity
@load ../common/keep_analyzer

module OTModbus;

export {
	## Connections whose reads the compiled analyzer counts, where it is loaded. It needs some
	## 20 KiB for each, so once there are more, scripts count the reads of later ones, from then
	## on: a flood must not fill the memory.
	option max_counted: count = 5000;

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

# The function codes whose replies are looked into.
const told_by_reply: set[count] = {
	3,
	4,
	23,
	24,
	43
};

# Sub-functions of Diagnostics (6.8.1).
const diagnostics: table[count] of string = {
	[0] = "return_query_data",
	[1] = "restart_communications_option",
	[2] = "return_diagnostic_register",
	[3] = "change_ascii_input_delimiter",
	[4] = "force_listen_only_mode",
	[10] = "clear_counters_and_diagnostic_register",
	[11] = "return_bus_message_count",
	[12] = "return_bus_communication_error_count",
	[13] = "return_bus_exception_error_count",
	[14] = "return_server_message_count",
	[15] = "return_server_no_response_count",
	[16] = "return_server_nak_count",
	[17] = "return_server_busy_count",
	[18] = "return_bus_character_overrun_count",
	[20] = "clear_overrun_counter_and_flag",
};

# The object ids of Read Device Identification that name the device (6.21).
const identification: table[count] of string = {
	[0] = "vendor",
	[1] = "product_code",
	[2] = "firmware",
	[3] = "url",
	[4] = "model",
	[5] = "name",
	[6] = "application",
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

# The smallest and the largest of some registers.
function extremes(registers: ModbusRegisters): vector of count
	{
	if ( |registers| == 0 )
		return vector(1, 0);

	local sorted = copy(registers);
	sort(sorted);
	return vector(sorted[0], sorted[|sorted| - 1]);
	}

function pdu_of(operation: string, unit: count, object: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation,
	    $action=operation in actions ? actions[operation] : "other",
	    $object=object, $unit=cat(unit));
	}

# The point of a request that was not seen before.
function new_point(s: OTActivity::Side, headers: ModbusHeaders, number: count,
    start: count, quantity: count): OTActivity::Point
	{
	local code = headers$function_code;
	local kind = code in addressed ? addressed[code] : "";
	return OTActivity::number_point(s, number, "modbus", pdu_of(name_of(code),
	    headers$uid, range(kind, start, quantity)));
	}

# A poll: nothing but the range that it asks for.
function poll(c: connection, headers: ModbusHeaders, start: count,
    quantity: count)
	{
	local s = c?$ot_orig ? c$ot_orig : OTActivity::side_of(c, T);

	if ( s$is_open )
		OTActivity::set_aside(s);

	local number = headers$function_code * 0x10000000000 + headers$uid *
	    0x100000000 + start * 0x10000 + quantity;
	local p = s$numbered[number];

	if ( p$number == 0 )
		{
		p = new_point(s, headers, number, start, quantity);
		p$bytes = headers$len + 6;

		if ( s$crowded )
			OTActivity::add_event(s, p, "unknown", network_time(), p$bytes, 0);
		}

	s$asked = p;
	s$asked_ts = network_time();
	s$asked_tag = headers$tid;
	s$asked_sub = headers$uid;
	s$is_open = T;
	}

# A request that sets values, or none if the largest is less than the smallest.
function set_range(c: connection, headers: ModbusHeaders, start: count,
    quantity: count, low: count, high: count)
	{
	local s = OTActivity::side_of(c, T);
	local number = headers$function_code * 0x10000000000 + headers$uid *
	    0x100000000 + start * 0x10000 + quantity;
	local p = number in s$numbered ? s$numbered[number] : new_point(s, headers,
	    number, start, quantity);
	local pdu = copy(p$pdu);

	if ( low <= high )
		{
		pdu$value_min = low + 0.0;
		pdu$value_max = high + 0.0;
		}

	OTActivity::ask_with(c, s, vector(p), vector(pdu), headers$tid, headers$uid,
	    headers$len + 6);
	}

# A request that addresses no range of points.
function ask(c: connection, headers: ModbusHeaders, operation: string,
    object: string)
	{
	local s = OTActivity::side_of(c, T);
	local p = OTActivity::point_of(s, "modbus", pdu_of(operation, headers$uid,
	    object));
	OTActivity::ask(c, s, p, headers$tid, headers$uid, headers$len + 6);
	}

# A request for parts of files, one operation each.
function ask_files(c: connection, headers: ModbusHeaders, objects: vector of
    string)
	{
	if ( |objects| == 0 )
		{
		ask(c, headers, name_of(headers$function_code), "");
		return;
		}

	local s = OTActivity::side_of(c, T);
	local points: vector of OTActivity::Point;
	local pdus: vector of OTActivity::PDU;

	for ( i, object in objects )
		{
		pdus += pdu_of(name_of(headers$function_code), headers$uid, object);
		points += OTActivity::point_of(s, "modbus", pdus[i]);
		}

	OTActivity::ask_with(c, s, points, pdus, headers$tid, headers$uid, headers$len + 6);
	}

# A reply. One whose request was not seen still tells of the function.
function answer(c: connection, headers: ModbusHeaders, outcome: string,
    values: OTActivity::Values &default=OTActivity::no_values)
	{
	local s = OTActivity::side_of(c, T);
	local bytes = headers$len + 6;

	if ( ! OTActivity::answer(c, s, headers$tid, headers$uid, outcome, bytes,
	    values) )
		OTActivity::reply(c, F, "modbus", "", outcome, bytes, values, pdu_of(name_of(
		    headers$function_code & 0x7f), headers$uid, ""));
	}

# For replies whose content says nothing.
const no_registers: ModbusRegisters = vector();

# The reply to a poll, with the registers that were read, if any. They are sorted where they are, as
# a copy costs more than all the rest: its events run last, when nobody else looks at them.
function polled(c: connection, headers: ModbusHeaders,
    registers: ModbusRegisters)
	{
	local s = c?$ot_orig ? c$ot_orig : OTActivity::side_of(c, T);
	local low = 1;
	local high = 0;

	if ( |registers| > 0 )
		{
		sort(registers);
		low = registers[0];
		high = registers[|registers| - 1];
		}

	if ( s$asked_tag != headers$tid || ! s$is_open || s$asked_sub != headers$uid )
		{
		if ( low > high )
			answer(c, headers, "ok");
		else
			answer(c, headers, "ok", OTActivity::Values($value_min=low + 0.0,
			    $value_max=high + 0.0));

		return;
		}

	s$is_open = F;

	local ts = s$asked_ts;
	local down = headers$len + 6;
	local r = s$asked$row;

	if ( ts >= r$until )
		r = OTActivity::next_row(s, down);

	local gap = ( ts - r$last ) / 1sec;
	r$squares += gap * gap;
	r$last = ts;
	++r$polls;

	if ( down != r$poll_down )
		r$more_down += +down - r$poll_down;

	if ( low <= high )
		{
		if ( low < r$low )
			r$low = low;

		if ( high > r$high )
			r$high = high;
		}
	}

redef record connection += {
	# The compiled analyzer counts its reads.
	ot_modbus_counted: bool &optional;
};

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MODBUS )
@load ./modbus_counted
@endif

# What follows, up to the writes, is a group of its own, as the compiled analyzer does without it.
event modbus_message(c: connection, headers: ModbusHeaders, is_orig: bool)
    &group="OTModbus::scripts"
	{
	if ( c?$ot_modbus_counted )
		return;

	local code = headers$function_code;

	# Most codes are those of the events below.
	if ( is_orig )
		{
		if ( code > 6 && code !in addressed )
			ask(c, headers, name_of(code & 0x7f), "");
		}
	else if ( code <= 2 )
		polled(c, headers, no_registers);
	else if ( code > 4 && code < 0x80 && code !in told_by_reply )
		answer(c, headers, "ok");
	}

event modbus_exception(c: connection, headers: ModbusHeaders, code: count)
    &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		answer(c, headers, outcome_of(code));
	}

event modbus_read_coils_request(c: connection, headers: ModbusHeaders,
    start_address: count, quantity: count) &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		poll(c, headers, start_address, quantity);
	}

event modbus_read_discrete_inputs_request(c: connection, headers: ModbusHeaders,
    start_address: count, quantity: count) &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		poll(c, headers, start_address, quantity);
	}

event modbus_read_holding_registers_request(c: connection,
    headers: ModbusHeaders, start_address: count, quantity: count)
    &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		poll(c, headers, start_address, quantity);
	}

event modbus_read_holding_registers_response(c: connection,
    headers: ModbusHeaders, registers: ModbusRegisters) &priority=-1000
    &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		polled(c, headers, registers);
	}

event modbus_read_input_registers_request(c: connection, headers: ModbusHeaders,
    start_address: count, quantity: count) &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		poll(c, headers, start_address, quantity);
	}

event modbus_read_input_registers_response(c: connection,
    headers: ModbusHeaders, registers: ModbusRegisters) &priority=-1000
    &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		polled(c, headers, registers);
	}
event modbus_write_single_coil_request(c: connection, headers: ModbusHeaders,
    address: count, value: bool)
	{
	set_range(c, headers, address, 1, value ? 1 : 0, value ? 1 : 0);
	}

event modbus_write_single_register_request(c: connection,
    headers: ModbusHeaders, address: count, value: count)
	{
	set_range(c, headers, address, 1, value, value);
	}

event modbus_write_multiple_coils_request(c: connection, headers: ModbusHeaders,
    start_address: count, coils: ModbusCoils)
	{
	local on = any_set(coils);
	set_range(c, headers, start_address, |coils|, on && all_set(coils) ? 1 : 0, on ? 1 : 0);
	}

event modbus_write_multiple_registers_request(c: connection,
    headers: ModbusHeaders, start_address: count, registers: ModbusRegisters)
	{
	local range_ = extremes(registers);
	set_range(c, headers, start_address, |registers|, range_[0], range_[1]);
	}

event modbus_mask_write_register_request(c: connection, headers: ModbusHeaders,
    address: count, and_mask: count, or_mask: count)
	{
	set_range(c, headers, address, 1, 1, 0);
	}

event modbus_read_write_multiple_registers_request(c: connection,
    headers: ModbusHeaders, read_start_address: count, read_quantity: count,
    write_start_address: count, write_registers: ModbusRegisters)
	{
	local range_ = extremes(write_registers);
	set_range(c, headers, write_start_address, |write_registers|, range_[0],
	    range_[1]);
	}

event modbus_read_fifo_queue_request(c: connection, headers: ModbusHeaders,
    start_address: count)
	{
	poll(c, headers, start_address, 1);
	}

event modbus_read_fifo_queue_response(c: connection, headers: ModbusHeaders,
    fifos: ModbusRegisters) &priority=-1000
	{
	polled(c, headers, fifos);
	}

event modbus_diagnostics_request(c: connection, headers: ModbusHeaders,
    subfunction: count, data: string)
	{
	local name = subfunction in diagnostics ? diagnostics[subfunction] : cat(
	    "subfunction_", subfunction);
	ask(c, headers, "diagnostics", name);
	}

event modbus_read_file_record_request(c: connection, headers: ModbusHeaders,
    byte_count: count, refs: ModbusFileRecordRequests)
	{
	local objects: vector of string;
	for ( i, ref in refs )
		objects += file_range(ref$file_num, ref$record_num, ref$record_len);

	ask_files(c, headers, objects);
	}

event modbus_write_file_record_request(c: connection, headers: ModbusHeaders,
    byte_count: count, refs: ModbusFileReferences)
	{
	local objects: vector of string;
	for ( i, ref in refs )
		objects += file_range(ref$file_num, ref$record_num, ref$record_len);

	ask_files(c, headers, objects);
	}

event modbus_encap_interface_transport_request(c: connection,
    headers: ModbusHeaders, mei_type: count, data: string)
	{
	ask(c, headers, mei_type == 14 ? "read_device_identification" : name_of(
	    headers$function_code), "");
	}

# Read Device Identification (6.21): level, conformity, more follows, next object, number of
# objects, and for each of these its id, length and value.
event modbus_encap_interface_transport_response(c: connection,
    headers: ModbusHeaders, mei_type: count, data: string)
	{
	answer(c, headers, "ok");

	if ( mei_type != 14 )
		return;

	local at = 5;
	while ( at + 2 <= |data| )
		{
		local id = bytestring_to_count(data[at]);
		local length = bytestring_to_count(data[at + 1]);
		local value = data[at + 2 : at + 2 + length];

		if ( id in identification && length > 0 && at + 2 + length <= |data| )
			OTIdentity::claim(cat(c$id$resp_h), identification[id], value, "modbus",
			    c$uid);

		at += 2 + length;
		}
	}
