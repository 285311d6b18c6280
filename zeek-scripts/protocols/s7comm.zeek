##! S7comm and S7comm-plus: every job with the variables, blocks or services it names, programmer
##! functions, system status lists, and what modules say of themselves.
##!
##! The controller is the server also where it asks: in a download it fetches the blocks. Polls
##! repeat their lists of variables, so the bytes of a list lead straight to what they stand for.

@load ../common/activity
@load ../common/identity
@load ./s7comm_names

module OTS7comm;

export {
	## Ports that controllers listen on.
	const ports = {102/tcp} &redef;

	## Lists of variables and open transfers that are remembered on one connection.
	option max_remembered: count = 256;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )
@load-sigs ../spicy/s7comm.sig

const SERVICE = "s7comm";
const PLUS = "s7comm_plus";

# References of jobs, of the controller's own jobs, of user data and of S7comm-plus are counted
# apart from each other.
const JOB = 0;
const FROM_SERVER = 1;
const USER_DATA = 2;
const PLUS_REQUEST = 3;

const READ = 4;
const WRITE = 5;
const START_UPLOAD = 0x1d;

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

redef likely_server_ports += {ports};

event zeek_init() &priority=5
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_S7COMM, ports);
	}

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

function selector(called: string): string
	{
	if ( called == "" )
		return "";

	return called == /[ -~]+/ ? cat("tsap:", called) : cat("tsap:",
	    bytestring_to_hexstr(called));
	}

event OTS7comm::connection_pdu(c: connection, is_orig: bool, kind: count,
    called: string, calling: string, size: count)
	{
	local kind_ = kind / 16;

	if ( kind_ == 14 )
		{
		local call = Call($is_orig=is_orig, $object=selector(called), $size=size);
		local s = state_of(c, is_orig);

		# Slots are called by two bytes, the first of which tells who calls; MMS has others.
		if ( called == /[\x01-\x03\x10-\x1f][\x00-\xff]/ || called == /SIMATIC-.*/ )
			connection_called(c, call);
		else
			s$call = call;

		return;
		}

	if ( ! c?$ot_s7comm )
		return;

	local st = c$ot_s7comm;

	if ( kind_ == 13 )
		{
		if ( st?$call )
			st$call$answered = T;
		else
			OTActivity::reply(c, is_orig, SERVICE, "call", "ok", size);

		return;
		}

	if ( kind_ == 8 && ! st$ours )
		{
		OTActivity::reply(c, is_orig, SERVICE, "call", "disconnected", size);
		return;
		}

	local name = "";

	switch ( kind_ )
		{
		case 5:
			name = "cotp_reject";
			break;
		case 7:
			name = "cotp_tpdu_error";
			break;
		case 8:
			name = "cotp_disconnect_request";
			break;
		case 12:
			name = "cotp_disconnect_confirm";
			break;
		}

	if ( name != "" && st$ours )
		OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=name,
		    $action="connect"), "ok", size, is_orig !=
		    st$client_is_orig);
	}

event OTS7comm::items(c: connection, is_orig: bool, list_: string, names: vector of
    string)
	{
	local st = ours(c, is_orig);

	if ( |st$lists| >= max_remembered )
		{
		st$lists = table();
		st$reads = table();
		st$writes = table();
		}

	st$lists[list_] = names;
	}

# What a list of variables stands for in an operation.
function make_asked(s: OTActivity::Side, st: State, operation: string,
    action: string, list_: string): Asked
	{
	local asked: Asked;
	local names = list_ in st$lists ? st$lists[list_] : vector("");

	for ( i, name in names )
		{
		local p = OTActivity::point_of(s, SERVICE, OTActivity::PDU(
		    $operation=operation, $action=action, $object=name));
		asked$points += p;
		asked$pdus += p$pdu;
		}

	return asked;
	}

event OTS7comm::read_request(c: connection, is_orig: bool, reference: count,
    list_: string, size: count)
	{
	local st = ours(c, is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);

	if ( list_ !in st$reads )
		st$reads[list_] = make_asked(s, st, "read_variable", "read", list_);

	local asked = st$reads[list_];
	local series = is_orig == st$client_is_orig ? JOB : FROM_SERVER;

	if ( |asked$points| == 1 )
		OTActivity::ask(c, s, asked$points[0], reference, series, size);
	else
		OTActivity::ask_with(c, s, asked$points, asked$pdus, reference, series, size);
	}

event OTS7comm::write_request(c: connection, is_orig: bool, reference: count,
    list_: string, which: vector of count, values: vector of double,
    size: count)
	{
	local st = ours(c, is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);

	if ( list_ !in st$writes )
		st$writes[list_] = make_asked(s, st, "write_variable", "write", list_);

	local asked = st$writes[list_];
	local pdus: vector of OTActivity::PDU;

	for ( i, pdu in asked$pdus )
		pdus += pdu;

	for ( j, n in which )
		if ( n < |pdus| )
			{
			local valued = copy(pdus[n]);
			valued$value_min = values[j];
			valued$value_max = values[j];
			pdus[n] = valued;
			}

	OTActivity::ask_with(c, s, asked$points, pdus, reference, is_orig ==
	    st$client_is_orig ? JOB : FROM_SERVER, size);
	}

# The blocks in the arguments of a program invocation that names some.
function blocks_of(arguments: string): vector of string
	{
	local found: vector of string;

	if ( |arguments| > 2 )
		{
		local n = bytestring_to_count(arguments[0:1]);
		local at = 2;

		while ( n > 0 && at + 8 <= |arguments| )
			{
			found += block_name(arguments[at : at + 8]);
			at += 8;
			--n;
			}
		}

	if ( |found| == 0 )
		found += "";

	return found;
	}

# The name of a program invocation service, for those that have none of ours.
function service_name(name: string): string
	{
	if ( name in services )
		return services[name];

	local short = to_lower(gsub(name, /[^A-Za-z0-9]+/, ""));
	return short == "" ? "plc_control" : cat("plc_control_", short);
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

event OTS7comm::job(c: connection, is_orig: bool, reference: count, code: count,
    name: string, arguments: string, id: count, size: count)
	{
	local st = ours(c, is_orig);
	local operation = code in functions ? functions[code] : fmt("function_0x%02x",
	    code);
	local objects = vector("");

	if ( code == 0x28 )
		{
		operation = service_name(name);

		if ( operation == "plc_control_insert_block"
		    || operation == "plc_control_delete_block" )
			objects = blocks_of(arguments);
		else if ( starts_with(operation, "plc_control_nf") )
			objects[0] = gsub(arguments, /[^ -~]+/, "");
		}
	else if ( code >= 0x1a && code <= 0x1f )
		{
		if ( name != "" )
			st$block = block_name(name);
		else if ( id in st$uploads )
			st$block = st$uploads[id];

		if ( code == START_UPLOAD )
			st$upload_asked = st$block;
		else if ( code == 0x1f )
			delete st$uploads[id];

		objects[0] = st$block;
		}

	local pdus: vector of OTActivity::PDU;

	for ( i, object in objects )
		pdus += OTActivity::PDU($operation=operation, $action=job_action(operation),
		    $object=object);

	ask_all(c, st, pdus, reference, is_orig == st$client_is_orig ? JOB :
	    FROM_SERVER, size);
	}

function error_name(error: count): string
	{
	if ( error == 0 )
		return "ok";

	local kind = error / 256;
	return kind in error_classes ? error_classes[kind] : kind == 0 ? "no_error" :
	    fmt("unknown_error_class_0x%02x", kind);
	}

function return_name(code: count): string
	{
	return code in return_codes ? return_codes[code] : fmt("return_code_0x%02x",
	    code);
	}

# The reply to a request for several items, with a return code for each.
function settle_items(c: connection, s: OTActivity::Side,
    o: OTActivity::Pending, outcomes: vector of string, size: count)
	{
	for ( i, p in o$points )
		{
		local outcome = outcomes[i < |outcomes| ? i : |outcomes| - 1];
		OTActivity::add_event(s, p, outcome, o$ts, i == 0 ? o$bytes : 0, i == 0 ? size : 0);

		if ( outcome != "ok" )
			hook OTActivity::refused(OTActivity::Act($c=c, $client=s$client,
			    $server=s$server, $service=SERVICE, $pdu=o$pdus[i],
			    $outcome=outcome));
		}
	}

# Turns the bytes of a job of the controller round: what it asked came down, and what the client
# answers goes up. Returns the bytes that came down.
function turned(s: OTActivity::Side, reference: count, size: count): count
	{
	local down = 0;

	if ( s$is_open && s$asked_tag == reference && s$asked_sub == FROM_SERVER )
		OTActivity::set_aside(s);

	if ( [reference, FROM_SERVER] in s$queue )
		{
		down = s$queue[reference, FROM_SERVER]$bytes;
		s$queue[reference, FROM_SERVER]$bytes = size;
		}

	return down;
	}

event OTS7comm::acknowledged(c: connection, is_orig: bool, reference: count,
    error: count, codes: string, id: count, size: count)
	{
	local st = ours(c, ! is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);
	local series = is_orig == st$client_is_orig ? FROM_SERVER : JOB;
	local down = series == JOB ? size : turned(s, reference, size);

	if ( id != 0 && st$upload_asked != "" )
		{
		if ( |st$uploads| >= max_remembered )
			st$uploads = table();

		st$uploads[id] = st$upload_asked;
		st$upload_asked = "";
		}

	if ( error != 0 || codes == "" )
		{
		OTActivity::answer(c, s, reference, series, error_name(error), down);
		return;
		}

	local outcomes: vector of string;
	for ( code in codes )
		outcomes += return_name(bytestring_to_count(code));

	if ( [reference, series] in s$queue )
		{
		local o = s$queue[reference, series];
		delete s$queue[reference, series];
		settle_items(c, s, o, outcomes, down);
		}
	else
		OTActivity::answer(c, s, reference, series, outcomes[0], down);
	}

# What user data asks for, as objects.
function subjects(st: State, operation: string, sequence: count,
    subject: string, list_: string): vector of string
	{
	if ( list_ in st$lists )
		return st$lists[list_];

	switch ( operation )
		{
		case "read_szl":
			# The next part of a list is asked for by the sequence number of the first.
			st$status = subject == "" && sequence in st$parts ? st$parts[sequence] :
			    subject;
			return vector(st$status);
		case "list_blocks_of_type":
			return vector(subject[0:2] in blocks ? blocks[subject[0:2]] : subject);
		case "get_block_info":
			return vector(block_name(subject));
		}

	return vector("");
	}

event OTS7comm::user_data(c: connection, is_orig: bool, reference: count,
    group: count, code: count, sequence: count, more: count, error: count,
    result_code: count, subject: string, list_: string, size: count)
	{
	local kind = group / 16;
	local area = group % 16;
	local st = ours(c, kind == 4 ? is_orig : ! is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);

	if ( kind == 8 )
		{
		local outcome = error != 0 ? "parameter_error" : return_name(result_code);

		if ( group == 0x84 && code == 1 && more != 0 )
			st$parts[sequence] = st$status;

		OTActivity::answer(c, s, reference, USER_DATA, outcome, size);
		return;
		}

	local operation = [area, code] in user_functions ? user_functions[area, code] :
	    fmt("%s_0x%02x", area in groups ? groups[area] : "unknown", code);

	if ( kind != 4 )
		{
		OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=operation,
		    $action="report"), "ok", size, is_orig !=
		    st$client_is_orig);
		return;
		}

	local pdus: vector of OTActivity::PDU;

	for ( i, object in subjects(st, operation, sequence, subject, list_) )
		pdus += OTActivity::PDU($operation=operation, $action=user_action(area,
		    operation, object), $object=object);

	ask_all(c, st, pdus, reference, USER_DATA, size);
	}

event OTS7comm::other(c: connection, is_orig: bool, kind: count, size: count)
	{
	local st = ours(c, is_orig);
	OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=fmt(
	    "rosctr_%d", kind), $action="other"), "ok", size, is_orig !=
	    st$client_is_orig);
	}

# The text at the start of a record, without its filling.
function text(content: string): string
	{
	local end = strstr(content, "\x00");
	return strip(end > 0 ? content[0 : end - 1] : content);
	}

event OTS7comm::identity(c: connection, is_orig: bool, list_: count,
    index: count, content: string)
	{
	local st = ours(c, ! is_orig);
	local asset = cat(st$client_is_orig ? c$id$resp_h : c$id$orig_h);
	local value = "";
	local attribute = "";

	if ( list_ % 256 == 0x11 && |content| >= 26 )
		{
		local version = content[22:26];

		if ( index == 1 )
			{
			attribute = "product_code";
			value = text(content[0:20]);
			}
		else if ( index == 7 && version[0] == "V" )
			{
			attribute = "firmware";
			value = fmt("V%d.%d.%d", bytestring_to_count(version[1:2]),
			    bytestring_to_count(version[2:3]),
			    bytestring_to_count(version[3:4]));
			}
		else if ( index == 6 )
			{
			attribute = "hardware";
			value = cat(bytestring_to_count(version[2:4]));
			}
		}
	else if ( list_ % 256 == 0x1c )
		{
		value = text(content);

		switch ( index )
			{
			case 1:
				attribute = "name";
				break;
			case 2:
				# Free text; a module that keeps its order name tells a model.
				attribute = value == /(CPU|IM|CP|FM|SM|S7-|ET ?200|SIMATIC|6ES7)[ 0-9].*/ ?
				    "model" : "description";
				break;
			case 3:
				attribute = "location";
				break;
			case 4:
				attribute = /[Ss]iemens/ in value ? "vendor" : "";
				value = "Siemens";
				break;
			case 5:
				attribute = "serial";
				break;
			case 7:
				attribute = "model";
				break;
			}
		}

	if ( attribute != "" && value != "" )
		OTIdentity::claim(asset, attribute, value, SERVICE, c$uid);
	}

# S7comm-plus over TLS shows nothing more than that it is there.
event OTS7comm::sealed(c: connection, is_orig: bool)
	{
	local st = ours(c, is_orig);
	OTActivity::once(c, st$client_is_orig, PLUS, OTActivity::PDU($operation="tls",
	    $action="connect"));
	}

# A variable whose setting starts or stops the controller: its operating state request.
function state_request(content: string): string
	{
	local found = find_last(content[0:10],
	    /\x00\x00\x00\x34\x01\x90\x77\x00\x08[\x01\x03]/);

	if ( found == "" )
		return "";

	return ends_with(found, "\x01") ? "operating_state:stop" :
	    "operating_state:run";
	}

# A session's start tells order number and firmware: `1;6ES7 212-1BE40-0XB0 ;V4.1`.
function session_identity(c: connection, st: State, content: string)
	{
	local told = find_last(content,
	    /1;6[A-Z0-9]{3} [A-Z0-9]{3}-[A-Z0-9]{5}-[A-Z0-9]{4} ?;V[0-9.]+/);

	if ( told == "" )
		return;

	local asset = cat(st$client_is_orig ? c$id$resp_h : c$id$orig_h);
	local parts = split_string(told, /;/);
	OTIdentity::claim(asset, "product_code", strip(parts[1]), PLUS, c$uid);
	OTIdentity::claim(asset, "firmware", parts[2], PLUS, c$uid);
	OTIdentity::claim(asset, "vendor", "Siemens", PLUS, c$uid);
	}

event OTS7comm::plus(c: connection, is_orig: bool, version: count,
    opcode: count, code: count, sequence: count, content: string, size: count)
	{
	local st = ours(c, opcode == 0x31 ? is_orig : ! is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);

	if ( opcode == 0x32 )
		{
		# It begins with a number, 0 for success, seven bits a byte.
		OTActivity::answer(c, s, sequence, PLUS_REQUEST, content == "" || content[0] ==
		    "\x00" ? "ok" : "error", size);

		if ( code == 0x04ca )
			session_identity(c, st, content);

		return;
		}

	local operation = "unknown_opcode";

	if ( opcode == 0x33 )
		operation = "notification";
	else if ( opcode == 0x31 )
		operation = code in plus_functions ? plus_functions[code] : fmt(
		    "unknown_s7comm_plus_function_0x%04x", code);

	local pdu = OTActivity::PDU($operation=operation, $action=plus_action(
	    operation));

	if ( opcode != 0x31 )
		{
		OTActivity::once(c, is_orig, PLUS, pdu, "ok", size, is_orig !=
		    st$client_is_orig);
		return;
		}

	if ( code == 0x04f2 )
		{
		pdu$object = state_request(content);

		if ( pdu$object != "" )
			pdu$action = "mode";
		}

	OTActivity::ask(c, s, OTActivity::point_of(s, PLUS, pdu), sequence,
	    PLUS_REQUEST, size);
	}

@endif
