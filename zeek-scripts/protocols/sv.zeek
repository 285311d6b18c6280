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
	global stream: event(p: raw_pkt_hdr, appid: count, simulated: bool, sv_id: string,
	                     dat_set: string, smp_cnt: count, expected: count, fresh: bool,
	                     conf_rev: count, smp_synch: count, told: count, length: count);

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
	global jump: event(src: string, dst: string, sv_id: string, smp_cnt: count, expected: count);

	## A second source publishes a stream, while the first one is still heard.
	##
	## src: the other source's MAC address.
	##
	## before: the known source's.
	##
	## dst: group address.
	##
	## sv_id: the stream.
	global second_publisher: event(src: string, before: string, dst: string, sv_id: string);

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
	global malformed: event(p: raw_pkt_hdr);

	## Streams that are remembered.
	option max_streams: count = 10000;

	## A source that was heard longer ago than this isn't one of two at a time.
	option both_heard: interval = 1min;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_SV )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET, PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x88ba,
		    PacketAnalyzer::ANALYZER_SPICY_OT_SV);
	}

type Known: record {
	src: string;
	seen: time;
	simulated: bool;
	smp_synch: count;
};

global known: table[string, string] of Known &read_expire=1hr;

event OTSV::stream(p: raw_pkt_hdr, appid: count, simulated: bool, sv_id: string,
    dat_set: string, smp_cnt: count, expected: count, fresh: bool, conf_rev: count,
    smp_synch: count, told: count, length: count)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	if ( [l2$dst, sv_id] in known )
		{
		local k = known[l2$dst, sv_id];

		if ( k$src != l2$src && network_time() - k$seen < both_heard )
			event OTSV::second_publisher(l2$src, k$src, l2$dst, sv_id);

		if ( k$simulated != simulated || k$smp_synch != smp_synch )
			event OTSV::flagged(l2$src, l2$dst, sv_id, simulated, smp_synch);

		k$src = l2$src;
		k$seen = network_time();
		k$simulated = simulated;
		k$smp_synch = smp_synch;
		}
	else
		{
		if ( |known| >= max_streams )
			known = table();

		known[l2$dst, sv_id] = Known($src=l2$src, $seen=network_time(), $simulated=simulated,
		                             $smp_synch=smp_synch);
		OTIdentity::claim(l2$src, "role_hint", "sv_publisher", "sv");

		if ( simulated )
			event OTSV::flagged(l2$src, l2$dst, sv_id, simulated, smp_synch);
		}

	if ( ! fresh && smp_cnt != expected && smp_cnt != 0 )
		event OTSV::jump(l2$src, l2$dst, sv_id, smp_cnt, expected);

	local pdu = OTActivity::PDU($operation="publish", $action="report", $object=sv_id,
	                            $unit=fmt("0x%04x", appid));
	local outcome = simulated ? "test" : ( smp_synch == 0 ? "not_synchronised" : "ok" );
	OTActivity::frame(l2$src, l2$dst, "sv", pdu, outcome, told * length, told);
	}

@endif
