##! S7comm-plus.

@load ../../common/activity
@load ../../common/identity
@load ./actions
@load ./connection
@load ./names

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

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
