##! A host asks around who is there: identities of several devices, or ranges of device numbers.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## One host asked several devices what they are.
		Device_Scan,
		## One host looked for devices range by range.
		Device_Search,
	};

	## Devices that one host asks what they are, or which points they have.
	option device_scan_threshold: count = 4;

	## Ranges of device numbers that one host looks through.
	option device_search_threshold: count = 5;

	## Within this time.
	option device_scan_window: interval = 10min;
}

type Looked: record {
	devices: set[string];
	ranges: set[string];
};

global looked: table[string] of Looked &create_expire=device_scan_window;

hook OTActivity::acted(a: OTActivity::Act)
	{
	local pdu = a$pdu;

	if ( ( pdu$action != "identify" && pdu$action != "discover" )
	    || is_known_tool(a$client) )
		return;

	if ( a$client !in looked )
		{
		if ( |looked| >= max_watched )
			clear_table(looked);

		looked[a$client] = Looked($devices=set(), $ranges=set());
		}

	local l = looked[a$client];

	# A building's operator station asks for one device at a time.
	if ( pdu$operation == "who_is" || pdu$operation == "who_has" )
		{
		local ends = split_string(pdu$object, /[:-]/);

		if ( |ends| == 3
		    && ends[1] != ends[2]
		    && |l$ranges| < device_search_threshold )
			add l$ranges[pdu$object];

		if ( |l$ranges| >= device_search_threshold )
			tell(Device_Search, a, "looked range by range for devices at", vector(
			    "T0846.002", "T0846"));
		}
	else
		{
		if ( |l$devices| < device_scan_threshold )
			add l$devices[a$server];

		if ( |l$devices| >= device_scan_threshold )
			tell_of_client(Device_Scan, a, "asked one device after the other what it is, such as",
			    vector("T0888", "T0846"));
		}
	}
