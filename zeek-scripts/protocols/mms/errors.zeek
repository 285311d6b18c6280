##! What MMS calls its errors, and IEC 61850 the causes for which a command is not executed.

module OTMMS;

export {
	## Errors of access to a variable.
	const access_errors: table[count] of string = {
		[0] = "object_invalidated",
		[1] = "hardware_fault",
		[2] = "temporarily_unavailable",
		[3] = "object_access_denied",
		[4] = "object_undefined",
		[5] = "invalid_address",
		[6] = "type_unsupported",
		[7] = "type_inconsistent",
		[8] = "object_attribute_inconsistent",
		[9] = "object_access_unsupported",
		[10] = "object_non_existent",
		[11] = "object_value_invalid",
	};

	## Classes of service errors, which name their error 0.
	const error_classes: table[count] of string = {
		[0] = "vmd_state",
		[1] = "application_reference",
		[2] = "definition",
		[3] = "resource",
		[4] = "service",
		[5] = "service_preempt",
		[6] = "time_resolution",
		[7] = "access",
		[8] = "initiate",
		[9] = "conclude",
		[10] = "cancel",
		[11] = "file",
		[12] = "others",
	};

	## Service errors by class and code.
	const service_errors: table[count, count] of string = {
		[0, 1] = "vmd_state_conflict",
		[0, 2] = "vmd_operational_problem",
		[0, 3] = "domain_transfer_problem",
		[0, 4] = "state_machine_id_invalid",
		[1, 1] = "application_unreachable",
		[1, 2] = "connection_lost",
		[1, 3] = "application_reference_invalid",
		[1, 4] = "context_unsupported",
		[2, 1] = "object_undefined",
		[2, 2] = "invalid_address",
		[2, 3] = "type_unsupported",
		[2, 4] = "type_inconsistent",
		[2, 5] = "object_exists",
		[2, 6] = "object_attribute_inconsistent",
		[3, 1] = "memory_unavailable",
		[3, 2] = "processor_resource_unavailable",
		[3, 3] = "mass_storage_unavailable",
		[3, 4] = "capability_unavailable",
		[3, 5] = "capability_unknown",
		[4, 1] = "primitives_out_of_sequence",
		[4, 2] = "object_state_conflict",
		[4, 3] = "pdu_size",
		[4, 4] = "continuation_invalid",
		[4, 5] = "object_constraint_conflict",
		[5, 1] = "preempted_timeout",
		[5, 2] = "preempted_deadlock",
		[5, 3] = "preempted_cancel",
		[6, 1] = "unsupportable_time_resolution",
		[7, 1] = "object_access_unsupported",
		[7, 2] = "object_non_existent",
		[7, 3] = "object_access_denied",
		[7, 4] = "object_invalidated",
		[8, 1] = "version_incompatible",
		[8, 2] = "max_segment_insufficient",
		[8, 3] = "max_services_outstanding_calling_insufficient",
		[8, 4] = "max_services_outstanding_called_insufficient",
		[8, 5] = "service_cbb_insufficient",
		[8, 6] = "parameter_cbb_insufficient",
		[8, 7] = "nesting_level_insufficient",
		[9, 1] = "further_communication_required",
		[10, 1] = "invoke_id_unknown",
		[10, 2] = "cancel_not_possible",
		[11, 1] = "filename_ambiguous",
		[11, 2] = "file_busy",
		[11, 3] = "filename_syntax_error",
		[11, 4] = "content_type_invalid",
		[11, 5] = "position_invalid",
		[11, 6] = "file_access_denied",
		[11, 7] = "file_non_existent",
		[11, 8] = "duplicate_filename",
		[11, 9] = "insufficient_space_in_filestore",
	};

	## Why a request was rejected.
	const reject_reasons: table[count] of string = {
		[0] = "rejected",
		[1] = "unrecognized_service",
		[2] = "unrecognized_modifier",
		[3] = "invalid_invoke_id",
		[4] = "invalid_argument",
		[5] = "invalid_modifier",
		[6] = "max_serv_outstanding_exceeded",
		[8] = "max_recursion_exceeded",
		[9] = "value_out_of_range",
	};

	## Why an association was refused: by its user, or above 255 by the provider.
	const diagnostics: table[count] of string = {
		[2] = "application_context_not_supported",
		[3] = "calling_title_not_recognized",
		[5] = "calling_qualifier_not_recognized",
		[7] = "called_title_not_recognized",
		[9] = "called_qualifier_not_recognized",
		[11] = "authentication_mechanism_not_recognized",
		[12] = "authentication_mechanism_required",
		[13] = "authentication_failure",
		[14] = "authentication_required",
		[258] = "no_common_acse_version",
	};

	## Causes for which a command was not executed (IEC 61850-7-2).
	const causes: table[count] of string = {
		[0] = "unknown_cause_of_refusal",
		[1] = "not_supported",
		[2] = "blocked_by_switching_hierarchy",
		[3] = "select_failed",
		[4] = "invalid_position",
		[5] = "position_reached",
		[6] = "parameter_change_in_execution",
		[7] = "step_limit",
		[8] = "blocked_by_mode",
		[9] = "blocked_by_process",
		[10] = "blocked_by_interlocking",
		[11] = "blocked_by_synchrocheck",
		[12] = "command_already_in_execution",
		[13] = "blocked_by_health",
		[14] = "one_of_n_control",
		[15] = "abortion_by_cancel",
		[16] = "time_limit_over",
		[17] = "abortion_by_trip",
		[18] = "object_not_selected",
		[19] = "object_already_selected",
		[20] = "no_access_authority",
		[21] = "ended_with_overshoot",
		[22] = "abortion_due_to_deviation",
		[23] = "abortion_by_communication_loss",
		[24] = "blocked_by_command",
		[25] = "none",
		[26] = "inconsistent_parameters",
		[27] = "locked_by_other_client",
	};

	## The name of an error of access.
	global access_error: function(code: count): string;

	## The name of a service error.
	global error_name: function(class: count, code: count): string;

	## The name of a cause for which a command is not executed.
	global cause_name: function(code: count): string;
}

# Stands for a class, or an invoke id, where there is none.
const NONE = 4294967295;

function access_error(code: count): string
	{
	return code in access_errors ? access_errors[code] : fmt(
	    "data_access_error_%d", code);
	}

function error_name(class: count, code: count): string
	{
	if ( [class, code] in service_errors )
		return service_errors[class, code];

	local name = class in error_classes ? error_classes[class] : fmt(
	    "error_class_%d", class);
	return code == 0 ? cat(name, "_other") : fmt("%s_error_%d", name, code);
	}

function cause_name(code: count): string
	{
	return code in causes ? causes[code] : fmt("cause_%d", code);
	}
