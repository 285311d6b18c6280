##! Where MMS is looked for: on its port, and wherever its signature matches.

module OTMMS;

export {
	## Ports that servers listen on.
	const ports = {102/tcp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )
@load-sigs ../../spicy/mms.sig

redef likely_server_ports += {ports};

event zeek_init() &priority=5
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_MMS, ports);
	}

@endif
