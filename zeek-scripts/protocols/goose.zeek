##! GOOSE (IEC 61850-8-1): who publishes what state, and what its counters say.
##!
##! A publisher repeats its data set to a group address, each time with the next ``sqNum``; when a
##! value changes, ``stNum`` goes up by one and ``sqNum`` starts again. So a gap in the counters
##! is loss, a step back is a replay or a restart, and a second source for one control block is
##! somebody else's frame: subscribers act on it all the same.
##!
##! Handle :zeek:see:`OTGoose::jump`, :zeek:see:`OTGoose::second_publisher` and
##! :zeek:see:`OTGoose::flagged` to be told.

@load ../common/activity
@load ../common/identity

module OTGoose;

export {
	## One publication.
	type PDU: record {
		## Source MAC address.
		src: string;
		## Group address.
		dst: string;
		## VLAN, where tagged.
		vlan: count &optional;
		## Application id.
		appid: count;
		## The simulation bit of the header.
		simulated: bool;
		## Reference of the control block: the stream's name.
		gocb_ref: string;
		## For how many milliseconds it is valid.
		ttl: count;
		## Reference of the data set.
		dat_set: string;
		## The publisher's name for it.
		go_id: string;
		## When the state changed last, by the publisher's clock.
		t: double;
		## State number.
		st_num: count;
		## Sequence number in that state.
		sq_num: count;
		## Test or simulation flag of the PDU.
		test: bool;
		## Revision of the configuration.
		conf_rev: count;
		## The block needs commissioning.
		nds_com: bool;
		## Values in the data set.
		entries: count;
	};

	## How counters can fail to follow one another.
	type Jump: enum {
		## ``sqNum`` left some out: frames were lost.
		LOST,
		## ``stNum`` left some out: changes were lost, or somebody pushes subscribers ahead so
		## that they ignore the publisher.
		STATE_AHEAD,
		## ``stNum`` went back: a replay.
		STATE_BACK,
		## ``sqNum`` went back in the same state: a replay.
		SEQUENCE_BACK,
		## Both began anew, as after a publisher's restart.
		RESTARTED,
		## The same state came with another time of change.
		TIME_CHANGED,
	};

	## A publication that doesn't follow the one before.
	##
	## pdu: what was published.
	##
	## before: the one before on this control block.
	##
	## kind: what is wrong.
	##
	## missing: frames or states that were left out.
	global jump: event(pdu: PDU, before: PDU, kind: Jump, missing: count);

	## A second source publishes on a control block, while the first one is still heard.
	##
	## pdu: what the other source published.
	##
	## before: the last publication of the known one.
	global second_publisher: event(pdu: PDU, before: PDU);

	## A publication is marked as test or simulation, or as needing commissioning, and the one
	## before wasn't.
	##
	## pdu: what was published.
	global flagged: event(pdu: PDU);

	## A frame that is no publication: management, or counters are missing.
	global other: event(p: raw_pkt_hdr, appid: count, kind: count);

	## A frame that can't be parsed.
	global malformed: event();

	## The analyzer's event for each publication.
	global pdu: event(p: raw_pkt_hdr, appid: count, simulated: bool,
	    gocb_ref: string, ttl: count, dat_set: string, go_id: string,
	    t: double, st_num: count, sq_num: count, test: bool,
	    conf_rev: count, nds_com: bool, entries: count, length: count);

	## Control blocks that are remembered.
	option max_streams: count = 10000;

	## A source that was heard longer ago than this isn't one of two at a time.
	option both_heard: interval = 1min;

	## A source's claims are made once.
	option forget: interval = 1hr;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_GOOSE )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET,
	    PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x88b8,
		    PacketAnalyzer::ANALYZER_SPICY_OT_GOOSE);
	}

# A control block's last publication and when it was.
type Stream: record {
	last: PDU;
	seen: time;
};

# By group address and control block: the same name in two substations is two streams.
global streams: table[string, string] of Stream &read_expire=forget;

function compare(p: PDU, s: Stream): bool
	{
	local b = s$last;

	if ( p$st_num == b$st_num )
		{
		if ( p$sq_num > b$sq_num )
			{
			if ( p$sq_num - b$sq_num > 1 )
				event OTGoose::jump(p, b, LOST, p$sq_num - b$sq_num - 1);
			if ( p$t != b$t )
				event OTGoose::jump(p, b, TIME_CHANGED, 0);
			}
		# The same frame again is a mirror port's or a redundant ring's doing.
		else if ( p$sq_num < b$sq_num )
			{
			if ( p$sq_num <= 1 && p$t > b$t )
				event OTGoose::jump(p, b, RESTARTED, 0);
			else
				event OTGoose::jump(p, b, SEQUENCE_BACK, 0);
			}
		return F;
		}

	if ( p$st_num > b$st_num )
		{
		if ( p$st_num - b$st_num > 1 )
			event OTGoose::jump(p, b, STATE_AHEAD, p$st_num - b$st_num - 1);
		return T;
		}

	if ( p$st_num <= 1 && p$sq_num <= 1 )
		event OTGoose::jump(p, b, RESTARTED, 0);
	else
		event OTGoose::jump(p, b, STATE_BACK, 0);

	return T;
	}

function is_flagged(p: PDU): bool
	{
	return p$simulated || p$test || p$nds_com;
	}

event OTGoose::pdu(p: raw_pkt_hdr, appid: count, simulated: bool,
    gocb_ref: string, ttl: count, dat_set: string, go_id: string, t: double,
    st_num: count, sq_num: count, test: bool, conf_rev: count, nds_com: bool,
    entries: count, length: count)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	local now = PDU($src=l2$src, $dst=l2$dst, $appid=appid, $simulated=simulated,
	    $gocb_ref=gocb_ref, $ttl=ttl, $dat_set=dat_set, $go_id=go_id, $t=t,
	    $st_num=st_num, $sq_num=sq_num, $test=test, $conf_rev=conf_rev,
	    $nds_com=nds_com, $entries=entries);

	if ( l2?$vlan )
		now$vlan = l2$vlan;

	local operation = "publish";
	local known = [l2$dst, gocb_ref] in streams;

	if ( known )
		{
		local s = streams[l2$dst, gocb_ref];

		if ( s$last$src != l2$src )
			{
			if ( network_time() - s$seen < both_heard )
				event OTGoose::second_publisher(now, s$last);
			}

		if ( compare(now, s) )
			operation = "state_change";

		if ( is_flagged(now) && ! is_flagged(s$last) )
			event OTGoose::flagged(now);

		s$last = now;
		s$seen = network_time();
		}
	else
		{
		if ( |streams| >= max_streams )
			streams = table();

		streams[l2$dst, gocb_ref] = Stream($last=now, $seen=network_time());

		OTIdentity::claim(l2$src, "role_hint", "goose_publisher", "goose");

		if ( go_id != "" )
			OTIdentity::claim(l2$src, "application", go_id, "goose");

		# The logical device, which is named after its IED.
		local device = split_string1(gocb_ref, /\//)[0];
		if ( device != "" && device != gocb_ref )
			OTIdentity::claim(l2$src, "name", device, "goose");

		if ( is_flagged(now) )
			event OTGoose::flagged(now);
		}

	OTActivity::frame(l2$src, l2$dst, "goose", OTActivity::PDU(
	    $operation=operation, $action="report", $object=gocb_ref, $unit=fmt(
	    "0x%04x", appid)), simulated || test ? "test" : ( nds_com ?
	    "needs_commissioning" : "ok" ), length);
	}

event OTGoose::other(p: raw_pkt_hdr, appid: count, kind: count)
	{
	if ( p$l2?$src && p$l2?$dst && kind == 0x60 )
		OTActivity::frame(p$l2$src, p$l2$dst, "goose", OTActivity::PDU(
		    $operation="management", $action="discover", $unit=fmt(
		    "0x%04x", appid)));
	}

@endif
