# Prints frames that can't be parsed.

event OTLLDP::malformed()
	{
	print "malformed";
	}
