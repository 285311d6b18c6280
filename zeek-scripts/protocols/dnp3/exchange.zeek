##! Requests and responses of the application layer, without the objects that they name.

@load ../../common/activity
@load ./message

module OTDNP3;

# Functions that want no reply (4.4).
const silent: set[count] = {
	0,
	6,
	8,
	10,
	12,
	33
};

# Functions that carry no objects.
const bare: set[count] = {
	0,
	13,
	14,
	15,
	19,
	23,
	24
};

# A response that waited for the status of its controls.
function settle(c: connection, m: Message)
	{
	m$waits = F;
	OTActivity::answer_items(c, OTActivity::side_of(c, T), m$sequence, 0,
	    m$outcomes, m$bytes);
	}

# A request; `is_orig` is its direction, as an outstation may open the connection as well.
function asked(c: connection, is_orig: bool, m: Message)
	{
	local pdu = pdu_of(m, "");
	local s = OTActivity::side_of(c, is_orig);

	if ( m$code in silent )
		{
		if ( m$code in bare || m$bytes <= 8 )
			OTActivity::once(c, is_orig, "dnp3", pdu, "ok", m$bytes);

		return;
		}

	m$open = OTActivity::ask_with(c, s, vector(OTActivity::point_of(s, "dnp3",
	    pdu)), vector(pdu), m$sequence, 0, m$bytes, m$code in bare
	    || m$bytes <= 8);
	}

# A response without what it says; `is_orig` is its direction.
function answered(c: connection, is_orig: bool, m: Message, first: bool,
    iin: count)
	{
	local outcome = outcome_of(iin);
	local s = OTActivity::side_of(c, ! is_orig);

	if ( m$code == 130 )
		{
		# One with objects is counted object by object; this has room for none.
		if ( m$bytes <= 10 )
			OTActivity::once(c, is_orig, "dnp3", pdu_of(m, ""), "ok", m$bytes, T);

		return;
		}

	# Parts of one response that follow its first answer nothing by themselves.
	if ( ! OTActivity::answer(c, s, m$sequence, 0, outcome, m$bytes) && first )
		OTActivity::once(c, is_orig, "dnp3", pdu_of(m, ""), outcome, m$bytes, T);
	}

event dnp3_header_block(c: connection, is_orig: bool, len: count, ctrl: count,
    dest_addr: count, src_addr: count)
	{
	local m = message(c, is_orig);

	if ( c$ot_dnp3$response$waits )
		settle(c, c$ot_dnp3$response);

	# The bit DIR is set in what a master sends, whoever opened the connection.
	m$unit = ctrl & 0x80 != 0 ? cat(src_addr, "-", dest_addr) : cat(dest_addr, "-",
	    src_addr);
	m$bytes = len;
	}

event dnp3_application_request_header(c: connection, is_orig: bool,
    application: count, fc: count)
	{
	local m = message(c, is_orig);
	start(m, application, fc);

	if ( fc < 0x80 )
		asked(c, is_orig, m);
	else
		{
		# An outstation that opened the connection: the analyzer reads it as a request.
		m$lost = T;
		if ( fc == 130 )
			OTActivity::once(c, is_orig, "dnp3", pdu_of(m, ""), "ok", m$bytes, T);
		else
			answered(c, is_orig, m, application & 0x80 != 0, 0);
		}
	}

event dnp3_application_response_header(c: connection, is_orig: bool,
    application: count, fc: count, iin: count)
	{
	local m = message(c, is_orig);
	start(m, application, fc);

	if ( fc < 0x80 )
		{
		m$lost = T;
		asked(c, is_orig, m);
		return;
		}

	local asked_for = c$ot_dnp3$request;

	# Controls come back with their status, one by one.
	if ( fc == 129
	    && asked_for$controls
	    && asked_for$sequence == m$sequence
	    && outcome_of(iin) == "ok" )
		{
		m$waits = T;
		return;
		}

	answered(c, is_orig, m, application & 0x80 != 0, iin);
	}
