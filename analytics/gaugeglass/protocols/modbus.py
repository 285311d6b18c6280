"""Modbus/TCP: Zeek ``modbus``, ICSNPP ``modbus_detailed`` and its companions.

Function names are Zeek's (``Modbus::function_codes``), which follow the Modbus Application
Protocol Specification V1.1b3, chapter 6. Addresses are 0-based, as in the PDU.
"""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
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
       " '^(unknown_90|unity_schneider)$', 'umas')"  # fmt: skip

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

DETAILED = f"""
    SELECT ts, uid, client, server, port, unit::VARCHAR AS unit, operation, {ACTION} AS action,
           CASE WHEN {TABLE} IS NULL OR address IS NULL THEN NULL
                WHEN coalesce(quantity, 1) <= 1 THEN concat({TABLE}, ':', address)
                ELSE concat({TABLE}, ':', address, '-', address + quantity - 1) END AS object,
           CASE WHEN exception_code IS NOT NULL THEN lower(replace(exception_code, '-', '_'))
                WHEN matched IS FALSE THEN 'no_reply' ELSE 'ok' END AS outcome,
           list_min(numbers) AS value_min, list_max(numbers) AS value_max
    FROM (SELECT *, CASE WHEN operation LIKE '%coil%' OR operation LIKE '%discrete%' THEN NULL
                         ELSE {_VALUES.format("coalesce(request_values, response_values)")}
                    END AS numbers
          FROM (SELECT *, CASE WHEN mei_type ILIKE '%device%identification%'
                               THEN 'read_device_identification' ELSE {NAME} END AS operation
                FROM {ORIENTED}))
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
            **CONN_ID, "unit": INT, "func": STR, "address": INT, "quantity": INT,
            "request_values": LIST, "response_values": LIST, "matched": BOOL,
            "exception_code": STR, "mei_type": STR,
        },
        activities=(DETAILED,),
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
)  # fmt: skip
