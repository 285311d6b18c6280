##! Services, with the nodes that they name.

@load ../../common/activity
@load ../../common/identity
@load ./connection
@load ./names
@load ./statuses

module OTOpcua;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )

# A server's own BuildInfo, and what its parts claim.
const build_info: table[string] of string = {
	["i=2260"] = "",
	["i=2261"] = "model",
	["i=2262"] = "software",
	["i=2263"] = "vendor",
	["i=2264"] = "firmware",
};

const VALUE_ATTRIBUTE = 13;
const PUBLISH_RESPONSE = 829;

function is_number(v: double): bool
	{
	# The grammar says 1e300 where there is none.
	return v > -1e299 && v < 1e299;
	}

function values_of(v: double): OTActivity::Values
	{
	return is_number(v) ? OTActivity::Values($value_min=v, $value_max=v) :
	    OTActivity::no_values;
	}

event OTOpcua::request(c: connection, is_orig: bool, service: count, id: count,
    nodes: vector of string, attributes: vector of count, values: vector of
    double, size: count)
	{
	local operation = operation_of(service);
	local tag = cat(id);

	if ( service !in services )
		{
		# Of these it isn't known whether they ask or answer.
		if ( state_of(c, is_orig)$client_is_orig != is_orig )
			{
			OTActivity::reply(c, is_orig, SERVICE, tag, "ok", size,
			    OTActivity::no_values, plain_pdu(operation));
			return;
			}
		}

	if ( |nodes| == 0 )
		{
		OTActivity::request(c, is_orig, SERVICE, tag, plain_pdu(operation), size);
		return;
		}

	local st = state_of(c, is_orig);

	for ( i, node in nodes )
		{
		local action = actions[operation];
		local object = node;
		local attribute = attributes[i];

		if ( attribute != VALUE_ATTRIBUTE )
			object = fmt("%s/%s", node, attribute in attribute_names ?
			    attribute_names[attribute] : fmt("attribute_%d",
			    attribute));
		else if ( action == "read" && node in build_info )
			{
			action = "identify";
			st$asked = id;
			st$asked_for = nodes;
			}

		local pdu = OTActivity::PDU($operation=operation, $action=action,
		    $object=object);

		if ( i < |values| && is_number(values[i]) )
			{
			pdu$value_min = values[i];
			pdu$value_max = values[i];
			}

		OTActivity::request(c, is_orig, SERVICE, tag, pdu, i == 0 ? size : 0);
		}
	}

event OTOpcua::response(c: connection, is_orig: bool, service: count, id: count,
    status: count, results: vector of count, values: vector of double,
    texts: vector of string, size: count)
	{
	local operation = operation_of(service);

	if ( service == PUBLISH_RESPONSE )
		{
		OTActivity::once(c, is_orig, SERVICE, plain_pdu(operation), status_name(
		    status), size, T);
		return;
		}

	local tag = cat(id);
	local several = |results| > 0 || |values| > 1;

	if ( several
	    && ! is_bad(status)
	    && [SERVICE, tag] in OTActivity::side_of(c, ! is_orig)$pending )
		{
		local outcomes: vector of string;
		local seen: vector of OTActivity::Values;

		for ( i, result in results )
			outcomes += status_name(result);

		# What is missing at the end was good.
		outcomes += "ok";

		for ( i, value in values )
			seen += values_of(value);

		OTActivity::reply_items(c, is_orig, SERVICE, tag, outcomes, size, seen);
		}
	else
		{
		# Of a response whose request was not seen, the first item's result stands for it.
		local outcome = ! is_bad(status) && |results| > 0 ? results[0] : status;

		OTActivity::reply(c, is_orig, SERVICE, tag, status_name(outcome), size,
		    |values| == 1 ? values_of(values[0]) :
		    OTActivity::no_values, plain_pdu(operation));
		}

	if ( |texts| == 0 )
		return;

	local st = state_of(c, ! is_orig);

	if ( st$asked != id )
		return;

	for ( i, text in texts )
		if ( text != ""
		    && i < |st$asked_for|
		    && st$asked_for[i] in build_info
		    && build_info[st$asked_for[i]] != "" )
			OTIdentity::claim(cat(is_orig ? c$id$orig_h : c$id$resp_h),
			    build_info[st$asked_for[i]], text, SERVICE, c$uid);
	}

@endif
