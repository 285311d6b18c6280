##! What devices say of themselves.

@load ../../common/identity
@load ./names
@load ./vendors

module OTEnip;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_ENIP )

event OTEnip::identity(c: connection, is_orig: bool, who: Identity)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	if ( who$vendor in vendors )
		OTIdentity::claim(asset, "vendor", vendors[who$vendor], "cip", c$uid);

	if ( who$device_type in device_types )
		OTIdentity::claim(asset, "device_type", device_types[who$device_type], "cip",
		    c$uid);

	OTIdentity::claim(asset, "model", clean(who$name), "cip", c$uid);
	OTIdentity::claim(asset, "product_code", cat(who$product), "cip", c$uid);
	OTIdentity::claim(asset, "firmware", cat(who$major, ".", who$minor), "cip",
	    c$uid);
	OTIdentity::claim(asset, "serial", fmt("0x%08x", who$serial), "cip", c$uid);
	}

@endif
