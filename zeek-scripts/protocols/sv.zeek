##! Sampled values (IEC 61850-9-2): who publishes which measurements, and whether any are missing.
##!
##! A publisher sends thousands of frames a second. The analyzer counts those whose counter
##! follows and tells about each stream once a second, and at once when a counter jumps or a
##! flag changes; up to a second of them is not counted when a stream ends.
##!
##! Handle :zeek:see:`OTSV::jump`, :zeek:see:`OTSV::second_publisher` and
##! :zeek:see:`OTSV::flagged` to be told.

@load ../common/activity
@load ../common/identity

module OTSV;

export {
	## The analyzer's event: ``told`` frames of a stream, up to the one at hand. ``expected`` is
	## the counter that follows the frame before; ``fresh`` says that there was none.
	global stream: event(p: raw_pkt_hdr, appid: count, simulated: bool,
	    sv_id: string, dat_set: string, smp_cnt: count, expected: count,
	    fresh: bool, conf_rev: count, smp_synch: count, told: count,
	    length: count);

	## A counter doesn't follow the one before.
	##
	## src: source MAC address.
	##
	## dst: group address.
	##
	## sv_id: the stream.
	##
	## smp_cnt: its counter.
	##
	## expected: what it should be.
	global jump: event(src: string, dst: string, sv_id: string, smp_cnt: count,
	    expected: count);

	## A second source publishes a stream, while the first one is still heard.
	##
	## src: the other source's MAC address.
	##
	## before: the known source's.
	##
	## dst: group address.
	##
	## sv_id: the stream.
	global second_publisher: event(src: string, before: string, dst: string,
	    sv_id: string);

	## A stream is marked as simulated, or lost or regained synchronisation.
	##
	## src: source MAC address.
	##
	## dst: group address.
	##
	## sv_id: the stream.
	##
	## simulated: the simulation bit.
	##
	## smp_synch: 0 not synchronised, 1 by a local clock, 2 by a global one.
	global flagged: event(src: string, dst: string, sv_id: string, simulated: bool,
	    smp_synch: count);

	## A frame that can't be parsed.
	global malformed: event();

	## Streams that are remembered.
	option max_streams: count = 10000;

	## A source that was heard longer ago than this isn't one of two at a time.
	option both_heard: interval = 1min;

	## Jumps, and second publishers, of one stream are told no more often than this.
	option tell_again: interval = 1sec;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_SV )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET,
	    PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x88ba,
		    PacketAnalyzer::ANALYZER_SPICY_OT_SV);
	}

type Known: record {
	src: string;
	seen: time;
	simulated: bool;
	smp_synch: count;
	# When detections were told of the stream last.
	told_jump: time &default=double_to_time(0.0);
	told_second: time &default=double_to_time(0.0);
};

global known: table[string, string] of Known &read_expire=1hr;

function outcome_of(simulated: bool, smp_synch: count): string
	{
	return simulated ? "test" : ( smp_synch == 0 ? "not_synchronised" : "ok" );
	}

function tell_changes(k: Known, src: string, dst: string, sv_id: string,
    simulated: bool, smp_synch: count)
	{
	local now = network_time();

	# Two at a time may take turns with each frame.
	if ( k$src != src
	    && now - k$seen < both_heard
	    && now - k$told_second >= tell_again )
		{
		k$told_second = now;
		event OTSV::second_publisher(src, k$src, dst, sv_id);
		}

	if ( k$simulated != simulated || k$smp_synch != smp_synch )
		event OTSV::flagged(src, dst, sv_id, simulated, smp_synch);
	}

event OTSV::stream(p: raw_pkt_hdr, appid: count, simulated: bool, sv_id: string,
    dat_set: string, smp_cnt: count, expected: count, fresh: bool,
    conf_rev: count, smp_synch: count, told: count, length: count)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	local pdu = OTActivity::PDU($operation="publish", $action="report",
	    $object=sv_id, $unit=fmt("0x%04x", appid));
	local now = network_time();

	if ( [l2$dst, sv_id] in known )
		{
		local k = known[l2$dst, sv_id];
		tell_changes(k, l2$src, l2$dst, sv_id, simulated, smp_synch);

		# All but the last frame are of the source and state that were known.
		if ( told > 1 )
			OTActivity::frame(k$src, l2$dst, "sv", pdu, outcome_of(k$simulated,
			    k$smp_synch), ( told - 1 ) * length, told - 1);

		k$src = l2$src;
		k$seen = now;
		k$simulated = simulated;
		k$smp_synch = smp_synch;

		if ( ! fresh
		    && smp_cnt != expected
		    && smp_cnt + 1 != expected
		    && smp_cnt != 0
		    && now - k$told_jump >= tell_again )
			{
			k$told_jump = now;
			event OTSV::jump(l2$src, l2$dst, sv_id, smp_cnt, expected);
			}
		}
	else
		{
		if ( |known| >= max_streams )
			known = table();

		known[l2$dst, sv_id] = Known($src=l2$src, $seen=now, $simulated=simulated,
		    $smp_synch=smp_synch);
		OTIdentity::claim(l2$src, "role_hint", "sv_publisher", "sv");

		if ( simulated )
			event OTSV::flagged(l2$src, l2$dst, sv_id, simulated, smp_synch);
		}

	OTActivity::frame(l2$src, l2$dst, "sv", pdu, outcome_of(simulated, smp_synch),
	    length);
	}

@endif
