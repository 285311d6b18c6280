##! What operations of S7comm and S7comm-plus amount to.

module OTS7comm;

export {
	## What a job amounts to.
	global job_action: function(operation: string): string;

	## What user data of a group and function amounts to.
	global user_action: function(group: count, operation: string, object: string)
	    : string;

	## What a function of S7comm-plus amounts to.
	global plus_action: function(operation: string): string;
}

# System status lists that tell what a device is.
const identifying = set("", "szl:0x0011", "szl:0x0111", "szl:0x001c",
    "szl:0x011c", "szl:0x0012");

function job_action(operation: string): string
	{
	switch ( operation )
		{
		case "read_variable":
			return "read";
		case "write_variable":
			return "write";
		case "setup_communication":
			return "connect";
		case "plc_stop", "plc_start":
			return "mode";
		case "request_download", "download_block", "download_ended", "start_upload",
		    "upload", "end_upload", "plc_control_insert_block",
		    "plc_control_delete_block", "plc_control_copy_ram_to_rom":
			return "program";
		case "plc_control_login", "plc_control_new_password":
			return "authenticate";
		case "cpu_services":
			return "report";
		}

	return starts_with(operation, "plc_control_nf") ? "file" : "other";
	}

function user_action(group: count, operation: string, object: string): string
	{
	switch ( group )
		{
		case 0:
			return "mode";
		case 1:
			switch ( operation )
				{
				case "modify_variable", "force":
					return "write";
				case "memory_reset":
					return "program";
				case "breakpoint", "exit_hold":
					return "mode";
				}

			return "diagnose";
		case 2:
			return "read";
		case 3:
			return "discover";
		case 4:
			if ( operation == "read_szl" )
				return object in identifying ? "identify" : "diagnose";

			return operation == "alarm_8_lock" || operation == "alarm_lock_indication" ||
			    operation == "alarm_ack" ? "suppress" : "report";
		case 5:
			return "authenticate";
		case 6:
			return "write";
		case 7:
			return "time";
		case 15:
			return "program";
		}

	return "other";
	}

function plus_action(operation: string): string
	{
	if ( starts_with(operation, "set_") )
		return "write";
	if ( starts_with(operation, "get_") )
		return "read";
	if ( operation == "explore" )
		return "discover";
	if ( operation == "invoke" )
		return "command";

	return operation == "notification" ? "report" : "other";
	}
