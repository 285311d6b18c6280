##! What MMS calls its services.

module OTMMS;

export {
	## Confirmed services.
	const services: table[count] of string = {
		[0] = "status",
		[1] = "get_name_list",
		[2] = "identify",
		[3] = "rename",
		[4] = "read",
		[5] = "write",
		[6] = "get_variable_access_attributes",
		[7] = "define_named_variable",
		[8] = "define_scattered_access",
		[9] = "get_scattered_access_attributes",
		[10] = "delete_variable_access",
		[11] = "define_named_variable_list",
		[12] = "get_named_variable_list_attributes",
		[13] = "delete_named_variable_list",
		[14] = "define_named_type",
		[15] = "get_named_type_attributes",
		[16] = "delete_named_type",
		[17] = "input",
		[18] = "output",
		[19] = "take_control",
		[20] = "relinquish_control",
		[21] = "define_semaphore",
		[22] = "delete_semaphore",
		[23] = "report_semaphore_status",
		[24] = "report_pool_semaphore_status",
		[25] = "report_semaphore_entry_status",
		[26] = "initiate_download_sequence",
		[27] = "download_segment",
		[28] = "terminate_download_sequence",
		[29] = "initiate_upload_sequence",
		[30] = "upload_segment",
		[31] = "terminate_upload_sequence",
		[32] = "request_domain_download",
		[33] = "request_domain_upload",
		[34] = "load_domain_content",
		[35] = "store_domain_content",
		[36] = "delete_domain",
		[37] = "get_domain_attributes",
		[38] = "create_program_invocation",
		[39] = "delete_program_invocation",
		[40] = "start",
		[41] = "stop",
		[42] = "resume",
		[43] = "reset",
		[44] = "kill",
		[45] = "get_program_invocation_attributes",
		[46] = "obtain_file",
		[47] = "define_event_condition",
		[48] = "delete_event_condition",
		[49] = "get_event_condition_attributes",
		[50] = "report_event_condition_status",
		[51] = "alter_event_condition_monitoring",
		[52] = "trigger_event",
		[53] = "define_event_action",
		[54] = "delete_event_action",
		[55] = "get_event_action_attributes",
		[56] = "report_event_action_status",
		[57] = "define_event_enrollment",
		[58] = "delete_event_enrollment",
		[59] = "alter_event_enrollment",
		[60] = "report_event_enrollment_status",
		[61] = "get_event_enrollment_attributes",
		[62] = "acknowledge_event_notification",
		[63] = "get_alarm_summary",
		[64] = "get_alarm_enrollment_summary",
		[65] = "read_journal",
		[66] = "write_journal",
		[67] = "initialize_journal",
		[68] = "report_journal_status",
		[69] = "create_journal",
		[70] = "delete_journal",
		[71] = "get_capability_list",
		[72] = "file_open",
		[73] = "file_read",
		[74] = "file_close",
		[75] = "file_rename",
		[76] = "file_delete",
		[77] = "file_directory",
		[78] = "additional_service",
	};

	## What awaits no reply.
	const unconfirmed_services: table[count] of string = {
		[0] = "information_report",
		[1] = "unsolicited_status",
		[2] = "event_notification",
		[3] = "additional_unconfirmed_service",
	};

	## The name of a confirmed service.
	global service_name: function(service: count): string;
}

function service_name(service: count): string
	{
	return service in services ? services[service] : fmt("unknown_service_%d",
	    service);
	}
