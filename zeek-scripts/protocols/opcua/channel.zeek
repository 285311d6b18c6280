##! Below the services: the transport, the secure channel, and what is encrypted in it.

@load ../../common/activity
@load ./connection
@load ./names
@load ./statuses

module OTOpcua;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )

# Message types, as their first four octets.
const HEL = 0x48454c46;
const ACK = 0x41434b46;
const RHE = 0x52484546;

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

@endif
