##! What is known of a connection: which side is the client, and what was asked on it.

@load ../../common/activity
@load ./analyzer

module OTS7comm;

export {
	## Lists of variables and open transfers that are remembered on one connection.
	option max_remembered: count = 256;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

const SERVICE = "s7comm";
const PLUS = "s7comm_plus";

# References of jobs, of the controller's own jobs, of user data and of S7comm-plus are counted
# apart from each other.
const JOB = 0;
const FROM_SERVER = 1;
const USER_DATA = 2;
const PLUS_REQUEST = 3;

# A list of variables, as it is asked for again and again.
type Asked: record {
	points: vector of OTActivity::Point;
	pdus: vector of OTActivity::PDU;
};

# A connection request, while nothing tells yet whether S7comm follows.
type Call: record {
	is_orig: bool;
	object: string;
	size: count;
	answered: bool &default=F;
};

type State: record {
	# Whether the originator is the client.
	client_is_orig: bool;
	# Something of S7comm was seen.
	ours: bool &default=F;
	call: Call &optional;
	# Names of the variables in a list.
	lists: table[string] of vector of string &default=table();
	reads: table[string] of Asked &default=table();
	writes: table[string] of Asked &default=table();
	# The block that is being transferred, and those of uploads by their number.
	block: string &default="";
	uploads: table[count] of string &default=table();
	upload_asked: string &default="";
	# The system status list asked for, and those that come in several parts, by sequence.
	status: string &default="";
	parts: table[count] of string &default=table();
};

redef record connection += {
	ot_s7comm: State &optional;
};

function state_of(c: connection, asks: bool): State
	{
	if ( ! c?$ot_s7comm )
		{
		local from_orig = asks;

		if ( c$id$resp_p in ports )
			from_orig = T;
		else if ( c$id$orig_p in ports )
			from_orig = F;

		c$ot_s7comm = State($client_is_orig=from_orig);
		}

	return c$ot_s7comm;
	}

function connection_called(c: connection, call: Call)
	{
	OTActivity::request(c, call$is_orig, SERVICE, "call", OTActivity::PDU(
	    $operation="cotp_connection_request", $action="connect",
	    $object=call$object), call$size);

	if ( call$answered )
		OTActivity::reply(c, ! call$is_orig, SERVICE, "call", "ok");
	}

# The state of a connection on which S7comm was seen.
function ours(c: connection, asks: bool): State
	{
	local st = c?$ot_s7comm ? c$ot_s7comm : state_of(c, asks);

	if ( ! st$ours )
		{
		st$ours = T;

		if ( st?$call )
			{
			connection_called(c, st$call);
			delete st$call;
			}
		}

	return st;
	}

# One request for several operations.
function ask_all(c: connection, st: State, pdus: vector of OTActivity::PDU,
    reference: count, series: count, size: count)
	{
	local s = OTActivity::side_of(c, st$client_is_orig);
	local points: vector of OTActivity::Point;

	for ( i, pdu in pdus )
		points += OTActivity::point_of(s, SERVICE, pdu);

	OTActivity::ask_with(c, s, points, pdus, reference, series, size);
	}

@endif
