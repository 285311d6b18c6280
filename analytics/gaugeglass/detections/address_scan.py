"""One client tried many addresses: a sweep for live hosts or for one service."""

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

#: hosts: addresses that refused or didn't answer within an hour that make a sweep.
OPTIONS = {"hosts": 10}

SWEEPS = f"""
    WITH attempts AS (
        SELECT *, time_bucket(INTERVAL 1 HOUR, "window") AS hour FROM judged j
        WHERE action = 'connect' AND {FAILED} AND is_local(server) AND NOT is_group(server)
          AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client
                          AND k.server = j.server AND k.port IS NOT DISTINCT FROM j.port)
          AND NOT (transport = 'udp' AND port >= 32768)
    ), sweeping AS (
        SELECT client, port, transport, hour FROM attempts GROUP BY client, port, transport, hour
        HAVING count(DISTINCT server) >= ?
    )
    SELECT client, list_sort(list(DISTINCT server)) AS servers,
           list_sort(list(DISTINCT service)) AS services,
           list_sort(list(DISTINCT coalesce(port, 0))) AS ports, {EVIDENCE}
    FROM attempts a
    WHERE EXISTS (FROM sweeping s WHERE s.client = a.client AND s.hour = a.hour
                  AND s.transport = a.transport AND s.port IS NOT DISTINCT FROM a.port)
    GROUP BY client ORDER BY client
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(SWEEPS, options(ctx, OPTIONS)["hosts"]):
        client, servers = row["client"], row["servers"]
        if all(ctx.is_told(Event(client, s, None, None, "connection")) for s in servers[:20]):
            continue
        yield found(
            row,
            (client,),
            f"{name(client)} swept {times(len(servers), 'address', 'addresses')}"
            f" for {listing(row['services'])}",
            service=row["services"][0] if len(row["services"]) == 1 else None,
            assets=(client,),
            # The sweep also tells the few addresses that did answer on these ports.
            covers=tuple(
                Event(client, None, None, port or None, "connection") for port in row["ports"]
            ),
            observed=f"{times(row['n'], 'refused or unanswered attempt')} at {listing(servers)}",
            normal="none of these were asked while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="address_scan",
    title="Address sweep",
    severity="high",
    techniques=("T0846",),
    card=Card(
        meaning="Somebody is looking for which devices exist. Plant equipment knows its partners"
        " by configuration and never searches the network like this.",
        check=(
            "Is discovery by an inventory or network management tool announced?",
            "Which addresses answered, and were they touched again afterwards?",
            "Is the client a computer that was recently brought in or reached from outside?",
        ),
        avoid=(
            "Don't answer with a sweep of your own",
            "Don't unplug an engineering station in the middle of a transfer to a controller",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=1,
)
