##! Somebody else's frames in a GOOSE stream: subscribers trip breakers on what it says.

@load ../common/detect
@load ../protocols/goose

module OTDetect;

export {
	redef enum Notice::Type += {
		## A second source publishes on a control block.
		GOOSE_Spoofed,
		## A stream's counters went back, or far ahead, which hides the true publisher.
		GOOSE_Replayed,
		## A stream is marked as simulation or test.
		GOOSE_Simulated,
	};

	## States that may be missed in a row before it counts as being pushed ahead.
	option goose_states_lost: count = 50;
}

function tell_goose(note: Notice::Type, p: OTGoose::PDU, why: string,
    techniques: vector of string)
	{
	raise(Notice::Info($note=note, $identifier=cat_sep("|", "", p$dst, p$gocb_ref),
	    $ot_techniques=techniques, $sub=p$gocb_ref, $msg=fmt(
	    "%s published %s to %s: %s (stNum %d, sqNum %d)", p$src, p$gocb_ref,
	    p$dst, why, p$st_num, p$sq_num)));
	}

event OTGoose::second_publisher(pdu: OTGoose::PDU, before: OTGoose::PDU)
	{
	tell_goose(GOOSE_Spoofed, pdu, cat("so does ", before$src), vector("T0830",
	    "T1692.002", "T0849"));
	}

event OTGoose::jump(pdu: OTGoose::PDU, before: OTGoose::PDU,
    kind: OTGoose::Jump, missing: count)
	{
	switch ( kind )
		{
		case OTGoose::STATE_BACK:
			tell_goose(GOOSE_Replayed, pdu, fmt("its state went back from %d",
			    before$st_num), vector("T1692.002"));
			break;

		case OTGoose::SEQUENCE_BACK:
			tell_goose(GOOSE_Replayed, pdu, fmt("its sequence went back from %d",
			    before$sq_num), vector("T1692.002"));
			break;

		case OTGoose::STATE_AHEAD:
			if ( missing >= goose_states_lost )
				tell_goose(GOOSE_Replayed, pdu, fmt("it left out %d states", missing),
				    vector("T1692.002", "T0814"));
			break;
		}
	}

event OTGoose::flagged(pdu: OTGoose::PDU)
	{
	if ( pdu$simulated || pdu$test )
		tell_goose(GOOSE_Simulated, pdu, "marked as simulation or test", vector(
		    "T1692.002"));
	}
