##! A link to the sensor's management address: Gaugeglass pushes the allowlist over it, asks how
##! the sensor does, and hears its notices as they come (``gaugeglass sensor push|status|tail``).
##!
##! The package doesn't load this file, because it opens a port: load it by its name. It speaks
##! Zeek's WebSocket API, which lets whoever reaches it raise events; so it listens on the
##! loopback address, and a tunnel or TLS with client certificates leads there from elsewhere.

@load base/frameworks/cluster
@load base/frameworks/notice
@load ./common/activity
@load ./common/detect
@load ./detections/allowlist

module OTLink;

export {
	## The address to listen on.
	const listen_addr = 127.0.0.1 &redef;

	## The port to listen on.
	const listen_port = 27759/tcp &redef;

	## Certificate and key, for TLS.
	const tls_options = Cluster::WebSocketTLSOptions() &redef;

	## How a node does.
	type Health: record {
		## The node's name in the cluster, or ``zeek``.
		node: string;
		## How many nodes answer.
		nodes: count;
		## Zeek's version.
		version: string;
		## Seconds since the start.
		uptime: double;
		## Packets that Zeek was given.
		packets_received: count;
		## Packets that were lost before Zeek, as far as the capture tells.
		packets_dropped: count;
		## Packets that the interface saw, as far as the capture tells.
		packets_link: count;
		## Acknowledgements seen in TCP.
		tcp_acks: count;
		## Of these, such as acknowledge what was never seen: capture loss.
		tcp_gaps: count;
		## Malformed PDUs, by analyzer.
		violations: table[string] of count;
		## Rows of activities that are not written yet.
		rows: count;
		## Clients and servers whose activities are followed.
		sides: count;
		## Entries of the allowlist.
		allowlist: count;
		## Whether the allowlist is enforced.
		enforced: bool;
	};

	## A notice.
	type Told: record {
		## Seconds since 1970.
		ts: double;
		## The node that raised it.
		node: string;
		## Its type.
		note: string;
		## What happened.
		msg: string;
		## The operation.
		sub: string &optional;
		## Whom it is about.
		identifier: string &optional;
		## The connection.
		uid: string &optional;
		## Who did it.
		src: string &optional;
		## To whom.
		dst: string &optional;
		## Techniques of ATT&CK for ICS.
		techniques: vector of string;
	};

	## Asks how the nodes do.
	##
	## asker: a name that the asker chose; the answers go to its topic.
	global status_wanted: event(asker: string);

	## Replaces the list that was pushed before.
	##
	## asker: a name that the asker chose; the answers go to its topic.
	##
	## entries: all of it.
	global allowlist_pushed: event(asker: string, entries: vector of
	    OTDetect::Entry);

	## Answers :zeek:see:`OTLink::status_wanted`.
	##
	## health: how this node does.
	global status_told: event(health: Health);

	## Answers :zeek:see:`OTLink::allowlist_pushed`.
	##
	## node: who took it.
	##
	## nodes: how many nodes answer.
	##
	## taken: entries that were pushed.
	##
	## allowlist: entries in force, those of the file included.
	##
	## enforced: whether they are enforced.
	global allowlist_taken: event(node: string, nodes: count, taken: count,
	    allowlist: count, enforced: bool);

	## Tells a notice.
	##
	## told: the notice.
	global notice_told: event(told: Told);
}

# Where questions and lists arrive.
const requests_topic = "/gaugeglass/sensor/requests/";

# Where answers go, followed by the name that the asker chose.
const replies_topic = "/gaugeglass/sensor/replies/";

# Where notices go.
const notices_topic = "/gaugeglass/sensor/notices/";

global started: time;

# As many as there are analyzers.
global violations: table[string] of count &default=0;

function node_name(): string
	{
	return Cluster::is_enabled() ? Cluster::node : "zeek";
	}

function node_count(): count
	{
	return Cluster::is_enabled() ? |Cluster::nodes| : 1;
	}

# JSON carries no bytes that aren't UTF-8, and notices quote the network.
function plain(text: string): string
	{
	return escape_string(text);
	}

function health(): Health
	{
	local packets = get_net_stats();
	local gaps = get_gap_stats();
	local sizes = OTActivity::sizes();

	return Health($node=node_name(), $nodes=node_count(), $version=zeek_version(),
	    $uptime=interval_to_double(current_time() - started),
	    $packets_received=packets$pkts_recvd,
	    $packets_dropped=packets$pkts_dropped,
	    $packets_link=packets$pkts_link, $tcp_acks=gaps$ack_events,
	    $tcp_gaps=gaps$gap_events, $violations=violations, $rows=sizes$rows,
	    $sides=sizes$sides, $allowlist=OTDetect::allowlist_size(),
	    $enforced=OTDetect::enforce_allowlist);
	}

event OTLink::status_wanted(asker: string)
	{
	Cluster::publish(replies_topic + asker, OTLink::status_told, health());
	}

event OTLink::allowlist_pushed(asker: string, entries: vector of
    OTDetect::Entry)
	{
	OTDetect::replace_pushed(entries);
	Cluster::publish(replies_topic + asker, OTLink::allowlist_taken, node_name(),
	    node_count(), |entries|, OTDetect::allowlist_size(),
	    OTDetect::enforce_allowlist);
	}

hook Notice::notice(n: Notice::Info)
	{
	if ( ! n?$ot_techniques )
		return;

	local techniques: vector of string;

	for ( i, technique in n$ot_techniques )
		techniques += plain(technique);

	local told = Told($ts=time_to_double(n$ts), $node=node_name(), $note=cat(
	    n$note), $msg=n?$msg ? plain(n$msg) : "", $techniques=techniques);

	if ( n?$sub )
		told$sub = plain(n$sub);

	if ( n?$identifier )
		told$identifier = plain(n$identifier);

	if ( n?$uid )
		told$uid = n$uid;

	if ( n?$src )
		told$src = cat(n$src);

	if ( n?$dst )
		told$dst = cat(n$dst);

	Cluster::publish(notices_topic, OTLink::notice_told, told);
	}

event analyzer_violation_info(tag: AllAnalyzers::Tag,
    info: AnalyzerViolationInfo)
	{
	++violations[to_lower(sub(cat(tag), /^.*ANALYZER_/, ""))];
	}

event zeek_init()
	{
	started = current_time();

	if ( Supervisor::is_supervisor() )
		return;

	Cluster::subscribe(requests_topic);

	if ( ! Cluster::is_enabled()
	    || Cluster::local_node_type() == Cluster::MANAGER )
		Cluster::listen_websocket(Cluster::WebSocketServerOptions(
		    $listen_addr=listen_addr, $listen_port=listen_port,
		    $tls_options=tls_options));
	}
