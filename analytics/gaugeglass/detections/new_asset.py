"""A device is on the network that wasn't there while learning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import CHANGING, found, listing, naming, options, times
from gaugeglass.inventory.addresses import network_of

#: fold: new devices of one network that become one finding.
OPTIONS = {"fold": 8}

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
    by_network: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ctx.rows(SEEN):
        address = row["address"]
        # A device that only answered somebody's scan was there all along; the scan's finding and
        # whatever else it does tell about it.
        if not row["asks"] and all(
            ctx.is_told(Event(peer, address, None, None, "connection")) for peer in row["peers"]
        ):
            continue
        before = next((cards[m] for m in row["macs"] or [] if m in cards), None)
        if before is not None and before != address:
            yield _moved(row, before, name)
        elif row["changes"]:
            yield _new(row)
        else:
            by_network[str(network_of(address) or "layer 2")].append(row)
    for network, rows in by_network.items():
        if len(rows) >= options(ctx, OPTIONS)["fold"]:
            yield _many(network, rows)
        else:
            yield from (_new(row) for row in rows)


def _told(*addresses: str) -> tuple[Event, ...]:
    """The connections of new devices: all of them are as new as they."""
    return tuple(
        event
        for address in addresses
        for event in (
            Event(address, None, None, None, "connection"),
            Event(None, address, None, None, "connection"),
        )
    )


def _what(row: dict[str, Any]) -> str:
    return (
        f"{times(row['n'], 'event')} with {listing(row['peers'])};"
        f" uses {listing(row['uses'] or []) or 'nothing'},"
        f" offers {listing(row['offers'] or []) or 'nothing'}"
    )


def _new(row: dict[str, Any]) -> Finding:
    address = row["address"]
    mac = listing(row["macs"] or [], 2)
    return found(
        row,
        (address,),
        f"New device {address}" + (f" with MAC {mac}" if mac else ""),
        client=address,
        severity="high" if row["changes"] else "medium",
        # A device nobody knew that gives orders is a master nobody appointed.
        techniques=("T0864", "T0848") if row["changes"] else ("T0864",),
        assets=(address,),
        covers=_told(address),
        observed=_what(row),
        normal="unknown while learning",
    )


def _moved(row: dict[str, Any], before: str, name: Callable[[str | None], str]) -> Finding:
    address = row["address"]
    return found(
        row,
        (address,),
        f"{name(before)} now also uses the address {address}",
        client=address,
        severity="low",
        assets=(address, before),
        covers=_told(address),
        observed=_what(row),
        normal=f"this card had the address {before}",
    )


def _many(network: str, rows: list[dict[str, Any]]) -> Finding:
    addresses = [row["address"] for row in rows]
    row = {
        "first": min(r["first"] for r in rows),
        "last": max(r["last"] for r in rows),
        "n": sum(r["n"] for r in rows),
        "uid_min": min((r["uid_min"] for r in rows if r["uid_min"]), default=None),
        "uid_max": max((r["uid_max"] for r in rows if r["uid_max"]), default=None),
    }
    return found(
        row,
        ("many", network),
        f"{times(len(rows), 'new device')} in {network}: {listing(addresses)}",
        assets=tuple(addresses),
        covers=_told(*addresses),
        observed=f"{times(row['n'], 'event')} of {listing(addresses, 12)}",
        normal="none of them was there while learning; so many at once suggest a segment that"
        " the sensor didn't see before",
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
    options=OPTIONS,
    needs_baseline=True,
    budgeted=True,
    rank=6,
)
