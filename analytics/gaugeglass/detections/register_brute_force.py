"""One client writes many values or many points in a short time."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    found,
    habit,
    listing,
    naming,
    options,
    times,
)

#: writes: writes per window; objects: distinct points per hour; factor: how far above the
#: learned maximum (or learned number of points) either must be.
OPTIONS = {"writes": 20, "objects": 10, "factor": 3.0}

BRUTE = f"""
    WITH writes AS (
        SELECT *, time_bucket(INTERVAL 1 HOUR, "window") AS hour FROM judged
        WHERE action IN ('write', 'command') AND service NOT IN ('http', 'smb', 'ssh', 'ftp')
    ), usual AS (
        SELECT client, server, service, operation, sum(max) AS most FROM known_rate GROUP BY ALL
    ), points AS (
        SELECT client, server, service, operation,
               sum(CASE WHEN low >= 0 THEN high - low + 1 ELSE 1 END) AS points FROM known_object
        GROUP BY ALL
    ), fast AS (
        SELECT client, server, service, operation, any_value(hour) AS hour FROM writes
        LEFT JOIN usual USING (client, server, service, operation)
        GROUP BY client, server, service, operation, most, "window"
        HAVING sum("count") >= greatest(?, ? * coalesce(most, 0))
    ), wide AS (
        SELECT client, server, service, operation, hour FROM writes
        LEFT JOIN points USING (client, server, service, operation)
        GROUP BY client, server, service, operation, points, hour
        HAVING count(DISTINCT object) >= greatest(?, ? * coalesce(points, 0))
    ), forcing AS (FROM fast UNION FROM wide)
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           list_sort(list(DISTINCT object)) AS objects, list_sort(list(DISTINCT action)) AS actions,
           min(value_min) AS low, max(value_max) AS high,
           bool_and(EXISTS (FROM known_operation k WHERE k.client = w.client
                            AND k.server = w.server AND k.service = w.service
                            AND k.operation = w.operation)) AS known, {EVIDENCE}
    FROM writes w SEMI JOIN forcing USING (client, server, service, operation, hour)
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    o = options(ctx, OPTIONS)
    for row in ctx.rows(BRUTE, o["writes"], o["factor"], o["objects"], o["factor"]):
        values = f", values {row['low']:g} to {row['high']:g}" if row["low"] is not None else ""
        points = len(row["objects"])
        yield found(
            row,
            (row["client"], row["server"], row["service"]),
            f"{name(row['client'])} sent {times(row['n'], 'write')} to"
            f" {times(points, 'point') if points else 'points'} of {name(row['server'])}"
            f" over {row['service']}",
            object=listing(row["objects"]) or None,
            techniques=("T0806", "T1692.001") if not row["known"] else ("T0806", "T0836"),
            observed=f"{times(row['n'], 'write')} ({listing(row['operations'])}) to"
            f" {listing(row['objects'], 6) or 'unnamed points'}{values}",
            normal=habit(row, ctx.learned)
            + (", but never so many at a time" if row["known"] else ""),
        )


DETECTION = Detection(
    name="register_brute_force",
    title="Brute-force writes to points",
    severity="critical",
    techniques=("T0806",),
    card=Card(
        meaning="Somebody writes to a controller over and over or to one point after the other."
        " Outputs may chatter: valves, breakers and drives wear or trip, and an operator's own"
        " commands are overwritten at once.",
        check=(
            "What do the written points drive? Look at the equipment, not at the screen",
            "Are the values plausible set points, or the whole range one after the other?",
            "Is the client an HMI with a stuck script, or somebody's tool?",
        ),
        avoid=(
            "Don't fight it with commands of your own: go to local control where there is one",
            "Don't block the HMI's conduit to stop a tool that runs on another host",
        ),
    ),
    find=find,
    options=OPTIONS,
    needs_baseline=True,
)
