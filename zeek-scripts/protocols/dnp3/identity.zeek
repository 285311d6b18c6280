##! Device attributes: what an outstation says of itself.

@load ../../common/identity
@load ./message

module OTDNP3;

# Device attributes that say what an outstation is, by variation of group 0.
const identification: table[count] of string = {
	[242] = "firmware",
	[243] = "hardware",
	[245] = "location",
	[246] = "name",
	[247] = "name",
	[248] = "serial",
	[250] = "model",
	[252] = "vendor",
};

event dnp3_attribute_common(c: connection, is_orig: bool, data_type_code: count,
    leng: count, attribute_obj: string)
	{
	local m = message(c, is_orig);

	# Type 1 is text.
	if ( ! is_orig
	    && m$group == 0
	    && data_type_code == 1
	    && m$variation in identification
	    && attribute_obj != "" )
		OTIdentity::claim(cat(c$id$resp_h), identification[m$variation],
		    attribute_obj, "dnp3", c$uid);
	}
