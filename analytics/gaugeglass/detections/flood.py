"""Far more traffic to a device than ever before: from one client, or from many at once."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    IT_SERVICES,
    found,
    listing,
    naming,
    options,
    times,
)

#: events: least events per window that can be a flood; factor: times the learned maximum of
#: everything this client does to the server. A process protocol is told earlier, where the client
#: repeats itself: repeats per window and distinct request, and `factor` times two what all clients
#: together asked this server. sources: new clients of one server in one window.
OPTIONS = {"events": 600, "factor": 5.0, "repeats": 20, "sources": 100}

ONE = f"""
    WITH usual AS (
        SELECT client, server, service, sum(max) AS most FROM known_rate GROUP BY ALL
    ), load AS (
        SELECT server, service, sum(most) AS total FROM usual GROUP BY ALL
    ), per AS (
        SELECT client, server, service, "window", sum("count") AS n,
               sum("count") FILTER (action NOT IN ('connect', 'program', 'firmware', 'file'))
                 AS asked,
               count(DISTINCT (operation, object)) AS kinds
        FROM judged WHERE action <> 'report' OR operation = 'connection' GROUP BY ALL
    ), flooded AS (
        SELECT client, server, service, coalesce(any_value(most), 0) AS most, max(n) AS peak,
               list("window") AS windows
        FROM per LEFT JOIN usual USING (client, server, service)
        LEFT JOIN load USING (server, service)
        WHERE n >= greatest($events, $factor * coalesce(most, 0))
           OR (NOT list_contains($it, service) AND total IS NOT NULL
               AND asked >= greatest($repeats * kinds, 2 * $factor * total))
        GROUP BY client, server, service
    )
    SELECT client, server, service, min(port) AS port, any_value(peak)::BIGINT AS peak,
           any_value(most) AS most, len(any_value(windows)) AS windows,
           list_sort(list(DISTINCT operation)) AS operations, {EVIDENCE}
    FROM judged JOIN flooded f USING (client, server, service)
    WHERE list_contains(f.windows, "window")
    GROUP BY client, server, service ORDER BY client, server, service
"""

MANY = f"""
    WITH new AS (
        SELECT * FROM judged j WHERE action = 'connect' AND is_local(server)
          AND NOT is_group(server)
          AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client AND k.server = j.server)
    ), flooded AS (
        SELECT server, port, "window" FROM new GROUP BY ALL HAVING count(DISTINCT client) >= ?
    )
    SELECT server, port, min(service) AS service, count(DISTINCT client) AS sources, {EVIDENCE}
    FROM new SEMI JOIN flooded USING (server, port, "window")
    GROUP BY server, port ORDER BY server, port
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    o = options(ctx, OPTIONS)
    sources = o.pop("sources")
    for row in ctx.rows(ONE, {**o, "it": list(IT_SERVICES)}):
        most = row["most"]
        yield found(
            row,
            (row["client"], row["server"], row["service"]),
            f"{name(row['client'])} floods {name(row['server'])} over {row['service']}:"
            f" {times(row['peak'], 'event')} in one window",
            observed=f"up to {times(row['peak'], 'event')} per window in"
            f" {times(row['windows'], 'window')}: {listing(row['operations'])}",
            normal=f"at most {most:.0f} per window while learning"
            if most
            else "no traffic between them was learned",
        )
    for row in ctx.rows(MANY, sources):
        yield found(
            row,
            ("many", row["server"], row["port"]),
            f"{times(row['sources'], 'client')} flood {name(row['server'])} at once",
            assets=(row["server"],),
            covers=(Event(None, row["server"], None, row["port"], "connection"),),
            observed=f"{times(row['n'], 'connection')} from {row['sources']} clients",
            normal="none of these clients was seen with it while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="flood",
    title="Traffic flood",
    severity="high",
    techniques=("T0814",),
    card=Card(
        meaning="A device gets far more requests than it was built for. Controllers lose their"
        " cycle time or their connections; screens freeze, remote I/O goes to its fail state.",
        check=(
            "Does the device still control and answer its own HMI in time?",
            "Is the client faulty (a network loop, a retry storm after an outage) or hostile?",
            "Which switch port does the flood come from?",
        ),
        avoid=(
            "Don't restart the controller under the flood: it may not come up on the network",
            "Don't disable the uplink that also carries operator control; shut the source's port",
        ),
    ),
    find=find,
    options=OPTIONS,
    needs_baseline=True,
)
