"""IEC 60870-5-104 as third-party Spicy analyzers log it. Zeek has none of its own.

Two forms are met. CERT.LV's ``zeek-iec104`` (and its forks) writes ``iec104-asdu-ident`` with the
cause, one log a type id (``iec104-C_SC_NA_1``) with a row per information object, and the frames'
headers; ``uid`` and ``apdu`` tie them. Others write one ``iec104`` with a row per APDU. Type ids
and causes of transmission are those of IEC 60870-5-101:2003, 7.2.1 and 7.2.3.
"""

from __future__ import annotations

from gaugeglass.protocols.base import BOOL, CONN_ID, FLOAT, INT, LIST, ORIENTED, STR, Source
from gaugeglass.protocols.registry import ignoring

FIXED = {"service": "iec104", "transport": "tcp"}

TYPES = (
    "M_SP_NA_1", "M_SP_TA_1", "M_DP_NA_1", "M_DP_TA_1", "M_ST_NA_1", "M_ST_TA_1", "M_BO_NA_1",
    "M_BO_TA_1", "M_ME_NA_1", "M_ME_TA_1", "M_ME_NB_1", "M_ME_TB_1", "M_ME_NC_1", "M_ME_TC_1",
    "M_IT_NA_1", "M_IT_TA_1", "M_EP_TA_1", "M_EP_TB_1", "M_EP_TC_1", "M_PS_NA_1", "M_ME_ND_1",
    "M_SP_TB_1", "M_DP_TB_1", "M_ST_TB_1", "M_BO_TB_1", "M_ME_TD_1", "M_ME_TE_1", "M_ME_TF_1",
    "M_IT_TB_1", "M_EP_TD_1", "M_EP_TE_1", "M_EP_TF_1", "C_SC_NA_1", "C_DC_NA_1", "C_RC_NA_1",
    "C_SE_NA_1", "C_SE_NB_1", "C_SE_NC_1", "C_BO_NA_1", "C_SC_TA_1", "C_DC_TA_1", "C_RC_TA_1",
    "C_SE_TA_1", "C_SE_TB_1", "C_SE_TC_1", "C_BO_TA_1", "M_EI_NA_1", "C_IC_NA_1", "C_CI_NA_1",
    "C_RD_NA_1", "C_CS_NA_1", "C_TS_NA_1", "C_RP_NA_1", "C_CD_NA_1", "C_TS_TA_1", "P_ME_NA_1",
    "P_ME_NB_1", "P_ME_NC_1", "P_AC_NA_1", "F_FR_NA_1", "F_SR_NA_1", "F_SC_NA_1", "F_LS_NA_1",
    "F_AF_NA_1", "F_SG_NA_1", "F_DR_TA_1", "F_SC_NB_1",
)  # fmt: skip

#: SQL over ``operation``, a type id in lower case: what it amounts to.
ACTION = """
    CASE WHEN regexp_matches(operation, '^c_(sc|dc|rc|se|bo)_') THEN 'command'
         WHEN regexp_matches(operation, '^c_(ic|ci|rd)_') THEN 'read'
         WHEN regexp_matches(operation, '^c_rp_') THEN 'restart'
         WHEN regexp_matches(operation, '^c_(cs|cd)_') THEN 'time'
         WHEN regexp_matches(operation, '^c_ts_') THEN 'diagnose'
         WHEN starts_with(operation, 'p_') THEN 'write'
         WHEN starts_with(operation, 'f_') THEN 'file'
         WHEN starts_with(operation, 'm_') THEN 'report'
         ELSE 'other' END
"""

#: A cause of transmission without its enum's module, in lower case.
_CAUSE = "lower(regexp_replace({0}, '^.*::', ''))"
_TYPE = _CAUSE

#: Commands are confirmed by the outstation, positively or not; the rest of the causes tell why
#: a report was sent.
_REPLY = "coalesce(cause IN ('actcon', 'deactcon') OR cause LIKE 'unk%' AND NOT monitored, false)"
_OUTCOME = """
    CASE WHEN cause IN ('unktype', 'unknown_type', 'unk_type_id', 'unknown_type_id')
           THEN 'unknown_type'
         WHEN cause IN ('unkcause', 'unknown_cause', 'unk_cause_tx') THEN 'unknown_cause'
         WHEN cause IN ('unkasduaddr', 'unknown_asdu_address', 'unk_common_addr')
           THEN 'unknown_address'
         WHEN cause IN ('unkobjaddr', 'unknown_object_address', 'unk_info_obj_addr')
           THEN 'unknown_object_address'
         WHEN cause LIKE 'unk%' THEN cause
         WHEN negative THEN 'negative_confirmation' ELSE 'ok' END
"""

#: One type's log. Common address 65535 asks all; each answers with its own. Values are what the object carries; ``se`` marks the select before an operate.
OBJECTS = f"""
    SELECT ts, uid, client, server, port, unit, operation, {ACTION} AS action, object,
           {_OUTCOME} AS outcome, value AS value_min, value AS value_max, {_REPLY} AS reply,
           (uid, unit, said, object, monitored) AS pair, (uid, said, object, monitored) AS pair2,
           CASE WHEN monitored THEN 'ok' END AS alone
    FROM (
        SELECT *, concat(said, CASE WHEN selects THEN '_select' END) AS operation,
               starts_with(said, 'm_') OR starts_with(said, 'f_') AS monitored
        FROM (
            SELECT r.ts, r.uid, client, server, port, i.common_address::VARCHAR AS unit,
                   {_TYPE.format("coalesce(r.type_id, 'unknown')")} AS said,
                   {_CAUSE.format("i.cot")} AS cause, coalesce(i.pn, false) AS negative,
                   coalesce(io_sco_se, io_dco_se, io_rco_se, io_qos_se, false) AS selects,
                   CASE WHEN io_qoi IS NOT NULL THEN concat('group:', greatest(io_qoi - 20, 0))
                        WHEN io_obj_addr IS NOT NULL THEN concat('ioa:', io_obj_addr) END AS object,
                   coalesce(io_r32, io_sva, io_nva, io_sco_scs::INTEGER) AS value
            FROM {ORIENTED} r LEFT JOIN (
                SELECT uid, apdu, any_value(ident_cot) AS cot, bool_or(ident_pn) AS pn,
                       min(ident_common_address) AS common_address
                FROM "iec104-asdu-ident" GROUP BY ALL
            ) i ON r.uid = i.uid AND r.apdu = i.apdu
        )
    )
"""
_TERMINATES = f"""(uid, apdu) IN (SELECT (uid, apdu) FROM "iec104-asdu-ident"
    WHERE {_CAUSE.format("ident_cot")} = 'actterm')"""

#: U frames: bit 0 asks, bit 1 confirms. STOPDT ends all reporting on the connection.
FRAMES = f"""
    SELECT ts, uid, client, server, port, reply, 'ok' AS outcome,
           CASE WHEN started > 0 THEN 'startdt' ELSE 'stopdt' END AS operation,
           CASE WHEN started > 0 THEN 'connect' ELSE 'suppress' END AS action,
           (uid, started > 0) AS pair
    FROM (SELECT *, coalesce(startdt, 0) AS started,
                 coalesce(startdt, 0) = 2 OR coalesce(stopdt, 0) = 2 AS reply FROM {ORIENTED})
"""

#: One log for all: a row is an APDU, its objects a list.
SINGLE = f"""
    SELECT ts, uid, client, server, port, unit, operation, {ACTION} AS action, objects,
           {_OUTCOME} AS outcome, {_REPLY} AS reply, (uid, unit, operation, monitored) AS pair,
           (uid, operation, monitored) AS pair2,
           CASE WHEN monitored THEN 'ok' END AS alone
    FROM (
        SELECT ts, uid, client, server, port, asdu_common_address::VARCHAR AS unit,
               {_TYPE.format("asdu_info_obj_type")} AS operation,
               {_CAUSE.format("asdu_cause_tx")} AS cause,
               coalesce(asdu_negative, 0) > 0 AS negative,
               starts_with(operation, 'm_') OR starts_with(operation, 'f_') AS monitored,
               list_transform(asdu_info_obj_addr, lambda a: concat('ioa:', a)) AS objects
        FROM {ORIENTED}
    )
"""

_ENDS = "ends a command that is counted"

SOURCES = (
    *(
        Source(
            kind=f"iec104-{type_id}",
            columns={
                **CONN_ID, "apdu": INT, "type_id": STR, "io.obj_addr": INT, "io.qoi": INT,
                "io.sco.scs": BOOL, "io.sco.se": BOOL, "io.dco.se": BOOL, "io.rco.se": BOOL,
                "io.qos.se": BOOL, "io.r32": FLOAT, "io.sva": FLOAT, "io.nva": FLOAT,
            },
            activities=(OBJECTS,),
            constants=FIXED,
            used=f"NOT coalesce({_TERMINATES}, false)",
            ignored=_ENDS,
            superseded_by=("iec104",),
            beside={
                "iec104-asdu-ident": {
                    "uid": STR, "apdu": INT, "ident.cot": STR, "ident.pn": BOOL,
                    "ident.common_address": INT,
                },
            },
        )
        # a JSON log's kind may come from its file's name, where case is lost
        for type_id in (*TYPES, *map(str.lower, TYPES), "unk")
    ),
    ignoring("iec104-asdu-ident", "the log of its type counts it, object by object"),
    Source(
        kind="iec104-apci_u",
        columns={**CONN_ID, "startdt": INT, "stopdt": INT},
        activities=(FRAMES,),
        constants=FIXED,
        used="coalesce(startdt, 0) + coalesce(stopdt, 0) > 0",
        ignored="keeps the connection alive",
    ),
    ignoring("iec104-apci_s", "acknowledges frames that are counted"),
    ignoring("iec104-apci_i", "carries ASDUs, which have logs of their own"),
    Source(
        kind="iec104",
        columns={
            **CONN_ID, "asdu.info_obj_type": STR, "asdu.cause_tx": STR, "asdu.negative": INT,
            "asdu.common_address": INT, "asdu.info_obj_addr": LIST,
        },
        activities=(SINGLE,),
        constants=FIXED,
        used=f"""asdu_info_obj_type IS NOT NULL
             AND coalesce({_CAUSE.format("asdu_cause_tx")} <> 'actterm', true)""",
        ignored="a frame without data, or the end of a command that is counted",
    ),
)  # fmt: skip
