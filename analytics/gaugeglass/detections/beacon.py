"""A host calls an address outside again and again at an even pace, as implants do."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, found, naming, options, times

#: windows: least windows with connections; spread: greatest standard deviation over mean, of the
#: gaps between connections (or of the connections per window where they are frequent).
OPTIONS = {"windows": 6, "spread": 0.5}

#: Time and name services call outside evenly by nature.
EVEN = f"""
    WITH calls AS (
        SELECT client, server, port, "window", min("first") AS start, sum("count") AS n
        FROM judged j
        WHERE operation = 'connection' AND is_local(client) AND NOT is_local(server)
          AND NOT is_group(server) AND service NOT IN ('ntp', 'dns', 'dhcp', 'icmp')
          AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client
                          AND k.server = j.server AND k.port IS NOT DISTINCT FROM j.port)
        GROUP BY ALL
    ), paced AS (
        SELECT *, epoch(start - lag(start) OVER (
            PARTITION BY client, server, port ORDER BY "window")) AS gap
        FROM calls
    ), even AS (
        SELECT client, server, port, count(*) AS windows, avg(gap) AS gap, avg(n) AS pace,
               stddev_pop(gap) / nullif(avg(gap), 0) AS gap_spread,
               stddev_pop(n) / avg(n) AS pace_spread
        FROM paced GROUP BY ALL
        HAVING count(*) >= $windows AND stddev_pop(gap) / nullif(avg(gap), 0) <= $spread
           AND stddev_pop(n) / avg(n) <= $spread
    )
    SELECT client, server, port, any_value(e.windows) AS windows, any_value(e.gap) AS gap,
           any_value(e.pace) AS pace, any_value(greatest(gap_spread, pace_spread)) AS spread,
           min(service) AS service, {EVIDENCE}
    FROM judged JOIN even e USING (client, server, port) WHERE operation = 'connection'
    GROUP BY client, server, port ORDER BY client, server, port
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(EVEN, options(ctx, OPTIONS)):
        every = row["gap"] / row["pace"]
        yield found(
            row,
            (row["client"], row["server"], row["port"]),
            f"{name(row['client'])} calls {name(row['server'])} outside about every"
            f" {every:.0f} seconds over {row['service']}",
            operation="connection",
            covers=(Event(row["client"], row["server"]),),
            observed=f"{times(row['n'], 'connection')} in {times(row['windows'], 'window')},"
            f" spread {row['spread']:.2f} of the mean",
            normal="this client never called that address while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="beacon",
    title="Regular calls to an outside address",
    severity="high",
    techniques=("T0869", "T0885"),
    card=Card(
        meaning="A host in the plant calls an address outside at a machine's pace. An implant"
        " waiting for orders looks like this; so does a vendor's cloud service.",
        check=(
            "Whose address is it, and is a remote-monitoring or licence service contracted?",
            "What runs on the host that calls; since when; who installed it?",
            "Did the host reach into the control zone after an answer came back?",
        ),
        avoid=(
            "Don't clean or reinstall the host before its memory and disk are preserved",
            "Don't block the address first if the host also runs the plant: let the response be"
            " one step, with operations informed, or the intruder is warned",
        ),
    ),
    find=find,
    options=OPTIONS,
)
