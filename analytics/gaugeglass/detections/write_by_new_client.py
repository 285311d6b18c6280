"""A client writes or commands over a protocol over which it never wrote before."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    DONE,
    EVIDENCE,
    IT_SERVICES,
    found,
    listing,
    naming,
    times,
)

WRITES = f"""
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           list_sort(list(DISTINCT object)) AS objects, list_sort(list(DISTINCT action)) AS actions,
           list_sort(list(DISTINCT outcome)) AS outcomes,
           min(value_min) AS low, max(value_max) AS high, bool_or({DONE}) AS done,
           NOT EXISTS (FROM known_asset k WHERE k.address = j.client) AS stranger,
           EXISTS (FROM known_action k WHERE k.client = j.client AND k.service = j.service)
             AS reader, {EVIDENCE}
    FROM judged j
    WHERE action IN ('write', 'command') AND NOT list_contains(?, service)
      AND NOT EXISTS (FROM known_action k WHERE k.client = j.client AND k.service = j.service
                      AND k.action IN ('write', 'command'))
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(WRITES, list(IT_SERVICES)):
        who = (row["client"], row["server"], row["service"])
        if all(ctx.is_told(Event(*who, None, op)) for op in row["operations"]):
            continue
        command = row["actions"] == ["command"]
        verb = "commands" if command else "writes to"
        values = f", values {row['low']:g} to {row['high']:g}" if row["low"] is not None else ""
        ids = ("T1692.001",) if command else ("T1692.001", "T0836")
        yield found(
            row,
            who,
            f"{name(row['client'])} {verb if row['done'] else 'tried to write to'}"
            f" {name(row['server'])} over {row['service']}, which it never did before",
            severity="high" if row["done"] else "medium",
            # A device nobody knew that gives orders is a master nobody appointed.
            techniques=(*ids, "T0848") if row["stranger"] else ids,
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])} at"
            f" {listing(row['objects'], 6) or 'unnamed points'}{values}"
            f" (outcome {listing(row['outcomes'])})",
            normal="this client was not on the network while learning"
            if row["stranger"]
            else f"this client only reads over {row['service']}"
            if row["reader"]
            else f"this client doesn't use {row['service']}",
        )


DETECTION = Detection(
    name="write_by_new_client",
    title="Write or command by a new client",
    severity="high",
    techniques=("T1692.001", "T0836"),
    card=Card(
        meaning="Somebody who never gave orders over this protocol changes set points, outputs or"
        " breakers. Controllers of this kind obey whoever asks; they don't know who may.",
        check=(
            "What do the written points drive, and what values do they hold now?",
            "Is it a new or repaired HMI, a commissioning laptop, a script somebody runs?",
            "Did the operators see anything move that they hadn't ordered?",
        ),
        avoid=(
            "Don't write the old values back before operations knows what the process does now",
            "Don't block the conduit of the regular HMI: it is the operators' only hand on the"
            " process",
        ),
    ),
    find=find,
    needs_baseline=True,
    budgeted=True,
    rank=1,
)
