# Prints what detections are told about DHCP.

event OTDHCP::server(c: connection, server: addr, mac: string)
	{
	print "server", server, mac;
	}
