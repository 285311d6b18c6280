# Prints what detections are told about sampled values.

event OTSV::jump(src: string, dst: string, sv_id: string, smp_cnt: count, expected: count)
	{
	print "jump", src, sv_id, smp_cnt, expected;
	}

event OTSV::second_publisher(src: string, before: string, dst: string, sv_id: string)
	{
	print "second publisher", src, before, sv_id;
	}

event OTSV::flagged(src: string, dst: string, sv_id: string, simulated: bool, smp_synch: count)
	{
	print "flagged", src, sv_id, simulated, smp_synch;
	}

event OTSV::malformed()
	{
	print "malformed";
	}
