"""Flows: EVE ``flow`` (and ``netflow``): who talked to whom, where no Zeek conn.log says it."""

from __future__ import annotations

from gaugeglass.protocols.base import EVE, EVE_ORIENTED, Source
from gaugeglass.protocols.ports import named

#: Suricata flips a flow it joined in the middle no more often than it guesses right: by role then.
ACTIVITY = f"""
    SELECT started AS ts, uid, client, server, port, proto AS transport, service,
           CASE WHEN refused THEN 'rejected'
                WHEN to_server > 0 AND to_client > 0 THEN 'ok' WHEN to_client > 0 THEN 'partial'
                ELSE 'no_reply' END AS outcome,
           CASE WHEN flip THEN b_client ELSE b_server END AS bytes_to_server,
           CASE WHEN flip THEN b_server ELSE b_client END AS bytes_to_client,
           greatest(ended, started) AS last
    FROM {
    named(f'''(
        SELECT * RENAME (app_proto AS said),
               -- the server's flags hold a RST and never a SYN (RFC 9293, 3.10.7.1)
               coalesce(TRY_CAST(concat('0x', body->>'$.tcp.tcp_flags_tc') AS INTEGER) & 6 = 4
                        AND TRY_CAST(concat('0x', body->>'$.tcp.tcp_flags_ts') AS INTEGER) & 2 = 2,
                        false) AS refused,
               coalesce(TRY_CAST(body->>'$.flow.pkts_toserver' AS BIGINT), 0) AS to_server,
               coalesce(TRY_CAST(body->>'$.flow.pkts_toclient' AS BIGINT), 0) AS to_client,
               coalesce(TRY_CAST(body->>'$.flow.bytes_toserver' AS BIGINT), 0) AS b_server,
               coalesce(TRY_CAST(body->>'$.flow.bytes_toclient' AS BIGINT), 0) AS b_client,
               coalesce(try_strptime(body->>'$.flow.start', '%Y-%m-%dT%H:%M:%S.%f%z')
                        AT TIME ZONE 'UTC', ts) AS started,
               coalesce(try_strptime(body->>'$.flow.end', '%Y-%m-%dT%H:%M:%S.%f%z')
                        AT TIME ZONE 'UTC', ts) AS ended
        FROM {EVE_ORIENTED.replace("SELECT *,", "SELECT * REPLACE (nullif(app_proto, 'failed') AS app_proto),", 1)})''')
}
"""

SOURCES = (
    Source(
        kind="eve:flow",
        columns=EVE,
        activities=(ACTIVITY,),
        constants={"operation": "connection", "action": "connect"},
        claims=(
            "SELECT ts, uid, src_ip AS asset, 'mac' AS attribute, body->>'$.ether.src_mac' AS value"
            " FROM rows",
            "SELECT ts, uid, dest_ip AS asset, 'mac' AS attribute,"
            " body->>'$.ether.dest_mac' AS value FROM rows",
        ),
        gaps=False,
        covered_by=("conn",),
    ),
    Source("eve:netflow", EVE, used="FALSE", ignored="flow events tell the same"),
)
