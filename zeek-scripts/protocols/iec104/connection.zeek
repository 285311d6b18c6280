##! What is known of a connection: which side controls, and the commands that are on their way.

@load ../../common/activity
@load ./analyzer

module OTIec104;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_IEC104 )

const SERVICE = "iec104";

# A command that has not been confirmed.
type Asked: record {
	# Part of its tag.
	serial: count;
	# When it was sent.
	ts: time;
};

type State: record {
	# Whether the originator controls.
	client_is_orig: bool;
	# Points that are reported: by type, common address and object.
	reported: table[count, count, string] of OTActivity::Point &default=table();
	# Commands to every station that no station has confirmed yet, by type and object.
	broadcasts: set[count, string] &default=set();
	# Whether single objects were asked for.
	reads: bool &default=F;
	# Commands on their way, in order, by what identifies them: the same one may be sent again
	# before it is confirmed.
	open: table[string] of vector of Asked &default=table();
	# Tells them apart.
	serial: count &default=0;
};

redef record connection += {
	ot_iec104: State &optional;
};

function state_of(c: connection, orig_controls: bool): State
	{
	if ( ! c?$ot_iec104 )
		{
		if ( c$id$resp_p in ports )
			orig_controls = T;
		else if ( c$id$orig_p in ports )
			orig_controls = F;

		c$ot_iec104 = State($client_is_orig=orig_controls);
		}

	return c$ot_iec104;
	}

# The tag of a command that is sent now.
function ask(st: State, key: string): string
	{
	if ( key !in st$open )
		{
		if ( |st$open| >= OTActivity::max_points )
			st$open = table();

		st$open[key] = vector();
		}

	++st$serial;

	if ( |st$open[key]| < OTActivity::max_pending )
		st$open[key] += Asked($serial=st$serial, $ts=network_time());

	return fmt("%s %d", key, st$serial);
	}

# The tag of the command that is confirmed now.
function answer(st: State, key: string): string
	{
	if ( key !in st$open )
		return key;

	local waiting = st$open[key];
	local tag = key;
	local next_one = 0;

	for ( i, asked in waiting )
		{
		next_one = i + 1;

		if ( network_time() - asked$ts < OTActivity::reply_timeout )
			{
			tag = fmt("%s %d", key, asked$serial);
			break;
			}
		}

	if ( next_one >= |waiting| )
		delete st$open[key];
	else
		st$open[key] = waiting[next_one:];

	return tag;
	}

@endif
