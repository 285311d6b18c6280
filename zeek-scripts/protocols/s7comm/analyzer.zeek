##! Where S7comm is looked for: on its port, and wherever its signature matches.

module OTS7comm;

export {
	## Ports that controllers listen on.
	const ports = {102/tcp} &redef;
}

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )
@load-sigs ../../spicy/s7comm.sig

redef likely_server_ports += {ports};

event zeek_init() &priority=5
	{
	Analyzer::register_for_ports(Analyzer::ANALYZER_SPICY_OT_S7COMM, ports);
	}

@endif
