# Prints what detections are told about GOOSE.

event OTGoose::jump(pdu: OTGoose::PDU, before: OTGoose::PDU, kind: OTGoose::Jump, missing: count)
	{
	print kind, pdu$src, pdu$gocb_ref, before$st_num, before$sq_num, pdu$st_num, pdu$sq_num,
	    missing;
	}

event OTGoose::second_publisher(pdu: OTGoose::PDU, before: OTGoose::PDU)
	{
	print "second publisher", pdu$src, before$src, pdu$gocb_ref;
	}

event OTGoose::flagged(pdu: OTGoose::PDU)
	{
	print "flagged", pdu$src, pdu$simulated, pdu$test, pdu$nds_com;
	}

event OTGoose::malformed()
	{
	print "malformed";
	}
