##! Functions beside points: diagnostics, records of files, and what a device says of itself.

@load ../../common/activity
@load ../../common/identity
@load ./pairing

module OTModbus;

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

function ask_diagnostics(c: connection, headers: ModbusHeaders,
    subfunction: count)
	{
	ask(c, headers, "diagnostics", subfunction in diagnostics ?
	    diagnostics[subfunction] : cat("subfunction_", subfunction));
	}

# With data that aren't allowed Zeek's analyzer writes an error where anybody handles this, so it is
# for when the compiled analyzer isn't there.
event modbus_diagnostics_request(c: connection, headers: ModbusHeaders,
    subfunction: count, data: string) &group="OTModbus::scripts"
	{
	if ( ! c?$ot_modbus_counted )
		ask_diagnostics(c, headers, subfunction);
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
