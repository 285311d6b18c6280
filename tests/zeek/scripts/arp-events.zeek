# Prints what detections are told about ARP.

event OTARP::conflict(ip: addr, before: string, now: string, reply: bool, back: bool)
	{
	print "conflict", ip, before, now, reply, back;
	}

event OTARP::mismatch(ip: addr, claimed: string, sender: string)
	{
	print "mismatch", ip, claimed, sender;
	}
