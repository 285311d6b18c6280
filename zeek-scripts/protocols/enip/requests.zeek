##! Requests: what the analyzer's numbers stand for on a connection.

@load ../../common/activity
@load ./names
@load ./pccc
@load ./services

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

# The services of one packet.
type Services: record {
	points: vector of OTActivity::Point;
	pdus: vector of OTActivity::PDU;
};

# What is known of a connection: requests by the analyzer's numbers, apart for both directions.
type State: record {
	orig: table[count] of OTActivity::Point;
	resp: table[count] of OTActivity::Point;
	orig_many: table[count] of Services;
	resp_many: table[count] of Services;
	io: table[bool] of OTActivity::Point;
};

redef record connection += {
	ot_enip: State &optional;
};

# `identity:1`, `class_0x72:0`, `assembly:100/attribute:3`, `tag:Program:Main.Level[2]`.
function object_of(item: Item): string
	{
	if ( |item$where| > 0 )
		return item$where;

	if ( item$class_ < 0 )
		return |item$name| > 0 ? cat("tag:", clean(item$name)) : "";

	local class = int_to_count(item$class_);
	local object = class in classes ? classes[class] : fmt("class_0x%02x", class);

	if ( item$instance >= 0 )
		object = cat(object, ":", int_to_count(item$instance));

	if ( item$attr >= 0 )
		object = cat(object, "/attribute:", int_to_count(item$attr));

	return object;
	}

function pdu_of(item: Item, route: string): OTActivity::PDU
	{
	if ( item$pccc >= 0 )
		{
		local pccc = int_to_count(item$pccc);
		local name = pccc_name(pccc);
		return OTActivity::PDU($operation=name, $action=pccc_action(pccc, name),
		    $object=object_of(item), $unit=clean(route));
		}

	local operation = operation_of(item$code, item$class_, F);
	return OTActivity::PDU($operation=operation, $action=action_of(operation,
	    item$code, item$class_, item$instance, F), $object=object_of(item),
	    $unit=clean(route));
	}

function state_of(c: connection): State
	{
	if ( ! c?$ot_enip )
		c$ot_enip = State();

	return c$ot_enip;
	}

# A number stands for one service or for those of a packet.
event OTEnip::path(c: connection, is_orig: bool, id: count, items: vector of
    Item, route: string)
	{
	local state = state_of(c);
	local s = OTActivity::side_of(c, is_orig);
	local single = is_orig ? state$orig : state$resp;
	local several = is_orig ? state$orig_many : state$resp_many;

	if ( |items| == 1 )
		{
		single[id] = OTActivity::point_of(s, "cip", pdu_of(items[0], route));
		delete several[id];
		return;
		}

	local all = Services($points=vector(), $pdus=vector());
	for ( _, item in items )
		{
		local pdu = pdu_of(item, route);

		if ( item$has_values )
			{
			pdu$value_min = item$value_min;
			pdu$value_max = item$value_max;
			}

		all$points += OTActivity::point_of(s, "cip", pdu);
		all$pdus += pdu;
		}

	several[id] = all;
	delete single[id];
	}

event OTEnip::asked(c: connection, is_orig: bool, tag: count, id: count,
    size: count)
	{
	if ( ! c?$ot_enip )
		return;

	local state = c$ot_enip;
	local single = is_orig ? state$orig : state$resp;
	local s = OTActivity::side_of(c, is_orig);

	if ( id in single )
		{
		OTActivity::ask(c, s, single[id], tag, 0, size + 24);
		return;
		}

	local several = is_orig ? state$orig_many : state$resp_many;

	if ( id in several )
		OTActivity::ask_with(c, s, several[id]$points, several[id]$pdus, tag, 0, size +
		    24);
	}

event OTEnip::asked_with(c: connection, is_orig: bool, tag: count, id: count,
    size: count, low: double, high: double)
	{
	if ( ! c?$ot_enip )
		return;

	local single = is_orig ? c$ot_enip$orig : c$ot_enip$resp;

	if ( id !in single )
		return;

	local pdu = copy(single[id]$pdu);
	pdu$value_min = low;
	pdu$value_max = high;
	OTActivity::ask_with(c, OTActivity::side_of(c, is_orig), vector(single[id]),
	    vector(pdu), tag, 0, size + 24);
	}

@endif
