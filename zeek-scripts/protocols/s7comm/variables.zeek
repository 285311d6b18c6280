##! Jobs that read and write variables.

@load ../../common/activity
@load ./connection

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

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

@endif
