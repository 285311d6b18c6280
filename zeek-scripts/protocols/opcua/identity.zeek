##! What applications say of themselves, and who uses them.

@load ../../common/identity
@load ./connection

module OTOpcua;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )

event OTOpcua::application(c: connection, is_orig: bool, uri: string,
    product: string, name: string)
	{
	local asset = cat(is_orig ? c$id$orig_h : c$id$resp_h);

	if ( uri != "" )
		OTIdentity::claim(asset, "application", uri, SERVICE, c$uid);

	if ( product != "" )
		OTIdentity::claim(asset, "software", product, SERVICE, c$uid);

	if ( name != "" )
		OTIdentity::claim(asset, "name", name, SERVICE, c$uid);
	}

event OTOpcua::user(c: connection, is_orig: bool, name: string)
	{
	OTIdentity::claim(cat(is_orig ? c$id$resp_h : c$id$orig_h), "user", name,
	    SERVICE, c$uid);
	}

@endif
