"""MQTT: Zeek ``mqtt_connect``, ``mqtt_publish``, ``mqtt_subscribe``, and EVE ``mqtt``.

The broker is the server. A CONNECT is a login, with or without credentials: Zeek doesn't log which,
EVE tells it by flags, and its password and user name fields are never read. What a client sends is
``publish``, what the broker passes on to subscribers is ``deliver``. Of a payload only a number is
kept, as a value.
"""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    INT,
    LIST,
    ORIENTED,
    STR,
    Source,
    snake,
)  # fmt: skip

FIXED = {"service": "mqtt", "transport": "tcp"}

#: Topics that set something, by the words their makers use for it (SQL over ``topic``).
_COMMAND = (
    "regexp_matches(topic, '(?i)(^|[/_.-])(cmd|cmnd|command|commands|control|ctrl|set|setpoint|"
    "write|actuator|switch|do)([/_.-]|$)')"
)
#: Asking for everything there is.
_EVERYTHING = "regexp_matches(topic, '^([+]/)*#$|^\\$SYS/')"

CONNECT = f"""
    SELECT ts, uid, client, server, port, 'connect' AS operation, 'authenticate' AS action,
           CASE WHEN connect_status IS NULL THEN 'unknown'
                WHEN connect_status ILIKE '%accepted' THEN 'ok'
                ELSE {snake("connect_status")} END AS outcome
    FROM {ORIENTED}
"""

#: What identifies a client to its broker.
CLIENT = f"""
    SELECT ts, uid, client AS asset, 'application' AS attribute, client_id AS value FROM {ORIENTED}
"""

PUBLISH = f"""
    SELECT ts, uid, client, server, port,
           CASE WHEN from_client IS FALSE THEN 'deliver' ELSE 'publish' END AS operation,
           CASE WHEN from_client IS NOT FALSE AND {_COMMAND} THEN 'command' ELSE 'report' END
             AS action, topic AS object,
           CASE WHEN status IS NULL OR status LIKE 'ok%' THEN 'ok' ELSE {snake("status")} END
             AS outcome,
           CASE WHEN from_client IS FALSE THEN 0 ELSE payload_len END AS bytes_to_server,
           CASE WHEN from_client IS FALSE THEN payload_len ELSE 0 END AS bytes_to_client,
           TRY_CAST(payload AS DOUBLE) AS value_min, TRY_CAST(payload AS DOUBLE) AS value_max
    FROM {ORIENTED}
"""

SUBSCRIBE = f"""
    SELECT ts, uid, client, server, port, topics AS objects,
           {snake("coalesce(replace(action, 'MQTT::', ''), 'subscribe')")} AS operation,
           CASE WHEN list_bool_or(list_transform(topics, lambda topic: {_EVERYTHING}))
                THEN 'discover' ELSE 'read' END AS action,
           CASE WHEN ack IS FALSE THEN 'no_reply' ELSE 'ok' END AS outcome
    FROM {ORIENTED}
"""

_TOPICS = '\'[{"topic":"VARCHAR"}]\''

#: A row holds one packet, or a packet with what acknowledges it.
EVE_MQTT = f"""
    SELECT ts, uid, client, server, port, transport, reply, topics AS objects,
           CASE WHEN operation <> 'publish' OR upward THEN operation ELSE 'deliver' END
             AS operation,
           CASE WHEN operation = 'connect' THEN 'authenticate'
                WHEN operation = 'publish' AND upward AND list_bool_or(list_transform(topics,
                     lambda topic: {_COMMAND})) THEN 'command'
                WHEN operation = 'publish' THEN 'report'
                WHEN operation LIKE '%subscribe' AND list_bool_or(list_transform(topics,
                     lambda topic: {_EVERYTHING})) THEN 'discover'
                WHEN operation LIKE '%subscribe' THEN 'read'
                ELSE 'other' END AS action,
           CASE WHEN code IS NULL OR code = '0' THEN 'ok'
                WHEN code IN ('4', '134') THEN 'bad_user_name_or_password'
                WHEN code IN ('5', '135') THEN 'not_authorized'
                ELSE concat('code_', code) END AS outcome,
           value AS value_min, value AS value_max, (flow_id, operation, upward) AS pair,
           CASE WHEN operation <> 'connect' OR code IS NOT NULL
                THEN CASE WHEN code IS NULL OR code = '0' THEN 'ok'
                          WHEN code IN ('4', '134') THEN 'bad_user_name_or_password'
                          WHEN code IN ('5', '135') THEN 'not_authorized'
                          ELSE concat('code_', code) END END AS alone
    FROM (
        SELECT ts, uid, flow_id, client, server, port, proto AS transport, kinds,
               list_has_any(kinds, ['connect', 'publish', 'subscribe', 'unsubscribe', 'pingreq',
                                    'disconnect', 'auth']) IS FALSE AS reply,
               (src_ip = client AND src_port <> port) <> reply AS upward,
               CASE WHEN list_has_any(kinds, ['connect', 'connack']) THEN 'connect'
                    WHEN list_has_any(kinds, ['subscribe', 'suback']) THEN 'subscribe'
                    WHEN list_has_any(kinds, ['unsubscribe', 'unsuback']) THEN 'unsubscribe'
                    WHEN list_has_any(kinds, ['pingreq', 'pingresp']) THEN 'ping'
                    WHEN list_has_any(kinds, ['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp'])
                      THEN 'publish'
                    ELSE coalesce({snake("kinds[1]")}, 'unknown') END AS operation,
               CASE WHEN (body->'$.mqtt.publish.topic') IS NOT NULL
                      THEN [body->>'$.mqtt.publish.topic']
                    WHEN (body->'$.mqtt.subscribe.topics') IS NOT NULL
                      THEN list_transform(from_json(body->'$.mqtt.subscribe.topics', {_TOPICS}),
                                          lambda t: t.topic)
                    WHEN (body->'$.mqtt.unsubscribe.topics') IS NOT NULL
                      THEN TRY_CAST(body->'$.mqtt.unsubscribe.topics' AS VARCHAR[])
                    WHEN (body->'$.mqtt.connect') IS NOT NULL
                      THEN [CASE WHEN (body->>'$.mqtt.connect.flags.password') = 'true'
                                 THEN 'password_given'
                                 WHEN (body->>'$.mqtt.connect.flags.username') = 'true'
                                 THEN 'username' ELSE 'anonymous' END] END AS topics,
               coalesce(body->>'$.mqtt.connack.return_code', body->>'$.mqtt.puback.reason_code')
                 AS code,
               TRY_CAST(body->>'$.mqtt.publish.message' AS DOUBLE) AS value
        FROM (SELECT *, json_keys(body, '$.mqtt') AS kinds FROM {EVE_ORIENTED})
    )
"""

EVE_CLIENT = f"""
    SELECT ts, uid, client AS asset, 'application' AS attribute,
           body->>'$.mqtt.connect.client_id' AS value
    FROM {EVE_ORIENTED}
"""

SOURCES = (
    Source(
        kind="mqtt_connect",
        columns={**CONN_ID, "client_id": STR, "connect_status": STR},
        activities=(CONNECT,),
        claims=(CLIENT,),
        constants=FIXED,
    ),
    Source(
        kind="mqtt_publish",
        columns={
            **CONN_ID, "from_client": BOOL, "status": STR, "topic": STR, "payload": STR,
            "payload_len": INT,
        },
        activities=(PUBLISH,),
        constants=FIXED,
    ),
    Source(
        kind="mqtt_subscribe",
        columns={**CONN_ID, "action": STR, "topics": LIST, "ack": BOOL},
        activities=(SUBSCRIBE,),
        constants=FIXED,
    ),
    Source(
        kind="eve:mqtt",
        columns=EVE,
        activities=(EVE_MQTT,),
        claims=(EVE_CLIENT,),
        constants={"service": "mqtt"},
        covered_by=("mqtt_connect", "mqtt_publish", "mqtt_subscribe"),
    ),
)  # fmt: skip
