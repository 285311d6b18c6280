"""NTLM: Zeek ``ntlm``: who logs in from which Windows host, and what the server calls itself."""

from __future__ import annotations

from gaugeglass.protocols.base import BOOL, CONN_ID, ORIENTED, STR, Source


def _claim(asset: str, attribute: str, value: str) -> str:
    return (
        f"SELECT ts, uid, {asset} AS asset, '{attribute}' AS attribute, {value} AS value FROM rows"
    )


SOURCES = (
    Source(
        kind="ntlm",
        columns={
            **CONN_ID, "username": STR, "hostname": STR, "domainname": STR,
            "server_nb_computer_name": STR, "server_dns_computer_name": STR, "success": BOOL,
        },
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN username IS NULL THEN 'user:anonymous'
                     ELSE concat('user:', left(username, 64)) END AS object,
                CASE WHEN success THEN 'ok' WHEN success IS FALSE THEN 'failed' ELSE 'unknown' END
                AS outcome FROM {ORIENTED}""",
        ),
        constants={
            "service": "ntlm", "transport": "tcp", "operation": "login", "action": "authenticate",
        },
        claims=(
            _claim("id_orig_h", "hostname", "hostname"),
            _claim("id_orig_h", "user", "username"),
            _claim(
                "id_resp_h", "hostname",
                "coalesce(server_nb_computer_name, server_dns_computer_name)",
            ),
        ),
    ),
)  # fmt: skip
