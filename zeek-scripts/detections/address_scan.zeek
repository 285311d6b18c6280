##! A host knocks at ports of many hosts, those of industrial protocols above all, and hardly
##! anybody opens.

@load base/frameworks/notice
@load base/utils/site
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A host tried to reach ports of industrial protocols on several hosts, in vain.
		Address_Scan,
	};

	## Ports of industrial protocols.
	option scanned_ports: set[port] = {
		102/tcp,
		502/tcp,
		789/tcp,
		1502/udp,
		1911/tcp,
		1962/tcp,
		2222/udp,
		2404/tcp,
		2455/tcp,
		4840/tcp,
		4911/tcp,
		5006/tcp,
		5007/tcp,
		5094/tcp,
		9600/tcp,
		9600/udp,
		18245/tcp,
		20000/tcp,
		20547/tcp,
		44818/tcp,
		44818/udp,
		47808/udp,
		48898/tcp
	};

	## Different hosts and ports that didn't answer one host.
	option address_scan_threshold: count = 6;

	## The same for ports of anything else: devices off and services gone are knocked at for years.
	option other_scan_threshold: count = 25;

	## Within this time.
	option address_scan_window: interval = 5min;

	## Hosts that are watched.
	option max_scanners: count = 10000;
}

# By host and whether the ports are of industrial protocols.
global knocked: table[addr, bool] of set[addr, port]
    &create_expire=address_scan_window;

function knock(c: connection)
	{
	local who = c$id$orig_h;
	local ot = c$id$resp_p in scanned_ports;

	if ( ( |known_tools| > 0 && who in known_tools )
	    || was_told(Address_Scan, cat(who)) )
		return;

	if ( [who, ot] !in knocked )
		{
		if ( |knocked| >= max_scanners )
			clear_table(knocked);

		knocked[who, ot] = set();
		}

	add knocked[who, ot][c$id$resp_h, c$id$resp_p];

	local n = |knocked[who, ot]|;

	if ( n < ( ot ? address_scan_threshold : other_scan_threshold ) )
		return;

	raise(Notice::Info($note=Address_Scan, $conn=c, $identifier=cat(who),
	    $ot_techniques=vector("T0846.001", "T0846"), $msg=fmt(
	    "%s knocked at %d ports%s that didn't open", who, n, ot ?
	    " of industrial protocols" : "")));
	delete knocked[who, ot];
	}

event connection_attempt(c: connection)
	{
	knock(c);
	}

event connection_rejected(c: connection)
	{
	knock(c);
	}
