##! Where EtherNet/IP is looked for: on its ports, and wherever its signatures match.

module OTEnip;

export {
	## Ports of explicit messages.
	const ports = {44818/tcp} &redef;

	## Ports of discovery.
	const discovery_ports = {44818/udp} &redef;

	## Ports of I/O.
	const io_ports = {2222/udp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )
@load-sigs ../../spicy/enip.sig

redef likely_server_ports += {
	ports,
	discovery_ports
};

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_ENIP, ports);
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_ENIP_UDP,
	    discovery_ports);
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_CIP_IO, io_ports);
	}

@endif
