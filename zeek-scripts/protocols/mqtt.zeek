##! MQTT 3.1 to 5: logins, what is published, delivered and subscribed to. Of a payload only a
##! number is kept, as a value; of a login only whether it had a user name and a password.
##!
##! Zeek's analyzer takes each segment of TCP for one packet of MQTT: what follows the first packet
##! in a segment isn't seen, nor is a packet in several segments beyond what the first holds.

@load ../common/activity
@load ../common/identity
@load ../common/keep_analyzer

module OTMQTT;

export {
	## Topics that set something, by the words their makers use for it.
	option command_topic = /(^|[\/_.\-])(cmd|cmnd|commands?|control|ctrl|set|setpoint|write|actuator|switch|do)([\/_.\-]|$)/i;

	## Asking for everything that there is.
	option everything = /^([+]\/)*#$|^\$SYS\//;
}

# Return codes of CONNACK (3.2.2.3; of version 5: 3.2.2.2).
const refusals: table[count] of string = {
	[1] = "unacceptable_protocol_version",
	[2] = "identifier_rejected",
	[3] = "server_unavailable",
	[4] = "bad_user_name_or_password",
	[5] = "not_authorized",
	[128] = "unspecified_error",
	[132] = "unacceptable_protocol_version",
	[133] = "identifier_rejected",
	[134] = "bad_user_name_or_password",
	[135] = "not_authorized",
	[136] = "server_unavailable",
	[138] = "banned",
};

const number = /^-?[0-9]{1,15}(\.[0-9]{0,15})?([eE][+-]?[0-9]{1,2})?$/;

function pdu_of(operation: string, action: string, object: string)
    : OTActivity::PDU
	{
	return OTActivity::PDU($operation=operation, $action=action, $object=object);
	}

event mqtt_connect(c: connection, msg: MQTT::ConnectMsg)
	{
	local how = "anonymous";

	if ( msg?$password )
		how = "password_given";
	else if ( msg?$username )
		how = "username";

	OTActivity::request(c, T, "mqtt", "connect", pdu_of("connect", "authenticate",
	    how));

	if ( msg$client_id != "" )
		OTIdentity::claim(cat(c$id$orig_h), "application", msg$client_id, "mqtt",
		    c$uid);
	}

event mqtt_connack(c: connection, msg: MQTT::ConnectAckMsg)
	{
	local outcome = "ok";

	if ( msg$return_code in refusals )
		outcome = refusals[msg$return_code];
	else if ( msg$return_code != 0 )
		outcome = cat("code_", msg$return_code);

	OTActivity::reply(c, F, "mqtt", "connect", outcome);
	}

event mqtt_publish(c: connection, is_orig: bool, msg_id: count,
    msg: MQTT::PublishMsg)
	{
	local pdu: OTActivity::PDU;

	if ( is_orig )
		pdu = pdu_of("publish", command_topic in msg$topic ? "command" : "report",
		    msg$topic);
	else
		pdu = pdu_of("deliver", "report", msg$topic);

	if ( msg$payload_len < 40
	    && msg$payload_len == |msg$payload|
	    && msg$payload == number )
		{
		pdu$value_min = to_double(msg$payload);
		pdu$value_max = pdu$value_min;
		}

	if ( ! is_orig || msg$qos == 0 )
		OTActivity::once(c, is_orig, "mqtt", pdu, "ok", msg$payload_len, ! is_orig);
	else
		OTActivity::request(c, T, "mqtt", cat("publish ", msg_id), pdu,
		    msg$payload_len);
	}

event mqtt_puback(c: connection, is_orig: bool, msg_id: count)
	{
	if ( ! is_orig )
		OTActivity::reply(c, F, "mqtt", cat("publish ", msg_id), "ok");
	}

event mqtt_pubrec(c: connection, is_orig: bool, msg_id: count)
	{
	if ( ! is_orig )
		OTActivity::reply(c, F, "mqtt", cat("publish ", msg_id), "ok");
	}

# One operation for each topic.
function ask(c: connection, operation: string, msg_id: count,
    topics: string_vec)
	{
	local action = "read";

	for ( i, topic in topics )
		if ( everything in topic )
			action = "discover";

	for ( j, each in topics )
		OTActivity::request(c, T, "mqtt", cat(operation, " ", msg_id), pdu_of(
		    operation, action, each));
	}

event mqtt_subscribe(c: connection, msg_id: count, topics: string_vec,
    requested_qos: index_vec)
	{
	ask(c, "subscribe", msg_id, topics);
	}

event mqtt_suback(c: connection, msg_id: count, granted_qos: count)
	{
	OTActivity::reply(c, F, "mqtt", cat("subscribe ", msg_id), granted_qos < 0x80 ?
	    "ok" : cat("code_", granted_qos));
	}

event mqtt_unsubscribe(c: connection, msg_id: count, topics: string_vec)
	{
	ask(c, "unsubscribe", msg_id, topics);
	}

event mqtt_unsuback(c: connection, msg_id: count)
	{
	OTActivity::reply(c, F, "mqtt", cat("unsubscribe ", msg_id), "ok");
	}

event mqtt_pingreq(c: connection)
	{
	OTActivity::request(c, T, "mqtt", "ping", pdu_of("ping", "other", ""));
	}

event mqtt_pingresp(c: connection)
	{
	OTActivity::reply(c, F, "mqtt", "ping", "ok");
	}

event mqtt_disconnect(c: connection)
	{
	OTActivity::once(c, T, "mqtt", pdu_of("disconnect", "other", ""));
	}
