##! TriStation: commands to Triconex safety controllers, with how each ended.
##!
##! The controller is the server. What only its own engineering station should say is said by
##! nobody in normal times, so that every command stands in the log with what it transfers.

@load ../common/activity
@load ../common/identity
@load ./tristation_names

module OTTriStation;

export {
	## Ports that controllers listen on.
	const ports = {1502/udp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_TRISTATION )
@load-sigs ../spicy/tristation.sig

const SERVICE = "tristation";

# Types of frames.
const CONNECT = 1;
const CONNECTED = 2;
const DISCONNECTED = 3;
const DISCONNECT = 4;
const MESSAGE = 5;
const PING = 6;

# Commands and replies whose data are looked into.
const ALLOCATE_PROGRAM = 55;
const ALLOCATE_FUNCTION = 56;
const START_TS2_DOWNLOAD = 59;
const UPLOAD_PROGRAM = 65;
const UPLOAD_FUNCTION = 66;
const REJECTED = 100;

type State: record {
	# Whether the originator is the station.
	client_is_orig: bool;
	# What pairs the latest request with its reply.
	latest: string &default="";
};

redef record connection += {
	ot_tristation: State &optional;
};

redef likely_server_ports += {ports};

event zeek_init() &priority=5
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_TRISTATION, ports);
	}

function state_of(c: connection, asks: bool): State
	{
	if ( ! c?$ot_tristation )
		{
		local from_orig = asks;

		if ( c$id$resp_p in ports )
			from_orig = T;
		else if ( c$id$orig_p in ports )
			from_orig = F;

		c$ot_tristation = State($client_is_orig=from_orig);
		}

	return c$ot_tristation;
	}

function ask(c: connection, st: State, tag: string, operation: string,
    action: string, object: string, size: count)
	{
	st$latest = tag;
	OTActivity::request(c, st$client_is_orig, SERVICE, tag, OTActivity::PDU(
	    $operation=operation, $action=action, $object=object), size);
	}

function answer(c: connection, st: State, tag: string, outcome: string,
    size: count)
	{
	OTActivity::reply(c, ! st$client_is_orig, SERVICE, tag, outcome, size);
	}

function malformed(c: connection, st: State, is_orig: bool, outcome: string,
    size: count)
	{
	OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation="malformed",
	    $action="other"), outcome, size, is_orig != st$client_is_orig);
	}

# A little-endian number of two bytes at the start of some data.
function first_number(data: string): string
	{
	return |data| < 2 ? "" : cat(bytestring_to_count(data[0:2], T));
	}

# What a command is about.
function object_of(command: count, data: string): string
	{
	switch ( command )
		{
		case ALLOCATE_PROGRAM, UPLOAD_PROGRAM:
			return |data| < 2 ? "" : cat("program:", first_number(data));
		case ALLOCATE_FUNCTION, UPLOAD_FUNCTION:
			return |data| < 2 ? "" : cat("function:", first_number(data));
		case START_TS2_DOWNLOAD:
			# Its name follows four numbers, the last of which has four bytes.
			return |data| < 20 ? "" : cat("project:", gsub(data[10:20], /[^ -~]+/, ""));
		}

	return "";
	}

function message(c: connection, st: State, command: count, number: count,
    data: string, to_controller: bool, size: count)
	{
	local tag = cat(number);

	if ( ! to_controller )
		{
		local outcome = "ok";

		if ( command == REJECTED )
			{
			local code = |data| > 0 ? bytestring_to_count(data[0:1]) : 0;
			outcome = code in rejections ? rejections[code] : cat("rejected_", code);
			}

		answer(c, st, tag, outcome, size);

		local controller = cat(st$client_is_orig ? c$id$resp_h : c$id$orig_h);
		OTIdentity::claim(controller, "vendor", "Triconex", SERVICE, c$uid);
		OTIdentity::claim(controller, "device_type", "safety controller", SERVICE,
		    c$uid);
		return;
		}

	ask(c, st, tag, command in commands ? commands[command] : cat("unknown_",
	    command), command in actions ? actions[command] : "other",
	    object_of(command, data), size);
	}

event OTTriStation::frame(c: connection, is_orig: bool, kind: count,
    command: count, number: count, data: string, consistent: bool, intact: bool,
    size: count)
	{
	local to_controller = is_orig;

	if ( kind == MESSAGE && consistent )
		to_controller = command < REJECTED ? is_orig : ! is_orig;

	local st = state_of(c, to_controller);
	to_controller = is_orig == st$client_is_orig;

	if ( ! intact || ! consistent )
		{
		malformed(c, st, is_orig, intact ? "bad_length" : "bad_checksum", size);
		return;
		}

	switch ( kind )
		{
		case CONNECT:
			ask(c, st, "connect", "connect", "connect", "", size);
			break;
		case CONNECTED:
			answer(c, st, "connect", "ok", size);
			break;
		case DISCONNECT:
			ask(c, st, "disconnect", "disconnect", "connect", "", size);
			break;
		case DISCONNECTED:
			answer(c, st, "disconnect", "ok", size);
			break;
		case PING:
			if ( to_controller )
				ask(c, st, "ping", "ping", "discover", "", size);
			else
				answer(c, st, "ping", "ok", size);
			break;
		case MESSAGE:
			message(c, st, command, number, data, to_controller, size);
			break;
		default:
			if ( kind in refusals )
				answer(c, st, st$latest, refusals[kind], size);
			break;
		}
	}

@endif
