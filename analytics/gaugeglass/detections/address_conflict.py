"""One IP address is claimed by two network cards at a time: a mistake, or somebody in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import listing, naming, options, text
from gaugeglass.inventory.addresses import VIRTUAL_ROUTERS

#: router: a MAC that carries at least so many addresses is a router's.
OPTIONS = {"router": 4}

#: Which IP was seen with which MAC, hour by hour in the ledger and as claimed; `known` if learned.
#: A claim by DHCP is an offer, not a use of the address.
PAIRS = """
    WITH pairs AS (
        SELECT client AS ip, client_mac AS mac, "first", "last", "count" AS n, uid_min FROM judged
        UNION ALL
        SELECT server, server_mac, "first", "last", "count", uid_min FROM judged
        WHERE coalesce(outcome, 'ok') NOT IN ('no_reply', 'partial')
        UNION ALL
        SELECT asset, lower(value), greatest("first", $since), least("last", $until), "count",
               uid_min
        FROM claims WHERE attribute = 'mac' AND NOT contains(source, 'dhcp')
          AND "last" >= $since AND "first" < $until
    )
    SELECT ip, mac, min("first") AS "first", max("last") AS "last", sum(n)::BIGINT AS n,
           min(uid_min) AS uid,
           EXISTS (FROM known_asset k WHERE k.address = ip AND k.mac = p.mac) AS known
    FROM pairs p
    WHERE ip <> mac AND is_local(ip) AND NOT is_group(ip) AND NOT is_group(mac)
    GROUP BY ip, mac ORDER BY ip, mac
"""


def routers(ctx: Context, pairs: list[dict[str, Any]], least: int) -> set[str]:
    """MACs that forward for others: learned with several addresses, or used by many."""
    addresses: dict[str, set[str]] = defaultdict(set)
    learned = ctx.rows("SELECT DISTINCT address, mac FROM known_asset WHERE mac IS NOT NULL")
    for row in learned:
        addresses[row["mac"]].add(row["address"])
    found = {mac for mac, ips in addresses.items() if len(ips) > 1}
    if not ctx.learned:  # a learned plant tells a router from somebody who plays one
        for row in pairs:
            addresses[row["mac"]].add(row["ip"])
        found = {mac for mac, ips in addresses.items() if len(ips) >= least}
    return found


def find(ctx: Context) -> Iterator[Finding]:
    pairs = ctx.rows(PAIRS, {"since": ctx.since, "until": ctx.until})
    forwarding = routers(ctx, pairs, options(ctx, OPTIONS)["router"])
    by_ip: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in pairs:
        if row["mac"] not in forwarding and not row["mac"].startswith(VIRTUAL_ROUTERS):
            by_ip[row["ip"]].append(row)
    intruders: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for rows in by_ip.values():
        rightful = [r for r in rows if r["known"]] or [
            min(rows, key=lambda r: (r["first"], r["mac"]))
        ]
        for row in rows:
            others = [r for r in rightful if r is not row and _overlap(r, row)]
            if not row["known"] and others:
                intruders[row["mac"]].append((row, others[0]))
    name = naming(ctx)
    for mac, claims in sorted(intruders.items()):
        victims = [row["ip"] for row, _ in claims]
        own = sorted({r["ip"] for r in pairs if r["mac"] == mac} - set(victims))
        actor = own[0] if own else mac
        yield Finding(
            key=(mac,),
            summary=(f"{name(actor)} with MAC {mac}" if own else mac)
            + f" also claims {listing((name(v) for v in victims), 3)}",
            first=min(row["first"] for row, _ in claims),
            last=max(row["last"] for row, _ in claims),
            count=sum(row["n"] for row, _ in claims),
            client=actor,
            server=victims[0],
            assets=(actor, *victims[:50]),
            observed="; ".join(
                f"{row['ip']} with {text(row['mac'])} and {text(other['mac'])}"
                for row, other in claims[:5]
            ),
            normal="one network card for each address",
            uids=tuple(dict.fromkeys(row["uid"] for row, _ in claims if row["uid"]))[:4],
            covers=tuple(Event(actor, v, None, None, "connection") for v in victims),
        )


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["first"] <= other["last"] and other["first"] <= one["last"])


DETECTION = Detection(
    name="address_conflict",
    title="Two network cards claim one address",
    severity="high",
    techniques=("T0830", "T0849"),
    card=Card(
        meaning="Two devices use one address. Either somebody made a mistake with a spare part or"
        " a copied configuration, or a device puts itself between a controller and its HMI and can"
        " change what either of them sees.",
        check=(
            "Was a device replaced or cloned recently, with its old address kept?",
            "Find the switch port of the new card; what is plugged in there?",
            "Compare values on the HMI with the controller's own display or local gauges",
            "Does the new card claim several addresses? That is not a mistake",
        ),
        avoid=(
            "Don't trust what screens show for these devices until it is settled",
            "Don't clear ARP tables everywhere at once: connections that still work may drop",
        ),
    ),
    find=find,
    options=OPTIONS,
)
