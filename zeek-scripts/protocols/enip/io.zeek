##! I/O: data that are sent again and again, unasked.

@load ../../common/activity
@load ./requests

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

# Who produces data is the server: it is the one who has them to give.
event OTEnip::io_data(c: connection, is_orig: bool, size: count)
	{
	local state = state_of(c);
	local s = OTActivity::side_of(c, ! is_orig);

	if ( is_orig !in state$io )
		state$io[is_orig] = OTActivity::point_of(s, "cip_io", OTActivity::PDU(
		    $operation="io_data", $action="report"));

	OTActivity::add_event(s, state$io[is_orig], "ok", network_time(), 0, size);
	}

@endif
