"""DCE/RPC: Zeek ``dce_rpc``: remote procedure calls of Windows, the way of much lateral movement."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, ORIENTED, STR, Source, snake

SOURCES = (
    Source(
        kind="dce_rpc",
        columns={**CONN_ID, "endpoint": STR, "operation": STR, "named_pipe": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port, coalesce({snake("operation")}, 'unknown')
                AS operation,
                CASE WHEN endpoint IN ('svcctl', 'atsvc', 'ITaskSchedulerService')
                     THEN 'command' ELSE 'other' END AS action,
                concat('interface:', endpoint) AS object FROM {ORIENTED}""",
        ),
        constants={"service": "dce_rpc", "transport": "tcp"},
    ),
    Source(
        kind="eve:dcerpc",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, client, server, port, 'request' AS operation, 'other' AS action,
                concat('interface:', body->>'$.dcerpc.interfaces[0].uuid') AS object
                FROM {EVE_ORIENTED}""",
        ),
        constants={"service": "dce_rpc", "transport": "tcp"},
        covered_by=("dce_rpc",),
    ),
)
