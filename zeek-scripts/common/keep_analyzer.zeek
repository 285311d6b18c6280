##! A session that has spoken a protocol goes on being parsed after a malformed PDU.
##!
##! Zeek takes a protocol's analyzer off a connection that violates it. Sessions of industrial
##! protocols live for months, and one odd PDU would blind the sensor for as long.

@load ./activity

module OTKeepAnalyzer;

export {
	## The analyzers that stay, once their connection has been seen to speak.
	option analyzers: set[Analyzer::Tag] = {
		Analyzer::ANALYZER_MODBUS,
		Analyzer::ANALYZER_DNP3_TCP,
		Analyzer::ANALYZER_DNP3_UDP,
		Analyzer::ANALYZER_MQTT,
	};

	## After so many malformed PDUs on one connection it isn't worth while any more.
	option max_violations: count = 1000;
}

redef record connection += {
	## Malformed PDUs that were forgiven.
	ot_forgiven: count &default=0;
};

hook Analyzer::disabling_analyzer(c: connection, atype: AllAnalyzers::Tag,
    aid: count)
	{
	if ( atype !in analyzers || ( ! c?$ot_orig && ! c?$ot_resp ) )
		return;

	if ( ++c$ot_forgiven <= max_violations )
		break;
	}
