# @TEST-DOC: The file is replaced while Zeek runs: what was a notice is none any more, and the other way round.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/allowlist list 10.10.10.5
# @TEST-EXEC: zeek %INPUT > told
# @TEST-EXEC: btest-diff told
# @TEST-EXEC: zeek-cut change origin client server service operation object < ot_allowlist.log > changes
# @TEST-EXEC: btest-diff changes
# @TEST-EXEC: zeek-cut msg < notice.log > notices
# @TEST-EXEC: btest-diff notices

@load detections/allowlist

redef OTDetect::allowlist_file = "list";
redef OTDetect::enforce_allowlist = T;
redef OTDetect::suppress_for = 0sec;
redef exit_only_after_terminate = T;

global reads = 0;

function act(client: string)
	{
	hook OTActivity::acted(OTActivity::Act($client=client, $server="10.10.20.10",
	    $service="modbus", $pdu=OTActivity::PDU($operation="write_single_register",
	    $action="write", $object="holding_register:1"), $outcome="requested"));
	}

# The operator station, then the engineer. Each is told once.
event Input::end_of_data(name: string, source: string) &priority=-5
	{
	++reads;
	print "read", reads;
	act(reads == 1 ? "10.10.10.5" : "10.10.10.6");
	act(reads == 1 ? "10.10.10.6" : "10.10.10.5");

	if ( reads == 1 )
		# As `gaugeglass sensor allowlist` does: whole or not at all.
		system("sh $PACKAGE/../tests/zeek/scripts/allowlist new 10.10.10.6 && mv new list");
	else
		terminate();
	}

event give_up()
	{
	if ( reads < 2 )
		{
		print "not read again";
		terminate();
		}
	}

event zeek_init()
	{
	schedule 60sec { give_up() };
	}
