##! One message that changes many devices at once: a write, command or restart sent to all.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## Something that changes devices was sent to all of them.
		Control_Broadcast,
	};

	## Units that mean all, by service: Modbus over serial line, DNP3's three broadcast addresses
	## behind the master's, the global common address of IEC 104.
	option units_of_all: table[string] of pattern = {
		["modbus"] = /^0$/,
		["dnp3"] = /^[0-9]+-6553[345]$/,
		["iec104"] = /^65535$/,
	};

	## Operations that are meant to be sent to all.
	option meant_for_all: set[string] = {
		"c_cs_na_1",
		"c_ic_na_1",
	};

	## Many servers of Modbus/TCP call themselves unit 0. Behind a gateway to a serial line it is
	## the broadcast address: switch this off there.
	option modbus_unit_zero_is_device: bool = T;
}

function to_all(a: OTActivity::Act): bool
	{
	if ( a$server == "255.255.255.255" || a$server == "ff:ff:ff:ff:ff:ff" )
		return T;

	if ( a$service == "modbus" && modbus_unit_zero_is_device )
		return F;

	return a$service in units_of_all && units_of_all[a$service] == a$pdu$unit;
	}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action in OTActivity::state_changing
	    && a$pdu$operation !in meant_for_all
	    && to_all(a) )
		tell(Control_Broadcast, a, "sent to all devices at", vector("T1692.001"));
	}
