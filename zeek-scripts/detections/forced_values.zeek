##! Values are forced past the program: the controller holds them whatever it computes.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## Values were forced, or forces were taken away.
		Values_Forced,
	};

	## Operations, or objects, that force.
	option forcing: pattern = /^(.*_)?(force|forces|force_selection|modify_variable|force_io)$|out_of_service/;
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	# A force of Modbus' first years is a write; its listen-only mode is another matter.
	if ( ( a$pdu$action == "write" || a$pdu$action == "command" )
	    && ( forcing == a$pdu$operation || forcing in a$pdu$object ) )
		tell(Values_Forced, a, "forced values in", vector("T1692.001", "T0835"));
	}
