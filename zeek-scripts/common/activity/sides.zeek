##! Sides of connections, and the operations on objects that each of them asks for.

@load base/protocols/conn/removal-hooks
@load ./rows

module OTActivity;

export {
	## The side of a connection from which a client asks.
	##
	## c: the connection.
	##
	## is_orig: whether the originator is the client.
	##
	## Returns: the side, the same one for the same arguments.
	global side_of: function(c: connection, is_orig: bool): Side;

	## The point of a side for an operation.
	##
	## s: the side.
	##
	## service: the application protocol.
	##
	## pdu: the operation; its values are not part of what identifies the point.
	##
	## Returns: the point.
	global point_of: function(s: Side, service: string, pdu: PDU): Point;

	## How much is in memory.
	global sizes: function(): Sizes;

	## Run when a side's requests that were sent before a time count as unanswered.
	global expire_side: hook(s: Side, before: time);
}

# Every side of every connection, to find requests that nobody answers.
global sides: table[string] of Side;

# Sides below IP by client and server.
global frame_sides: table[string, string] of Side;

# Sides between peers, who both use the protocol's own UDP port, by both addresses, the port, and
# whether the originator is the client. They outlive connections: between two slow polls Zeek forgets
# one, and all that it asks for would be made anew.
global peers: table[addr, addr, port, bool] of Side;

# Where nothing was counted or asked yet.
global no_row: Info = Info($ts=double_to_time(0.0), $client="", $server="",
    $transport="", $service="", $operation="", $action="", $outcome="",
    $first=double_to_time(0.0), $last=double_to_time(0.0), $uids=vector(),
    $until=double_to_time(0.0));
global no_point: Point = Point($pdu=no_pdu, $service="", $heard=F, $changing=F,
    $row=no_row);

function sizes(): Sizes
	{
	return Sizes($rows=row_count(), $sides=|sides| + |frame_sides| + |peers|);
	}

# Most connections of a flood never need a table: these stand in until something is put in.
global no_points: table[string, string, string, string] of Point;
global none_numbered: table[count] of Point &default=no_point;
global none_pending: table[string, string] of Pending;
global none_queued: table[count, count] of Pending;

function new_side(client: string, server: string, client_mac: string,
    server_mac: string, transport: string, uid: string): Side
	{
	return Side($client=client, $server=server, $client_mac=client_mac,
	    $server_mac=server_mac, $transport=transport, $uid=uid, $ends=cat(
	    client, " ", server, " ", client_mac, " ", server_mac),
	    $points=no_points, $numbered=none_numbered, $pending=none_pending,
	    $queue=none_queued, $asked=no_point, $asked_ts=double_to_time(0.0));
	}

function expire_side_of(s: Side, before: time)
	{
	if ( s$is_open || |s$pending| > 0 || |s$queue| > 0 )
		hook expire_side(s, before);
	}

hook expire(before: time)
	{
	for ( n, s in sides )
		expire_side_of(s, before);

	for ( [orig, resp, p, is_orig], peer in peers )
		expire_side_of(peer, before);
	}

hook connection_gone(c: connection)
	{
	local after = network_time() + 1day;

	if ( c?$ot_orig )
		{
		expire_side_of(c$ot_orig, after);
		delete sides[c$uid + ">"];
		}

	if ( c?$ot_resp )
		{
		expire_side_of(c$ot_resp, after);
		delete sides[c$uid + "<"];
		}

	# Connections may outlive the end of everything else.
	if ( ended )
		flush();
	}

# The side of a connection between ends that were not seen before.
function make_side(c: connection, is_orig: bool, orig_mac: string,
    resp_mac: string): Side
	{
	local id = c$id;
	local server_p = is_orig ? id$resp_p : id$orig_p;
	local transport = cat(get_port_transport_proto(server_p));
	local s = is_orig ? new_side(cat(id$orig_h), cat(id$resp_h), orig_mac,
	    resp_mac, transport, c$uid) : new_side(cat(id$resp_h), cat(
	    id$orig_h), resp_mac, orig_mac, transport, c$uid);

	s$server_port = port_to_count(server_p);
	s$ends += cat(" ", s$server_port, "/", transport);
	return s;
	}

# The side of a connection between peers on its first use.
function open_peer(c: connection, is_orig: bool, orig_mac: string,
    resp_mac: string): Side
	{
	local id = c$id;

	if ( [id$orig_h, id$resp_h, id$resp_p, is_orig] in peers )
		{
		local known = peers[id$orig_h, id$resp_h, id$resp_p, is_orig];

		# Behind the same addresses there may be somebody else now.
		if ( known$client_mac == ( is_orig ? orig_mac : resp_mac )
		    && known$server_mac == ( is_orig ? resp_mac : orig_mac ) )
			{
			known$uid = c$uid;
			++known$turn;
			return known;
			}

		expire_side_of(known, network_time() + 1day);
		}

	local s = make_side(c, is_orig, orig_mac, resp_mac);
	peers[id$orig_h, id$resp_h, id$resp_p, is_orig] = s;
	return s;
	}

# The side of a connection on its first use.
function open_side(c: connection, is_orig: bool): Side
	{
	local orig_mac = c$orig?$l2_addr ? c$orig$l2_addr : "";
	local resp_mac = c$resp?$l2_addr ? c$resp$l2_addr : "";
	local id = c$id;

	# There is room for so many peers; others are like any connection.
	local is_peer = id$orig_p == id$resp_p
	    && is_udp_port(id$resp_p)
	    && ( |peers| < max_peers || [id$orig_h, id$resp_h, id$resp_p, is_orig] in peers );
	local s = is_peer ? open_peer(c, is_orig, orig_mac, resp_mac) : make_side(c,
	    is_orig, orig_mac, resp_mac);

	if ( ! is_peer && |sides| >= max_connections )
		{
		# Not kept, so that memory stays what it is.
		s$crowded = T;
		return s;
		}

	if ( is_orig )
		c$ot_orig = s;
	else
		c$ot_resp = s;

	if ( ! is_peer )
		{
		sides[c$uid + ( is_orig ? ">" : "<" )] = s;
		Conn::register_removal_hook(c, connection_gone);
		}

	return s;
	}

function side_of(c: connection, is_orig: bool): Side
	{
	if ( is_orig )
		return c?$ot_orig ? c$ot_orig : open_side(c, T);

	return c?$ot_resp ? c$ot_resp : open_side(c, F);
	}

function cut(text: string): string
	{
	return |text| <= max_text ? text : text[:max_text] + "...";
	}

function new_point(service: string, pdu: PDU): Point
	{
	return Point($pdu=pdu, $service=service, $heard=pdu$action !in plain,
	    $changing=pdu$action in state_changing, $row=no_row);
	}

function point_of(s: Side, service: string, pdu: PDU): Point
	{
	if ( [service, pdu$operation, pdu$unit, pdu$object] in s$points )
		return s$points[service, pdu$operation, pdu$unit, pdu$object];

	if ( |s$points| == 0 || |s$points| >= max_points )
		s$points = table();

	local p = new_point(service, PDU($operation=cut(pdu$operation),
	    $action=pdu$action, $object=cut(pdu$object), $unit=cut(pdu$unit)));
	s$points[service, p$pdu$operation, p$pdu$unit, p$pdu$object] = p;
	return p;
	}
