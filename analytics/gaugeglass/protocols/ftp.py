"""FTP and TFTP: Zeek ``ftp``, EVE ``ftp`` and ``tftp``. The password column is never read."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, INT, ORIENTED, STR, Source

_ACTION = """
    CASE WHEN operation IN ('user', 'pass') THEN 'authenticate' ELSE 'file' END
"""

SOURCES = (
    Source(
        kind="ftp",
        columns={
            **CONN_ID, "user": STR, "command": STR, "reply_code": INT, "file_size": INT,
        },
        activities=(
            f"""SELECT ts, uid, client, server, port, operation, {_ACTION} AS action,
                CASE WHEN user IS NULL OR user IN ('<unknown>') THEN NULL
                     ELSE concat('user:', left(user, 64)) END AS object,
                CASE WHEN reply_code IS NULL THEN 'no_reply' WHEN reply_code < 400 THEN 'ok'
                     ELSE concat('ftp_', reply_code) END AS outcome
                FROM (SELECT *, coalesce(lower(command), 'session') AS operation
                      FROM (SELECT * EXCLUDE ("user"), "user" AS user FROM {ORIENTED}))""",
        ),
        constants={"service": "ftp", "transport": "tcp"},
    ),
    Source(
        kind="eve:ftp",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, client, server, port, operation, {_ACTION} AS action,
                'unknown' AS outcome
                FROM (SELECT *, coalesce(lower(body->>'$.ftp.command'), 'session') AS operation
                      FROM {EVE_ORIENTED})""",
        ),
        constants={"service": "ftp", "transport": "tcp"},
        covered_by=("ftp",),
    ),
    Source(
        kind="eve:tftp",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, client, server, port,
                coalesce(lower(body->>'$.tftp.packet'), 'request') AS operation, 'file' AS action,
                concat('file:', left(body->>'$.tftp.file', 200)) AS object FROM {EVE_ORIENTED}""",
        ),
        constants={"service": "tftp", "transport": "udp"},
    ),
)  # fmt: skip
