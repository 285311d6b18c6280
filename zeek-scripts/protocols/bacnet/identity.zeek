##! What devices say of themselves.

@load ../../common/identity
@load ./vendors

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

# Properties by which a device is recognised, as a claim.
const identifying: table[count] of string = {
	[12] = "software",
	[28] = "description",
	[44] = "firmware",
	[58] = "location",
	[70] = "model",
	[77] = "name",
	[121] = "vendor",
	[372] = "serial",
};

# What a device says of itself; instance 4194303 stands for "not configured".
function announced(asset: string, instance: count, vendor: count, uid: string)
	{
	# A broadcast address is nobody's, whoever sends from it.
	if ( ends_with(asset, ".255") )
		return;

	if ( instance != 4194303 )
		OTIdentity::claim(asset, "instance", cat(instance), "bacnet", uid);

	if ( vendor in vendors )
		OTIdentity::claim(asset, "vendor", vendors[vendor], "bacnet", uid);
	}

event OTBacnet::i_am(c: connection, is_orig: bool, instance: count,
    vendor: count)
	{
	announced(cat(is_orig ? c$id$orig_h : c$id$resp_h), instance, vendor, c$uid);
	}

event OTBacnet::i_am_forwarded(c: connection, source: addr, instance: count,
    vendor: count)
	{
	announced(cat(source), instance, vendor, c$uid);
	}

event OTBacnet::told(c: connection, is_orig: bool, claims: vector of Told)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	for ( _, claim in claims )
		if ( claim$property_ in identifying )
			OTIdentity::claim(asset, identifying[claim$property_], clean(claim$value),
			    "bacnet", c$uid);
	}

@endif
