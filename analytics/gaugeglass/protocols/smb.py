"""SMB: Zeek ``smb_mapping``, ``smb_files`` and ``smb_cmd``, EVE ``smb``."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, ORIENTED, STR, Source, snake

FIXED = {"service": "smb", "transport": "tcp"}

_FILE_ACTION = """
    CASE WHEN operation LIKE '%write%' OR operation LIKE '%delete%' OR operation LIKE '%rename%'
         THEN 'write' WHEN operation LIKE '%read%' THEN 'read' ELSE 'file' END
"""

SOURCES = (
    Source(
        kind="smb_mapping",
        columns={**CONN_ID, "path": STR, "share_type": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port, 'tree_connect' AS operation,
                'connect' AS action, concat('share:', left(path, 200)) AS object
                FROM {ORIENTED}""",
        ),
        constants=FIXED,
    ),
    Source(
        kind="smb_files",
        columns={**CONN_ID, "action": STR, "path": STR, "name": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port, operation, {_FILE_ACTION} AS action,
                concat('share:', left(path, 200)) AS object
                FROM (SELECT * EXCLUDE (action), {snake("replace(action, 'SMB::', '')")}
                      AS operation FROM {ORIENTED})""",
        ),
        constants=FIXED,
    ),
    Source(
        kind="smb_cmd",
        columns={**CONN_ID, "command": STR, "status": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port, coalesce({snake("command")}, 'unknown') AS operation,
                'file' AS action, CASE WHEN status IN ('SUCCESS', 'STATUS_SUCCESS') OR status IS NULL
                THEN 'ok' ELSE lower(status) END AS outcome FROM {ORIENTED}""",
        ),
        constants=FIXED,
    ),
    Source(
        kind="eve:smb",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, client, server, port, coalesce({snake("body->>'$.smb.command'")}, 'unknown')
                AS operation, CASE WHEN body->>'$.smb.command' ILIKE '%session_setup%'
                THEN 'authenticate' ELSE 'file' END AS action,
                CASE WHEN coalesce(body->>'$.smb.status', 'STATUS_SUCCESS') = 'STATUS_SUCCESS'
                THEN 'ok' ELSE lower(body->>'$.smb.status') END AS outcome
                FROM {EVE_ORIENTED}""",
        ),
        constants=FIXED,
        covered_by=("smb_mapping", "smb_files"),
    ),
)  # fmt: skip
