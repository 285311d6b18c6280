##! What awaits no reply: reports, unconfirmed commands, and frames below IP.

@load ./pairing

module OTActivity;

export {
	## Something that awaits no reply: a report, an unconfirmed command.
	##
	## c: the connection.
	##
	## is_orig: whether the originator sent it.
	##
	## service: the application protocol.
	##
	## pdu: what it says.
	##
	## outcome: ``ok``, or the error that it tells of.
	##
	## bytes: payload bytes.
	##
	## from_server: whether its sender is the server, as of an unsolicited report.
	global once: function(c: connection, is_orig: bool, service: string, pdu: PDU,
	    outcome: string &default="ok", bytes: count &default=0,
	    from_server: bool &default=F);

	## Something said below IP.
	##
	## client: the MAC address of who asks or commands, lower case with colons.
	##
	## server: the MAC address of who is asked, or a group address.
	##
	## service: the protocol.
	##
	## pdu: what it says.
	##
	## outcome: ``ok``, or the error that it tells of.
	##
	## bytes: payload bytes.
	##
	## events: how many of them are told of at once; bytes are those of all.
	global frame: function(client: string, server: string, service: string,
	    pdu: PDU, outcome: string &default="ok", bytes: count &default=0,
	    events: count &default=1);
}

function once(c: connection, is_orig: bool, service: string, pdu: PDU,
    outcome: string, bytes: count, from_server: bool)
	{
	local s = side_of(c, is_orig != from_server);
	local p = point_of(s, service, pdu);

	add_event(s, p, outcome, network_time(), from_server ? 0 : bytes, from_server ?
	    bytes : 0, values_of(pdu, no_values));

	if ( p$heard )
		tell_acted(c, s, service, pdu, outcome);
	}

function frame(client: string, server: string, service: string, pdu: PDU,
    outcome: string, bytes: count, events: count)
	{
	if ( [client, server] !in frame_sides )
		{
		if ( |frame_sides| >= max_frame_pairs )
			frame_sides = table();

		frame_sides[client, server] = new_side(client, server, client, "", "eth", "");
		}

	local s = frame_sides[client, server];
	local p = point_of(s, service, pdu);

	add_event(s, p, outcome, network_time(), bytes, 0, values_of(pdu, no_values),
	    events);

	if ( p$heard )
		hook acted(Act($client=client, $server=server, $service=service, $pdu=pdu,
		    $outcome=outcome));
	}
