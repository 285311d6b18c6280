"""Modbus/TCP: Zeek ``modbus``, ICSNPP ``modbus_detailed`` and its companions, EVE ``modbus``.

Function names are Zeek's (``Modbus::function_codes``), which follow the Modbus Application
Protocol Specification V1.1b3, chapter 6. Addresses are 0-based, as in the PDU.
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
    PACKET,
    STR,
    Source,
)  # fmt: skip

FIXED = {"service": "modbus", "transport": "tcp"}

#: SQL over ``operation``: what a function amounts to.
ACTION = """
    CASE WHEN operation IN ('read_device_identification', 'report_slave_id') THEN 'identify'
         WHEN operation LIKE 'read_write%' THEN 'write'
         WHEN operation LIKE 'read_%' THEN 'read'
         WHEN operation LIKE 'write_%' OR operation LIKE 'mask_write%' THEN 'write'
         WHEN operation LIKE 'diagnostics%' OR operation LIKE 'get_comm%' THEN 'diagnose'
         WHEN operation LIKE 'program%' OR operation LIKE 'poll_%' THEN 'program'
         WHEN operation IN ('umas', 'unknown_90', 'unity_schneider', 'schneider_umas')
           THEN 'program'
         WHEN operation LIKE 'encap%' THEN 'identify'
         WHEN operation = 'firmware_replacement' THEN 'firmware'
         ELSE 'other' END
"""

#: Zeek writes an unknown code as ``unknown-90``; 90 is Schneider's UMAS. A reply's name may end in
#: ``_EXCEPTION``.
NAME = "regexp_replace(regexp_replace(replace(lower(func), '-', '_'), '_exception$', ''),"\
       " '^(unknown_90|unity_schneider|program_unity)$', 'umas')"  # fmt: skip

#: SQL: the table that a function addresses.
TABLE = """
    CASE WHEN operation LIKE '%coil%' THEN 'coil'
         WHEN operation LIKE '%discrete%' THEN 'discrete_input'
         WHEN operation LIKE '%input_reg%' THEN 'input_register'
         WHEN operation LIKE '%register%' OR operation LIKE '%fifo%' THEN 'holding_register'
         WHEN operation LIKE '%file%' THEN 'file_record' END
"""

PLAIN = f"""
    SELECT ts, uid, client, server, port, unit::VARCHAR AS unit, operation, {ACTION} AS action,
           CASE WHEN pdu_type = 'RESP' OR exception IS NOT NULL
                THEN coalesce(lower(exception), 'ok') ELSE 'ok' END AS outcome,
           coalesce(pdu_type = 'RESP', exception IS NOT NULL) AS reply,
           (uid, tid, unit) AS pair, (uid, unit, operation) AS pair2
    FROM (SELECT *, {NAME} AS operation FROM {ORIENTED})
"""

#: Values as numbers; coils and registers of one PDU give its smallest and largest.
_VALUES = (
    "list_filter(list_transform({0}, lambda v: TRY_CAST(v AS DOUBLE)), lambda v: v IS NOT NULL)"
)

#: SQL: the points that ``address`` and ``quantity`` name.
_POINTS = f"""
    CASE WHEN {TABLE} IS NULL OR address IS NULL THEN NULL
         WHEN coalesce(quantity, 1) <= 1 THEN concat({TABLE}, ':', address)
         ELSE concat({TABLE}, ':', address, '-', address + quantity - 1) END
"""
_NAMED = f"""(
    SELECT *, CASE WHEN mei_type ILIKE '%device%identification%' THEN 'read_device_identification'
                   ELSE {NAME} END AS operation FROM {ORIENTED})"""
_NUMBERED = f"""(
    SELECT *, CASE WHEN operation LIKE '%coil%' OR operation LIKE '%discrete%' THEN NULL
                   ELSE {_VALUES.format("coalesce(request_values, response_values, values)")}
              END AS seen FROM {_NAMED})"""
_EXCEPTION = "lower(replace(exception_code, '-', '_'))"

#: A row is a request with its reply, where ICSNPP matched them.
DETAILED = f"""
    SELECT ts, uid, client, server, port, unit::VARCHAR AS unit, operation, {ACTION} AS action,
           {_POINTS} AS object, list_min(seen) AS value_min, list_max(seen) AS value_max,
           CASE WHEN exception_code IS NOT NULL THEN {_EXCEPTION}
                WHEN matched IS FALSE THEN 'no_reply' ELSE 'ok' END AS outcome
    FROM {_NUMBERED} WHERE matched IS NOT NULL
"""

#: It doesn't match functions it can't take apart, nor did its first version: a row each. There, an
#: exception, a row that says so, or the second row of a transaction is the reply.
UNMATCHED = f"""
    SELECT ts, uid, client, server, port, unit::VARCHAR AS unit, operation, {ACTION} AS action,
           {_POINTS} AS object, list_min(seen) AS value_min, list_max(seen) AS value_max,
           coalesce({_EXCEPTION}, 'ok') AS outcome,
           exception_code IS NOT NULL
             OR coalesce(request_response ILIKE 'response', nth % 2 = 0) AS reply,
           (uid, tid, unit) AS pair
    FROM (SELECT *, row_number() OVER (PARTITION BY uid, tid, unit, func ORDER BY ts, line) AS nth
          FROM {_NUMBERED.replace("FROM rows", "FROM (SELECT rowid AS line, * FROM rows)")}
          WHERE matched IS NULL)
"""

#: Function codes by Zeek's names, and exceptions from 1, for EVE, which has the numbers.
_FUNCTIONS = (
    "MAP {1: 'read_coils', 2: 'read_discrete_inputs', 3: 'read_holding_registers',"
    " 4: 'read_input_registers', 5: 'write_single_coil', 6: 'write_single_register',"
    " 7: 'read_exception_status', 8: 'diagnostics', 9: 'program_484', 10: 'poll_484',"
    " 11: 'get_comm_event_counter', 12: 'get_comm_event_log', 13: 'program_584_984',"
    " 14: 'poll_584_984', 15: 'write_multiple_coils', 16: 'write_multiple_registers',"
    " 17: 'report_slave_id', 18: 'program_884_u84', 19: 'reset_comm_link_884_u84',"
    " 20: 'read_file_record', 21: 'write_file_record', 22: 'mask_write_register',"
    " 23: 'read_write_multiple_registers', 24: 'read_fifo_queue', 40: 'program_concept',"
    " 41: 'multiple_function_codes', 43: 'encap_interface_transport', 90: 'umas',"
    " 91: 'object_messaging', 125: 'firmware_replacement', 126: 'program_584_984_2',"
    " 127: 'report_local_address'}"
)
_EXCEPTIONS = (
    "MAP {1: 'illegal_function', 2: 'illegal_data_address', 3: 'illegal_data_value',"
    " 4: 'slave_device_failure', 5: 'acknowledge', 6: 'slave_device_busy',"
    " 8: 'memory_parity_error', 10: 'gateway_path_unavailable',"
    " 11: 'gateway_target_device_failed_to_respond'}"
)

#: An EVE row is a transaction, or half of one. Where Suricata joined a session in the middle and
#: took the server for the client, the halves change places and what it read in them is void.
EVE_MODBUS = f"""
    SELECT ts, uid, client, server, port, transport, unit, operation, {ACTION} AS action, reply,
           CASE WHEN NOT flip THEN {_POINTS} END AS object,
           CASE WHEN exception IS NULL THEN 'ok'
                ELSE coalesce({_EXCEPTIONS}[exception], concat('exception_', exception)) END
             AS outcome,
           CASE WHEN NOT flip AND operation = 'write_single_register' THEN data END AS value_min,
           CASE WHEN NOT flip AND operation = 'write_single_register' THEN data END AS value_max,
           (flow_id, tid, whole) AS pair, CASE WHEN whole THEN outcome END AS alone
    FROM (
        SELECT ts, uid, flow_id, client, server, port, proto AS transport, flip,
               q IS NOT NULL AND a IS NOT NULL AS whole, (q IS NULL) <> flip AND NOT whole AS reply,
               coalesce(q->>'$.unit_id', a->>'$.unit_id') AS unit,
               coalesce(q->>'$.transaction_id', a->>'$.transaction_id') AS tid,
               TRY_CAST(coalesce(q->>'$.function_raw', a->>'$.function_raw') AS INTEGER) & 127
                 AS code,
               CASE WHEN coalesce(q->>'$.mei.code', a->>'$.mei.code') = 'RdDevId'
                      THEN 'read_device_identification'
                    WHEN code IS NULL THEN 'unknown'
                    ELSE coalesce({_FUNCTIONS}[code], concat('unknown_', code)) END AS operation,
               TRY_CAST(coalesce(q->>'$.read.address', q->>'$.write.address') AS BIGINT) AS address,
               TRY_CAST(coalesce(q->>'$.read.quantity', q->>'$.write.quantity') AS BIGINT)
                 AS quantity,
               TRY_CAST(q->>'$.write.data' AS DOUBLE) AS data,
               TRY_CAST(a->>'$.exception.raw' AS INTEGER) AS exception
        FROM (SELECT *, body->'$.modbus.request' AS q, body->'$.modbus.response' AS a
              FROM {EVE_ORIENTED})
    )
"""

#: The object ids of Read Device Identification (chapter 6.21) that name the device.
IDENTIFICATION = """
    SELECT ts, uid,
           CASE WHEN upper(request_response) = 'RESPONSE' THEN source_h ELSE destination_h END
             AS asset,
           CASE TRY_CAST(replace(lower(object_id_code), '0x', '') AS INTEGER)
                WHEN 0 THEN 'vendor' WHEN 1 THEN 'product_code' WHEN 2 THEN 'firmware'
                WHEN 3 THEN 'url' WHEN 4 THEN 'model' WHEN 5 THEN 'name'
                WHEN 6 THEN 'application' END AS attribute,
           object_value AS value
    FROM rows WHERE object_value IS NOT NULL AND attribute IS NOT NULL
"""

SOURCES = (
    Source(
        kind="modbus",
        columns={
            **CONN_ID, "tid": INT, "unit": INT, "func": STR, "pdu_type": STR, "exception": STR,
        },
        activities=(PLAIN,),
        constants=FIXED,
        superseded_by=("modbus_detailed",),
    ),
    Source(
        kind="modbus_detailed",
        columns={
            **CONN_ID, "tid": INT, "unit": INT, "func": STR, "address": INT, "quantity": INT,
            "request_values": LIST, "response_values": LIST, "values": LIST, "matched": BOOL,
            "request_response": STR, "exception_code": STR, "mei_type": STR,
        },
        activities=(DETAILED, UNMATCHED),
        constants=FIXED,
    ),
    Source(
        kind="modbus_read_device_identification",
        columns={
            **CONN_ID, **PACKET, "request_response": STR, "object_id_code": STR,
            "object_value": STR,
        },
        claims=(IDENTIFICATION,),
    ),
    *(
        Source(kind, {}, used="FALSE", ignored="modbus_detailed counts the same PDU")
        for kind in ("modbus_mask_write_register", "modbus_read_write_multiple_registers")
    ),
    Source(
        kind="eve:modbus",
        columns=EVE,
        activities=(EVE_MODBUS,),
        constants={"service": "modbus"},
        covered_by=("modbus", "modbus_detailed"),
    ),
)  # fmt: skip
