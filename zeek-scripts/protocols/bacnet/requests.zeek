##! Confirmed requests, and what awaits no reply: a number stands for what each is about.

@load ../../common/activity
@load ./actions
@load ./pdus

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

# What the analyzer's numbers stand for, on every connection.
type About: record {
	# What it is about: one operation or several.
	pdus: vector of OTActivity::PDU;
	# Whether its sender is the one whose data it tells.
	announces: bool;
};

# Requests for several operations that are remembered on one connection.
const max_remembered = 256;

global abouts: table[count] of About;

redef record OTActivity::Side += {
	# What one request of several operations is about, by the analyzer's number.
	ot_bacnet: table[count] of vector of OTActivity::Point &optional;
};

event OTBacnet::path(id: count, anew: bool, is_unconfirmed: bool, code: count,
    items: vector of Item)
	{
	if ( anew )
		abouts = table();

	local first = pdu_of(is_unconfirmed, code, |items| > 0 ? items[0] : no_item,
	    items);
	local about = About($pdus=vector(first), $announces=is_announcement(
	    first$operation));

	if ( |items| > 1 )
		{
		local seen = set(first$object);

		for ( _, item in items )
			{
			local pdu = pdu_of(is_unconfirmed, code, item, items);

			# An element of an array is the same property.
			if ( pdu$object in seen )
				next;

			add seen[pdu$object];
			about$pdus += pdu;
			}
		}

	abouts[id] = about;
	}

# The point of a request for one operation.
function point_of(s: OTActivity::Side, id: count, about: About)
    : OTActivity::Point
	{
	local p = s$numbered[id];
	return p$number != 0 ? p : OTActivity::number_point(s, id, "bacnet",
	    about$pdus[0]);
	}

# The points of a request for several.
function points_of(s: OTActivity::Side, id: count, about: About): vector of
    OTActivity::Point
	{
	if ( s?$ot_bacnet && id in s$ot_bacnet )
		return s$ot_bacnet[id];

	if ( ! s?$ot_bacnet || |s$ot_bacnet| >= max_remembered )
		s$ot_bacnet = table();

	local points: vector of OTActivity::Point;

	for ( _, pdu in about$pdus )
		points += OTActivity::point_of(s, "bacnet", pdu);

	s$ot_bacnet[id] = points;
	return points;
	}

# Confirmed requests of both ends have invoke ids of their own. Bit 8 sets notifications apart, which
# are asked by the server.
event OTBacnet::confirmed(c: connection, is_orig: bool, code: count,
    invoke: count, far: count, id: count, size: count)
	{
	local s = OTActivity::side_of(c, is_orig);
	local p = s$numbered[id];

	# One operation that was asked for before, as nearly all are.
	if ( p$number != 0 )
		{
		OTActivity::ask(c, s, p, invoke, far, size);
		return;
		}

	if ( id !in abouts )
		return;

	local about = abouts[id];

	if ( about$announces )
		s = OTActivity::side_of(c, ! is_orig);

	local tag = about$announces ? invoke + 256 : invoke;

	if ( |about$pdus| == 1 )
		OTActivity::ask(c, s, point_of(s, id, about), tag, far, size);
	else
		OTActivity::ask_with(c, s, points_of(s, id, about), about$pdus, tag, far,
		    size);
	}

event OTBacnet::confirmed_with(c: connection, is_orig: bool, invoke: count,
    far: count, id: count, value: double, size: count)
	{
	if ( id !in abouts )
		return;

	local s = OTActivity::side_of(c, is_orig);
	local p = point_of(s, id, abouts[id]);
	local pdu = copy(p$pdu);
	pdu$value_min = value;
	pdu$value_max = value;
	OTActivity::ask_with(c, s, vector(p), vector(pdu), invoke, far, size);
	}

event OTBacnet::unconfirmed(c: connection, is_orig: bool, id: count,
    size: count)
	{
	if ( id !in abouts )
		return;

	local about = abouts[id];

	for ( i, pdu in about$pdus )
		OTActivity::once(c, is_orig, "bacnet", pdu, "ok", i == 0 ? size : 0,
		    about$announces);
	}

@endif
