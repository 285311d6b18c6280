##! OPC UA binary: every service, and where it names nodes, each node with its own result.
##!
##! Requests and responses are told apart by their type, so that a session is understood whichever
##! side the sensor took for the client. Of an encrypted channel only its policy and the number of
##! messages can be told. Publish requests only wait: the responses count, as reports.

@load ../common/activity
@load ../common/identity
@load ./opcua_names

module OTOpcua;

export {
	## Ports that servers listen on.
	const ports = {4840/tcp} &redef;
}

# So that a session that is joined later is turned the right way round.
redef likely_server_ports += {ports};

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )
@load-sigs ../spicy/opcua.sig

const SERVICE = "opcua";

# What services amount to.
const actions: table[string] of string = {
	["read"] = "read",
	["write"] = "write",
	["history_update"] = "write",
	["add_nodes"] = "write",
	["delete_nodes"] = "write",
	["add_references"] = "write",
	["delete_references"] = "write",
	["call"] = "command",
	["activate_session"] = "authenticate",
	["hello"] = "connect",
	["reverse_hello"] = "connect",
	["open_secure_channel"] = "connect",
	["close_secure_channel"] = "connect",
	["create_session"] = "connect",
	["close_session"] = "connect",
	["get_endpoints"] = "identify",
	["find_servers"] = "discover",
	["find_servers_on_network"] = "discover",
	["browse"] = "discover",
	["browse_next"] = "discover",
	["translate_browse_paths_to_node_ids"] = "discover",
	["query_first"] = "discover",
	["query_next"] = "discover",
	["publish"] = "report",
	["republish"] = "report",
	["create_monitored_items"] = "read",
	["modify_monitored_items"] = "read",
	["create_subscription"] = "read",
	["modify_subscription"] = "read",
	["history_read"] = "read",
} &default="other";

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

# Message types, as their first four octets.
const HEL = 0x48454c46;
const ACK = 0x41434b46;
const RHE = 0x52484546;

type State: record {
	# Whether the originator is the client.
	client_is_orig: bool;
	# Who was asked last for what it is: the request and its nodes.
	asked: count &default=0;
	asked_for: vector of string &default=vector();
};

redef record connection += {
	ot_opcua: State &optional;
};

# The state of a connection; where the port doesn't tell which side is the client, a message does.
function state_of(c: connection, orig_asks: bool): State
	{
	if ( ! c?$ot_opcua )
		{
		if ( c$id$resp_p in ports )
			orig_asks = T;
		else if ( c$id$orig_p in ports )
			orig_asks = F;

		c$ot_opcua = State($client_is_orig=orig_asks);
		}

	return c$ot_opcua;
	}

function is_bad(status: count): bool
	{
	return status >= 0x80000000;
	}

function status_name(status: count): string
	{
	if ( ! is_bad(status) )
		return "ok";

	local code = status / 65536;
	return code in statuses ? statuses[code] : fmt("status_0x%08x", status);
	}

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

function plain_pdu(operation: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action=actions[operation]);
	}

function operation_of(service: count): string
	{
	return service in services ? services[service] : fmt("service_%d", service);
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

event OTOpcua::transport(c: connection, is_orig: bool, message: count,
    size: count)
	{
	local client_sent = message != ACK && message != RHE;
	local st = state_of(c, is_orig == client_sent);

	if ( message == HEL )
		OTActivity::request(c, is_orig, SERVICE, "hello", plain_pdu("hello"), size);
	else if ( message == ACK )
		OTActivity::reply(c, is_orig, SERVICE, "hello", "ok", size,
		    OTActivity::no_values, plain_pdu("hello"));
	else if ( message == RHE )
		{
		# A server that calls its client.
		st$client_is_orig = ! is_orig;
		OTActivity::once(c, is_orig, SERVICE, plain_pdu("reverse_hello"), "ok", size, T);
		}
	else
		OTActivity::once(c, is_orig, SERVICE, plain_pdu("close_secure_channel"), "ok",
		    size, is_orig != st$client_is_orig);
	}

event OTOpcua::error(c: connection, is_orig: bool, code: count, size: count)
	{
	local st = state_of(c, ! is_orig);

	OTActivity::reply(c, is_orig, SERVICE, "hello", status_name(code));
	OTActivity::once(c, is_orig, SERVICE, plain_pdu("error"), fmt("status_0x%08x",
	    code), size, is_orig != st$client_is_orig);
	}

event OTOpcua::opening(c: connection, is_orig: bool, policy: string,
    service: count, status: count, size: count)
	{
	# If its body is encrypted, only the direction tells whether it asks.
	local st = state_of(c, service == 0 || service == 446 ? is_orig : ! is_orig);
	local asks = service == 0 ? is_orig == st$client_is_orig : service == 446;
	local pdu = plain_pdu("open_secure_channel");
	local name = sub(policy, /^.*[#\/]/, "");

	if ( name != "" )
		pdu$object = fmt("security:%s", to_lower(name));

	if ( asks )
		OTActivity::request(c, is_orig, SERVICE, "open", pdu, size);
	else
		OTActivity::reply(c, is_orig, SERVICE, "open", status_name(status), size,
		    OTActivity::no_values, pdu);
	}

event OTOpcua::sealed(c: connection, is_orig: bool, size: count)
	{
	local st = state_of(c, T);
	OTActivity::once(c, is_orig, SERVICE, plain_pdu("encrypted_message"), "ok",
	    size, is_orig != st$client_is_orig);
	}

event OTOpcua::aborted(c: connection, is_orig: bool, id: count, reason: count,
    size: count)
	{
	OTActivity::reply(c, is_orig, SERVICE, cat(id), status_name(reason), size);
	}

event OTOpcua::application(c: connection, is_orig: bool, uri: string,
    product: string, name: string)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	if ( uri != "" )
		OTIdentity::claim(asset, "application", uri, SERVICE, c$uid);

	if ( product != "" )
		OTIdentity::claim(asset, "software", product, SERVICE, c$uid);

	if ( name != "" )
		OTIdentity::claim(asset, "name", name, SERVICE, c$uid);
	}

event OTOpcua::user(c: connection, is_orig: bool, name: string)
	{
	OTIdentity::claim(cat(is_orig ? c$id$resp_h : c$id$orig_h), "user", name,
	    SERVICE, c$uid);
	}

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_OPCUA, ports);
	}

@endif
