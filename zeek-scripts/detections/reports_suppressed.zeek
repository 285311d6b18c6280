##! A device is told to report no more by itself, or its alarms are silenced.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## Unsolicited reports or communication were switched off.
		Reports_Suppressed,
		## Alarms were locked.
		Alarms_Suppressed,
	};

	## A DNP3 master switches unsolicited reports off when it starts, reads everything, and
	## switches them on again: a notice is raised when that doesn't follow within this time.
	option enabled_again: interval = 30sec;

	## Devices that wait to be enabled again.
	option max_suppressed: count = 10000;
}

# By client, server, service and unit.
global suppressed: table[string, string, string, string] of OTActivity::Act
    &create_expire=1hr;

event OTDetect::still_suppressed(client: string, server: string,
    service: string, unit: string)
	{
	if ( [client, server, service, unit] !in suppressed )
		return;

	tell(Reports_Suppressed, suppressed[client, server, service, unit],
	    "switched off the reports of", vector("T1691.002", "T0878"));
	delete suppressed[client, server, service, unit];
	}

hook OTActivity::acted(a: OTActivity::Act)
	{
	local o = a$pdu$operation;

	if ( o == "enable_unsolicited" )
		{
		delete suppressed[a$client, a$server, a$service, a$pdu$unit];
		return;
		}

	if ( a$pdu$action != "suppress" || a$pdu$object == "enable" || /ack/ in o )
		return;

	if ( /alarm/ in o )
		{
		tell(Alarms_Suppressed, a, "locked alarms of", vector("T0878"));
		return;
		}

	if ( o != "disable_unsolicited" || |suppressed| >= max_suppressed )
		{
		tell(Reports_Suppressed, a, "switched off the reports of", vector("T1691.002",
		    "T0878"));
		return;
		}

	if ( [a$client, a$server, a$service, a$pdu$unit] in suppressed )
		return;

	suppressed[a$client, a$server, a$service, a$pdu$unit] = a;
	schedule enabled_again { OTDetect::still_suppressed(a$client, a$server,
	    a$service, a$pdu$unit) };
	}

# A capture may end before the time is over.
event zeek_done()
	{
	for ( [client, server, service, unit], a in suppressed )
		tell(Reports_Suppressed, a, "switched off the reports of", vector("T1691.002",
		    "T0878"));
	}
