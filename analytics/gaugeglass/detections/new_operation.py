"""On a conduit that is known, a client uses operations it never used there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    CHANGING,
    EVIDENCE,
    IT_SERVICES,
    found,
    listing,
    naming,
    techniques,
    times,
)
from gaugeglass.ledger.schema import STATE_CHANGING

#: Office protocols only where the operation changes something: their reads vary by nature.
NEW = f"""
    SELECT client, server, service, operation, action, min(port) AS port,
           list_sort(list(DISTINCT outcome)) AS outcomes, {EVIDENCE}
    FROM judged j
    WHERE action <> 'connect'
      AND (NOT list_contains(?, service) OR action IN ({CHANGING}, 'file'))
      AND EXISTS (FROM known_operation k WHERE k.client = j.client AND k.server = j.server
                  AND k.service = j.service)
      AND NOT EXISTS (FROM known_operation k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service AND k.operation = j.operation)
    GROUP BY client, server, service, operation, action
    ORDER BY client, server, service, operation, action
"""


def find(ctx: Context) -> Iterator[Finding]:
    by_conduit: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in ctx.rows(NEW, list(IT_SERVICES)):
        by_conduit[row["client"], row["server"], row["service"]].append(row)
    name = naming(ctx)
    for who, rows in by_conduit.items():
        told = ctx.is_told(Event(*who))
        # Reads that accompany something already told are part of that story.
        news = [
            r
            for r in rows
            if not (told and r["action"] not in STATE_CHANGING)
            and not ctx.is_told(Event(*who, None, r["operation"]))
        ]
        if not news:
            continue
        actions = {r["action"] for r in news}
        changing = actions & set(STATE_CHANGING)
        operations = sorted({r["operation"] for r in news})
        row = {
            **news[0],
            "operation": None,
            "operations": operations,
            "first": min(r["first"] for r in news),
            "last": max(r["last"] for r in news),
            "n": sum(r["n"] for r in news),
        }
        outcomes = sorted({o for r in news for o in r["outcomes"] or [] if o})
        yield found(
            row,
            who,
            f"{name(who[0])} uses new {who[2]} operations on {name(who[1])}: {listing(operations)}",
            severity="high" if changing else "low",
            techniques=techniques(actions),
            observed=f"{times(row['n'], 'request')}: {listing(operations, 8)}"
            f" (outcome {listing(outcomes)})",
            normal="other operations on this conduit were learned, not these",
        )


DETECTION = Detection(
    name="new_operation",
    title="New operation on a known conduit",
    severity="medium",
    techniques=("T0869",),
    card=Card(
        meaning="Two devices that talk every day now say something they never said before."
        " Machines change their vocabulary when somebody changes their configuration, or uses"
        " their connection.",
        check=(
            "Was the HMI, the historian or the controller reconfigured or updated?",
            "Does the operation read or change something, and was it accepted?",
            "Is it a rare but regular act, such as a monthly test? Then learn longer",
        ),
        avoid=(
            "Don't block the conduit: the everyday polls run over the same connection",
            "Don't accept it into the baseline before somebody can say why it happened",
        ),
    ),
    find=find,
    needs_baseline=True,
    budgeted=True,
    rank=5,
)
