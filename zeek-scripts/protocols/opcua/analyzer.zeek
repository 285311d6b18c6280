##! Where OPC UA is looked for: on its port, and wherever its signatures match.

module OTOpcua;

export {
	## Ports that servers listen on.
	const ports = {4840/tcp} &redef;
}

# So that a session that is joined later is turned the right way round.
redef likely_server_ports += {ports};

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )
@load-sigs ../../spicy/opcua.sig

event zeek_init()
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_OPCUA, ports);
	}

@endif
