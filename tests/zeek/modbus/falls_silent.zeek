# @TEST-DOC: Rows of a connection that falls silent are written soon after their interval, as others go on.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/falls_silent.pcap $ANALYZERS %INPUT > written
# @TEST-EXEC: btest-diff written
# @TEST-EXEC: test ! -e reporter.log

@load protocols/modbus

hook OTActivity::summed(r: OTActivity::Info)
	{
	print fmt("%s, %s: %d events, written %s later", r$client, strftime("%H:%M:%S", r$ts), r$events,
	    network_time() - r$ts);
	}
