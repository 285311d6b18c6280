##! A host that speaks industrial protocols, and the world outside the plant: it is reached from
##! there, reaches out, or sends data there; or somebody outside the plant works on it remotely.

@load base/frameworks/cluster
@load base/protocols/conn/removal-hooks
@load base/protocols/rdp
@load base/protocols/rfb
@load base/protocols/ssh
@load base/utils/site
@load ./outside

module OTDetect;

export {
	redef enum Notice::Type += {
		## A host outside ``Site::local_nets`` opened a connection to such a host.
		Plant_Reached_From_Outside,
		## Such a host opened a connection to one outside ``Site::local_nets``.
		Plant_Reaches_Outside,
		## Such a host sent much data to one outside ``Site::local_nets``.
		Data_Leaves_Plant,
		## A host outside ``plant_nets`` works remotely on such a host.
		Remote_Access,
	};

	## Ports where hosts are worked on remotely: SSH, telnet, remote desktops.
	option remote_ports: set[port] = {
		22/tcp,
		23/tcp,
		3389/tcp,
		5900/tcp,
		5901/tcp,
		5938/tcp,
	};

	## Analyzers of protocols for the same on other ports, by their names.
	option remote_analyzers: pattern = /^Analyzer::ANALYZER_(SSH|RDP|RFB|VNC)$/;

	## Hosts outside that the plant may speak with: update servers, a maker's cloud.
	option known_outside: set[subnet] = {};

	## Payload bytes on one connection that are much.
	option leaving_bytes: count = 500000;

	## Hosts that are remembered to speak industrial protocols.
	option max_ot_hosts: count = 20000;

	## A host was seen to speak an industrial protocol; told to every node of a cluster.
	##
	## host: its address.
	global ot_host: event(host: addr);
}

global ot_hosts: set[addr] &read_expire=1day;

event OTDetect::ot_host(host: addr)
	{
	if ( host in ot_hosts || |ot_hosts| >= max_ot_hosts )
		return;

	add ot_hosts[host];

	if ( ! Cluster::is_enabled() )
		return;

	if ( Cluster::local_node_type() == Cluster::MANAGER )
		Cluster::publish(Cluster::worker_topic, OTDetect::ot_host, host);
	else
		Cluster::publish(Cluster::manager_topic, OTDetect::ot_host, host);
	}

function tell_border(note: Notice::Type, c: connection, deed: string,
    techniques: vector of string)
	{
	local id = c$id;

	raise(Notice::Info($note=note, $conn=c, $identifier=cat_sep("|", "", id$orig_h,
	    id$resp_h), $ot_techniques=techniques, $msg=fmt(
	    "%s %s %s (port %s)", id$orig_h, deed, id$resp_h, id$resp_p)));
	}

hook left(c: connection)
	{
	if ( c$orig$size >= leaving_bytes )
		tell_border(Data_Leaves_Plant, c, fmt("sent %d bytes to", c$orig$size),
		    vector("T0882", "T0869"));
	}

function judge_remote(c: connection)
	{
	local id = c$id;

	if ( id$resp_h in ot_hosts
	    && ! is_in_plant(id$orig_h)
	    && id$orig_h !in known_outside )
		tell_border(Remote_Access, c, "from outside the plant works remotely on",
		    vector("T0886", "T0859"));
	}

event connection_established(c: connection)
	{
	local id = c$id;
	local inside = Site::is_local_addr(id$orig_h);

	if ( id$resp_p in remote_ports )
		judge_remote(c);

	if ( inside == Site::is_local_addr(id$resp_h) )
		return;

	if ( inside )
		{
		if ( id$orig_h !in ot_hosts || id$resp_h in known_outside )
			return;

		tell_border(Plant_Reaches_Outside, c,
		    "opened a connection to the outside, to", vector("T0869",
		    "T0885"));
		Conn::register_removal_hook(c, left);
		}
	else if ( id$resp_h in ot_hosts && id$orig_h !in known_outside )
		tell_border(Plant_Reached_From_Outside, c,
		    "from outside opened a connection to", vector("T0822",
		    "T0886"));
	}

event analyzer_confirmation_info(tag: AllAnalyzers::Tag,
    info: AnalyzerConfirmationInfo)
	{
	if ( ! info?$c )
		return;

	local name = cat(tag);

	if ( outside_analyzers in name )
		{
		event OTDetect::ot_host(info$c$id$orig_h);
		event OTDetect::ot_host(info$c$id$resp_h);
		}
	else if ( remote_analyzers in name )
		judge_remote(info$c);
	}
