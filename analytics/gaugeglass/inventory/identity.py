"""Addresses to devices: what belongs together, what moved, what is in conflict.

One device: a MAC and the IPs seen with it; addresses that name the same serial number, or the same
BACnet device instance; a MAC without IP and an IP without MAC of one unique host name. Never
merged: hosts behind a router's MAC, hosts that name different serials, an IP's holders at
different times, and the two sides of an address conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from gaugeglass.inventory.addresses import is_mac, sort_key
from gaugeglass.inventory.bindings import Binding, Sighting, bindings, sightings
from gaugeglass.inventory.model import EARLIEST, LATEST
from gaugeglass.inventory.routers import routers
from gaugeglass.inventory.selfreport import SelfReports

#: A serial on more addresses than this is a default, not an identity.
SERIAL_MAX = 8


@dataclass
class Node:
    """An address during the time one device held it."""

    address: str
    first: datetime
    last: datetime
    start: datetime = EARLIEST  # of the time it answers for the address
    stop: datetime = LATEST
    current: bool = True
    raw: frozenset[str] = frozenset()  # spellings in the ledger
    notes: list[str] = field(default_factory=list)


@dataclass
class Device:
    """Nodes that are one device."""

    nodes: list[Node]
    router: str | None = None  # evidence that it forwards for others

    def addresses(self, mac: bool, current: bool = True) -> list[str]:
        """Its MACs or IPs, sorted, those it holds or those it held once."""
        found = {n.address for n in self.nodes if is_mac(n.address) == mac and n.current == current}
        if not current:
            found -= set(self.addresses(mac))
        return sorted(found, key=sort_key)

    def strongest(self) -> str:
        """The address its identity rests on: its first MAC, else its first IP."""
        return min(
            self.nodes, key=lambda n: (not is_mac(n.address), n.first, sort_key(n.address))
        ).address


class _Union:
    """Disjoint sets of node numbers."""

    def __init__(self, n: int) -> None:
        self.parent = list(range(n))

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, nodes: Iterable[int]) -> None:
        first: int | None = None
        for node in sorted(nodes):
            root = self.find(node)
            if first is None:
                first = root
            elif root != first:
                low, high = min(root, first), max(root, first)
                self.parent[high] = low
                first = low


def devices(db: duckdb.DuckDBPyConnection, is_local: Callable[[str], bool]) -> list[Device]:
    """Every device the ledger shows, in the order of their addresses."""
    seen = sightings(db)
    reports = SelfReports(db)
    every = bindings(db)
    found, pairs = routers(every, is_local, reports.contradict)
    for pair in every:
        # A router that only forwards is seen by its MAC alone.
        if pair.mac in found:
            seen.setdefault(pair.mac, Sighting(pair.first, pair.last)).widen(pair.first, pair.last)
    nodes, of_ip, of_mac, joins = _hold(seen, pairs)
    union = _Union(len(nodes))
    for join in joins:
        union.join(join)
    _merge_reports(nodes, of_ip, of_mac, union, reports, is_local)
    groups: dict[int, list[Node]] = defaultdict(list)
    for i, node in enumerate(nodes):
        groups[union.find(i)].append(node)
    out = []
    for group in groups.values():
        reason = next((found[n.address] for n in group if n.address in found), None)
        out.append(Device(group, reason))
    for device in out:
        # An address that passed between two NICs of one device never left it.
        held = {n.address for n in device.nodes if n.current}
        for node in device.nodes:
            node.current = node.current or node.address in held
    return sorted(out, key=lambda d: min((sort_key(n.address), n.start) for n in d.nodes))


_Index = dict[str, list[int]]


def _hold(
    seen: dict[str, Sighting], pairs: list[Binding]
) -> tuple[list[Node], _Index, dict[str, int], list[tuple[int, int]]]:
    """Nodes for all addresses; (IP, MAC) joins; moved and conflicting claims told apart."""
    nodes: list[Node] = []
    of_ip: _Index = {}
    of_mac: dict[str, int] = {}
    joins: list[tuple[int, int]] = []
    by_ip: dict[str, list[Binding]] = defaultdict(list)
    for pair in pairs:
        if pair.ip in seen:
            by_ip[pair.ip].append(pair)

    def mac_node(mac: str, first: datetime, last: datetime) -> int:
        if mac not in of_mac:
            of_mac[mac] = len(nodes)
            nodes.append(Node(mac, first, last, raw=_spellings(seen, mac)))
        node = nodes[of_mac[mac]]
        node.first, node.last = min(node.first, first), max(node.last, last)
        return of_mac[mac]

    for address in sorted(seen, key=sort_key):
        if is_mac(address):
            mac_node(address, seen[address].first, seen[address].last)
    for ip in sorted((a for a in seen if not is_mac(a)), key=sort_key):
        holders, rivals = _holders(by_ip.get(ip, []))
        of_ip[ip] = []
        for i, holder in enumerate(holders or [None]):
            alone = len(holders) <= 1
            node = Node(ip, seen[ip].first, seen[ip].last, raw=_spellings(seen, ip))
            if holder is not None and not alone:
                node.first, node.last = holder.first, holder.last
                node.start = holder.first if i else EARLIEST
                node.current = i == len(holders) - 1
                if node.current:
                    node.last = max(node.last, seen[ip].last)
                else:
                    node.stop = holders[i + 1].first
                    node.notes.append(f"{ip} passed to {holders[i + 1].mac} later")
            of_ip[ip].append(len(nodes))
            nodes.append(node)
            if holder is not None:
                joins.append((of_ip[ip][-1], mac_node(holder.mac, holder.first, holder.last)))
        for rival, holder in rivals:
            loser = mac_node(rival.mac, rival.first, rival.last)
            nodes[loser].notes.append(f"also claimed {ip}, which {holder.mac} held: a conflict")
            nodes[of_mac[holder.mac]].notes.append(f"{ip} was also claimed by {rival.mac}")
    return nodes, of_ip, of_mac, joins


def _spellings(seen: dict[str, Sighting], address: str) -> frozenset[str]:
    return frozenset(seen[address].raw) if address in seen else frozenset()


def _holders(pairs: list[Binding]) -> tuple[list[Binding], list[tuple[Binding, Binding]]]:
    """One after the other who held an IP, and (rival, holder) pairs that overlapped in time."""
    holders: list[Binding] = []
    rivals: list[tuple[Binding, Binding]] = []
    until = EARLIEST
    for pair in sorted(pairs, key=lambda b: (b.first, -b.count, b.mac)):
        if not holders or (pair.first >= until and pair.first > holders[-1].first):
            holders.append(pair)
            until = pair.last
        else:
            rivals.append((pair, holders[-1]))
    return holders, rivals


def _merge_reports(
    nodes: list[Node],
    of_ip: _Index,
    of_mac: dict[str, int],
    union: _Union,
    reports: SelfReports,
    is_local: Callable[[str], bool],
) -> None:
    """Join nodes that name the same serial, BACnet instance or unique host name."""

    def holders(address: str, first: datetime, last: datetime) -> list[int]:
        if is_mac(address):
            return [of_mac[address]] if address in of_mac else []
        return [
            i for i in of_ip.get(address, [])
            if nodes[i].start <= last and first < nodes[i].stop
        ]  # fmt: skip

    for claims in reports.same_serial(SERIAL_MAX):
        for local in (True, False):
            union.join(
                i for c in claims if is_local(c.address) == local
                for i in holders(c.address, c.first, c.last)
            )  # fmt: skip
    macs: dict[int, set[int]] = defaultdict(set)
    for i in of_mac.values():
        macs[union.find(i)].add(i)
    for claims in reports.same_instance():
        group = {
            i for c in claims if is_local(c.address) for i in holders(c.address, c.first, c.last)
        }
        # Two network cards with one instance may as well be a device and the router before it.
        if len(set().union(*(macs.get(union.find(i), set()) for i in group))) <= 1:
            union.join(group)
    with_mac = {union.find(i) for i in of_mac.values()}
    with_ip = {union.find(i) for group in of_ip.values() for i in group}
    for claims in reports.same_hostname():
        roots = {
            union.find(i)
            for c in claims
            if is_local(c.address)
            for i in holders(c.address, c.first, c.last)
        }
        lone_mac = [r for r in roots if r in with_mac and r not in with_ip]
        lone_ip = [r for r in roots if r in with_ip and r not in with_mac]
        if len(roots) == 2 and len(lone_mac) == 1 and len(lone_ip) == 1:
            union.join(roots)
