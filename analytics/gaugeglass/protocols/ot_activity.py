"""``ot_activity.log`` of the project's own Zeek scripts: activities, summed up on the sensor.

A row is not an event but a sum of ``events`` of them, with their gaps measured where every packet
was seen; the engine adds rows up instead of counting them. ``count`` and ``port`` are words of
Zeek's language, so the log says ``events`` and ``server_port``.
"""

from __future__ import annotations

from gaugeglass.ledger.schema import ACTIONS
from gaugeglass.protocols.base import FLOAT, INT, LIST, STR, TIME, Source

_ACTIONS = ", ".join(f"'{a}'" for a in ACTIONS)

SUMMED = f"""
    SELECT coalesce("first", ts) AS ts, client, server, client_mac, server_mac,
           coalesce(transport, 'tcp') AS transport, server_port AS port, service, unit,
           operation, CASE WHEN action IN ({_ACTIONS}) THEN action ELSE 'other' END AS action,
           object, coalesce(outcome, 'unknown') AS outcome, coalesce(events, 1) AS n,
           bytes_to_server, bytes_to_client, "last", gap_count, gap_sum, gap_sq,
           value_min, value_max, list_min(uids) AS uid, list_max(uids) AS uid_max
    FROM rows
"""

SOURCES = (
    Source(
        kind="ot_activity",
        columns={
            "ts": TIME, "client": STR, "server": STR, "client_mac": STR, "server_mac": STR,
            "transport": STR, "server_port": INT, "service": STR, "unit": STR, "operation": STR,
            "action": STR, "object": STR, "outcome": STR, "events": INT, "bytes_to_server": INT,
            "bytes_to_client": INT, "first": TIME, "last": TIME, "gap_count": INT, "gap_sum": INT,
            "gap_sq": INT, "value_min": FLOAT, "value_max": FLOAT, "uids": LIST,
        },
        activities=(SUMMED,),
        summed=True,
    ),
)  # fmt: skip
