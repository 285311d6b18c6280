# Prints what detections are told about PROFINET.

event OTProfinet::provider_state(src: string, dst: string, frame_id: count, before: string,
    now: string)
	{
	print "state", src, dst, frame_id, before, now;
	}

event OTProfinet::malformed()
	{
	print "malformed";
	}

hook OTActivity::acted(a: OTActivity::Act)
	{
	print "acted", a$client, a$server, a$pdu$operation, a$pdu$action, a$pdu$object, a$outcome;
	}
