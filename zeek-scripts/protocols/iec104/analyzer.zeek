##! Where IEC 60870-5-104 is looked for: on its port, and wherever its signature matches.

module OTIec104;

export {
	## Ports that controlled stations listen on.
	const ports = {2404/tcp} &redef;
}

# So that a session that is joined later is turned the right way round.
redef likely_server_ports += {ports};

@ifdef ( Analyzer::ANALYZER_SPICY_OT_IEC104 )
@load-sigs ../../spicy/iec104.sig

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_IEC104, ports);
	}

@endif
