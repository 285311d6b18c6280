##! The objects that a message names, one by one: ranges of points, classes, controls with their
##! parameters.

@load ../../common/activity
@load ./exchange

module OTDNP3;

export {
	## Objects of one request that are told apart; those that follow are not counted.
	option max_objects: count = 100;
}

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
