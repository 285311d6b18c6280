"""SSH: Zeek ``ssh``, EVE ``ssh``."""

from __future__ import annotations

from gaugeglass.protocols.base import (
    BOOL,
    CONN_ID,
    EVE,
    EVE_ORIENTED,
    INT,
    ORIENTED,
    STR,
    Source,
)  # fmt: skip

FIXED = {"service": "ssh", "operation": "login", "action": "authenticate", "transport": "tcp"}


def _banner(asset: str, value: str) -> str:
    return f"SELECT ts, uid, {asset} AS asset, 'software' AS attribute, {value} AS value FROM rows"


SOURCES = (
    Source(
        kind="ssh",
        columns={
            **CONN_ID, "auth_success": BOOL, "auth_attempts": INT, "client": STR, "server": STR,
        },
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN auth_success THEN 'ok' WHEN auth_success IS FALSE THEN 'failed'
                     ELSE 'unknown' END AS outcome
                FROM {ORIENTED.replace("SELECT *,", "SELECT * EXCLUDE (client, server),", 1)}""",
        ),
        constants=FIXED,
        claims=(_banner("id_orig_h", "client"), _banner("id_resp_h", "server")),
    ),
    Source(
        kind="eve:ssh",
        columns=EVE,
        activities=(
            f"SELECT ts, uid, client, server, port, 'unknown' AS outcome FROM {EVE_ORIENTED}",
        ),
        constants=FIXED,
        claims=(
            _banner("src_ip", "body->>'$.ssh.client.software_version'"),
            _banner("dest_ip", "body->>'$.ssh.server.software_version'"),
        ),
        covered_by=("ssh",),
    ),
)  # fmt: skip
