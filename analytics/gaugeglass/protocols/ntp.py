"""NTP: Zeek ``ntp``, EVE ``ntp``."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, INT, Source

FIXED = {"service": "ntp", "transport": "udp", "operation": "synchronise", "action": "time"}

SOURCES = (
    Source(
        kind="ntp",
        columns={**CONN_ID, "mode": INT},
        # mode 3 asks, mode 4 answers (RFC 5905, 7.3); a pair is two rows of one connection
        activities=(
            """SELECT ts, uid, id_orig_h AS client, id_resp_h AS server, id_resp_p AS port,
               coalesce(mode = 4, false) AS reply, uid AS pair FROM rows""",
        ),
        constants=FIXED,
    ),
    Source(
        kind="eve:ntp",
        columns=EVE,
        activities=(
            "SELECT ts, uid, src_ip AS client, dest_ip AS server, dest_port AS port,"
            " 'unknown' AS outcome FROM rows",
        ),
        constants=FIXED,
        covered_by=("ntp",),
    ),
)
