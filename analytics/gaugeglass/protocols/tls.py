"""TLS: Zeek ``ssl`` and ``x509``, EVE ``tls``."""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    ORIENTED,
    STR,
    TIME,
    Source,
)  # fmt: skip

FIXED = {"service": "tls", "operation": "handshake", "action": "connect", "transport": "tcp"}

SOURCES = (
    Source(
        kind="ssl",
        columns={
            **CONN_ID, "version": STR, "server_name": STR, "established": BOOL, "subject": STR,
            "last_alert": STR,
        },
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN established THEN 'ok' WHEN last_alert IS NOT NULL
                     THEN concat('alert_', lower(last_alert)) ELSE 'partial' END AS outcome
                FROM {ORIENTED}""",
        ),
        constants=FIXED,
        claims=(
            "SELECT ts, uid, id_resp_h AS asset, 'tls_subject' AS attribute, subject AS value"
            " FROM rows",
        ),
    ),
    Source(
        kind="x509",
        columns={"ts": TIME},
        used="FALSE",
        ignored="names no host; ssl.log has the server's subject",
    ),
    Source(
        kind="eve:tls",
        columns=EVE,
        activities=(
            f"SELECT ts, uid, client, server, port, 'ok' AS outcome FROM {EVE_ORIENTED}",
        ),
        constants=FIXED,
        claims=(
            "SELECT ts, uid, dest_ip AS asset, 'tls_subject' AS attribute,"
            " body->>'$.tls.subject' AS value FROM rows",
        ),
        covered_by=("ssl",),
    ),
)  # fmt: skip
