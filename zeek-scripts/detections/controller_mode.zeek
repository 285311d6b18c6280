##! A controller is stopped, started or put into another operating mode.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A controller was told to stop: it no longer executes its program.
		Controller_Stopped,
		## A controller was told to start.
		Controller_Started,
		## A controller was told to change into another mode.
		Controller_Mode_Changed,
	};

	## Operations and objects that stop.
	option stopping: pattern = /stop|halt|shutdown|program_mode/;

	## Operations and objects that start.
	option starting: pattern = /start|run/;
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action != "mode" )
		return;

	local words = cat(a$pdu$operation, " ", a$pdu$object);

	if ( stopping in words )
		tell(Controller_Stopped, a, "stopped the controller", vector("T0858",
		    "T0816"));
	else if ( starting in words )
		tell(Controller_Started, a, "started the controller", vector("T0858"));
	else
		tell(Controller_Mode_Changed, a, "changed the mode of the controller", vector(
		    "T0858"));
	}
