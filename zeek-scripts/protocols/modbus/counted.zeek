##! Reads of coils, inputs and registers as the compiled analyzer counts them beside Zeek's own: it
##! raises an event when there is something to tell, about once an interval and connection.

@load ./polls
@load ./services

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MODBUS )
module OTModbus;

# What is read, as a number: quantity, start, unit, function, each above the one before; and above
# them that nobody answered, or that the request to a reply wasn't seen.
const no_reply = 0x1000000000000;
const unasked = 0x2000000000000;

# Too many connections to follow: scripts count the reads of those that aren't.
global is_crowded = F;

function leave_to_scripts()
	{
	is_crowded = T;
	Analyzer::disable_analyzer(Analyzer::ANALYZER_SPICY_OT_MODBUS);
	enable_event_group("OTModbus::scripts");
	Reporter::info(fmt("more than %d Modbus connections at once: scripts count the reads of later ones",
	    max_counted));
	}

# The connections that are followed, by the numbers that the analyzer gives them.
global followed: table[count] of OTActivity::Side;

function read_of(what: count): OTActivity::PDU
	{
	local code = ( what >> 40 ) & 0xff;
	local object = what & unasked == 0 ? range(addressed[code], ( what >> 16 ) &
	    0xffff, what & 0xffff) : "";
	return pdu_of(name_of(code), ( what >> 32 ) & 0xff, object);
	}

function read_point(s: OTActivity::Side, what: count): OTActivity::Point
	{
	local number = what & ~no_reply;

	if ( number in s$numbered )
		return s$numbered[number];

	return OTActivity::number_point(s, number, "modbus", read_of(number));
	}

function add_polls(polls: OTModbus::Polls)
	{
	if ( polls$side !in followed )
		return;

	if ( polls$events == 0 )
		{
		# The connection is gone, and has told all.
		delete followed[polls$side];
		return;
		}

	local s = followed[polls$side];
	local values = OTActivity::Values();

	if ( polls$low <= polls$high )
		{
		values$value_min = polls$low + 0.0;
		values$value_max = polls$high + 0.0;
		}

	OTActivity::add_events(s, read_point(s, polls$what), polls$what & no_reply == 0 ?
	    "ok" : "no_reply", polls$events, polls$up, polls$down,
	    double_to_time(polls$first), double_to_time(polls$last),
	    polls$squares, values);
	}

event OTModbus::counted(polls: OTModbus::Polls)
	{
	add_polls(polls);
	}

# When a connection is gone, the analyzer can raise no event; it looks here for what it has counted,
# and for what is not in a table, its function is called.
function take(polls: OTModbus::Polls): bool
	{
	event OTModbus::counted(polls);
	return T;
	}

global left: table[OTModbus::Polls] of bool &default=take;

# A read that ended in an error, or won't be waited for.
function add_read(c: connection, one: OTModbus::One, outcome: string)
	{
	local s = OTActivity::side_of(c, T);
	local p = read_point(s, one$what);
	OTActivity::add_event(s, p, outcome, double_to_time(one$ts), one$up, one$down);
	OTActivity::tell_refused(c, s, "modbus", p$pdu, outcome);
	}

event OTModbus::news(c: connection, number: count, polls: vector of
    OTModbus::Polls, ones: vector of OTModbus::One)
	{
	if ( number != 0 && number !in followed && ! is_crowded )
		{
		followed[number] = OTActivity::side_of(c, T);
		c$ot_modbus_counted = T;

		if ( |followed| >= max_counted )
			leave_to_scripts();
		}

	for ( i, p in polls )
		add_polls(p);

	# Scripts have told of these.
	if ( is_crowded && ! c?$ot_modbus_counted )
		return;

	for ( j, one in ones )
		{
		local headers = ModbusHeaders($tid=one$tag >> 48, $pid=0, $uid=( one$tag >>
		    8 ) & 0xff, $function_code=one$code,
		    $len=one$up + one$down - 6);

		switch ( one$kind )
			{
			case OTModbus::Kind_Refused:
				add_read(c, one, one$code == 0 ? "ok" : outcome_of(one$code & 0xff));
				break;

			case OTModbus::Kind_Unfollowed:
				add_read(c, one, "unknown");
				break;

			case OTModbus::Kind_Request:
				if ( one$code == 8 )
					ask_diagnostics(c, headers, one$what);
				else
					ask(c, headers, name_of(one$code & 0x7f), "");

				break;

			case OTModbus::Kind_Reply:
				answer(c, headers, "ok");
				break;
			}
		}
	}

event modbus_exception(c: connection, headers: ModbusHeaders, code: count)
	{
	local asked = headers$function_code & 0x7f;

	if ( is_crowded && ! c?$ot_modbus_counted )
		return;

	if ( asked == 0 || asked > 4 )
		answer(c, headers, outcome_of(code));
	}

event zeek_init()
	{
	disable_event_group("OTModbus::scripts");
	}

# On the ports where Zeek's own analyzer is.
event zeek_init() &priority=-100
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_MODBUS,
	    Analyzer::registered_ports(Analyzer::ANALYZER_MODBUS));
	}
@endif
