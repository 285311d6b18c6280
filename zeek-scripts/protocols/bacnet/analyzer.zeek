##! Where BACnet/IP is looked for: on its port, and wherever its signature matches.

module OTBacnet;

export {
	## The port of BACnet/IP.
	const ports = {47808/udp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )
@load-sigs ../../spicy/bacnet.sig

redef likely_server_ports += {ports};

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_BACNET, ports);
	}

@endif
