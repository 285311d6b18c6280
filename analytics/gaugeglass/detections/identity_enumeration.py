"""One client asks devices who they are: vendor, model, firmware, serial number."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, found, listing, naming, options, times

#: servers: devices asked that make it an enumeration; fewer are reported only with a baseline,
#: at severity low.
OPTIONS = {"servers": 3}

ASKED = f"""
    SELECT client, list_sort(list(DISTINCT server)) AS servers,
           list_sort(list(DISTINCT service)) AS services,
           list_sort(list(DISTINCT operation)) AS asked,
           list_sort(list(DISTINCT {{'client': client, 'server': server, 'service': service,
                                     'operation': operation}})) AS events, {EVIDENCE}
    FROM judged j
    WHERE action = 'identify' AND NOT is_group(server)
      AND NOT EXISTS (FROM known_operation k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service AND k.operation = j.operation)
    GROUP BY client ORDER BY client
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    least = options(ctx, OPTIONS)["servers"]
    for row in ctx.rows(ASKED):
        servers, many = row["servers"], len(row["servers"]) >= least
        if not many and not ctx.learned:
            continue
        whom = name(servers[0]) if len(servers) == 1 else times(len(servers), "device")
        yield found(
            row,
            (row["client"],),
            f"{name(row['client'])} asked {whom} for identity over {listing(row['services'])}",
            severity="medium" if many else "low",
            techniques=("T0888", "T0846") if many else ("T0888",),
            server=servers[0] if len(servers) == 1 else None,
            service=row["services"][0] if len(row["services"]) == 1 else None,
            assets=(row["client"], *servers[:50]),
            covers=tuple(
                event
                for e in (Event(**e) for e in row["events"])
                for event in (e, e._replace(operation="connection"))
            ),
            observed=f"{times(row['n'], 'request')} ({listing(row['asked'])})"
            f" to {listing(servers)}",
            normal="this client didn't ask these devices for identity while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="identity_enumeration",
    title="Device identities collected",
    severity="medium",
    techniques=("T0888", "T0846"),
    card=Card(
        meaning="Somebody collects which makes, models and firmware versions are installed. That"
        " is inventory work when you ordered it, and target selection when you didn't.",
        check=(
            "Is an asset inventory, a licence check or a commissioning tool running there?",
            "Does the client belong to engineering, and is somebody sitting at it?",
            "What did it do next: writes or program transfers to the same devices?",
        ),
        avoid=(
            "Don't treat it as harmless because it only reads: it is the step before",
            "Don't run your own identity scan to compare; the report's asset list has the answers",
        ),
    ),
    find=find,
    options=OPTIONS,
)
