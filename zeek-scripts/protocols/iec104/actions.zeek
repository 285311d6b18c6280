##! What a type of ASDU amounts to, in the vocabulary of activities.

@load ./names

module OTIec104;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_IEC104 )
function is_command(type_id: count): bool
	{
	return ( type_id >= 45 && type_id <= 51 )
	    || ( type_id >= 58 && type_id <= 64 );
	}

function is_report(type_id: count): bool
	{
	return type_id <= 40 || type_id == 70;
	}

function action_of(type_id: count): string
	{
	if ( type_id !in types )
		return "other";

	if ( is_report(type_id) )
		return "report";

	if ( is_command(type_id) )
		return "command";

	if ( type_id <= 102 )
		return "read";

	if ( type_id == 105 )
		return "restart";

	if ( type_id == 103 || type_id == 106 )
		return "time";

	if ( type_id <= 107 )
		return "diagnose";

	return type_id < 120 ? "write" : "file";
	}

@endif
