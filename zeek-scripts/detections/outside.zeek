##! An industrial protocol is spoken with a host outside: nothing but a tunnel or a mistake
##! lets it be reached from there.

@load base/utils/site
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## An industrial protocol is spoken with a host that isn't in ``Site::local_nets``.
		OT_Outside,
	};

	## Analyzers of industrial protocols, by the start of their names.
	option outside_analyzers: pattern =
	    /^Analyzer::ANALYZER_(MODBUS|DNP3_|SPICY_OT_)/;
}

event analyzer_confirmation_info(tag: AllAnalyzers::Tag,
    info: AnalyzerConfirmationInfo)
	{
	if ( ! info?$c || outside_analyzers !in cat(tag) )
		return;

	local id = info$c$id;
	local from_outside = ! Site::is_local_addr(id$orig_h);

	if ( ! from_outside && Site::is_local_addr(id$resp_h) )
		return;

	raise(Notice::Info($note=OT_Outside, $conn=info$c, $identifier=cat_sep("|", "",
	    id$orig_h, id$resp_h, id$resp_p),
	    $ot_techniques=from_outside ? vector("T0883", "T0822") : vector(
	    "T0869"), $msg=fmt("%s speaks an industrial protocol with %s, %s",
	    id$orig_h, id$resp_h, from_outside ? "which is reached from outside" :
	    "which is outside")));
	}
