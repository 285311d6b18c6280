"""SNMP: Zeek ``snmp``, EVE ``snmp``. Of the community only matters whether it is a default."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, INT, ORIENTED, STR, Source

FIXED = {"service": "snmp", "transport": "udp"}
#: Communities everybody knows; any other is a secret and never leaves the log.
_DEFAULT = (
    "CASE WHEN lower({0}) IN ('public', 'private') THEN concat('community:', lower({0}))"
    " WHEN {0} IS NOT NULL THEN 'community:not_default' END"
)

SOURCES = (
    Source(
        kind="snmp",
        columns={
            **CONN_ID, "version": STR, "community": STR, "get_requests": INT,
            "get_bulk_requests": INT, "get_responses": INT, "set_requests": INT,
            "display_string": STR,
        },
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN coalesce(set_requests, 0) > 0 THEN 'set' ELSE 'get' END AS operation,
                CASE WHEN coalesce(set_requests, 0) > 0 THEN 'write' ELSE 'read' END AS action,
                {_DEFAULT.format("community")} AS object,
                CASE WHEN coalesce(get_responses, 0) > 0 THEN 'ok' ELSE 'unknown' END AS outcome
                FROM {ORIENTED}""",
        ),
        constants=FIXED,
        claims=(
            "SELECT ts, uid, id_resp_h AS asset, 'description' AS attribute,"
            " display_string AS value FROM rows",
        ),
    ),
    Source(
        kind="eve:snmp",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, client, server, port, operation,
                CASE WHEN operation LIKE 'set%' THEN 'write' WHEN operation LIKE '%trap%'
                     THEN 'report' ELSE 'read' END AS action,
                {_DEFAULT.format("body->>'$.snmp.community'")} AS object, 'unknown' AS outcome
                FROM (SELECT *, replace(coalesce(body->>'$.snmp.pdu_type', 'get'), '_request', '')
                      AS operation FROM {EVE_ORIENTED})""",
        ),
        constants=FIXED,
        used="coalesce(body->>'$.snmp.pdu_type', 'get') <> 'response'",
        ignored="the reply to a request that is counted",
        covered_by=("snmp",),
    ),
)  # fmt: skip
