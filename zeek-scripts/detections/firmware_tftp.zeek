##! A device fetches or gets firmware by TFTP, which serial servers, switches and relays do.

@load ../common/detect
@load-sigs ./firmware_tftp.sig

module OTDetect;

export {
	redef enum Notice::Type += {
		## A file that looks like firmware goes by TFTP.
		Firmware_By_TFTP,
	};

	## Names of firmware.
	option firmware_names: pattern =
	    /\.(rom|bin|fw|fwu|img|hex|s19|srec|elf|upd|dwn|trx|chk|stk|ros)$/i;

	## A request of TFTP was seen.
	##
	## state: the connection.
	##
	## data: its payload.
	global tftp_request: event(state: signature_state, data: string);
}

event OTDetect::tftp_request(state: signature_state, data: string)
	{
	local fetched = bytestring_to_count(data[:2]) == 1;
	local name = split_string1(data[2:], /\x00/)[0];
	local id = state$conn$id;

	if ( firmware_names !in name )
		return;

	raise(Notice::Info($note=Firmware_By_TFTP, $conn=state$conn,
	    $identifier=cat_sep("|", "", id$orig_h, id$resp_h),
	    $ot_techniques=vector("T1693.001", "T0800"), $sub=name, $msg=fmt(
	    "%s %s %s: %s", id$orig_h, fetched ? "fetches firmware from" :
	    "sends firmware to", id$resp_h, name)));
	}
