##! Reads of coils, inputs and registers: nearly all there is.

@load ../../common/activity
@load ./pairing

module OTModbus;

export {
	## Connections whose reads the compiled analyzer counts, where it is loaded. It needs some
	## 20 KiB for each, so once there are more, scripts count the reads of later ones, from then
	## on: a flood must not fill the memory.
	option max_counted: count = 5000;
}

# The function codes whose replies are looked into.
const told_by_reply: set[count] = {
	3,
	4,
	23,
	24,
	43
};

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

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MODBUS )
@load ./counted
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
