##! An industrial protocol is spoken with a host outside: nothing but a tunnel or a mistake
##! lets it be reached from there.

@load base/utils/site
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## An industrial protocol is spoken with a host outside the plant.
		OT_Outside,
	};

	## Networks where industrial protocols may be spoken. As long as there are none, these are
	## ``Site::local_nets``, which hold the offices too.
	option plant_nets: set[subnet] = {};

	## Whether an address is in the plant.
	##
	## host: the address.
	global is_in_plant: function(host: addr): bool;

	## Analyzers of industrial protocols, by the start of their names.
	option outside_analyzers: pattern =
	    /^Analyzer::ANALYZER_(MODBUS|DNP3_|SPICY_OT_)/;
}

function is_in_plant(host: addr): bool
	{
	return |plant_nets| > 0 ? host in plant_nets : Site::is_local_addr(host);
	}

event analyzer_confirmation_info(tag: AllAnalyzers::Tag,
    info: AnalyzerConfirmationInfo)
	{
	if ( ! info?$c || outside_analyzers !in cat(tag) )
		return;

	local id = info$c$id;
	local from_outside = ! is_in_plant(id$orig_h);

	if ( ! from_outside && is_in_plant(id$resp_h) )
		return;

	local techniques = vector("T0869");
	local how = "which is outside";

	if ( from_outside && Site::is_local_addr(id$orig_h) )
		{
		techniques = vector("T0886", "T0801");
		how = "which is reached from another network of the site";
		}
	else if ( from_outside )
		{
		techniques = vector("T0883", "T0822");
		how = "which is reached from outside";
		}

	raise(Notice::Info($note=OT_Outside, $conn=info$c, $identifier=cat_sep("|", "",
	    id$orig_h, id$resp_h, id$resp_p), $ot_techniques=techniques,
	    $msg=fmt("%s speaks an industrial protocol with %s, %s", id$orig_h,
	    id$resp_h, how)));
	}
