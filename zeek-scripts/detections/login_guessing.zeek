##! Passwords are tried, or a factory's password is used, on a device's industrial server, its web
##! pages, or by SNMP. No password is logged.

@load base/protocols/http
@load base/protocols/snmp
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## One client logged in to one server again and again, or was refused several times.
		Login_Guessing,
		## A client was let in with user and password of a factory setting.
		Factory_Login,
		## SNMP is spoken with the community of a factory setting, to several devices.
		Factory_Community,
	};

	## Logins by one client to one server that were refused.
	option refused_logins: count = 5;

	## Logins by one client to one server, however they ended.
	option repeated_logins: count = 8;

	## Within this time.
	option login_window: interval = 5min;

	## Users and passwords that devices are sold with, as ``user:password``.
	option factory_logins: set[string] = {
		"admin:",
		"admin:1234",
		"admin:12345",
		"admin:123456",
		"admin:admin",
		"admin:moxa",
		"admin:password",
		"admin:private",
		"admin:wago",
		"administrator:administrator",
		"guest:guest",
		"root:",
		"root:root",
		"root:wago",
		"service:service",
		"user:user",
		"user:public",
	};

	## Communities that devices are sold with.
	option factory_communities: set[string] = {
		"public",
		"private"
	};

	## Different devices that one host asks by such a community before it is told.
	option factory_community_devices: count = 3;
}

type Logins: record {
	all: count &default=0;
	refused: count &default=0;
};

global logins: table[string, string, string] of Logins
    &create_expire=login_window;
global asked_by_factory: table[addr] of set[addr] &create_expire=1hr;

redef record HTTP::Info += {
	# The request had user and password of a factory setting.
	ot_factory: bool &default=F;
	# The request had any.
	ot_login: bool &default=F;
};

function logins_of(client: string, server: string, service: string): Logins
	{
	if ( [client, server, service] !in logins )
		{
		if ( |logins| >= max_watched )
			clear_table(logins);

		logins[client, server, service] = Logins();
		}

	return logins[client, server, service];
	}

function judge_login(a: OTActivity::Act, refused: bool)
	{
	local l = logins_of(a$client, a$server, a$service);

	if ( refused )
		++l$refused;
	else
		++l$all;

	if ( l$refused >= refused_logins || l$all >= repeated_logins )
		tell(Login_Guessing, a, "tries passwords on", vector("T0859", "T1694.001",
		    "T0886"));
	}

hook OTActivity::acted(a: OTActivity::Act)
	{
	if ( a$pdu$action == "authenticate" )
		judge_login(a, F);
	}

hook OTActivity::refused(a: OTActivity::Act)
	{
	if ( a$pdu$action == "authenticate" )
		judge_login(a, T);
	}

event http_header(c: connection, is_orig: bool, original_name: string,
    name: string, value: string)
	{
	if ( ! is_orig
	    || name != "AUTHORIZATION"
	    || ! c?$http
	    || /^[bB][aA][sS][iI][cC] / !in value )
		return;

	c$http$ot_login = T;
	c$http$ot_factory = decode_base64(sub(value, /^[bB][aA][sS][iI][cC] +/, "")) in
	    factory_logins;
	}

event http_reply(c: connection, version: string, code: count, reason: string)
	{
	if ( ! c?$http || ! c$http$ot_login )
		return;

	local a = OTActivity::Act($c=c, $client=cat(c$id$orig_h), $server=cat(
	    c$id$resp_h), $service="http", $pdu=OTActivity::PDU(
	    $operation="login", $action="authenticate"), $outcome=cat(code));

	if ( code == 401 || code == 403 )
		judge_login(a, T);
	else if ( code < 400 && c$http$ot_factory )
		tell(Factory_Login, a, "logged in with a factory's password to", vector(
		    "T1694.001", "T0859"));
	}

function judge_community(c: connection, header: SNMP::Header)
	{
	local who = c$id$orig_h;
	local community = "";

	if ( header?$v1 )
		community = header$v1$community;
	else if ( header?$v2 )
		community = header$v2$community;

	if ( community !in factory_communities
	    || was_told(Factory_Community, cat(who)) )
		return;

	if ( who !in asked_by_factory )
		{
		if ( |asked_by_factory| >= max_watched )
			clear_table(asked_by_factory);

		asked_by_factory[who] = set();
		}

	add asked_by_factory[who][c$id$resp_h];

	if ( |asked_by_factory[who]| < factory_community_devices )
		return;

	raise(Notice::Info($note=Factory_Community, $conn=c, $identifier=cat(who),
	    $ot_techniques=vector("T1694.001", "T0888"), $msg=fmt(
	    "%s speaks SNMP with a factory's community to %d devices, such as %s",
	    who, |asked_by_factory[who]|, c$id$resp_h)));
	delete asked_by_factory[who];
	}

event snmp_get_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	if ( is_orig )
		judge_community(c, header);
	}

event snmp_get_next_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	if ( is_orig )
		judge_community(c, header);
	}

event snmp_get_bulk_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::BulkPDU)
	{
	if ( is_orig )
		judge_community(c, header);
	}

event snmp_set_request(c: connection, is_orig: bool, header: SNMP::Header,
    pdu: SNMP::PDU)
	{
	if ( is_orig )
		judge_community(c, header);
	}
