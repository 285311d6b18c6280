##! Alarms, and cyclic data with the state that their provider gives them.

@load ../../common/activity
@load ./names

module OTProfinet;

export {
	## The state of cyclic data changed: its sender stopped or started, found a problem or calls
	## its data invalid.
	##
	## src: who provides the data.
	##
	## dst: who consumes them.
	##
	## frame_id: which of the two's relations it is.
	##
	## before: the state so far: ``ok``, ``provider_stopped``, ``data_invalid`` or
	##         ``station_problem``.
	##
	## now: the state from now on.
	global provider_state: event(src: string, dst: string, frame_id: count,
	    before: string, now: string);
}

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

# The state of each relation's data.
global states: table[string, string, count] of string &read_expire=1hr;

event OTProfinet::alarm(p: raw_pkt_hdr, high: bool, kind: count, block: count,
    alarm: count, slot: count, subslot: count)
	{
	# Only notifications: the rest is transport.
	if ( kind != 1 || block != 1 && block != 2 || ! p$l2?$src || ! p$l2?$dst )
		return;

	local name = alarm in alarms ? alarms[alarm] : fmt("type_%d", alarm);

	OTActivity::frame(p$l2$src, p$l2$dst, "profinet_rt", OTActivity::PDU(
	    $operation="alarm_" + name, $action="report", $object=fmt(
	    "slot:%d.%d", slot, subslot)));
	}

event OTProfinet::cyclic(p: raw_pkt_hdr, frame_id: count, status: count,
    length: count)
	{
	local l2 = p$l2;

	if ( ! l2?$src || ! l2?$dst )
		return;

	# Data status (4.7.2.1.3): bit 2 valid, bit 4 provider runs, bit 5 no problem.
	local now = "ok";
	if ( status % 8 < 4 )
		now = "data_invalid";
	else if ( status % 32 < 16 )
		now = "provider_stopped";
	else if ( status % 64 < 32 )
		now = "station_problem";

	if ( [l2$src, l2$dst, frame_id] in states )
		{
		local before = states[l2$src, l2$dst, frame_id];
		if ( before != now )
			{
			states[l2$src, l2$dst, frame_id] = now;
			event OTProfinet::provider_state(l2$src, l2$dst, frame_id, before, now);
			}
		}
	else if ( |states| < max_open )
		states[l2$src, l2$dst, frame_id] = now;

	OTActivity::frame(l2$src, l2$dst, "profinet_rt", OTActivity::PDU(
	    $operation="cyclic", $action="report", $object=fmt(
	    "frame_id:0x%04x", frame_id)), now, length);
	}

@endif
