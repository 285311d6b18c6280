##! What a server reports unasked.

@load ../../common/activity
@load ./connection
@load ./errors
@load ./replies

module OTMMS;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

event OTMMS::unconfirmed(c: connection, is_orig: bool, id: count, excuses: bool,
    cause: count, size: count)
	{
	local st = ours(c, ! is_orig);

	if ( id !in st$asked )
		return;

	local what = st$asked[id];
	local s = OTActivity::side_of(c, ! is_orig);
	local outcome = excuses ? cause_name(cause) : "ok";

	if ( |what$pdus| == 1 )
		{
		OTActivity::add_event(s, point_of(s, id, what), outcome, network_time(), 0,
		    size);
		return;
		}

	for ( i, p in points_of(s, id, what) )
		OTActivity::add_event(s, p, outcome, network_time(), 0, i == 0 ? size : 0);
	}

event OTMMS::unconfirmed_with(c: connection, is_orig: bool, id: count,
    codes: string, which: vector of count, values: vector of double,
    size: count)
	{
	local st = ours(c, ! is_orig);

	if ( id !in st$asked )
		return;

	local what = st$asked[id];
	local s = OTActivity::side_of(c, ! is_orig);
	local outcomes = outcomes_of(codes);

	# A list with a name is one object, whatever is in it.
	if ( |what$pdus| == 1 )
		{
		OTActivity::add_event(s, point_of(s, id, what), first_failure(outcomes),
		    network_time(), 0, size, |which| == 1 && |codes| == 0 ?
		    OTActivity::Values($value_min=values[0],
		    $value_max=values[0]) : OTActivity::no_values);
		return;
		}

	local points = points_of(s, id, what);
	local each = values_of(which, values, |points|);

	for ( i, p in points )
		OTActivity::add_event(s, p, i < |outcomes| ? outcomes[i] : "ok",
		    network_time(), 0, i == 0 ? size : 0, i < |each| ? each[i] :
		    OTActivity::no_values);
	}

@endif
