"""EtherNet/IP and CIP: ICSNPP ``enip``, ``cip``, ``cip_io``, ``cip_identity``, and EVE ``enip``.

What services mean is in ``cip_services``.
"""

from __future__ import annotations

from gaugeglass.protocols.base import (
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    INT,
    ORIENTED,
    PACKET,
    STR,
    Source,
    snake,
)  # fmt: skip
from gaugeglass.protocols.cip_services import ACTION, OBJECT, OPERATION

FIXED = {"service": "cip"}

#: SQL: the ledger's word for a status; that more data follows is no fault.
_OUTCOME = "CASE WHEN {0} IN ('success', 'partial_transfer') THEN 'ok' ELSE coalesce({0}, 'ok') END"

#: A request inside Unconnected Send is not taken apart: its reply names the service. Requests
#: of one packet and service are told apart by their place in it.
CIP = f"""
    SELECT ts, uid, client, server, port, operation, {ACTION} AS action, object,
           {_OUTCOME.format("status")} AS outcome, reply, vague,
           (uid, cip_sequence_count, code, nth, client) AS pair,
           CASE WHEN vague OR reply THEN hash(1, uid, cip_sequence_count, 0, 0)
                ELSE hash(0, uid, cip_sequence_count, code, nth) END AS pair2
    FROM (
        SELECT *, {OPERATION} AS operation,
               coalesce(class_id = 6 AND code = 82 AND NOT reply, false) AS vague,
               CASE WHEN NOT vague THEN {OBJECT} END AS object
        FROM (
            SELECT ts, uid, cip_sequence_count, reply,
                   CASE WHEN reply THEN destination_h ELSE source_h END AS asker,
                   coalesce(CASE WHEN asker IS NOT NULL THEN asker END, o.client) AS client,
                   coalesce(CASE WHEN reply THEN source_h ELSE destination_h END, o.server)
                     AS server,
                   coalesce(CASE WHEN reply THEN source_p ELSE destination_p END, o.port) AS port,
                   TRY_CAST(cip_service_code AS INTEGER) & 127 AS code,
                   nullif({snake("cip_service")}, 'unknown') AS name,
                   {snake("cip_status")} AS status,
                   TRY_CAST(o.class_id AS BIGINT) AS class_id,
                   nullif(nullif({snake("class_name")}, 'unknown'), '') AS class_name,
                   TRY_CAST(o.instance_id AS BIGINT) AS instance_id,
                   TRY_CAST(o.attribute_id AS BIGINT) AS attribute_id,
                   row_number() OVER (PARTITION BY uid, ts, cip_sequence_count, direction,
                                                   cip_service_code ORDER BY line) AS nth
            FROM (SELECT *, coalesce(direction = 'response', NOT is_orig, false) AS reply
                  FROM {ORIENTED.replace("FROM rows", "FROM (SELECT rowid AS line, * FROM rows)")}
                 ) o
        )
    )
"""

#: Rows of Multiple Service Packet whose services have rows of their own.
PARTS = """
    SELECT uid, ts, direction FROM rows WHERE cip_service_code <> '0x0a' AND uid IS NOT NULL
"""

#: SQL over ``operation``: what an encapsulation command amounts to.
COMMAND_ACTION = """
    CASE WHEN operation LIKE '%register_session' THEN 'connect'
         WHEN operation = 'list_identity' THEN 'identify'
         WHEN operation LIKE 'list_%' THEN 'discover'
         ELSE 'other' END
"""
_GROUP = "regexp_matches(server, '(\\.255|^(22[4-9]|23\\d)\\..*|^ff[0-9a-f:]+)$')"

ENIP = f"""
    SELECT ts, uid, client, server, port, operation, {COMMAND_ACTION} AS action, reply,
           {_OUTCOME.format("status")} AS outcome, (uid, operation, sender_context) AS pair,
           CASE WHEN {_GROUP} OR operation IN ('unregister_session', 'nop') THEN 'ok' END AS alone
    FROM (
        SELECT *, {snake("coalesce(enip_command, 'unknown')")} AS operation,
               {snake("enip_status")} AS status,
               coalesce(source_h = server AND source_p = port, NOT is_orig, false) AS reply
        FROM {ORIENTED}
    )
"""

#: Who produces data is the server: it is the one who has them to give.
CIP_IO = """
    SELECT ts, uid, destination_h AS client, source_h AS server,
           least(source_p, destination_p) AS port, data_length AS bytes_to_client
    FROM rows
"""

IDENTITY = """
    SELECT ts, uid, source_h AS asset,
           unnest(['vendor', 'device_type', 'model', 'firmware', 'serial', 'product_code'])
             AS attribute,
           unnest([CASE WHEN vendor_name NOT ILIKE 'unknown%' AND vendor_name <> 'Reserved'
                        THEN vendor_name END,
                   CASE WHEN device_type_name NOT ILIKE 'unknown%' THEN device_type_name END,
                   product_name, revision, serial_number, product_code]) AS value
    FROM rows
"""

_SEGMENT = (
    "TRY_CAST(list_filter({0}.path, lambda s: s.segment_type ILIKE '{1}%')[-1].value AS BIGINT)"
)
_CALL = '{"service":"VARCHAR","class_name":"VARCHAR","path":[{"segment_type":"VARCHAR",'\
    '"value":"VARCHAR"}]'  # fmt: skip
_REQUEST = f"'{_CALL},\"multiple\":[{_CALL}}}]}}'"
_STATUS = '{"service":"VARCHAR","status":"VARCHAR"'
_RESPONSE = f"'{_STATUS},\"multiple\":[{_STATUS}}}]}}'"

#: One row is a transaction: request, response or both. The services of a Multiple Service Packet
#: become one activity each.
EVE_ENIP = f"""
    SELECT ts, uid, client, server, port, transport, operation, {OBJECT} AS object, outcome,
           CASE WHEN call IS NULL AND heard IS NULL THEN {COMMAND_ACTION} ELSE {ACTION} END
             AS action
    FROM (
        SELECT *, CASE WHEN call IS NULL AND heard IS NULL THEN {snake("command")}
                       ELSE {OPERATION} END AS operation,
               CASE WHEN NOT answered THEN CASE WHEN {_GROUP} THEN 'ok' ELSE 'unknown' END
                    WHEN heard IS NULL OR heard.status IS NULL
                      THEN {_OUTCOME.format(snake("said"))}
                    ELSE {_OUTCOME.format(snake("heard.status"))} END AS outcome
        FROM (
            SELECT *, TRY_CAST(nullif(regexp_extract(coalesce(call.service, heard.service),
                                                     '(?i)^unknown-(\\d+)$', 1), '') AS INTEGER)
                     & 127 AS code,
                   {snake("coalesce(call.service, heard.service)")} AS name, call IS NULL AS reply,
                   coalesce({_SEGMENT.format("call", "class")}, TRY_CAST(nullif(regexp_extract(
                       call.class_name, '^unknown-(\\d+)$', 1), '') AS BIGINT)) AS class_id,
                   CASE WHEN call.class_name NOT LIKE 'unknown-%'
                        THEN {snake("call.class_name")} END AS class_name,
                   {_SEGMENT.format("call", "instance")} AS instance_id,
                   {_SEGMENT.format("call", "attribute")} AS attribute_id
            FROM (
                SELECT * EXCLUDE (calls, answers), unnest(calls) AS call,
                       unnest(CASE WHEN len(answers) = len(calls) THEN answers
                                   ELSE list_transform(calls, lambda c: answers[1]) END) AS heard
                FROM (
                    SELECT *, CASE WHEN len(q.multiple) > 0 THEN q.multiple
                                   ELSE [struct_pack(service := q.service,
                                                     class_name := q.class_name,
                                                     path := q.path)] END AS asked,
                           list_transform(asked, lambda c:
                               CASE WHEN c.service IS NOT NULL THEN c END) AS calls,
                           CASE WHEN len(a.multiple) > 0 THEN a.multiple WHEN a.service IS NOT NULL
                                THEN [struct_pack(service := a.service, status := a.status)]
                                ELSE [] END AS answers
                    FROM (
                        SELECT ts, uid, client, server, port, proto AS transport,
                               coalesce(body->>'$.enip.request.command',
                                        body->>'$.enip.response.command', 'unknown') AS command,
                               coalesce(body->>'$.enip.response.status', 'success') AS said,
                               (body->'$.enip.response') IS NOT NULL AS answered,
                               from_json(body->'$.enip.request.cip', {_REQUEST}) AS q,
                               from_json(body->'$.enip.response.cip', {_RESPONSE}) AS a
                        FROM {EVE_ORIENTED}
                    )
                )
            )
        )
    )
"""

EVE_IDENTITY = f"""
    SELECT ts, uid, server AS asset,
           unnest(['vendor', 'device_type', 'model', 'firmware', 'serial', 'product_code'])
             AS attribute,
           unnest([CASE WHEN (i->>'$.vendor_id') NOT LIKE 'unknown-%' THEN i->>'$.vendor_id' END,
                   CASE WHEN (i->>'$.device_type') NOT LIKE 'unknown-%'
                        THEN i->>'$.device_type' END,
                   i->>'$.product_name', i->>'$.revision',
                   printf('0x%08x', TRY_CAST(i->>'$.serial' AS BIGINT)),
                   i->>'$.product_code']) AS value
    FROM (SELECT *, body->'$.enip.response.identity' AS i FROM {EVE_ORIENTED}) WHERE i IS NOT NULL
"""

SOURCES = (
    Source(
        kind="enip",
        columns={
            **CONN_ID, **PACKET, "packet_correlation_id": STR, "enip_command": STR,
            "enip_status": STR, "sender_context": STR,
        },
        activities=(ENIP,),
        constants=FIXED,
        used="""packet_correlation_id IS NULL OR packet_correlation_id NOT IN
             (SELECT packet_correlation_id FROM cip WHERE packet_correlation_id IS NOT NULL)""",
        ignored="carries CIP, which has a log of its own",
        beside={"cip": {"packet_correlation_id": STR}},
    ),
    Source(
        kind="cip",
        columns={
            **CONN_ID, **PACKET, "cip_sequence_count": INT, "direction": STR,
            "cip_service_code": STR, "cip_service": STR, "cip_status": STR, "class_id": STR,
            "class_name": STR, "instance_id": STR, "attribute_id": STR,
        },
        activities=(CIP,),
        constants=FIXED,
        used=f"""cip_service_code IS NULL OR cip_service_code <> '0x0a'
             OR (uid, ts, direction) NOT IN ({PARTS})""",
        ignored="a packet of services that have rows of their own",
    ),
    Source(
        kind="cip_io",
        columns={**CONN_ID, **PACKET, "data_length": INT},
        activities=(CIP_IO,),
        constants={"service": "cip_io", "transport": "udp", "operation": "io_data",
                   "action": "report"},
    ),
    Source(
        kind="cip_identity",
        columns={
            **CONN_ID, **PACKET, "vendor_name": STR, "device_type_name": STR, "product_code": STR,
            "revision": STR, "serial_number": STR, "product_name": STR,
        },
        claims=(IDENTITY,),
    ),
    Source(
        kind="eve:enip",
        columns=EVE,
        activities=(EVE_ENIP,),
        claims=(EVE_IDENTITY,),
        constants=FIXED,
        covered_by=("enip", "cip"),
    ),
)  # fmt: skip
