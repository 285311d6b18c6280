"""Telnet: wherever a log has it (site scripts write ``telnet`` or ``login``); never a password."""

from __future__ import annotations

from gaugeglass.protocols.base import BOOL, CONN_ID, EVE, EVE_ORIENTED, ORIENTED, STR, Source

FIXED = {"service": "telnet", "transport": "tcp", "operation": "login", "action": "authenticate"}

SOURCES = (
    *(
        Source(
            kind=kind,
            columns={**CONN_ID, "user": STR, "success": BOOL},
            activities=(
                f"""SELECT ts, uid, client, server, port,
                    CASE WHEN "user" IS NOT NULL THEN concat('user:', left("user", 64)) END
                    AS object, CASE WHEN success THEN 'ok' WHEN success IS FALSE THEN 'failed'
                    ELSE 'unknown' END AS outcome FROM {ORIENTED}""",
            ),
            constants=FIXED,
        )
        for kind in ("telnet", "login")
    ),
    Source(
        kind="eve:telnet",
        columns=EVE,
        activities=(
            f"SELECT ts, uid, client, server, port, 'unknown' AS outcome FROM {EVE_ORIENTED}",
        ),
        constants=FIXED,
    ),
)
