"""A known operation on a known conduit reaches points outside everything learned."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    CHANGING,
    EVIDENCE,
    IT_SERVICES,
    found,
    listing,
    naming,
    options,
    times,
)

#: reads: points newly read on a conduit before reading them is worth a word; a single write is.
#: topics: a conduit that had so many objects of its own name while learning makes new ones by
#: nature (message topics with a serial number in them, files, requests by number).
OPTIONS = {"reads": 3, "topics": 200}

NEW = f"""
    SELECT client, server, service, operation, action IN ({CHANGING}) AS changing,
           min(port) AS port, list_sort(list(DISTINCT unit)) AS units,
           list_sort(list(DISTINCT object)) AS objects, min(value_min) AS low,
           max(value_max) AS high, {EVIDENCE}
    FROM judged j
    WHERE object IS NOT NULL AND NOT list_contains($it, service)
      AND action NOT IN ('connect', 'authenticate', 'identify')
      AND EXISTS (FROM known_object k WHERE k.client = j.client AND k.server = j.server
                  AND k.service = j.service AND k.operation = j.operation)
      AND NOT object_known(j.client, j.server, j.service, j.unit, j.operation, j.object)
      AND (SELECT count(*) FROM known_object k WHERE k.client = j.client AND k.server = j.server
           AND k.service = j.service AND k.operation = j.operation AND k.low < 0) < $topics
    GROUP BY ALL HAVING changing OR count(DISTINCT object) >= $reads
    ORDER BY client, server, service, operation
"""

LEARNED = """
    SELECT list(object ORDER BY object) AS objects FROM known_object
    WHERE client = ? AND server = ? AND service = ? AND operation = ?
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(NEW, {"it": list(IT_SERVICES), **options(ctx, OPTIONS)}):
        conduit = (row["client"], row["server"], row["service"])
        if ctx.is_told(Event(*conduit, None, row["operation"])):
            continue
        changing = row["changing"]
        points = listing(row["objects"])
        values = f", values {row['low']:g} to {row['high']:g}" if row["low"] is not None else ""
        learned = ctx.rows(LEARNED, *conduit, row["operation"])[0]["objects"]
        yield found(
            row,
            (*conduit, row["operation"]),
            f"{name(row['client'])} {'changes' if changing else 'reads'} points of"
            f" {name(row['server'])} it never touched: {points}",
            severity="high" if changing else "low",
            techniques=("T0836", "T1692.001") if changing else ("T0861", "T0801"),
            object=points,
            observed=f"{times(row['n'], 'request')} ({row['operation']}) at"
            f" {listing(row['objects'], 8)}{values}",
            normal=f"{row['operation']} at {listing(learned)}",
        )


DETECTION = Detection(
    name="new_object",
    title="Points outside the learned range",
    severity="medium",
    techniques=("T0836", "T0861"),
    card=Card(
        meaning="A station that normally reads or sets certain points now reaches others. On a"
        " controller each point is a valve, a limit or a timer: others mean other equipment.",
        check=(
            "What are these points in the controller's documentation?",
            "Was a display, a recipe or a report extended?",
            "Where values were written: are they in the range the equipment is rated for?",
        ),
        avoid=(
            "Don't write the previous value back without operations: the process has moved on",
            "Don't disable the station: its other writes are the operators' hands",
        ),
    ),
    find=find,
    options=OPTIONS,
    needs_baseline=True,
    budgeted=True,
    rank=5,
)
