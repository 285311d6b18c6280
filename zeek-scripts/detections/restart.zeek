##! A device is told to restart or to forget its settings.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A device was told to restart.
		Device_Restarted,
		## A device was told to go back to factory settings.
		Device_Reset,
	};
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action == "restart"
	    || a$pdu$object == "restart_communications_option" )
		{
		if ( /factory|reset_to/ in a$pdu$operation
		    || /factory|reset_to/ in a$pdu$object )
			tell(Device_Reset, a, "reset to factory settings", vector("T0809", "T0816"));
		else
			tell(Device_Restarted, a, "restarted", vector("T0816"));
		}
	}
