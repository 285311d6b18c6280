##! Acknowledgments of jobs, with an outcome for each item.

@load ../../common/activity
@load ./connection
@load ./names

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

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

@endif
