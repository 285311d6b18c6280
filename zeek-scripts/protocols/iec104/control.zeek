##! U frames that start and stop the transfer of data.

@load ../../common/activity
@load ./connection

module OTIec104;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_IEC104 )

event OTIec104::unnumbered(c: connection, is_orig: bool, control: count)
	{
	local confirms = control == 0x0b || control == 0x23;
	state_of(c, is_orig != confirms);

	local starts = control < 0x10;
	local pdu = OTActivity::PDU($operation=starts ? "startdt" : "stopdt",
	    $action=starts ? "connect" : "suppress");

	if ( confirms )
		OTActivity::reply(c, is_orig, SERVICE, pdu$operation, "ok", 6,
		    OTActivity::no_values, pdu);
	else
		OTActivity::request(c, is_orig, SERVICE, pdu$operation, pdu, 6);
	}

@endif
