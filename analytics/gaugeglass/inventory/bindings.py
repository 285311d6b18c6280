"""Which IP stood behind which MAC when: the raw material of identity, from both ledger tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from gaugeglass.inventory.addresses import canonical, is_device, is_mac
from gaugeglass.inventory.confidence import origin
from gaugeglass.inventory.traffic import ANSWERED

#: Logs in which a device tells its own layer-2 address, so that no router can stand before it.
OWN_ORIGINS = ("dhcp", "arp", "lldp", "profinet")

#: Logs that speak of third parties: a name looked up is no device seen.
HEARSAY_ORIGINS = ("dns", "notice", "weird", "files")


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
