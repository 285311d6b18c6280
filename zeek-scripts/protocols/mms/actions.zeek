##! What services amount to.

module OTMMS;

export {
	## Objects of IEC 61850 to which writing is a step of a command.
	const commanding =
	    /[\x00-\xff]*\$CO\$[\x00-\xff]*\$(Oper|SBOw|Cancel)(\$[\x00-\xff]*)?/;

	## Objects of IEC 61850 whose reading selects what is then to be commanded.
	const selecting = /[\x00-\xff]*\$CO\$[\x00-\xff]*\$SBO/;

	## Objects of IEC 61850 that tell what a device is.
	const identifying = /[\x00-\xff]*\$DC\$(PhyNam|NamPlt)(\$[\x00-\xff]*)?/;

	## What an operation on an object amounts to.
	global action_of: function(operation: string, object: string): string;
}

const actions: table[string] of string = {
	["status"] = "diagnose",
	["identify"] = "identify",
	["get_capability_list"] = "identify",
	["get_name_list"] = "discover",
	["get_variable_access_attributes"] = "discover",
	["get_scattered_access_attributes"] = "discover",
	["get_named_type_attributes"] = "discover",
	["get_event_condition_attributes"] = "discover",
	["get_event_action_attributes"] = "discover",
	["get_event_enrollment_attributes"] = "discover",
	["read"] = "read",
	["get_named_variable_list_attributes"] = "read",
	["report_semaphore_status"] = "read",
	["report_pool_semaphore_status"] = "read",
	["report_semaphore_entry_status"] = "read",
	["report_event_condition_status"] = "read",
	["report_event_action_status"] = "read",
	["report_event_enrollment_status"] = "read",
	["report_journal_status"] = "read",
	["get_alarm_summary"] = "read",
	["get_alarm_enrollment_summary"] = "read",
	["read_journal"] = "read",
	["write"] = "write",
	["rename"] = "write",
	["define_named_variable"] = "write",
	["define_scattered_access"] = "write",
	["delete_variable_access"] = "write",
	["define_named_variable_list"] = "write",
	["delete_named_variable_list"] = "write",
	["define_named_type"] = "write",
	["delete_named_type"] = "write",
	["define_semaphore"] = "write",
	["delete_semaphore"] = "write",
	["define_event_condition"] = "write",
	["define_event_action"] = "write",
	["define_event_enrollment"] = "write",
	["write_journal"] = "write",
	["create_journal"] = "write",
	["input"] = "command",
	["output"] = "command",
	["take_control"] = "command",
	["relinquish_control"] = "command",
	["trigger_event"] = "command",
	["start"] = "mode",
	["stop"] = "mode",
	["resume"] = "mode",
	["reset"] = "mode",
	["kill"] = "mode",
	["get_domain_attributes"] = "diagnose",
	["get_program_invocation_attributes"] = "diagnose",
	["initiate_download_sequence"] = "program",
	["download_segment"] = "program",
	["terminate_download_sequence"] = "program",
	["initiate_upload_sequence"] = "program",
	["upload_segment"] = "program",
	["terminate_upload_sequence"] = "program",
	["request_domain_download"] = "program",
	["request_domain_upload"] = "program",
	["load_domain_content"] = "program",
	["store_domain_content"] = "program",
	["delete_domain"] = "program",
	["create_program_invocation"] = "program",
	["delete_program_invocation"] = "program",
	["delete_event_condition"] = "suppress",
	["delete_event_action"] = "suppress",
	["delete_event_enrollment"] = "suppress",
	["alter_event_condition_monitoring"] = "suppress",
	["alter_event_enrollment"] = "suppress",
	["acknowledge_event_notification"] = "suppress",
	["initialize_journal"] = "file",
	["delete_journal"] = "file",
	["obtain_file"] = "file",
	["file_open"] = "file",
	["file_read"] = "file",
	["file_close"] = "file",
	["file_rename"] = "file",
	["file_delete"] = "file",
	["file_directory"] = "file",
	["information_report"] = "report",
	["unsolicited_status"] = "report",
	["event_notification"] = "report",
	["additional_unconfirmed_service"] = "report",
};

function action_of(operation: string, object: string): string
	{
	if ( operation !in actions )
		return "other";

	if ( operation == "write" && commanding == object )
		return "command";

	if ( operation == "read" )
		{
		if ( selecting == object )
			return "command";

		if ( identifying == object )
			return "identify";
		}

	return actions[operation];
	}
