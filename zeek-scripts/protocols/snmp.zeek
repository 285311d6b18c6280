##! SNMP 1 to 3: what is asked, set and reported. Of the community only matters whether it is a
##! default that everybody knows; any other is a secret and is not written anywhere.

@load ../common/activity
@load ../common/identity

module OTSNMP;

export {
	## Communities that everybody knows.
	option known_communities: set[string] = {
		"public",
		"private"
	};
}

# Error status of a response (RFC 3416, 3).
const errors: vector of string = {
	"ok",
	"too_big",
	"no_such_name",
	"bad_value",
	"read_only",
	"gen_err",
	"no_access",
	"wrong_type",
	"wrong_length",
	"wrong_encoding",
	"wrong_value",
	"no_creation",
	"inconsistent_value",
	"resource_unavailable",
	"commit_failed",
	"undo_failed",
	"authorization_error",
	"not_writable",
	"inconsistent_name",
};

# What a system says of itself (RFC 3418).
const identification: table[string] of string = {
	["1.3.6.1.2.1.1.1.0"] = "description",
	["1.3.6.1.2.1.1.5.0"] = "hostname",
	["1.3.6.1.2.1.1.6.0"] = "location",
};

function community_of(header: SNMP::Header): string
	{
	local community: string;

	if ( header?$v1 )
		community = to_lower(header$v1$community);
	else if ( header?$v2 )
		community = to_lower(header$v2$community);
	else
		return "";

	return cat("community:", community in known_communities ? community :
	    "not_default");
	}

function pdu_of(header: SNMP::Header, operation: string, action: string)
    : OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action=action,
	    $object=community_of(header));
	}

function ask(c: connection, is_orig: bool, header: SNMP::Header,
    operation: string, id: int)
	{
	OTActivity::request(c, is_orig, "snmp", cat(id), pdu_of(header, operation,
	    operation == "set" ? "write" : "read"));
	}

function tell(c: connection, is_orig: bool, header: SNMP::Header,
    operation: string)
	{
	OTActivity::once(c, is_orig, "snmp", pdu_of(header, operation, "report"));
	}

event snmp_get_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	ask(c, is_orig, header, "get", pdu$request_id);
	}

event snmp_get_next_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	ask(c, is_orig, header, "get_next", pdu$request_id);
	}

event snmp_get_bulk_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::BulkPDU)
	{
	ask(c, is_orig, header, "get_bulk", pdu$request_id);
	}

event snmp_set_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	ask(c, is_orig, header, "set", pdu$request_id);
	}

event snmp_response(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	local status = pdu$error_status;
	local outcome = cat("error_", status);

	if ( status >= 0 && status < |errors| )
		outcome = errors[int_to_count(status)];

	OTActivity::reply(c, is_orig, "snmp", cat(pdu$request_id), outcome);

	for ( i, binding in pdu$bindings )
		if ( binding$oid in identification
		    && binding$value?$octets
		    && binding$value$octets != "" )
			OTIdentity::claim(cat(is_orig ? c$id$orig_h : c$id$resp_h),
			    identification[binding$oid], binding$value$octets,
			    "snmp", c$uid);
	}

event snmp_trap(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::TrapPDU)
	{
	tell(c, is_orig, header, "trap_v1");
	}

event snmp_trapV2(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	tell(c, is_orig, header, "trap_v2");
	}

event snmp_inform_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	OTActivity::request(c, is_orig, "snmp", cat(pdu$request_id), pdu_of(header,
	    "inform", "report"));
	}

event snmp_report(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	tell(c, is_orig, header, "report");
	}

event snmp_encrypted_pdu(c: connection, is_orig: bool, header: SNMP::Header)
	{
	OTActivity::once(c, is_orig, "snmp", OTActivity::PDU($operation="encrypted",
	    $action="other"));
	}
