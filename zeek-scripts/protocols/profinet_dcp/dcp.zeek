##! Requests of DCP and their answers.

@load ../../common/activity
@load ./identity

module OTProfinet;

export {
	## An answer comes within this time, or not at all.
	option answer_timeout: interval = 10sec;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

const GET = 3;
const SET = 4;
const IDENTIFY = 5;
const HELLO = 6;

# A request that waits for its answer.
type Open: record {
	client: string;
	server: string;
	# The requested options in order, and the operation on each.
	options: vector of count &default=vector();
	pdus: vector of OTActivity::PDU &default=vector();
};

function unanswered(t: table[string, string, count] of Open, client: string,
    server: string, xid: count): interval
	{
	local o = t[client, server, xid];
	for ( _, pdu in o$pdus )
		OTActivity::frame(o$client, o$server, "profinet_dcp", pdu, "no_reply");

	return 0sec;
	}

global open: table[string, string, count] of Open &create_expire=answer_timeout
    &expire_func=unanswered;

# What is set or looked for.
function describe(option_: count, data: string, info: count): string
	{
	local name = name_of(option_);

	if ( ( option_ == NAME_OF_STATION || option_ == ALIAS_NAME )
	    && tidy(data) != "" )
		return fmt("%s:%s", name, tidy(data));

	if ( ( option_ == IP_PARAMETER || option_ == IP_SUITE ) && |data| >= 8 )
		return fmt("%s:%s/%s", name, address(data, 0), address(data, 4));

	# Which data are reset.
	if ( option_ == RESET_TO_FACTORY )
		return fmt("%s:%d", name, info / 2);

	return name;
	}

function action_of(service: count, option_: count): string
	{
	if ( service == GET )
		return "identify";

	if ( option_ == FACTORY_RESET || option_ == RESET_TO_FACTORY )
		return "restart";

	# It makes a device blink.
	if ( option_ == SIGNAL )
		return "diagnose";

	return "write";
	}

function requested(src: string, dst: string, service: count, xid: count,
    options: vector of count, infos: vector of count, data: vector of string)
	{
	if ( |open| >= max_open )
		return;

	local o = Open($client=src, $server=dst);

	for ( i, code in options )
		{
		if ( code == START_TRANSACTION || code == END_TRANSACTION )
			next;

		o$options += code;
		o$pdus += OTActivity::PDU($operation=service == GET ? "get" : "set",
		    $action=action_of(service, code),
		    $object=service == GET ? name_of(code) : describe(code,
		    data[i], infos[i]));
		}

	# The same request again, before it was answered, is another one.
	if ( [src, dst, xid] in open )
		unanswered(open, src, dst, xid);

	open[src, dst, xid] = o;
	}

function answered(src: string, dst: string, service_type: count, xid: count,
    options: vector of count, infos: vector of count, data: vector of string)
	{
	if ( [dst, src, xid] !in open )
		return;

	local o = open[dst, src, xid];
	delete open[dst, src, xid];

	# Of a refused option, the answer's qualifier tells which it was.
	local outcomes: table[count] of string;
	for ( i, code in options )
		if ( code == RESPONSE && |data[i]| >= 1 )
			{
			local e = bytestring_to_count(data[i][0]);
			outcomes[infos[i]] = e in errors ? errors[e] : fmt("error_%d", e);
			}

	for ( n, pdu in o$pdus )
		{
		local outcome = "ok";
		if ( o$options[n] in outcomes )
			outcome = outcomes[o$options[n]];
		else if ( service_type % 8 >= 4 )
			outcome = "not_supported";

		OTActivity::frame(o$client, o$server, "profinet_dcp", pdu, outcome);
		}
	}

event OTProfinet::dcp(p: raw_pkt_hdr, service: count, service_type: count,
    xid: count, options: vector of count, infos: vector of count, data: vector of
    string)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	local reply = service_type % 2 == 1;

	if ( ( service == IDENTIFY || service == GET ) && reply || service == HELLO )
		claims(l2$src, options, data);

	if ( service == HELLO )
		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation="hello", $action="report"));

	else if ( service == IDENTIFY )
		{
		if ( reply )
			return;

		local sought: vector of string;
		for ( i, code in options )
			sought += describe(code, data[i], infos[i]);

		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation="identify", $action="discover",
		    $object=join_string_vec(sought, ";")));
		}

	else if ( service == GET || service == SET )
		{
		if ( reply )
			answered(l2$src, l2$dst, service_type, xid, options, infos, data);
		else
			requested(l2$src, l2$dst, service, xid, options, infos, data);
		}

	else if ( ! reply )
		OTActivity::frame(l2$src, l2$dst, "profinet_dcp", OTActivity::PDU(
		    $operation=fmt("service_%d", service), $action="other"));
	}

# What is open at the end has no answer; before the rows are written.
event zeek_done() &priority=10
	{
	for ( [client, server, xid] in open )
		unanswered(open, client, server, xid);

	open = table();
	}

@endif
