##! Where PROFINET is looked for: in its EtherType, with and without a VLAN tag.

module OTProfinet;

export {
	## The analyzer's event for each DCP frame.
	global dcp: event(p: raw_pkt_hdr, service: count, service_type: count,
	    xid: count, options: vector of count, infos: vector of count,
	    data: vector of string);

	## The analyzer's event for each alarm frame. ``kind`` 1 carries a notification or its
	## acknowledgement, told apart by ``block``.
	global alarm: event(p: raw_pkt_hdr, high: bool, kind: count, block: count,
	    alarm: count, slot: count, subslot: count);

	## The analyzer's event for cyclic frames.
	global cyclic: event(p: raw_pkt_hdr, frame_id: count, status: count,
	    length: count);

	## A frame that can't be parsed.
	global malformed: event();

	## Open requests, and relations of cyclic data, that are remembered.
	option max_open: count = 10000;
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

event zeek_init()
	{
	for ( on in set(PacketAnalyzer::ANALYZER_ETHERNET,
	    PacketAnalyzer::ANALYZER_VLAN) )
		PacketAnalyzer::register_packet_analyzer(on, 0x8892,
		    PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET);
	}

@endif
