##! What BACnet calls its services, and the states that some of them ask for.

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

const confirmed_services: table[count] of string = {
	[0] = "acknowledge_alarm",
	[1] = "confirmed_cov_notification",
	[2] = "confirmed_event_notification",
	[3] = "get_alarm_summary",
	[4] = "get_enrollment_summary",
	[5] = "subscribe_cov",
	[6] = "atomic_read_file",
	[7] = "atomic_write_file",
	[8] = "add_list_element",
	[9] = "remove_list_element",
	[10] = "create_object",
	[11] = "delete_object",
	[12] = "read_property",
	[13] = "read_property_conditional",
	[14] = "read_property_multiple",
	[15] = "write_property",
	[16] = "write_property_multiple",
	[17] = "device_communication_control",
	[18] = "confirmed_private_transfer",
	[19] = "confirmed_text_message",
	[20] = "reinitialize_device",
	[21] = "vt_open",
	[22] = "vt_close",
	[23] = "vt_data",
	[24] = "authenticate",
	[25] = "request_key",
	[26] = "read_range",
	[27] = "life_safety_operation",
	[28] = "subscribe_cov_property",
	[29] = "get_event_information",
	[30] = "subscribe_cov_property_multiple",
	[31] = "confirmed_cov_notification_multiple",
	[32] = "confirmed_audit_notification",
	[33] = "audit_log_query",
	[34] = "auth_request",
};

const unconfirmed_services: table[count] of string = {
	[0] = "i_am",
	[1] = "i_have",
	[2] = "unconfirmed_cov_notification",
	[3] = "unconfirmed_event_notification",
	[4] = "unconfirmed_private_transfer",
	[5] = "unconfirmed_text_message",
	[6] = "time_synchronization",
	[7] = "who_has",
	[8] = "who_is",
	[9] = "utc_time_synchronization",
	[10] = "write_group",
	[11] = "unconfirmed_cov_notification_multiple",
	[12] = "unconfirmed_audit_notification",
	[13] = "who_am_i",
	[14] = "you_are",
};

# States that Reinitialize Device and Device Communication Control ask for.
const reinitialize_states: table[count] of string = {
	[0] = "coldstart",
	[1] = "warmstart",
	[2] = "start_backup",
	[3] = "end_backup",
	[4] = "start_restore",
	[5] = "end_restore",
	[6] = "abort_restore",
	[7] = "activate_changes",
};

const communication_states: table[count] of string = {
	[0] = "enable",
	[1] = "disable",
	[2] = "disable_initiation",
};

function name_in(names: table[count] of string, code: count, unknown: string)
    : string
	{
	return code in names ? names[code] : fmt("%s_0x%02x", unknown, code);
	}

@endif
