##! Replies, and what their status says.

@load ../../common/activity
@load ./names
@load ./pccc
@load ./services

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

function outcome_of(status: count, extended: int): string
	{
	# That more data follows is no fault.
	if ( status == 0 || status == 6 )
		return "ok";

	if ( status >= 0x10000 )
		{
		local sts = ( status / 256 ) % 256;

		if ( sts == 0xf0 )
			return fmt("pccc_extended_status_0x%02x", status % 256);

		# The low half tells of the link, the high half of the remote node.
		sts = sts - sts % 16;
		return sts in pccc_statuses ? pccc_statuses[sts] : fmt("pccc_status_0x%02x", (
		    status / 256 ) % 256);
		}

	local outcome = status in statuses ? statuses[status] : fmt(
	    "unknown_cip_status_0x%02x", status);

	if ( status == 1 && extended >= 0 )
		{
		local more = int_to_count(extended);
		outcome = cat(outcome, ":", more in extended_statuses ?
		    extended_statuses[more] : fmt("0x%04x", more));
		}

	return outcome;
	}

# A reply whose request was not seen still tells of the service.
function told_alone(c: connection, is_orig: bool, tag: count, code: count,
    outcome: string, size: count)
	{
	local operation = operation_of(code, -1, T);
	OTActivity::reply(c, is_orig, "cip", cat(tag), outcome, size,
	    OTActivity::no_values, OTActivity::PDU($operation=operation,
	    $action=action_of(operation, code, -1, -1, T)));
	}

event OTEnip::answered(c: connection, is_orig: bool, tag: count, code: count,
    status: count, extended: int, size: count)
	{
	local s = OTActivity::side_of(c, ! is_orig);

	local outcome = outcome_of(status, extended);

	if ( ! OTActivity::answer(c, s, tag, 0, outcome, size + 24) )
		told_alone(c, is_orig, tag, code, outcome, size + 24);
	}

event OTEnip::answered_with(c: connection, is_orig: bool, tag: count,
    size: count, low: double, high: double)
	{
	OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), tag, 0, "ok", size + 24,
	    OTActivity::Values($value_min=low, $value_max=high));
	}

# Services of one packet, each with its own outcome.
event OTEnip::answered_many(c: connection, is_orig: bool, tag: count,
    outcomes: vector of count, size: count)
	{
	local s = OTActivity::side_of(c, ! is_orig);

	if ( [tag, 0] !in s$queue )
		return;

	local waiting = s$queue[tag, 0];
	delete s$queue[tag, 0];

	for ( i, p in waiting$points )
		{
		local outcome = i < |outcomes| ? outcome_of(outcomes[i], -1) : "no_reply";
		OTActivity::add_event(s, p, outcome, waiting$ts, i == 0 ? waiting$bytes : 0, i == 0 ?
		    size + 24 : 0);

		if ( outcome != "ok" && outcome != "no_reply" )
			hook OTActivity::refused(OTActivity::Act($c=c, $client=s$client,
			    $server=s$server, $service="cip", $pdu=p$pdu,
			    $outcome=outcome));
		}
	}

@endif
