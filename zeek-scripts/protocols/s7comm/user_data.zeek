##! User data: programmer functions, system status lists, blocks, clocks, passwords.

@load ../../common/activity
@load ./actions
@load ./connection
@load ./names
@load ./replies

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

# What user data asks for, as objects.
function subjects(st: State, operation: string, sequence: count,
    subject: string, list_: string): vector of string
	{
	if ( list_ in st$lists )
		return st$lists[list_];

	switch ( operation )
		{
		case "read_szl":
			# The next part of a list is asked for by the sequence number of the first.
			st$status = subject == "" && sequence in st$parts ? st$parts[sequence] :
			    subject;
			return vector(st$status);
		case "list_blocks_of_type":
			return vector(subject[0:2] in blocks ? blocks[subject[0:2]] : subject);
		case "get_block_info":
			return vector(block_name(subject));
		}

	return vector("");
	}

event OTS7comm::user_data(c: connection, is_orig: bool, reference: count,
    group: count, code: count, sequence: count, more: count, error: count,
    result_code: count, subject: string, list_: string, size: count)
	{
	local kind = group / 16;
	local area = group % 16;
	local st = ours(c, kind == 4 ? is_orig : ! is_orig);
	local s = OTActivity::side_of(c, st$client_is_orig);

	if ( kind == 8 )
		{
		local outcome = error != 0 ? "parameter_error" : return_name(result_code);

		if ( group == 0x84 && code == 1 && more != 0 )
			st$parts[sequence] = st$status;

		OTActivity::answer(c, s, reference, USER_DATA, outcome, size);
		return;
		}

	local operation = [area, code] in user_functions ? user_functions[area, code] :
	    fmt("%s_0x%02x", area in groups ? groups[area] : "unknown", code);

	if ( kind != 4 )
		{
		OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=operation,
		    $action="report"), "ok", size, is_orig !=
		    st$client_is_orig);
		return;
		}

	local pdus: vector of OTActivity::PDU;

	for ( i, object in subjects(st, operation, sequence, subject, list_) )
		pdus += OTActivity::PDU($operation=operation, $action=user_action(area,
		    operation, object), $object=object);

	ask_all(c, st, pdus, reference, USER_DATA, size);
	}

event OTS7comm::other(c: connection, is_orig: bool, kind: count, size: count)
	{
	local st = ours(c, is_orig);
	OTActivity::once(c, is_orig, SERVICE, OTActivity::PDU($operation=fmt(
	    "rosctr_%d", kind), $action="other"), "ok", size, is_orig !=
	    st$client_is_orig);
	}

@endif
