"""S7comm and S7comm-plus: ICSNPP ``cotp``, ``s7comm``, its details, and ``s7comm_plus``.

Who listens on port 102 is the controller, also where it sends jobs of its own: in a download the
controller fetches the blocks from the engineering station. Names are ICSNPP's (``S7COMM`` consts).
"""

from __future__ import annotations

from gaugeglass.protocols.base import (
    CONN_ID,
    INT,
    ORIENTED,
    PACKET,
    STR,
    TIME,
    Source,
    snake,
)  # fmt: skip

FIXED = {"service": "s7comm", "transport": "tcp"}
PLUS = {"service": "s7comm_plus", "transport": "tcp"}

#: Who sent the PDU, where the log says so.
_FROM_SERVER = "coalesce(source_h = server AND source_p = port, NOT is_orig, false)"

#: PI services that PLC Control (0x28) carries, by code. Start has no other way than this one.
PLC_CONTROL = """
    CASE {0} WHEN 'P_PROGRAM' THEN 'plc_start' WHEN '_INSE' THEN 'plc_control_insert_block'
         WHEN '_INS2' THEN 'plc_control_insert_block' WHEN '_DELE' THEN 'plc_control_delete_block'
         WHEN '_MODU' THEN 'plc_control_copy_ram_to_rom'
         WHEN '_GARB' THEN 'plc_control_compress_memory'
         WHEN '_N_LOGIN_' THEN 'plc_control_login' WHEN '_N_NEWPWD' THEN 'plc_control_new_password'
         ELSE concat_ws('_', 'plc_control', nullif(lower(regexp_replace({0}, '[^A-Za-z0-9]+', '',
                                                                        'g')), '')) END
"""

#: SQL over ``operation`` and, for user data, ``area``: what a function amounts to.
ACTION = """
    CASE WHEN pushed THEN 'report'
         WHEN operation IN ('plc_stop', 'plc_start') OR area = 'mode_transition' THEN 'mode'
         WHEN operation = 'setup_communication' THEN 'connect'
         WHEN operation = 'read_variable' THEN 'read'
         WHEN operation = 'write_variable' THEN 'write'
         WHEN operation IN ('request_download', 'download_block', 'download_ended', 'start_upload',
                            'upload', 'end_upload', 'plc_control_insert_block',
                            'plc_control_delete_block', 'plc_control_copy_ram_to_rom')
              OR area = 'nc_programming' THEN 'program'
         WHEN operation IN ('plc_control_login', 'plc_control_new_password') OR area = 'security'
           THEN 'authenticate'
         WHEN operation LIKE 'plc\\_control\\_nf%' ESCAPE '\\' THEN 'file'
         WHEN area = 'programmer_controls' THEN
           CASE WHEN operation IN ('modify_variable', 'force') THEN 'write'
                WHEN operation = 'memory_reset' THEN 'program'
                WHEN operation IN ('breakpoint', 'exit_hold') THEN 'mode' ELSE 'diagnose' END
         WHEN operation = 'read_szl' THEN
           CASE WHEN object IS NULL OR object IN ('szl:0x0011', 'szl:0x0111', 'szl:0x001c',
                                                  'szl:0x011c', 'szl:0x0012')
                THEN 'identify' ELSE 'diagnose' END
         WHEN area = 'block_functions' THEN 'discover'
         WHEN area = 'time_functions' THEN 'time'
         WHEN area = 'cyclic_services' THEN 'read'
         WHEN area = 'pbc_bsend_brecv' THEN 'write'
         WHEN operation IN ('alarm_8_lock', 'alarm_lock_indication', 'alarm_ack') THEN 'suppress'
         WHEN area = 'cpu_functions' OR operation = 'cpu_services' THEN 'report'
         ELSE 'other' END
"""

#: `Data Block` `00012` to `data_block:12`; a file that is no block goes by its name.
_BLOCK = f"""
    CASE WHEN block_type IS NOT NULL AND TRY_CAST(block_number AS BIGINT) IS NOT NULL
           THEN concat({snake("block_type")}, ':', TRY_CAST(block_number AS BIGINT))
         ELSE filename END
"""

#: What the companions know about a PDU, by connection, time and reference.
DETAILS = f"""
    SELECT uid, ts, pdu_reference, min(object) AS object FROM (
        SELECT uid, ts, pdu_reference, concat('szl:', szl_id) AS object FROM s7comm_read_szl
        UNION ALL
        SELECT uid, ts, pdu_reference, {_BLOCK} FROM s7comm_upload_download
    ) WHERE object IS NOT NULL GROUP BY ALL
"""

S7 = f"""
    SELECT ts, uid, client, server, port, operation, {ACTION} AS action, object, reply,
           CASE WHEN error_class IS NULL OR error_class ILIKE 'no error' THEN 'ok'
                ELSE {snake("error_class")} END AS outcome,
           (uid, pdu_reference, rosctr_name = 'User-Data', pushed) AS pair,
           CASE WHEN pushed THEN 'ok' END AS alone
    FROM (
        SELECT r.*, d.object,
               coalesce(rosctr_name LIKE 'ACK%' OR function_name LIKE 'Response:%', false) AS reply,
               coalesce(function_name LIKE 'Push:%', false) AS pushed,
               CASE WHEN rosctr_name = 'User-Data'
                    THEN {snake("regexp_replace(function_name, '^[A-Za-z]+:', '')")} END AS area,
               CASE WHEN function_name = 'PLC Control' THEN {PLC_CONTROL.format("subfunction_code")}
                    WHEN rosctr_name = 'User-Data' AND area = 'mode_transition'
                      THEN concat('mode_transition_', {snake("subfunction_name")})
                    WHEN rosctr_name = 'User-Data' AND coalesce(subfunction_name, 'unknown')
                         <> 'unknown' THEN {snake("subfunction_name")}
                    WHEN rosctr_name = 'User-Data'
                      THEN concat_ws('_', area, subfunction_code)
                    WHEN coalesce(function_name, 'unknown') = 'unknown'
                      THEN concat_ws('_', 'function', function_code)
                    ELSE {snake("function_name")} END AS operation
        FROM {ORIENTED} r LEFT JOIN ({DETAILS}) d
        ON r.uid = d.uid AND r.ts = d.ts AND r.pdu_reference = d.pdu_reference
    )
"""

#: Where the companions were logged without ``s7comm``.
TRANSFERS = f"""
    SELECT ts, uid, client, server, port, {snake("function_name")} AS operation,
           'program' AS action, {_BLOCK} AS object, 'ok' AS outcome,
           coalesce(rosctr LIKE 'ACK%', false) AS reply, (uid, pdu_reference) AS pair
    FROM {ORIENTED}
"""
SZL = f"""
    SELECT ts, uid, client, server, port, 'read_szl' AS operation, 'identify' AS action,
           concat('szl:', szl_id) AS object, coalesce(method = 'Response', false) AS reply,
           CASE WHEN return_code_name ILIKE 'success' OR return_code_name IS NULL THEN 'ok'
                ELSE {snake("return_code_name")} END AS outcome,
           (uid, pdu_reference) AS pair
    FROM {ORIENTED}
"""

COTP = f"""
    SELECT ts, uid, client, server, port, 'connect' AS action,
           CASE WHEN pdu_name LIKE 'CC %' OR pdu_name LIKE 'CR %' THEN 'cotp_connection_request'
                ELSE concat('cotp_', {snake("regexp_replace(pdu_name, '^[A-Z]{2} ', '')")}) END
             AS operation,
           coalesce(pdu_name LIKE 'CC %', false) AS reply,
           (uid, pdu_name LIKE 'C_ Conn%') AS pair,
           CASE WHEN pdu_name NOT LIKE 'CR %' THEN 'ok' END AS alone
    FROM {ORIENTED}
"""

#: ICSNPP reads some of the requests and some of the responses of S7comm-plus, and no sequence
#: number: a missing response proves nothing.
PLUS_ACTION = """
    CASE WHEN opcode_name = 'Notification' THEN 'report'
         WHEN operation LIKE 'set_%' THEN 'write'
         WHEN operation LIKE 'get_%' THEN 'read'
         WHEN operation = 'explore' THEN 'discover'
         WHEN operation = 'invoke' THEN 'command'
         ELSE 'other' END
"""
S7_PLUS = f"""
    SELECT ts, uid, client, server, port, operation, {PLUS_ACTION} AS action,
           coalesce(opcode_name = 'Response', false) AS reply, 'ok' AS outcome,
           (uid, operation, opcode_name IN ('Request', 'Response')) AS pair,
           CASE WHEN opcode_name = 'Request' THEN 'unknown' ELSE 'ok' END AS alone
    FROM (
        SELECT *, CASE WHEN opcode_name = 'Notification' THEN 'notification'
                       WHEN opcode_name IS NULL OR opcode_name NOT IN ('Request', 'Response')
                         THEN 'unknown_opcode'
                       ELSE coalesce({snake("function_name")}, 'unknown') END AS operation
        FROM {ORIENTED}
    )
"""

#: The station's and module's names are free text; a module that keeps its order name tells a model.
_MODEL = "regexp_matches(module_name, '^(CPU|IM|CP|FM|SM|S7-|ET ?200|SIMATIC|6ES7)[ 0-9]')"
KNOWN = f"""
    SELECT ts, uid, server AS asset, unnest(['name', 'model', 'description', 'location', 'serial'])
             AS attribute,
           unnest([automation_system_name, CASE WHEN {_MODEL} THEN module_name END,
                   CASE WHEN NOT {_MODEL} THEN module_name END, plant_name, module_serial]) AS value
    FROM {ORIENTED}
"""

SOURCES = (
    Source(
        kind="cotp",
        columns={**CONN_ID, **PACKET, "pdu_name": STR},
        activities=(COTP,),
        constants=FIXED,
        used="""pdu_name IS NULL OR NOT (pdu_name LIKE 'DT %' OR pdu_name LIKE 'AK %'
             OR pdu_name LIKE 'ED %' OR pdu_name LIKE 'EA %')""",
        ignored="carries other PDUs, which have logs of their own",
    ),
    Source(
        kind="s7comm",
        columns={
            **CONN_ID, **PACKET, "rosctr_name": STR, "pdu_reference": INT, "function_code": STR,
            "function_name": STR, "subfunction_code": STR, "subfunction_name": STR,
            "error_class": STR,
        },
        activities=(S7,),
        constants=FIXED,
        beside={
            "s7comm_read_szl": {"ts": TIME, "uid": STR, "pdu_reference": INT, "szl_id": STR},
            "s7comm_upload_download": {
                "ts": TIME, "uid": STR, "pdu_reference": INT, "filename": STR, "block_type": STR,
                "block_number": STR,
            },
        },
    ),
    Source(
        kind="s7comm_read_szl",
        columns={
            **CONN_ID, **PACKET, "pdu_reference": INT, "method": STR, "szl_id": STR,
            "return_code_name": STR,
        },
        activities=(SZL,),
        constants=FIXED,
        superseded_by=("s7comm",),
    ),
    Source(
        kind="s7comm_upload_download",
        columns={
            **CONN_ID, **PACKET, "rosctr": STR, "pdu_reference": INT, "function_name": STR,
            "filename": STR, "block_type": STR, "block_number": STR,
        },
        activities=(TRANSFERS,),
        constants=FIXED,
        superseded_by=("s7comm",),
    ),
    Source(
        kind="s7comm_known_devices",
        columns={
            **CONN_ID, "automation_system_name": STR, "module_name": STR, "plant_name": STR,
            "module_serial": STR,
        },
        claims=(KNOWN,),
    ),
    Source(
        kind="s7comm_plus",
        columns={**CONN_ID, **PACKET, "opcode_name": STR, "function_name": STR},
        activities=(S7_PLUS,),
        constants=PLUS,
    ),
)  # fmt: skip
