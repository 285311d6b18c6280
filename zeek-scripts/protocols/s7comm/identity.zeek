##! What modules say of themselves in system status lists.

@load ../../common/identity
@load ./connection

module OTS7comm;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_S7COMM )

# The text at the start of a record, without its filling.
function text(content: string): string
	{
	local end = strstr(content, "\x00");
	return strip(end > 0 ? content[0 : end - 1] : content);
	}

event OTS7comm::identity(c: connection, is_orig: bool, list_: count,
    index: count, content: string)
	{
	local st = ours(c, ! is_orig);
	local asset = cat(st$client_is_orig ? c$id$resp_h : c$id$orig_h);
	local value = "";
	local attribute = "";

	if ( list_ % 256 == 0x11 && |content| >= 26 )
		{
		local version = content[22:26];

		if ( index == 1 )
			{
			attribute = "product_code";
			value = text(content[0:20]);
			}
		else if ( index == 7 && version[0] == "V" )
			{
			attribute = "firmware";
			value = fmt("V%d.%d.%d", bytestring_to_count(version[1:2]),
			    bytestring_to_count(version[2:3]),
			    bytestring_to_count(version[3:4]));
			}
		else if ( index == 6 )
			{
			attribute = "hardware";
			value = cat(bytestring_to_count(version[2:4]));
			}
		}
	else if ( list_ % 256 == 0x1c )
		{
		value = text(content);

		switch ( index )
			{
			case 1:
				attribute = "name";
				break;
			case 2:
				# Free text; a module that keeps its order name tells a model.
				attribute = value == /(CPU|IM|CP|FM|SM|S7-|ET ?200|SIMATIC|6ES7)[ 0-9].*/ ?
				    "model" : "description";
				break;
			case 3:
				attribute = "location";
				break;
			case 4:
				attribute = /[Ss]iemens/ in value ? "vendor" : "";
				value = "Siemens";
				break;
			case 5:
				attribute = "serial";
				break;
			case 7:
				attribute = "model";
				break;
			}
		}

	if ( attribute != "" && value != "" )
		OTIdentity::claim(asset, attribute, value, SERVICE, c$uid);
	}

@endif
