##! A device's firmware is sent to it or switched over.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## Firmware was transferred to a device.
		Firmware_Transferred,
	};
}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action == "firmware" )
		tell(Firmware_Transferred, a, "transferred firmware to", vector("T1693.001"));
	}
