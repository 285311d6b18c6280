##! Below the services: transport connections, associations, and how they end.

@load ../../common/activity
@load ./connection
@load ./errors

module OTMMS;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

function selector(called: string): string
	{
	if ( called == "" )
		return "";

	return called == /[ -~]+/ ? cat("tsap:", called) : cat("tsap:",
	    bytestring_to_hexstr(called));
	}

event OTMMS::connection_pdu(c: connection, is_orig: bool, code: count,
    called: string, size: count)
	{
	local kind = code / 16;

	# What is called tells nothing of MMS: it counts once MMS follows.
	if ( kind == 14 )
		{
		local s = state_of(c, is_orig);

		if ( ! s$ours )
			s$call = Call($is_orig=is_orig, $object=selector(called), $size=size);

		return;
		}

	if ( ! c?$ot_mms )
		return;

	local st = c$ot_mms;

	if ( kind == 13 && st?$call )
		{
		st$call$answered = T;
		return;
		}

	local name = "";

	switch ( kind )
		{
		case 5:
			name = "cotp_reject";
			break;
		case 7:
			name = "cotp_tpdu_error";
			break;
		case 8:
			name = "cotp_disconnect_request";
			break;
		case 12:
			name = "cotp_disconnect_confirm";
			break;
		}

	if ( name != "" && st$ours )
		OTActivity::once(c, is_orig, SERVICE, link_pdu(name), "ok", size, is_orig !=
		    st$client_is_orig);
	}

function ask_link(c: connection, is_orig: bool, pdu: OTActivity::PDU,
    tag: count, size: count)
	{
	ours(c, is_orig);

	local s = OTActivity::side_of(c, is_orig);
	OTActivity::ask(c, s, OTActivity::point_of(s, SERVICE, pdu), tag, ASSOCIATION,
	    size);
	}

# What is open of these between two ends.
const INITIATE = 0;
const CONCLUDE = 1;
const RELEASE = 2;

# One with a password or the like is a login.
function initiation(secured: bool): OTActivity::PDU
	{
	return OTActivity::PDU($operation="initiate",
	    $action=secured ? "authenticate" : "connect");
	}

event OTMMS::associate(c: connection, is_orig: bool, secured: bool, size: count)
	{
	ask_link(c, is_orig, initiation(secured), INITIATE, size);
	}

event OTMMS::associated(c: connection, is_orig: bool, result: count,
    diagnostic: count, class: count, code: count, size: count)
	{
	local outcome = "ok";

	if ( diagnostic in diagnostics )
		outcome = diagnostics[diagnostic];
	else if ( class != NONE )
		outcome = error_name(class, code);
	else if ( result != 0 )
		outcome = result == 1 ? "rejected_permanently" : "rejected_for_now";

	ours(c, ! is_orig);

	if ( ! OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), INITIATE,
	    ASSOCIATION, outcome, size) )
		OTActivity::reply(c, is_orig, SERVICE, "initiate", outcome, size,
		    OTActivity::no_values, initiation(F));
	}

event OTMMS::conclude(c: connection, is_orig: bool, size: count)
	{
	ask_link(c, is_orig, link_pdu("conclude"), CONCLUDE, size);
	}

event OTMMS::concluded(c: connection, is_orig: bool, class: count, code: count,
    size: count)
	{
	OTActivity::answer(c, OTActivity::side_of(c, ! is_orig), CONCLUDE, ASSOCIATION,
	    class == NONE ? "ok" : error_name(class, code), size);
	}

# Session PDUs that end it: finish, disconnect, refuse and abort.
event OTMMS::session_pdu(c: connection, is_orig: bool, code: count, size: count)
	{
	local st = ours(c, is_orig);
	local s = OTActivity::side_of(c, ! is_orig);

	switch ( code )
		{
		case 9:
			ask_link(c, is_orig, link_pdu("release"), RELEASE, size);
			break;
		case 10:
			OTActivity::answer(c, s, RELEASE, ASSOCIATION, "ok", size);
			break;
		case 12:
			OTActivity::answer(c, s, INITIATE, ASSOCIATION, "refused", size);
			break;
		case 25:
			if ( ! OTActivity::answer(c, s, INITIATE, ASSOCIATION, "aborted", size) )
				OTActivity::once(c, is_orig, SERVICE, link_pdu("abort"), "ok", size, is_orig !=
				    st$client_is_orig);
			break;
		}
	}

@endif
