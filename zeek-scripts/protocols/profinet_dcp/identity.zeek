##! What a station says of itself in answers and when it joins.

@load ../../common/identity
@load ./names

module OTProfinet;

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

# Vendor ids of PROFIBUS & PROFINET International.
const vendors: table[count] of string = {
	[0x002a] = "Siemens",
	[0x00b0] = "Phoenix Contact",
	[0x011e] = "Hilscher",
};

const roles: table[count] of string = {
	[1] = "profinet_device",
	[2] = "profinet_controller",
	[4] = "profinet_multidevice",
	[8] = "profinet_supervisor",
};

function address(data: string, at: count): string
	{
	return cat(count_to_v4_addr(bytestring_to_count(data[at : at + 4])));
	}

# Names are padded by some.
function tidy(name: string): string
	{
	return strip(gsub(name, /\x00+/, " "));
	}

function claims(mac: string, options: vector of count, data: vector of string)
	{
	for ( i, o in options )
		{
		local d = data[i];

		if ( o == NAME_OF_STATION && tidy(d) != "" )
			OTIdentity::claim(mac, "name", tidy(d), "profinet_dcp");

		else if ( o == TYPE_OF_STATION && tidy(d) != "" )
			OTIdentity::claim(mac, "model", tidy(d), "profinet_dcp");

		else if ( o == DEVICE_ID && |d| >= 4 )
			{
			local vendor = bytestring_to_count(d[0:2]);
			OTIdentity::claim(mac, "vendor", vendor in vendors ? vendors[vendor] : fmt(
			    "profinet_vendor_0x%04x", vendor), "profinet_dcp");
			OTIdentity::claim(mac, "product_code", fmt("0x%04x", bytestring_to_count(d[2:
			    4])), "profinet_dcp");
			}

		else if ( o == DEVICE_ROLE && |d| >= 1 )
			{
			local bits = bytestring_to_count(d[0]);
			for ( bit, role in roles )
				if ( bits % ( 2 * bit ) >= bit )
					OTIdentity::claim(mac, "role_hint", role, "profinet_dcp");
			}

		else if ( ( o == IP_PARAMETER || o == IP_SUITE ) && |d| >= 4 )
			{
			local ip = address(d, 0);
			if ( ip != "0.0.0.0" )
				{
				OTIdentity::claim(mac, "ip", ip, "profinet_dcp");
				OTIdentity::claim(ip, "mac", mac, "profinet_dcp");
				}
			}
		}
	}

@endif
