##! Acknowledgments, errors, rejects and aborts.

@load ../../common/activity
@load ./actions
@load ./names
@load ./services

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

# An answer to what the other end asked, or to what it was told.
function answered(c: connection, is_orig: bool, code: count, invoke: count,
    far: count, outcome: string, size: count, values: OTActivity::Values)
	{
	if ( OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), invoke, far,
	    outcome, size, values) )
		return;

	if ( OTActivity::answer(c, OTActivity::side_of(c, is_orig), invoke + 256, far,
	    outcome, size, values) )
		return;

	# A reply whose request was not seen still tells of the service.
	local operation = code == 0xff ? "unknown" : name_in(confirmed_services, code,
	    "unknown_service_choice");
	local pdu = OTActivity::PDU($operation=operation, $action=action_of(
	    operation));
	OTActivity::reply(c, is_orig != is_announcement(operation), "bacnet", cat(
	    invoke), outcome, size, values, pdu);
	}

event OTBacnet::ack(c: connection, is_orig: bool, code: count, invoke: count,
    far: count, size: count)
	{
	answered(c, is_orig, code, invoke, far, "ok", size, OTActivity::no_values);
	}

event OTBacnet::ack_with(c: connection, is_orig: bool, code: count,
    invoke: count, far: count, value: double, size: count)
	{
	answered(c, is_orig, code, invoke, far, "ok", size, OTActivity::Values(
	    $value_min=value, $value_max=value));
	}

event OTBacnet::failed(c: connection, is_orig: bool, apdu: count,
    by_client: bool, code: count, reason: count, invoke: count, far: count,
    size: count)
	{
	local outcome = "";

	switch ( apdu )
		{
		case 5:
			outcome = reason == 0xffff ? "error" : name_in(errors, reason,
			    "unknown_error_code");
			break;
		case 6:
			outcome = name_in(rejects, reason, "unknown_reject_reason");
			break;
		default:
			outcome = name_in(aborts, reason, "unknown_abort_reason");
			break;
		}

	answered(c, is_orig != by_client, code, invoke, far, outcome, size,
	    OTActivity::no_values);
	}

@endif
