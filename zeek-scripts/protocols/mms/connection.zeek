##! What is known of a connection: which side is the client, and what was asked and opened on it.

@load ../../common/activity
@load ./actions
@load ./analyzer
@load ./names

module OTMMS;

export {
	## Files and uploads that are remembered to be open on one connection, and requests for
	## several variables.
	option max_remembered: count = 256;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

const SERVICE = "mms";

# Numbers of requests, of those that a server makes while a domain is sent to it, of requests to
# cancel and of what has no number are counted apart from each other.
const REQUEST = 0;
const FROM_SERVER = 1;
const CANCEL = 2;
const ASSOCIATION = 3;

# What one of the analyzer's numbers stands for.
type Asked: record {
	# Segments of a domain and the end of them are asked for by the server.
	loads: bool;
	pdus: vector of OTActivity::PDU;
};

# A connection request, while nothing tells yet whether MMS follows.
type Call: record {
	is_orig: bool;
	object: string;
	size: count;
	answered: bool &default=F;
};

type State: record {
	# Whether the originator is the client.
	client_is_orig: bool;
	# Something of MMS was seen.
	ours: bool &default=F;
	call: Call &optional;
	asked: table[count] of Asked &default=table();
	# Names of what is open, by the service that opened it and its number.
	opened: table[count, count] of string &default=table();
};

redef record connection += {
	ot_mms: State &optional;
};

redef record OTActivity::Side += {
	# What one request for several variables is about, by the analyzer's number.
	ot_mms: table[count] of vector of OTActivity::Point &optional;
};

function state_of(c: connection, asks: bool): State
	{
	if ( ! c?$ot_mms )
		{
		local from_orig = asks;

		if ( c$id$resp_p in ports )
			from_orig = T;
		else if ( c$id$orig_p in ports )
			from_orig = F;

		c$ot_mms = State($client_is_orig=from_orig);
		}

	return c$ot_mms;
	}

# The state of a connection on which MMS was seen.
function ours(c: connection, asks: bool): State
	{
	local st = c?$ot_mms ? c$ot_mms : state_of(c, asks);

	if ( ! st$ours )
		{
		st$ours = T;

		if ( st?$call )
			{
			OTActivity::request(c, st$call$is_orig, SERVICE, "call", OTActivity::PDU(
			    $operation="cotp_connection_request",
			    $action="connect", $object=st$call$object),
			    st$call$size);

			if ( st$call$answered )
				OTActivity::reply(c, ! st$call$is_orig, SERVICE, "call", "ok");

			delete st$call;
			}
		}

	return st;
	}

# All numbers stand for nothing any more.
function forget_asked(c: connection, st: State)
	{
	st$asked = table();

	if ( c?$ot_orig && c$ot_orig?$ot_mms )
		c$ot_orig$ot_mms = table();

	if ( c?$ot_resp && c$ot_resp?$ot_mms )
		c$ot_resp$ot_mms = table();
	}

function pdu_of(operation: string, object: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action=action_of(operation,
	    object), $object=|object| > OTActivity::max_text ? object[:
	    OTActivity::max_text] + "..." : object);
	}

# What operates below or beside the services.
function link_pdu(operation: string): OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action="connect");
	}

# The point of what one of the analyzer's numbers stands for.
function point_of(s: OTActivity::Side, id: count, what: Asked)
    : OTActivity::Point
	{
	if ( id in s$numbered )
		return s$numbered[id];

	return OTActivity::number_point(s, id, SERVICE, what$pdus[0]);
	}

# The same of several.
function points_of(s: OTActivity::Side, id: count, what: Asked): vector of
    OTActivity::Point
	{
	if ( s?$ot_mms && id in s$ot_mms )
		return s$ot_mms[id];

	if ( ! s?$ot_mms || |s$ot_mms| >= max_remembered )
		s$ot_mms = table();

	local points: vector of OTActivity::Point;

	for ( i, pdu in what$pdus )
		points += OTActivity::point_of(s, SERVICE, pdu);

	s$ot_mms[id] = points;
	return points;
	}

@endif
