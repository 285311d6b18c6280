"""One client tried many ports: on one host, or on several."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    FAILED,
    found,
    listing,
    naming,
    options,
    times,
)

#: ports: refused or unanswered ports on one host within an hour that make a scan. Sensors that
#: log a refused connection like any other need four times as many new ports below 32768.
OPTIONS = {"ports": 12}

ATTEMPTS = f"""
    WITH attempts AS (
        SELECT *, {FAILED} AS failed, time_bucket(INTERVAL 1 HOUR, "window") AS hour
        FROM judged j
        WHERE action = 'connect' AND transport IN ('tcp', 'udp')
          AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client
                          AND k.server = j.server AND k.port = j.port)
          -- A late answer to a client's ephemeral port is no attempt.
          AND NOT (transport = 'udp' AND port >= 32768)
    ), scanned AS (
        SELECT client, server, hour FROM attempts GROUP BY client, server, hour
        HAVING count(DISTINCT port) FILTER (failed) >= $ports
            OR count(DISTINCT port) FILTER (port < 32768) >= 4 * $ports
    )
    SELECT client, list_sort(list(DISTINCT server)) AS servers, count(DISTINCT port) AS ports,
           list_sort(list(DISTINCT port)) AS numbers, {EVIDENCE}
    FROM attempts SEMI JOIN scanned USING (client, server, hour) GROUP BY client ORDER BY client
"""

OPEN = """
    SELECT DISTINCT port FROM judged
    WHERE client = ? AND list_contains(?, server) AND action = 'connect' AND outcome = 'ok'
      AND "first" BETWEEN ? AND ? ORDER BY port
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(ATTEMPTS, options(ctx, OPTIONS)):
        servers = row["servers"]
        answered = ctx.rows(OPEN, row["client"], servers, row["first"], row["last"])
        whom = name(servers[0]) if len(servers) == 1 else times(len(servers), "host")
        yield found(
            row,
            (row["client"],),
            f"{name(row['client'])} scanned {times(row['ports'], 'port')} of {whom}",
            server=servers[0] if len(servers) == 1 else None,
            assets=(row["client"], *servers[:50]),
            covers=tuple(Event(row["client"], s, None, None, "connection") for s in servers),
            observed=f"{times(row['n'], 'attempt')} on ports"
            f" {listing(row['numbers'], 8)} of {listing(servers)};"
            f" open: {listing((r['port'] for r in answered), 8) or 'none'}",
            normal="none of these ports were used between them while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="port_scan",
    title="Port scan",
    severity="high",
    techniques=("T0846.001", "T0846"),
    card=Card(
        meaning="Somebody is looking for open services. Nothing in normal plant operation does"
        " this; some older controllers hang or fault on it.",
        check=(
            "Is a vulnerability scan or an asset discovery announced for this network?",
            "Do the scanned controllers still run and answer their HMI?",
            "Who is at the client, and what did it do next: identity reads and writes follow scans",
        ),
        avoid=(
            "Don't scan back, and don't run a scanner in the control zone to look for more",
            "Don't cut the client's port before knowing whether it also carries an HMI's polls",
        ),
    ),
    find=find,
    options=OPTIONS,
)
