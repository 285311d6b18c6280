"""Kerberos: Zeek ``kerberos``, EVE ``krb5``."""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    ORIENTED,
    STR,
    Source,
)  # fmt: skip

FIXED = {"service": "kerberos", "operation": "login", "action": "authenticate"}

SOURCES = (
    Source(
        kind="kerberos",
        columns={**CONN_ID, "request_type": STR, "client": STR, "success": BOOL},
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN success THEN 'ok' WHEN success IS FALSE THEN 'failed' ELSE 'unknown' END
                AS outcome
                FROM {ORIENTED.replace("SELECT *,", "SELECT * EXCLUDE (client),", 1)}""",
        ),
        constants=FIXED,
    ),
    Source(
        kind="eve:krb5",
        columns=EVE,
        activities=(
            "SELECT ts, uid, client, server, port, proto AS transport, 'unknown' AS outcome"
            f" FROM {EVE_ORIENTED}",
        ),
        constants=FIXED,
        covered_by=("kerberos",),
    ),
)
