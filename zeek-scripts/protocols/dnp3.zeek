##! DNP3 (IEEE 1815-2012): every function with the objects that it names, controls with their
##! parameters, internal indications, device attributes and files.
##!
##! The unit is the pair of link addresses, master first. An analog output's value is not in the
##! events of Zeek's analyzer: its index is, from the outstation's echo.
##!
##! What Zeek's analyzer doesn't tell, no script can: it loses the frame that follows a frame of
##! the link layer alone in the same direction, and after a message whose data it can't make out
##! (data sets, packed outputs that are written) it reads no more of the session.

@load ../common/activity
@load ../common/identity
@load ../common/keep_analyzer

module OTDNP3;

export {
	## What a function amounts to; those that are missing are ``other``.
	option actions: table[string] of string = {
		["read"] = "read",
		["write"] = "write",
		["select"] = "command",
		["operate"] = "command",
		["direct_operate"] = "command",
		["direct_operate_nr"] = "command",
		["immed_freeze"] = "command",
		["immed_freeze_nr"] = "command",
		["freeze_clear"] = "command",
		["freeze_clear_nr"] = "command",
		["freeze_at_time"] = "command",
		["freeze_at_time_nr"] = "command",
		["cold_restart"] = "restart",
		["warm_restart"] = "restart",
		["initialize_data"] = "mode",
		["initialize_appl"] = "mode",
		["start_appl"] = "mode",
		["stop_appl"] = "mode",
		["save_config"] = "program",
		["activate_config"] = "program",
		["disable_unsolicited"] = "suppress",
		["delay_measure"] = "time",
		["record_current_time"] = "time",
		["open_file"] = "file",
		["close_file"] = "file",
		["delete_file"] = "file",
		["get_file_info"] = "file",
		["abort_file"] = "file",
		["authenticate_file"] = "authenticate",
		["authenticate_req"] = "authenticate",
		["authenticate_req_nr"] = "authenticate",
		["authenticate_resp"] = "authenticate",
		["response"] = "report",
		["unsolicited_response"] = "report",
	};

	## Objects of one request that are told apart; those that follow are not counted.
	option max_objects: count = 100;
}

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

# What the second octet of the internal indications says is wrong, the gravest first (table 4-8).
const faults: vector of count = {
	1,
	2,
	4,
	16,
	32
};
const fault_names: vector of string = {
	"function_not_supported",
	"object_unknown",
	"parameter_error",
	"already_executing",
	"config_corrupt",
};

# Status of a control (table 4-15).
const control_status: table[count] of string = {
	[0] = "ok",
	[1] = "timeout",
	[2] = "no_select",
	[3] = "format_error",
	[4] = "not_supported",
	[5] = "already_active",
	[6] = "hardware_error",
	[7] = "local",
	[8] = "too_many_objs",
	[9] = "not_authorized",
	[10] = "automation_inhibit",
	[11] = "processing_limited",
	[12] = "out_of_range",
	[126] = "non_participating",
	[127] = "undefined",
};

# Requests that bring data after each object's header.
const writing: set[count] = {
	2,
	3,
	4,
	5,
	6
};

# Groups whose data the analyzer reads in a request; it takes that of others for more headers.
const told: set[count] = {
	12,
	50,
	51,
	52,
	70,
	80,
	120
};

# The length that a link frame states whose response carries no objects: 5 octets of the link
# layer, 1 of transport, 4 of the response's header.
const empty_response: count = 10;

# Groups of strings: their variation is how long they are.
const strings: set[count] = {
	110,
	112
};

# The qualifiers that objects are reached by: a range of indices, everything, a number of objects
# with or without their index, and one with their size. Ranges of virtual addresses are reserved.
const qualifiers: set[count] = {
	0x00,
	0x01,
	0x02,
	0x06,
	0x07,
	0x08,
	0x09,
	0x17,
	0x18,
	0x19,
	0x27,
	0x28,
	0x29,
	0x37,
	0x38,
	0x39,
	0x4b,
	0x5b,
	0x6b
};

# Device attributes that say what an outstation is, by variation of group 0.
const identification: table[count] of string = {
	[242] = "firmware",
	[243] = "hardware",
	[245] = "location",
	[246] = "name",
	[247] = "name",
	[248] = "serial",
	[250] = "model",
	[252] = "vendor",
};

# The message of one direction that is being read, and what has come of it so far.
type Message: record {
	# Link addresses, the master's first.
	unit: string &default="";
	# Bytes of the link frame that it starts in.
	bytes: count &default=0;
	# The function code and its name.
	code: count &default=0;
	operation: string &default="";
	# The sequence number of the application layer.
	sequence: count &default=0;
	# Group and variation of the header that is being read, and its qualifier.
	group: count &default=0;
	variation: count &default=0;
	qualifier: count &default=0;
	# The prefix of the point that is being read: its index.
	index: count &default=0;
	# The rest of the message can't be read.
	lost: bool &default=F;
	# Objects that it has named so far.
	objects: count &default=0;
	# The request that it opened, and whether that is for controls with a status each.
	open: OTActivity::Pending &optional;
	controls: bool &default=F;
	# How controls ended, in a response; it waits for all of them.
	waits: bool &default=F;
	outcomes: vector of string &default=vector();
};

type State: record {
	request: Message;
	response: Message;
};

redef record connection += {
	ot_dnp3: State &optional;
};

function message(c: connection, is_orig: bool): Message
	{
	if ( ! c?$ot_dnp3 )
		c$ot_dnp3 = State($request=Message(), $response=Message());

	return is_orig ? c$ot_dnp3$request : c$ot_dnp3$response;
	}

function name_of(code: count): string
	{
	return gsub(to_lower(DNP3::function_codes[code]), /-/, "_");
	}

function outcome_of(iin: count): string
	{
	for ( i, bit in faults )
		if ( iin & bit != 0 )
			return fault_names[i];

	return "ok";
	}

function pdu_of(m: Message, object: string): OTActivity::PDU
	{
	local action = m$operation in actions ? actions[m$operation] : "other";

	if ( m$code == 1 && starts_with(object, "device_attribute") )
		action = "identify";

	return OTActivity::PDU($operation=m$operation, $action=action, $object=object,
	    $unit=m$unit);
	}

# One more object of a message: the first takes the place of the message as such.
function add_object(c: connection, is_orig: bool, m: Message,
    pdu: OTActivity::PDU)
	{
	++m$objects;

	if ( ! m?$open )
		{
		OTActivity::once(c, is_orig, "dnp3", pdu, "ok", m$objects == 1 ? m$bytes : 0,
		    m$code == 130);
		return;
		}

	local s = OTActivity::side_of(c, is_orig);
	local p = OTActivity::point_of(s, "dnp3", pdu);

	if ( m$objects == 1 )
		{
		m$open$points = vector(p);
		m$open$pdus = vector(pdu);
		}
	else
		{
		m$open$points += p;
		m$open$pdus += pdu;
		}

	if ( p$heard )
		OTActivity::tell_acted(c, s, "dnp3", pdu, "requested");
	}

# A response that waited for the status of its controls.
function settle(c: connection, m: Message)
	{
	m$waits = F;
	OTActivity::answer_items(c, OTActivity::side_of(c, T), m$sequence, 0,
	    m$outcomes, m$bytes);
	}

function start(m: Message, application: count, code: count)
	{
	m$code = code;
	m$operation = name_of(code);
	m$sequence = application & 0x0f;
	m$lost = F;
	m$objects = 0;
	m$controls = F;
	m$outcomes = vector();
	delete m$open;
	m$group = 0;
	m$variation = 0;
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

event dnp3_object_header(c: connection, is_orig: bool, obj_type: count,
    qua_field: count, number: count, rf_low: count, rf_high: count)
	{
	local m = message(c, is_orig);

	if ( m$lost || m$objects >= max_objects )
		return;

	m$group = obj_type / 256;
	m$variation = obj_type % 256;
	m$qualifier = qua_field;

	# What a response brings is what was asked for.
	if ( ! is_orig && m$code != 130 )
		return;

	local object: string;

	if ( qua_field !in qualifiers )
		{
		# How much follows, and what, nobody can know.
		object = cat("g", m$group, "v", m$variation);
		m$lost = T;
		}
	else if ( m$group == 60 && m$variation > 0 )
		object = cat("class_", m$variation - 1);
	else if ( m$group == 0 )
		object = cat("device_attribute.", m$variation);
	else if ( m$group == 12
	    && m$variation == 1
	    && qua_field & 0xf0 != 0
	    && is_orig )
		# Point by point, below.
		return;
	else if ( qua_field & 0x0f <= 2 && rf_high >= rf_low )
		object = cat("g", m$group, "v", m$variation, ":", rf_low, "-", rf_high);
	else if ( m$group == 41 )
		object = "analog_output";
	else
		object = cat("g", m$group, "v", m$variation);

	add_object(c, is_orig, m, pdu_of(m, object));

	# Strings of no length have no data.
	if ( is_orig
	    && number > 0
	    && m$code in writing
	    && m$group !in told
	    && ! ( m$group in strings && m$variation == 0 && qua_field & 0xf0 == 0 ) )
		m$lost = T;
	}

event dnp3_object_prefix(c: connection, is_orig: bool, prefix_value: count)
	{
	message(c, is_orig)$index = prefix_value;
	}

event dnp3_crob(c: connection, is_orig: bool, control_code: count,
    count8: count, on_time: count, off_time: count, status_code: count)
	{
	local m = message(c, is_orig);

	if ( is_orig )
		{
		# Without a prefix there is no index: the header has named the range.
		if ( m$lost || m$objects >= max_objects || m$qualifier & 0xf0 == 0 )
			return;

		local pdu = pdu_of(m, cat("crob:", m$index));
		pdu$value_min = control_code + 0.0;
		pdu$value_max = control_code + 0.0;
		m$controls = T;
		add_object(c, T, m, pdu);
		return;
		}

	if ( ! m$waits )
		return;

	m$outcomes += status_code in control_status ? control_status[status_code] :
	    cat("status_", status_code);

	if ( |m$outcomes| == c$ot_dnp3$request$objects )
		settle(c, m);
	}

event dnp3_attribute_common(c: connection, is_orig: bool, data_type_code: count,
    leng: count, attribute_obj: string)
	{
	local m = message(c, is_orig);

	# Type 1 is text.
	if ( ! is_orig
	    && m$group == 0
	    && data_type_code == 1
	    && m$variation in identification
	    && attribute_obj != "" )
		OTIdentity::claim(cat(c$id$resp_h), identification[m$variation],
		    attribute_obj, "dnp3", c$uid);
	}
