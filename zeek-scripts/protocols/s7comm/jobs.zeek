##! Other jobs: program invocation services, uploads and downloads.

@load ../../common/activity
@load ./actions
@load ./connection
@load ./names

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

const START_UPLOAD = 0x1d;

# The blocks in the arguments of a program invocation that names some.
function blocks_of(arguments: string): vector of string
	{
	local found: vector of string;

	if ( |arguments| > 2 )
		{
		local n = bytestring_to_count(arguments[0:1]);
		local at = 2;

		while ( n > 0 && at + 8 <= |arguments| )
			{
			found += block_name(arguments[at : at + 8]);
			at += 8;
			--n;
			}
		}

	if ( |found| == 0 )
		found += "";

	return found;
	}

# The name of a program invocation service, for those that have none of ours.
function service_name(name: string): string
	{
	if ( name in services )
		return services[name];

	local short = to_lower(gsub(name, /[^A-Za-z0-9]+/, ""));
	return short == "" ? "plc_control" : cat("plc_control_", short);
	}

event OTS7comm::job(c: connection, is_orig: bool, reference: count, code: count,
    name: string, arguments: string, id: count, size: count)
	{
	local st = ours(c, is_orig);
	local operation = code in functions ? functions[code] : fmt("function_0x%02x",
	    code);
	local objects = vector("");

	if ( code == 0x28 )
		{
		operation = service_name(name);

		if ( operation == "plc_control_insert_block"
		    || operation == "plc_control_delete_block" )
			objects = blocks_of(arguments);
		else if ( starts_with(operation, "plc_control_nf") )
			objects[0] = gsub(arguments, /[^ -~]+/, "");
		}
	else if ( code >= 0x1a && code <= 0x1f )
		{
		if ( name != "" )
			st$block = block_name(name);
		else if ( id in st$uploads )
			st$block = st$uploads[id];

		if ( code == START_UPLOAD )
			st$upload_asked = st$block;
		else if ( code == 0x1f )
			delete st$uploads[id];

		objects[0] = st$block;
		}

	local pdus: vector of OTActivity::PDU;

	for ( i, object in objects )
		pdus += OTActivity::PDU($operation=operation, $action=job_action(operation),
		    $object=object);

	ask_all(c, st, pdus, reference, is_orig == st$client_is_orig ? JOB :
	    FROM_SERVER, size);
	}

@endif
