"""Which IP stood behind which MAC when: the raw material of identity, from both ledger tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from gaugeglass.inventory.addresses import (
    VIRTUAL_ROUTERS,
    canonical,
    is_device,
    is_link_local,
    is_mac,
    network_of,
)
from gaugeglass.inventory.confidence import origin
from gaugeglass.inventory.traffic import ANSWERED

#: Logs in which a device tells its own layer-2 address, so that no router can stand before it.
OWN_ORIGINS = ("dhcp", "arp", "lldp", "profinet")

#: Logs that speak of third parties: a name looked up is no device seen.
HEARSAY_ORIGINS = ("dns", "notice", "weird", "files")

#: More IPv4 addresses of one network than this at once behind one MAC: a router, not aliases.
ALIASES_MAX = 4
#: More IPv6 networks than this behind one MAC: a router. A host has link, unique and global ones.
V6_NETWORKS_MAX = 3

#: A network with this many MACs of hosts is the sensor's own segment.
AT_HAND = 2


@dataclass
class Sighting:
    """An address and when it was seen; ``raw`` are its spellings in the ledger."""

    first: datetime
    last: datetime
    raw: set[str] = field(default_factory=set)

    def widen(self, first: datetime, last: datetime) -> None:
        """Take in another span."""
        self.first, self.last = min(self.first, first), max(self.last, last)


@dataclass
class Binding:
    """``ip`` was seen with ``mac``; ``own`` where the device itself said so."""

    ip: str
    mac: str
    first: datetime
    last: datetime
    count: int
    own: bool

    def meets(self, other: Binding) -> bool:
        """Whether the two spans overlap; touching at a point is a handover."""
        return self.first < other.last and other.first < self.last


def sightings(db: duckdb.DuckDBPyConnection) -> dict[str, Sighting]:
    """Every address that shows itself: it asked, answered, took payload, or something is claimed.

    A probed address that never answered is no asset: a scan of an empty network adds nothing. One
    that only receives datagrams counts when that lasts (a syslog or trap collector), unless it ends
    in .255, which is nearly always a broadcast.
    """
    rows = db.execute(
        f"""
        SELECT client, min("first"), max("last"),
               coalesce(bool_or(transport = 'tcp' OR NOT ends_with(client, '.255')), TRUE)
        FROM activity GROUP BY client
        UNION ALL
        SELECT server, min("first"), max("last"),
               coalesce(bool_or(
                   CASE WHEN transport = 'tcp'
                        THEN ({ANSWERED}) OR outcome = 'rejected'
                             OR operation <> 'connection' OR bytes_to_server > 0
                        ELSE ({ANSWERED}) AND NOT ends_with(server, '.255') END), FALSE)
               OR (max("last") - min("first") >= INTERVAL 10 MINUTE AND sum("count") >= 10
                   AND sum(bytes_to_server) > 0 AND NOT ends_with(server, '.255'))
        FROM activity GROUP BY server
        UNION ALL
        SELECT asset, min("first"), max("last"), CASE WHEN ends_with(asset, '.255') THEN FALSE END
        FROM claims GROUP BY asset
        """
    ).fetchall()
    hearsay = _hearsay_only(db)
    out: dict[str, Sighting] = {}
    for raw, first, last, real in rows:
        if not raw or real is False or (real is None and raw in hearsay):
            continue
        address = canonical(raw)
        if address is None or not is_device(address):
            continue
        seen = out.setdefault(address, Sighting(first, last))
        seen.widen(first, last)
        seen.raw.add(raw)
    return out


def _hearsay_only(db: duckdb.DuckDBPyConnection) -> set[str]:
    rows = db.execute("SELECT asset, list(DISTINCT source) FROM claims GROUP BY asset").fetchall()
    return {
        asset
        for asset, sources in rows
        if all(origin(s).startswith(HEARSAY_ORIGINS) for s in sources)
    }


def bindings(db: duckdb.DuckDBPyConnection) -> list[Binding]:
    """Every pair of IP and MAC, spans and counts merged, in a fixed order."""
    rows = db.execute(
        """
        SELECT client, client_mac, min("first"), max("last"), sum("count")::BIGINT, NULL
        FROM activity WHERE client_mac IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT server, server_mac, min("first"), max("last"), sum("count")::BIGINT, NULL
        FROM activity WHERE server_mac IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT asset, left("value", 64), min("first"), max("last"), sum("count")::BIGINT, source
        FROM claims WHERE attribute IN ('mac', 'ip') GROUP BY ALL
        """
    ).fetchall()
    merged: dict[tuple[str, str], Binding] = {}
    for one, two, first, last, count, source in rows:
        a, b = canonical(one or ""), canonical(two or "")
        if a is None or b is None or is_mac(a) == is_mac(b):
            continue
        ip, mac = (b, a) if is_mac(a) else (a, b)
        if not (is_device(ip) and is_device(mac)):
            continue
        own = source is not None and origin(source).startswith(OWN_ORIGINS)
        known = merged.setdefault((ip, mac), Binding(ip, mac, first, last, 0, own))
        known.first, known.last = min(known.first, first), max(known.last, last)
        known.count += count
        known.own = known.own or own
    return sorted(merged.values(), key=lambda b: (b.ip, b.first, b.mac))


def routers(
    pairs: list[Binding],
    is_local: Callable[[str], bool],
    contradict: Callable[[str, str], bool],
) -> tuple[dict[str, str], list[Binding]]:
    """MACs that stand before other hosts, each with the evidence, and the bindings that remain.

    ``contradict`` says of two IPs that they name different serials, so cannot be one device.
    """
    by_mac: dict[str, list[Binding]] = defaultdict(list)
    for pair in pairs:
        by_mac[pair.mac].append(pair)
    found: dict[str, str] = {}
    for mac in sorted(by_mac):
        reason = _router_reason(mac, by_mac[mac], is_local, contradict)
        if reason:
            found[mac] = reason
    # An outside address never has its own MAC here: its frames come from a router.
    kept = [p for p in pairs if p.own or (p.mac not in found and is_local(p.ip))]
    return found, sorted(
        kept + _own_addresses(found, by_mac, kept, is_local), key=lambda b: (b.ip, b.first, b.mac)
    )


def _own_addresses(
    found: dict[str, str],
    by_mac: dict[str, list[Binding]],
    kept: list[Binding],
    is_local: Callable[[str], bool],
) -> list[Binding]:
    """The routers' own addresses: each the only one behind its MAC of a network at hand.

    A network is at hand where at least ``AT_HAND`` of its hosts show MACs of their own; a host
    beyond the router lies in one where they do not.
    """
    macs: dict[object, set[str]] = defaultdict(set)
    for pair in kept:
        macs[network_of(pair.ip)].add(pair.mac)
    settled = {p.ip for p in kept}
    out = []
    for mac in found:
        networks: dict[object, list[Binding]] = defaultdict(list)
        for pair in by_mac.get(mac, []):
            if is_local(pair.ip) and not is_link_local(pair.ip):
                networks[network_of(pair.ip)].append(pair)
        for net, carried in networks.items():
            if len(carried) == 1 and carried[0].ip not in settled and len(macs[net]) >= AT_HAND:
                out.append(carried[0])
    return out


def _router_reason(
    mac: str,
    seen: list[Binding],
    is_local: Callable[[str], bool],
    contradict: Callable[[str, str], bool],
) -> str | None:
    if mac.startswith(VIRTUAL_ROUTERS):
        return f"{mac} is a virtual router's address (VRRP, HSRP or GLBP)"
    carried = [b for b in seen if not b.own and not is_link_local(b.ip)]
    if len(carried) < 2:
        return None
    outside = sorted(b.ip for b in carried if not is_local(b.ip))
    if outside:
        return (
            f"frames of {len(carried)} addresses carry its MAC {mac}, among them {outside[0]},"
            " which is outside"
        )
    four = [b for b in carried if "." in b.ip]
    nets = sorted({network_of(b.ip) for b in four}, key=str)
    if len(nets) >= 3 or (len(nets) == 2 and _meet_across(four)):
        return (
            f"frames of {len(four)} addresses in {len(nets)} networks"
            f" ({nets[0]}, {nets[1]}{', ...' if len(nets) > 2 else ''}) carry its MAC {mac}"
        )
    if _at_once(four) > ALIASES_MAX:
        return f"frames of {len(four)} addresses carry its MAC {mac}"
    if len({network_of(b.ip) for b in carried if ":" in b.ip}) > V6_NETWORKS_MAX:
        return f"frames of more than {V6_NETWORKS_MAX} IPv6 networks carry its MAC {mac}"
    for i, one in enumerate(carried[:16]):
        for two in carried[i + 1 : 16]:
            if contradict(one.ip, two.ip):
                return (
                    f"{one.ip} and {two.ip} name different serial numbers, yet their frames"
                    f" carry one MAC, {mac}"
                )
    return None


def _meet_across(seen: list[Binding]) -> bool:
    """Whether two networks were behind the MAC during the same time (else the host moved)."""
    hulls: dict[object, Binding] = {}
    for b in seen:
        net = network_of(b.ip)
        hull = hulls.setdefault(net, Binding(b.ip, b.mac, b.first, b.last, 0, False))
        hull.first, hull.last = min(hull.first, b.first), max(hull.last, b.last)
    one, two = hulls.values()
    return one.meets(two) or one.first == two.first


def _at_once(seen: list[Binding]) -> int:
    """The largest number of bindings whose spans hold one point in time."""
    edges = sorted([(b.first, 0) for b in seen] + [(b.last, 1) for b in seen])
    most = now = 0
    for _, closes in edges:
        now += -1 if closes else 1
        most = max(most, now)
    return most
