##! Requests that set coils or registers, with the values.

@load ../../common/activity
@load ./pairing

module OTModbus;

# The smallest and the largest of some registers.
function extremes(registers: ModbusRegisters): vector of count
	{
	if ( |registers| == 0 )
		return vector(1, 0);

	local sorted = copy(registers);
	sort(sorted);
	return vector(sorted[0], sorted[|sorted| - 1]);
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
