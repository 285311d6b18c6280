##! A device is told to delete a file.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A device was told to delete a file.
		File_Deleted,
	};
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action == "file" && /delete|erase/ in a$pdu$operation )
		tell(File_Deleted, a, "deleted a file of", vector("T0809", "T0872"));
	}
