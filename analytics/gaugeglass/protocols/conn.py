"""Connections: who talked to whom, over what, how much, and whether it was answered.

Zeek ``conn`` (conn_state as in Zeek's ``Conn::Info``).
"""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, FLOAT, INT, ORIENTED, STR, Source

#: Zeek's conn_state to an outcome. Joined in the middle (OTH, RSTRH, SHR...) still counts as ok
#: where both sides spoke. No state is in two branches; the commonest are asked for first.
OUTCOME = """
    CASE WHEN conn_state = 'SF' THEN 'ok'
         WHEN conn_state IN ('S0', 'SH') THEN 'no_reply'
         WHEN conn_state IN ('S1', 'S2', 'S3', 'RSTO', 'RSTR') THEN 'ok'
         WHEN conn_state = 'REJ' THEN 'rejected'
         WHEN conn_state IN ('RSTOS0', 'RSTRH', 'SHR') THEN 'half_open'
         WHEN coalesce(orig_bytes, 0) > 0 AND coalesce(resp_bytes, 0) > 0 THEN 'ok'
         WHEN conn_state = 'OTH' AND orig_pkts > 0 AND resp_pkts > 0 THEN 'ok'
         ELSE 'partial' END
"""

ACTIVITY = f"""
    SELECT ts, uid, flip, id_orig_h AS client, id_resp_h AS server, port, proto AS transport,
           service, orig_l2_addr AS client_mac, resp_l2_addr AS server_mac, {OUTCOME} AS outcome,
           orig_bytes AS bytes_to_server, resp_bytes AS bytes_to_client,
           CAST(duration * 1e6 AS BIGINT) AS lasted
    FROM {ORIENTED}
"""


SOURCES = (
    Source(
        kind="conn",
        columns={
            **CONN_ID, "proto": STR, "service": STR, "duration": FLOAT, "orig_bytes": INT,
            "resp_bytes": INT, "conn_state": STR, "orig_pkts": INT, "resp_pkts": INT,
            "orig_l2_addr": STR, "resp_l2_addr": STR,
        },
        activities=(ACTIVITY,),
        constants={"operation": "connection", "action": "connect"},
        comes_from={
            "client_mac": ("orig_l2_addr", "resp_l2_addr"),
            "server_mac": ("orig_l2_addr", "resp_l2_addr"),
        },
        raw_service=True,
        gaps=False,
    ),
)  # fmt: skip
