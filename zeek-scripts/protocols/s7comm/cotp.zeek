##! COTP below: connection requests, and how they end.

@load ../../common/activity
@load ./connection

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

function selector(called: string): string
	{
	if ( called == "" )
		return "";

	return called == /[ -~]+/ ? cat("tsap:", called) : cat("tsap:",
	    bytestring_to_hexstr(called));
	}

event OTS7comm::connection_pdu(c: connection, is_orig: bool, kind: count,
    called: string, calling: string, size: count)
	{
	local kind_ = kind / 16;

	if ( kind_ == 14 )
		{
		local call = Call($is_orig=is_orig, $object=selector(called), $size=size);
		local s = state_of(c, is_orig);

		# Slots are called by two bytes, the first of which tells who calls; MMS has others.
		if ( called == /[\x01-\x03\x10-\x1f][\x00-\xff]/ || called == /SIMATIC-.*/ )
			connection_called(c, call);
		else
			s$call = call;

		return;
		}

	if ( ! c?$ot_s7comm )
		return;

	local st = c$ot_s7comm;

	if ( kind_ == 13 )
		{
		if ( st?$call )
			st$call$answered = T;
		else
			OTActivity::reply(c, is_orig, SERVICE, "call", "ok", size);

		return;
		}

	if ( kind_ == 8 && ! st$ours )
		{
		OTActivity::reply(c, is_orig, SERVICE, "call", "disconnected", size);
		return;
		}

	local name = "";

	switch ( kind_ )
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
		OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=name,
		    $action="connect"), "ok", size, is_orig !=
		    st$client_is_orig);
	}

@endif
