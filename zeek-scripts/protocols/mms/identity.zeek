##! What devices say of themselves: in answer to Identify, and in the name plates of IEC 61850.

@load ../../common/identity
@load ./connection
@load ./replies

module OTMMS;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_MMS )

function claim(c: connection, is_orig: bool, attribute: string, value: string)
	{
	local told = strip(value);

	if ( told != "" )
		OTIdentity::claim(cat(is_orig ? c$id$orig_h : c$id$resp_h), attribute, clean(
		    told), SERVICE, c$uid);
	}

event OTMMS::identified(c: connection, is_orig: bool, vendor: string,
    model: string, revision: string)
	{
	claim(c, is_orig, "vendor", vendor);
	claim(c, is_orig, "model", model);
	claim(c, is_orig, "firmware", revision);
	}

# Entries of a device's name plate, and of its first logical node's.
const plate: table[string] of string = {
	["$PhyNam$vendor"] = "vendor",
	["$PhyNam$model"] = "model",
	["$PhyNam$hwRev"] = "hardware",
	["$PhyNam$swRev"] = "firmware",
	["$PhyNam$serNum"] = "serial",
	["$PhyNam$location"] = "location",
	["LLN0$DC$NamPlt$vendor"] = "vendor",
	["LLN0$DC$NamPlt$swRev"] = "software",
};

event OTMMS::text_read(c: connection, is_orig: bool, invoke: count,
    text: string)
	{
	local object = pending_object(c, is_orig, invoke);

	if ( identifying != object )
		return;

	for ( entry, attribute in plate )
		if ( ends_with(object, entry) )
			claim(c, is_orig, attribute, text);
	}

@endif
