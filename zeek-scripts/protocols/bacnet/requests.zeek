##! Confirmed requests, and what awaits no reply: a number stands for what each is about.

@load ../../common/activity
@load ./actions
@load ./pdus

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

# What the analyzer's numbers stand for.
type About: record {
	# What it is about, or the first of several.
	p: OTActivity::Point;
	# Whether its sender is the one whose data it tells.
	announces: bool;
	# All that it is about, where that is more than one.
	points: vector of OTActivity::Point &optional;
	pdus: vector of OTActivity::PDU &optional;
};

redef record connection += {
	ot_bacnet_orig: table[count] of About &optional;
	ot_bacnet_resp: table[count] of About &optional;
};

event OTBacnet::path(c: connection, is_orig: bool, id: count,
    is_unconfirmed: bool, code: count, items: vector of Item)
	{
	local first = first_pdu(is_unconfirmed, code, items);
	local announces = is_announcement(first$operation);
	local s = OTActivity::side_of(c, is_orig != announces);
	local about = About($p=OTActivity::point_of(s, "bacnet", first),
	    $announces=announces);

	if ( |items| > 1 )
		{
		local seen: set[string];
		about$points = vector();
		about$pdus = vector();

		for ( _, item in items )
			{
			local pdu = pdu_of(is_unconfirmed, code, item, items);

			# An element of an array is the same property.
			if ( pdu$object in seen )
				next;

			add seen[pdu$object];
			about$pdus += pdu;
			about$points += OTActivity::point_of(s, "bacnet", pdu);
			}
		}

	if ( is_orig )
		{
		if ( ! c?$ot_bacnet_orig )
			c$ot_bacnet_orig = table();

		c$ot_bacnet_orig[id] = about;
		}
	else
		{
		if ( ! c?$ot_bacnet_resp )
			c$ot_bacnet_resp = table();

		c$ot_bacnet_resp[id] = about;
		}
	}

# Confirmed requests of both ends have invoke ids of their own. Bit 8 sets notifications apart, which
# are asked by the server.
function ask(c: connection, is_orig: bool, about: About, invoke: count,
    far: count, size: count)
	{
	local s = OTActivity::side_of(c, is_orig != about$announces);
	local tag = about$announces ? invoke + 256 : invoke;

	if ( ! about?$points )
		OTActivity::ask(c, s, about$p, tag, far, size);
	else
		OTActivity::ask_with(c, s, about$points, about$pdus, tag, far, size);
	}

event OTBacnet::confirmed(c: connection, is_orig: bool, code: count,
    invoke: count, far: count, id: count, size: count)
	{
	if ( is_orig )
		{
		if ( c?$ot_bacnet_orig && id in c$ot_bacnet_orig )
			ask(c, is_orig, c$ot_bacnet_orig[id], invoke, far, size);
		}
	else if ( c?$ot_bacnet_resp && id in c$ot_bacnet_resp )
		ask(c, is_orig, c$ot_bacnet_resp[id], invoke, far, size);
	}

event OTBacnet::confirmed_with(c: connection, is_orig: bool, invoke: count,
    far: count, id: count, value: double, size: count)
	{
	local abouts: table[count] of About;

	if ( is_orig && c?$ot_bacnet_orig )
		abouts = c$ot_bacnet_orig;
	else if ( ! is_orig && c?$ot_bacnet_resp )
		abouts = c$ot_bacnet_resp;

	if ( id !in abouts )
		return;

	local about = abouts[id];
	local pdu = copy(about$p$pdu);
	pdu$value_min = value;
	pdu$value_max = value;
	OTActivity::ask_with(c, OTActivity::side_of(c, is_orig), vector(about$p),
	    vector(pdu), invoke, far, size);
	}

event OTBacnet::unconfirmed(c: connection, is_orig: bool, id: count,
    size: count)
	{
	local about: About;

	if ( is_orig && c?$ot_bacnet_orig && id in c$ot_bacnet_orig )
		about = c$ot_bacnet_orig[id];
	else if ( ! is_orig && c?$ot_bacnet_resp && id in c$ot_bacnet_resp )
		about = c$ot_bacnet_resp[id];
	else
		return;

	if ( ! about?$points )
		{
		OTActivity::once(c, is_orig, "bacnet", about$p$pdu, "ok", size,
		    about$announces);
		return;
		}

	for ( i, pdu in about$pdus )
		OTActivity::once(c, is_orig, "bacnet", pdu, "ok", i == 0 ? size : 0,
		    about$announces);
	}

@endif
