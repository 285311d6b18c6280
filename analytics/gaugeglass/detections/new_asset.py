"""A device is on the network that wasn't there while learning."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import CHANGING, found, listing, naming, times

#: An address counts as present when it asks, or when it answers: what a scan merely tried is not
#: there. Far addresses are another detection's business.
SEEN = f"""
    WITH spoke AS (
        SELECT client AS address, client_mac AS mac, server AS peer, service, port, operation,
               action, TRUE AS asks, "first", "last", "count" AS n, uid_min, uid_max FROM judged
        UNION ALL
        SELECT server, server_mac, client, service, port, operation, action, FALSE, "first",
               "last", "count", uid_min, uid_max FROM judged
        WHERE coalesce(outcome, 'ok') NOT IN ('no_reply', 'partial', 'half_open')
    )
    SELECT address, list_sort(list(DISTINCT mac)) AS macs, bool_or(asks) AS asks,
           bool_or(asks AND action IN ({CHANGING})) AS changes,
           list_sort(list(DISTINCT peer)) AS peers,
           list_sort(list(DISTINCT service) FILTER (asks)) AS uses,
           list_sort(list(DISTINCT service) FILTER (NOT asks)) AS offers,
           min("first") AS "first", max("last") AS "last", sum(n)::BIGINT AS n,
           min(uid_min) AS uid_min, max(uid_max) AS uid_max
    FROM spoke s
    WHERE address IS NOT NULL AND is_local(address) AND NOT is_group(address)
      AND NOT EXISTS (FROM known_asset k WHERE k.address = s.address)
    GROUP BY address ORDER BY address
"""

#: Cards that had exactly one address while learning (a router's have many).
CARDS = """
    SELECT mac, min(address) AS address FROM known_asset WHERE mac IS NOT NULL
    GROUP BY mac HAVING count(DISTINCT address) = 1
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    cards = {row["mac"]: row["address"] for row in ctx.rows(CARDS)}
    for row in ctx.rows(SEEN):
        address = row["address"]
        # A device that only answered somebody's scan was there all along; the scan's finding and
        # whatever else it does tell about it.
        if not row["asks"] and all(
            ctx.is_told(Event(peer, address, None, None, "connection")) for peer in row["peers"]
        ):
            continue
        before = next((cards[m] for m in row["macs"] or [] if m in cards), None)
        moved = before is not None and before != address
        mac = listing(row["macs"] or [], 2)
        yield found(
            row,
            (address,),
            f"{name(before)} now also uses the address {address}"
            if moved
            else f"New device {name(address)}" + (f" with MAC {mac}" if mac else ""),
            client=address,
            server=None,
            severity="low" if moved else "high" if row["changes"] else "medium",
            techniques=("T0864", "T0848") if row["changes"] else ("T0864",),
            assets=(address,),
            covers=(
                Event(address, None, None, None, "connection"),
                Event(None, address, None, None, "connection"),
            ),
            observed=f"{times(row['n'], 'event')} with {listing(row['peers'])};"
            f" uses {listing(row['uses'] or []) or 'nothing'},"
            f" offers {listing(row['offers'] or []) or 'nothing'}",
            normal=f"this card had the address {before}" if moved else "unknown while learning",
        )


DETECTION = Detection(
    name="new_asset",
    title="New device on the network",
    severity="medium",
    techniques=("T0864",),
    card=Card(
        meaning="Something was connected that wasn't there before: a spare part, a technician's"
        " laptop, a forgotten device that woke up, or somebody's tool.",
        check=(
            "Which switch port is it on, and what is physically there?",
            "Was a device replaced or a service visit announced?",
            "Whom does it talk to: a laptop that writes to controllers is urgent",
        ),
        avoid=(
            "Don't shut the port before looking: a replaced controller has a new address too",
            "Don't plug in a laptop of your own to find it",
        ),
    ),
    find=find,
    needs_baseline=True,
    rank=6,
)
