"""DNP3: Zeek ``dnp3``, ICSNPP ``dnp3_control`` and ``dnp3_objects``, EVE ``dnp3``.

Zeek's row holds a request and its reply, and carries the reply's time where there is one. It
knows one open request per connection: one that is followed by another before any reply came is
lost there, DIRECT_OPERATE_NR always. ``dnp3_control`` keeps each, point by point, so where it
tells of a control block, it counts and ``dnp3`` doesn't.

Internal indications (IIN) are those of IEEE 1815-2012, table 4-8: the first octet is the high one.
"""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    INT,
    ORIENTED,
    PACKET,
    STR,
    TIME,
    Source,
    snake,
)  # fmt: skip

FIXED = {"service": "dnp3"}

#: SQL over ``operation``: what a function amounts to.
ACTION = """
    CASE WHEN operation IN ('select', 'operate', 'direct_operate', 'direct_operate_nr')
           THEN 'command'
         WHEN operation LIKE '%freez%' THEN 'command'
         WHEN operation LIKE '%unsolicited_response' OR operation = 'response' THEN 'report'
         WHEN operation = 'disable_unsolicited' THEN 'suppress'
         WHEN operation LIKE '%_restart' THEN 'restart'
         WHEN operation IN ('stop_appl', 'start_appl', 'initialize_appl', 'initialize_data')
           THEN 'mode'
         WHEN operation IN ('save_config', 'activate_config') THEN 'program'
         WHEN operation LIKE 'authenticat%' THEN 'authenticate'
         WHEN operation LIKE '%file%' THEN 'file'
         WHEN operation IN ('record_current_time', 'delay_measure') THEN 'time'
         WHEN operation = 'read' THEN 'read'
         WHEN operation = 'write' THEN 'write'
         ELSE 'other' END
"""

#: The first fault that the second octet of the IIN names.
IIN = """
    CASE WHEN {0} & 1 > 0 THEN 'function_not_supported'
         WHEN {0} & 2 > 0 THEN 'object_unknown'
         WHEN {0} & 4 > 0 THEN 'parameter_error'
         WHEN {0} & 16 > 0 THEN 'already_executing'
         WHEN {0} & 32 > 0 THEN 'config_corrupt'
         ELSE 'ok' END
"""

#: Functions that want no reply (IEEE 1815-2012, 4.4).
SILENT = "operation IN ('confirm', 'direct_operate_nr') OR operation LIKE '%\\_nr' ESCAPE '\\'"

#: `Class 1 Data` to `class_1`, `Device Attributes - X` to `device_attribute.x`.
_TYPE = "replace(regexp_replace({0}, '_data$', ''), 'device_attributes_', 'device_attribute.')"
OBJECT = _TYPE.format(snake("object_type"))

#: Control blocks: `Control Relay Output Block` 3 to `crob:3`.
POINT = """
    CASE WHEN index_number IS NULL THEN NULL
         ELSE concat(CASE WHEN block_type ILIKE 'pattern%' THEN 'pattern:' ELSE 'crob:' END,
                     index_number) END
"""

#: Rows of ``dnp3`` whose request ``dnp3_control`` tells point by point.
TOLD = """
    SELECT d.uid, d.ts, d.fc_request
    FROM (SELECT uid, ts, function_code FROM dnp3_control WHERE function_code <> 'RESPONSE') c
    ASOF JOIN (SELECT uid, ts, fc_request FROM rows) d
    ON c.uid = d.uid AND c.function_code = d.fc_request AND c.ts <= d.ts
"""

#: What each request to read asked for. A row of ``dnp3`` comes at or after its request.
ASKED = f"""
    SELECT d.uid, d.ts, list_sort(list(DISTINCT o.object)) AS objects
    FROM (SELECT uid, ts, function_code, {OBJECT} AS object FROM dnp3_objects
          WHERE function_code = 'READ') o
    ASOF JOIN (SELECT uid, ts, fc_request FROM rows) d
    ON o.uid = d.uid AND o.function_code = d.fc_request AND o.ts <= d.ts
    GROUP BY d.uid, d.ts
"""

#: One row may be two facts: a request, and an unsolicited response that came before its reply.
PLAIN = f"""
    SELECT ts, uid, client, server, port, operation,
           CASE WHEN list_bool_or(list_transform(objects, lambda o: o LIKE 'device_attribute.%'))
                THEN 'identify' ELSE {ACTION} END AS action,
           objects, outcome
    FROM (
        SELECT r.ts, r.uid, client, server, port, {snake("fc_request")} AS operation, a.objects,
               CASE WHEN {SILENT} THEN 'ok'
                    WHEN fc_reply = 'UNSOLICITED_RESPONSE' THEN 'unknown'
                    WHEN fc_reply IS NOT NULL THEN {IIN.format("coalesce(iin, 0)")}
                    ELSE 'no_reply' END AS outcome
        FROM {ORIENTED} r LEFT JOIN ({ASKED}) a ON r.uid = a.uid AND r.ts = a.ts
             AND r.fc_request = 'READ'
        WHERE fc_request IS NOT NULL
              AND NOT (fc_reply IS NOT DISTINCT FROM 'UNSOLICITED_RESPONSE'
                       AND (r.uid, r.ts, fc_request) IN (SELECT uid, ts, fc_request FROM ({TOLD})))
        UNION ALL
        SELECT ts, uid, client, server, port, {snake("coalesce(fc_reply, 'unknown')")}, NULL, 'ok'
        FROM {ORIENTED}
        WHERE fc_request IS NULL OR fc_reply = 'UNSOLICITED_RESPONSE'
    )
"""

#: What a control block orders, as the number of its control code (IEEE 1815: the operation in bits
#: 0 to 3, the queue in 4, the clear in 5, trip or close in 6 and 7): a breaker that is closed every
#: day and is tripped once gets a value that was never seen.
ORDER = f"""
    CASE WHEN NOT reply AND block_type NOT ILIKE 'pattern%' AND operation_type IS NOT NULL
         THEN coalesce(list_position(['pulse_on', 'pulse_off', 'latch_on', 'latch_off'],
                                     {snake("operation_type")}), 0)
              + CASE WHEN clear_bit THEN 32 ELSE 0 END
              + CASE lower(trip_control_code) WHEN 'close' THEN 64 WHEN 'trip' THEN 128 ELSE 0 END
         END
"""

CONTROL = f"""
    SELECT ts, uid, client, server, port, operation, {ACTION} AS action, {POINT} AS object,
           CASE WHEN reply AND {snake("status_code")} <> 'success'
                THEN {snake("status_code")} ELSE 'ok' END AS outcome,
           {ORDER} AS value_min, {ORDER} AS value_max,
           reply, (uid, block_type, index_number) AS pair,
           CASE WHEN {SILENT} THEN 'ok' END AS alone
    FROM (SELECT *, coalesce(function_code LIKE '%RESPONSE', NOT is_orig) AS reply,
                 {snake("coalesce(function_code, 'unknown')")} AS operation
          FROM {ORIENTED})
"""

#: Reads of ``dnp3_objects`` that ``dnp3`` has as well.
READ_TOLD = """
    SELECT o.uid, o.ts FROM rows o
    ASOF JOIN (SELECT uid, ts, fc_request FROM dnp3 WHERE fc_request = 'READ') d
    ON o.uid = d.uid AND o.function_code = d.fc_request AND o.ts <= d.ts
"""

#: The others: one event per object asked for.
OBJECTS = f"""
    SELECT ts, uid, client, server, port, lower(function_code) AS operation,
           CASE WHEN {OBJECT} LIKE 'device_attribute.%' THEN 'identify' ELSE 'read' END AS action,
           {OBJECT} AS object, 'unknown' AS outcome
    FROM {ORIENTED}
"""

#: Function codes as Zeek names them (``DNP3::function_codes``), for EVE, which has the numbers.
FUNCTIONS = (
    "confirm", "read", "write", "select", "operate", "direct_operate", "direct_operate_nr",
    "immed_freeze", "immed_freeze_nr", "freeze_clear", "freeze_clear_nr", "freeze_at_time",
    "freeze_at_time_nr", "cold_restart", "warm_restart", "initialize_data", "initialize_appl",
    "start_appl", "stop_appl", "save_config", "enable_unsolicited", "disable_unsolicited",
    "assign_class", "delay_measure", "record_current_time", "open_file", "close_file",
    "delete_file", "get_file_info", "authenticate_file", "abort_file", "activate_config",
    "authenticate_req", "authenticate_req_nr",
)  # fmt: skip
_FUNCTIONS = ", ".join(f"'{f}'" for f in FUNCTIONS)
#: Control status codes as ICSNPP names them, from 0.
_STATUS = (
    "'success', 'timeout', 'no_select', 'format_error', 'not_supported', 'latch_off',"
    " 'already_active', 'hardware_error', 'too_many_objs', 'not_authorized', 'automation_inhibit',"
    " 'processing_limited', 'out_of_range'"
)

#: How an EVE object header reads: points by index, else its range, else group and variation.
_HEADER = """
    CASE WHEN h."group" = 60 THEN [concat('class_', h.variation - 1)]
         WHEN h."group" = 0 THEN [concat('device_attribute.', h.variation)]
         WHEN h."group" = 12 AND len(h.points) > 0
           THEN list_transform(h.points, lambda p: concat('crob:', p."index"))
         WHEN h."group" = 41 AND len(h.points) > 0
           THEN list_transform(h.points, lambda p: concat('analog_output:', p."index"))
         WHEN h.range_code IN (0, 1, 2) AND h.stop >= h.start
           THEN [concat('g', h."group", 'v', h.variation, ':', h.start, '-', h.stop)]
         ELSE [concat('g', h."group", 'v', h.variation)] END
"""
_HEADERS = """'[{"group":"INTEGER","variation":"INTEGER","range_code":"INTEGER","start":"BIGINT",
    "stop":"BIGINT","points":[{"index":"BIGINT","status_code":"INTEGER",
    "control_status":"INTEGER","value":"DOUBLE","op_type":"INTEGER","qu":"INTEGER",
    "cr":"INTEGER","tcc":"INTEGER"}]}]'"""

#: EVE has a row each for a request and its reply. ``src`` and ``dst`` are link addresses; the unit
#: is master-outstation.
EVE_DNP3 = f"""
    SELECT ts, uid, client, server, port, transport, operation, reply,
           CASE WHEN operation = 'read'
                     AND list_bool_or(list_transform(names, lambda o: o LIKE 'device_attribute.%'))
                THEN 'identify' ELSE {ACTION} END AS action,
           CASE WHEN reply OR operation = 'unsolicited_response' THEN concat(dst, '-', src)
                ELSE concat(src, '-', dst) END AS unit,
           CASE WHEN NOT reply OR operation = 'unsolicited_response' THEN names[:100] END AS objects,
           CASE WHEN list_contains(iin, 'no_func_code_support') THEN 'function_not_supported'
                WHEN list_contains(iin, 'object_unknown') THEN 'object_unknown'
                WHEN list_contains(iin, 'parameter_error') THEN 'parameter_error'
                WHEN list_contains(iin, 'already_executing') THEN 'already_executing'
                WHEN list_contains(iin, 'config_corrupt') THEN 'config_corrupt'
                WHEN reply AND status > 0
                  THEN coalesce([{_STATUS}][status + 1], concat('status_', status))
                ELSE 'ok' END AS outcome,
           CASE WHEN NOT reply THEN list_min(numbers) END AS value_min,
           CASE WHEN NOT reply THEN list_max(numbers) END AS value_max,
           (flow_id, sequence, operation = 'unsolicited_response') AS pair,
           CASE WHEN operation = 'unsolicited_response' OR {SILENT} THEN 'ok' END AS alone
    FROM (
        SELECT *, said = 'response' AS reply,
               CASE WHEN said = 'unsolicited_response' THEN said WHEN said = 'response' THEN said
                    WHEN code IS NULL THEN 'unknown'
                    ELSE coalesce([{_FUNCTIONS}][code + 1], concat('unknown_', code))
                    END AS operation,
               flatten(list_transform(headers, lambda h: {_HEADER})) AS names,
               flatten(list_transform(headers, lambda h: list_transform(
                   h.points, lambda p: coalesce(p.status_code, p.control_status)))) AS states,
               list_max(states) AS status,
               flatten(list_transform(headers, lambda h: CASE WHEN h."group" = 41 THEN
                   list_transform(h.points, lambda p: p.value) WHEN h."group" = 12 THEN
                   list_transform(h.points, lambda p: (p.op_type + 16 * p.qu + 32 * p.cr
                       + 64 * p.tcc)::DOUBLE) ELSE [] END)) AS numbers
        FROM (
            SELECT ts, uid, flow_id, client, server, port, proto AS transport,
                   body->>'$.dnp3.type' AS said, body->>'$.dnp3.src' AS src,
                   body->>'$.dnp3.dst' AS dst,
                   TRY_CAST(body->>'$.dnp3.application.function_code' AS INTEGER) AS code,
                   body->>'$.dnp3.application.control.sequence' AS sequence,
                   TRY_CAST(body->'$.dnp3.iin.indicators' AS VARCHAR[]) AS iin,
                   from_json(body->'$.dnp3.application.objects', {_HEADERS}) AS headers
            FROM {EVE_ORIENTED}
        )
    )
"""

SOURCES = (
    Source(
        kind="dnp3",
        columns={**CONN_ID, "fc_request": STR, "fc_reply": STR, "iin": INT},
        activities=(PLAIN,),
        constants=FIXED,
        used=f"""fc_reply IS NOT DISTINCT FROM 'UNSOLICITED_RESPONSE' OR fc_request IS NULL OR
             uid IS NULL OR (uid, ts, fc_request) NOT IN ({TOLD})""",
        ignored="dnp3_control counts the same request, point by point",
        beside={
            "dnp3_control": {"ts": TIME, "uid": STR, "function_code": STR},
            "dnp3_objects": {"ts": TIME, "uid": STR, "function_code": STR, "object_type": STR},
        },
    ),
    Source(
        kind="dnp3_control",
        columns={
            **CONN_ID, **PACKET, "block_type": STR, "function_code": STR, "index_number": INT,
            "status_code": STR, "operation_type": STR, "trip_control_code": STR, "clear_bit": BOOL,
        },
        activities=(CONTROL,),
        constants=FIXED,
    ),
    Source(
        kind="dnp3_objects",
        columns={**CONN_ID, "is_orig": BOOL, "function_code": STR, "object_type": STR},
        activities=(OBJECTS,),
        constants=FIXED,
        used=f"function_code = 'READ' AND (uid, ts) NOT IN ({READ_TOLD})",
        ignored="a read that dnp3 counts, or the reply to one",
        beside={"dnp3": {"ts": TIME, "uid": STR, "fc_request": STR}},
    ),
    Source(
        kind="eve:dnp3",
        columns=EVE,
        activities=(EVE_DNP3,),
        constants=FIXED,
        covered_by=("dnp3", "dnp3_control"),
    ),
)  # fmt: skip
