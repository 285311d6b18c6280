##! Whether Zeek's own logs, one row a PDU, are kept beside ``ot_activity.log``.
##!
##! As long as nothing is said, they are kept and nothing is touched.

@load base/protocols/modbus
@load base/protocols/dnp3
@load base/protocols/mqtt
@load base/protocols/snmp

module OTNativeLogs;

export {
	## What becomes of ``modbus.log``, ``dnp3.log``, ``mqtt_publish.log`` and ``snmp.log``.
	type Fate: enum {
		## They are written as always.
		KEEP,
		## Rows of plain polling, and of reports that went well, are left out.
		THIN,
		## They are not written.
		DROP,
	};

	## To be set before start: ``redef OTNativeLogs::fate = OTNativeLogs::THIN;``. With ``THIN``
	## and ``DROP``, event handlers of the module ``Modbus`` rest, and ``c$modbus`` stays unset.
	const fate = KEEP &redef;

	## Functions of DNP3 that poll, or answer to polling.
	option dnp3_polls: set[string] = {
		"CONFIRM",
		"READ",
		"RESPONSE",
		"UNSOLICITED_RESPONSE"
	};
}

# Modbus polls so often that Zeek's script rests, and the rows that remain are written here.
function tell_modbus(c: connection, headers: ModbusHeaders, is_orig: bool,
    exception: string)
	{
	local code = headers$function_code;
	local name = Modbus::function_codes[code & 0x7f];

	if ( code >= 0x80 )
		name += "_EXCEPTION";

	local rec = Modbus::Info($ts=network_time(), $uid=c$uid, $id=c$id,
	    $tid=headers$tid, $unit=headers$uid, $func=name,
	    $pdu_type=is_orig ? "REQ" : "RESP");

	if ( exception != "" )
		rec$exception = exception;

	Log::write(Modbus::LOG, rec);
	}

event modbus_message(c: connection, headers: ModbusHeaders, is_orig: bool)
    &group="ot-thin-modbus"
	{
	if ( headers$function_code > 4 && headers$function_code < 0x80 )
		tell_modbus(c, headers, is_orig, "");
	}

event modbus_exception(c: connection, headers: ModbusHeaders, code: count)
    &group="ot-thin-modbus"
	{
	tell_modbus(c, headers, F, Modbus::exception_codes[code]);
	}

hook thin_dnp3(rec: DNP3::Info, id: Log::ID, filter: Log::Filter)
	{
	# The low octet of the indications tells of faults.
	if ( rec?$fc_reply
	    && ( ! rec?$fc_request || rec$fc_request in dnp3_polls )
	    && rec$fc_reply in dnp3_polls
	    && rec?$iin
	    && rec$iin & 0x37 == 0 )
		break;

	if ( ! hook DNP3::log_policy(rec, id, filter) )
		break;
	}

hook thin_publish(rec: MQTT::PublishInfo, id: Log::ID, filter: Log::Filter)
	{
	if ( rec$from_client == F || starts_with(rec$status, "ok") )
		break;

	if ( ! hook MQTT::log_policy_publish(rec, id, filter) )
		break;
	}

hook thin_snmp(rec: SNMP::Info, id: Log::ID, filter: Log::Filter)
	{
	if ( rec$set_requests == 0 )
		break;

	if ( ! hook SNMP::log_policy(rec, id, filter) )
		break;
	}

# Puts a policy of ours before the one that a log's default filter has.
function thin(id: Log::ID, policy: Log::PolicyHook)
	{
	local filter = Log::get_filter(id, "default");

	if ( filter$name != "default" )
		return;

	filter$policy = policy;
	Log::add_filter(id, filter);
	}

# Zeek's script for Modbus does nothing but to fill the log; others of its module may do more.
function rest_modbus()
	{
	if ( "Modbus::track_memmap" !in global_ids() )
		disable_module_events("Modbus");
	}

event zeek_init() &priority=-10
	{
	switch ( fate )
		{
		case KEEP:
			disable_event_group("ot-thin-modbus");
			break;

		case THIN:
			rest_modbus();
			thin(DNP3::LOG, thin_dnp3);
			thin(MQTT::PUBLISH_LOG, thin_publish);
			thin(SNMP::LOG, thin_snmp);
			break;

		case DROP:
			rest_modbus();
			Log::disable_stream(Modbus::LOG);
			disable_event_group("ot-thin-modbus");
			Log::disable_stream(DNP3::LOG);
			Log::disable_stream(MQTT::PUBLISH_LOG);
			Log::disable_stream(SNMP::LOG);
			break;
		}
	}
