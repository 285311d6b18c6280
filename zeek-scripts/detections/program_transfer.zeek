##! A controller's program is downloaded to it, changed, deleted or copied out of it.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A program was sent to a controller.
		Program_Downloaded,
		## A program in a controller was edited or added to.
		Program_Changed,
		## Program blocks in a controller were deleted.
		Program_Deleted,
		## A program was copied out of a controller.
		Program_Uploaded,
	};

	## Operations that carry reads and programs alike, and so don't tell of a transfer.
	option program_carriers: set[string] = {
		"umas",
		"poll_484",
		"poll_584_984"
	};
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action != "program" || a$pdu$operation in program_carriers )
		return;

	local o = a$pdu$operation;

	if ( /upload|read|compare|retrieve|backup|get_|^store_/ in o )
		tell(Program_Uploaded, a, "copied the program out of", vector("T0845"));
	else if ( /delete|erase|clear|reset/ in o )
		tell(Program_Deleted, a, "deleted program blocks in", vector("T0809",
		    "T0889"));
	else if ( /online|edit/ in o )
		tell(Program_Changed, a, "edited the running program of", vector("T0843.002",
		    "T0889"));
	else if ( /append|insert/ in o )
		tell(Program_Changed, a, "added program blocks to", vector("T0843.003",
		    "T0889"));
	else
		tell(Program_Downloaded, a, "downloaded a program to", vector("T0843",
		    "T0889"));
	}
