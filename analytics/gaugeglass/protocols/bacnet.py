"""BACnet/IP: ICSNPP ``bacnet``, ``bacnet_discovery``, ``bacnet_property``, ``bacnet_device_control``.

Both ends use port 47808, so roles come from the PDU: who is asked for something is the server, and
who announces or notifies is it as well. ``bacnet`` counts every PDU; its companions say what it was
about. The password column of ``bacnet_device_control`` is never read.
"""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, INT, PACKET, STR, TIME, Source, snake

FIXED = {"service": "bacnet", "transport": "udp"}

#: Sent unasked by the device whose data they tell.
_ANNOUNCES = (
    "regexp_matches(operation, '^(i_am|i_have)|_notification|_busy_to_network|available_to')"
)

#: Properties by which a device is recognised.
IDENTITY = {
    "vendor-name": "vendor", "model-name": "model", "firmware-revision": "firmware",
    "application-software-version": "software", "object-name": "name", "location": "location",
    "description": "description", "serial-number": "serial",
}  # fmt: skip
_RECOGNISE = "|".join(
    [p.replace("-", "_") for p in IDENTITY]
    + ["vendor_identifier", "object_identifier", "protocol_version", "protocol_revision", "all"]
    + ["required", "optional"]
)

#: SQL over ``operation`` and ``objects``: what a service amounts to.
ACTION = f"""
    CASE WHEN operation LIKE 'read_%' AND list_bool_or(list_transform(objects,
                lambda o: o LIKE 'device.object_list:%')) THEN 'discover'
         WHEN operation LIKE 'read_property%' AND list_bool_and(list_transform(objects,
                lambda o: regexp_matches(o, '^device\\.({_RECOGNISE}):'))) THEN 'identify'
         WHEN operation IN ('read_broadcast_table', 'read_foreign_device_table') THEN 'discover'
         WHEN operation LIKE 'reinitialize_device_%' THEN 'program'
         WHEN operation = 'reinitialize_device' THEN 'restart'
         WHEN operation IN ('device_communication_control', 'acknowledge_alarm') THEN 'suppress'
         WHEN operation = 'life_safety_operation' THEN 'command'
         WHEN operation LIKE 'write%' OR operation LIKE '%_list_element'
              OR operation IN ('create_object', 'delete_object', 'you_are')
              OR operation LIKE 'delete_foreign%' THEN 'write'
         WHEN operation LIKE 'who_%' THEN 'discover'
         WHEN operation LIKE 'atomic_%file' THEN 'file'
         WHEN {_ANNOUNCES} THEN 'report'
         WHEN operation LIKE '%time_synchronization' THEN 'time'
         WHEN operation IN ('authenticate', 'request_key', 'auth_request') THEN 'authenticate'
         WHEN operation LIKE 'register_foreign%' THEN 'connect'
         WHEN operation LIKE 'read_%' OR operation LIKE 'subscribe_%' OR operation LIKE 'get_%'
           THEN 'read'
         ELSE 'other' END
"""

#: `analog_output.present_value:101`
_PROPERTY = (
    f"concat({snake('object_type')}, '.', coalesce({snake('property')}, 'object'),"
    " CASE WHEN instance_number IS NOT NULL THEN concat(':', instance_number) END)"
)
#: What each packet read or wrote; a value only where it is the only one.
PROPERTIES = f"""
    SELECT uid, ts, invoke_id, list_sort(list(DISTINCT {_PROPERTY})) AS objects,
           CASE WHEN count(*) = 1 AND any_value(property) = 'present-value'
                THEN TRY_CAST(any_value(value) AS DOUBLE) END AS number
    FROM bacnet_property WHERE object_type IS NOT NULL GROUP BY ALL
"""
#: Which state a device was told to take.
STATES = f"""
    SELECT uid, ts, invoke_id, min({snake("device_state")}) AS state
    FROM bacnet_device_control WHERE device_state IS NOT NULL GROUP BY ALL
"""
#: Who was looked for, and who answered.
SOUGHT = f"""
    SELECT uid, ts, replace(pdu_service, '-', '_') AS service,
           min(CASE WHEN pdu_service = 'who-is' AND regexp_matches(range, '^\\d+-\\d+$')
                      THEN concat('device:', range)
                    WHEN pdu_service IN ('who-has', 'i-have') THEN coalesce(nullif(object_name, 'N/A'),
                      concat({snake("object_type")}, ':', instance_number)) END) AS sought,
           min(CASE WHEN pdu_service = 'i-am' THEN instance_number
                    WHEN pdu_service = 'i-have' THEN device_id_number END) AS device
    FROM bacnet_discovery GROUP BY ALL
"""

ALL = f"""
    SELECT ts, uid, operation, {ACTION} AS action, objects, device AS unit, outcome, reply, number
             AS value_min, number AS value_max,
           CASE WHEN asks THEN source_h ELSE destination_h END AS client,
           CASE WHEN asks THEN destination_h ELSE source_h END AS server,
           CASE WHEN asks THEN destination_p ELSE source_p END AS port,
           (uid, invoke_id, reply OR wants, CASE WHEN reply THEN destination_h ELSE source_h END)
             AS pair,
           CASE WHEN NOT wants THEN 'ok' END AS alone
    FROM (
        SELECT *, reply <> NOT {_ANNOUNCES} AS asks FROM (
            SELECT b.*, n.device, p.number,
                   coalesce(pdu_type IN ('SIMPLE_ACK', 'COMPLEX_ACK', 'ERROR_PDU', 'REJECT_PDU',
                                         'ABORT_PDU')
                            OR bvlc_function LIKE '%_ACK' OR bvlc_function = 'BVLC_Result', false)
                     AS reply,
                   coalesce(pdu_type = 'CONFIRMED_REQUEST', false) AS wants,
                   CASE WHEN d.state IN ('start_backup', 'end_backup')
                          THEN 'reinitialize_device_backup'
                        WHEN d.state IN ('start_restore', 'end_restore', 'abort_restore')
                          THEN 'reinitialize_device_restore'
                        ELSE coalesce({snake("pdu_service")},
                             {snake("regexp_replace(bvlc_function, '_ACK$', '')")}, 'unknown')
                        END AS operation,
                   CASE WHEN d.state IS NOT NULL THEN [d.state]
                        WHEN n.sought IS NOT NULL THEN [n.sought] ELSE p.objects END AS objects,
                   CASE WHEN pdu_type IN ('ERROR_PDU', 'REJECT_PDU', 'ABORT_PDU')
                          THEN coalesce({snake("result_code")},
                                        lower(replace(pdu_type, '_PDU', '')))
                        WHEN bvlc_function = 'BVLC_Result' AND result_code NOT ILIKE 'success%'
                          THEN {snake("result_code")}
                        ELSE 'ok' END AS outcome
            FROM rows b
            LEFT JOIN ({PROPERTIES}) p
              ON b.uid = p.uid AND b.ts = p.ts AND b.invoke_id IS NOT DISTINCT FROM p.invoke_id
            LEFT JOIN ({STATES}) d
              ON b.uid = d.uid AND b.ts = d.ts AND b.invoke_id IS NOT DISTINCT FROM d.invoke_id
            LEFT JOIN ({SOUGHT}) n
              ON b.uid = n.uid AND b.ts = n.ts AND b.pdu_service = n.service
        )
    )
"""

#: What a device says of itself; instance 4194303 stands for "not configured".
I_AM = """
    SELECT ts, uid, source_h AS asset, unnest(['instance', 'vendor']) AS attribute,
           unnest([CASE WHEN instance_number <> 4194303 THEN instance_number::VARCHAR END,
                   CASE WHEN vendor NOT ILIKE 'unknown%' AND vendor NOT ILIKE 'reserved%'
                        THEN vendor END]) AS value
    FROM rows WHERE pdu_service = 'i-am'
"""
_ATTRIBUTE = " ".join(f"WHEN '{p}' THEN '{a}'" for p, a in IDENTITY.items())
_TOLD = f"""pdu_service LIKE '%-ack' AND object_type = 'device'
    AND property IN ({", ".join(f"'{p}'" for p in IDENTITY)})"""
PROPERTY_CLAIMS = f"""
    SELECT ts, uid, source_h AS asset, CASE property {_ATTRIBUTE} END AS attribute,
           nullif(value, 'N/A') AS value
    FROM rows WHERE {_TOLD}
"""

_WHY = "bacnet counts the same PDU"
_PROPERTIES_OF = {
    "ts": TIME, "uid": STR, "invoke_id": INT, "object_type": STR, "instance_number": INT,
    "property": STR, "value": STR,
}  # fmt: skip
_DISCOVERY_OF = {
    "pdu_service": STR, "object_type": STR, "instance_number": INT, "object_name": STR,
}  # fmt: skip


def _alone(service: str, objects: str, reply: str = "false") -> str:
    """The events of a companion that was logged without ``bacnet``."""
    return f"""
        SELECT ts, uid, operation, {ACTION} AS action, objects, 'unknown' AS outcome,
               CASE WHEN asks THEN source_h ELSE destination_h END AS client,
               CASE WHEN asks THEN destination_h ELSE source_h END AS server,
               CASE WHEN asks THEN destination_p ELSE source_p END AS port
        FROM (SELECT *, NOT {_ANNOUNCES} AS asks FROM (
            SELECT *, {service} AS operation, {objects} AS objects FROM rows
            WHERE NOT ({reply}) AND NOT EXISTS (SELECT 1 FROM bacnet)))
    """


_ANSWERS = "coalesce(pdu_service LIKE '%-ack' OR pdu_service LIKE 'ERROR%', false)"

SOURCES = (
    Source(
        kind="bacnet",
        columns={
            **CONN_ID, **PACKET, "bvlc_function": STR, "pdu_type": STR, "pdu_service": STR,
            "invoke_id": INT, "result_code": STR,
        },
        activities=(ALL,),
        constants=FIXED,
        used="pdu_type IS DISTINCT FROM 'SEGMENT_ACK'",
        ignored="acknowledges a part of a PDU that is counted",
        beside={
            "bacnet_property": _PROPERTIES_OF,
            "bacnet_device_control": {
                "ts": TIME, "uid": STR, "invoke_id": INT, "device_state": STR,
            },
            "bacnet_discovery": {
                "ts": TIME, "uid": STR, **_DISCOVERY_OF, "range": STR, "device_id_number": INT,
            },
        },
    ),
    Source(
        kind="bacnet_discovery",
        columns={**CONN_ID, **PACKET, **_DISCOVERY_OF, "vendor": STR},
        activities=(
            _alone("replace(coalesce(pdu_service, 'unknown'), '-', '_')", "NULL::VARCHAR[]"),
        ),
        claims=(I_AM,),
        constants=FIXED,
        used="pdu_service = 'i-am' OR NOT EXISTS (SELECT 1 FROM bacnet)",
        ignored=_WHY,
        beside={"bacnet": {"uid": STR}},
    ),
    Source(
        kind="bacnet_property",
        columns={**CONN_ID, **PACKET, **_PROPERTIES_OF, "pdu_service": STR},
        activities=(
            _alone(snake("regexp_replace(coalesce(pdu_service, 'unknown'), '-request$', '')"),
                   f"[{_PROPERTY}]", _ANSWERS),
        ),
        claims=(PROPERTY_CLAIMS,),
        constants=FIXED,
        used=f"({_TOLD}) OR NOT ({_ANSWERS}) AND NOT EXISTS (SELECT 1 FROM bacnet)",
        ignored=_WHY,
        beside={"bacnet": {"uid": STR}},
    ),
    Source(
        kind="bacnet_device_control",
        columns={
            **CONN_ID, **PACKET, "pdu_service": STR, "device_state": STR, "result": STR,
        },
        activities=(
            _alone(snake("coalesce(pdu_service, 'unknown')"),
                   f"[{snake('device_state')}]", "result IS NOT NULL"),
        ),
        constants=FIXED,
        used="result IS NULL",
        ignored="the reply to a request that is counted",
        superseded_by=("bacnet",),
        beside={"bacnet": {"uid": STR}},
    ),
)  # fmt: skip
