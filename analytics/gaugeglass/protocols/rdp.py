"""RDP and VNC: Zeek ``rdp`` and ``rfb``, EVE ``rdp`` and ``rfb``."""

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

RDP = {"service": "rdp", "transport": "tcp", "operation": "login", "action": "authenticate"}
VNC = {**RDP, "service": "vnc"}

SOURCES = (
    Source(
        kind="rdp",
        columns={**CONN_ID, "cookie": STR, "result": STR, "client_name": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN result IS NULL THEN 'unknown' WHEN lower(result) LIKE '%success%'
                     OR lower(result) = 'encrypted' THEN 'ok' ELSE lower(result) END AS outcome
                FROM {ORIENTED}""",
        ),
        constants=RDP,
        claims=(
            "SELECT ts, uid, id_orig_h AS asset, 'hostname' AS attribute, client_name AS value"
            " FROM rows",
        ),
    ),
    Source(
        kind="rfb",
        columns={**CONN_ID, "auth": BOOL, "desktop_name": STR, "authentication_method": STR},
        activities=(
            f"""SELECT ts, uid, client, server, port,
                CASE WHEN auth THEN 'ok' WHEN auth IS FALSE THEN 'failed' ELSE 'unknown' END
                AS outcome, CASE WHEN authentication_method = 'None' THEN 'anonymous' END AS object
                FROM {ORIENTED}""",
        ),
        constants=VNC,
        claims=(
            "SELECT ts, uid, id_resp_h AS asset, 'name' AS attribute, desktop_name AS value"
            " FROM rows",
        ),
    ),
    *(
        Source(
            kind=f"eve:{event}",
            columns=EVE,
            activities=(
                f"SELECT ts, uid, client, server, port, 'unknown' AS outcome FROM {EVE_ORIENTED}",
            ),
            constants=fixed,
            covered_by=(event,),
        )
        for event, fixed in (("rdp", RDP), ("rfb", VNC))
    ),
)
