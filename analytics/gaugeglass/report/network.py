"""What the network map shows: which assets are drawn alone, which in groups, and their conduits.

Geometry is :mod:`.layout`'s. A map of a few dozen assets shows each; beyond :data:`ALONE_MAX` the
busiest and those with alerts stay alone and the rest are grouped by level and role.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gaugeglass.alerts.model import Alert
from gaugeglass.inventory.model import Asset
from gaugeglass.report.data import Row
from gaugeglass.report.text import listed, number, plural, role, size

ALONE_MAX = 80  # assets drawn one by one before grouping starts
ALONE_KEPT = 56  # of those, how many stay alone once it has
LINKS_MAX = 120

#: Purdue levels as the map stacks them, top to bottom: key, name.
BANDS: tuple[tuple[str, str], ...] = (
    ("4", "Levels 4-5|Enterprise and outside"),
    ("3.5", "Level 3.5|DMZ"),
    ("3", "Level 3|Site operations"),
    ("2", "Level 2|Supervision"),
    ("1", "Level 1|Control"),
    ("0", "Level 0|Process"),
    ("?", "Level|not known"),
)

#: Link classes from quiet to grave, and the ledger's actions each stands for.
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("other", ()),
    ("read", ("read", "report")),
    ("write", ("write",)),
    ("command", ("command",)),
    ("program", ("program", "mode", "firmware", "restart", "suppress")),
)
_RANK = {action: i for i, (_, actions) in enumerate(KINDS) for action in actions}


@dataclass
class Node:
    """One drawn asset, or a group of them (``members`` > 1)."""

    key: str
    label: str
    detail: str
    role: str
    band: int
    members: int = 1
    alerts: int = 0
    title: str = ""


@dataclass
class Link:
    """Everything one node asks of another, as one line. ``rank`` indexes :data:`KINDS`."""

    client: str
    server: str
    rank: int = 0
    services: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    count: int = 0
    bytes: int = 0
    alerts: int = 0

    @property
    def kind(self) -> str:
        """Name of the gravest kind of action seen."""
        return KINDS[self.rank][0]


@dataclass(frozen=True)
class Network:
    """What is drawn, and sentences on what is not."""

    nodes: list[Node]
    links: list[Link]
    notes: list[str]


def band(asset: Asset) -> int:
    """Index into :data:`BANDS` for ``asset``."""
    if not asset.local or asset.role == "external":
        return 0
    if asset.level is None:
        return len(BANDS) - 1
    for i, floor in enumerate((4.0, 3.5, 3.0, 2.0, 1.0)):
        if asset.level >= floor:
            return i
    return 5


def addresses(assets: Sequence[Asset]) -> dict[str, Asset]:
    """Every id, IP and MAC to its asset; where two claim an address, the smaller id has it."""
    known: dict[str, Asset] = {}
    for asset in sorted(assets, key=lambda a: a.id):
        for name in (asset.id, *asset.ips, *asset.macs):
            known.setdefault(name, asset)
    return known


def involved(alert: Alert, known: Mapping[str, Asset]) -> set[str]:
    """Ids of the assets that ``alert`` is about."""
    names = {*alert.assets, alert.client or "", alert.server or ""}
    return {known[n].id for n in names if n in known}


def network(assets: Sequence[Asset], conduits: Sequence[Row], alerts: Sequence[Alert]) -> Network:
    """Choose nodes and links. Alerts of severity info do not colour the map."""
    known = addresses(assets)
    loud = [a for a in alerts if a.severity != "info"]
    per_asset: Counter[str] = Counter()
    for alert in loud:
        per_asset.update(involved(alert, known))
    degree: Counter[str] = Counter()
    for row in conduits:
        degree.update(known[n].id for n in (row.get("client"), row.get("server")) if n in known)
    notes: list[str] = []
    key_of, nodes = _nodes(assets, per_asset, degree, notes)
    links = _links(conduits, loud, {n: key_of[a.id] for n, a in known.items()}, notes)
    return Network(nodes, links, notes)


def _nodes(
    assets: Sequence[Asset], alerts: Counter[str], degree: Counter[str], notes: list[str]
) -> tuple[dict[str, str], list[Node]]:
    order = sorted(assets, key=lambda a: (-alerts[a.id], -degree[a.id], a.id))
    alone = order if len(order) <= ALONE_MAX else order[:ALONE_KEPT]
    groups: dict[tuple[int, str], list[Asset]] = defaultdict(list)
    for asset in order[len(alone) :]:
        groups[band(asset), asset.role].append(asset)
    key_of = {a.id: a.id for a in alone}
    nodes = [_single(a, alerts[a.id]) for a in alone]
    for (where, kind), members in sorted(groups.items()):
        if len(members) == 1:
            key_of[members[0].id] = members[0].id
            nodes.append(_single(members[0], alerts[members[0].id]))
            continue
        key = f"group {where} {kind}"
        key_of.update((m.id, key) for m in members)
        raised = sum(alerts[m.id] for m in members)
        shown = ", ".join(sorted(m.label for m in members)[:12])
        more = f" and {len(members) - 12} more" if len(members) > 12 else ""
        name = f"{len(members)} {role(kind, len(members))}"
        title = f"{name}: {shown}{more}"
        nodes.append(Node(key, name, "group", kind, where, len(members), raised, title))
    if groups:
        single = sum(n.members == 1 for n in nodes)
        notes.append(
            f"{len(assets):,} assets are too many to draw one by one: {single}, those with the"
            f" most alerts and conduits first, stand alone; the other {len(assets) - single:,} are"
            " grouped by level and role. Conduits inside a group are not drawn. The asset table"
            " has every one."
        )
    return key_of, sorted(nodes, key=lambda n: (n.band, n.label, n.key))


def _single(asset: Asset, alerts: int) -> Node:
    first = (*asset.ips, *asset.macs, "")[0]
    detail = first if first != asset.label else ""
    title = _node_title(asset, alerts)
    return Node(asset.id, asset.label or first, detail, asset.role, band(asset), 1, alerts, title)


def _node_title(asset: Asset, alerts: int) -> str:
    level = "not known" if asset.level is None else f"{asset.level:g}"
    lines = [
        f"{asset.label}: {role(asset.role)}, level {level}",
        ", ".join((*asset.ips[:4], *asset.macs[:2])),
        " ".join(v for v in (asset.best("vendor"), asset.best("model")) if v),
        plural(alerts, "alert") if alerts else "",
    ]
    return " | ".join(line[:200] for line in lines if line)


def _links(
    conduits: Sequence[Row], alerts: Sequence[Alert], key_of: dict[str, str], notes: list[str]
) -> list[Link]:
    links: dict[tuple[str, str], Link] = {}
    strangers = 0

    def link(client: Any, server: Any) -> Link | None:
        ends = key_of.get(str(client)), key_of.get(str(server))
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            return None
        return links.setdefault((ends[0], ends[1]), Link(ends[0], ends[1]))

    for row in conduits:
        if str(row.get("client")) not in key_of or str(row.get("server")) not in key_of:
            strangers += 1
            continue
        found = link(row.get("client"), row.get("server"))
        if found is None:
            continue
        actions = listed(row.get("actions"))
        found.actions.update(actions)
        found.rank = max([found.rank, *(_RANK.get(a, 0) for a in actions)])
        found.services.add(service_port(row))
        found.count += int(row.get("count") or 0)
        found.bytes += int(row.get("bytes") or 0)
    for alert in alerts:
        found = link(alert.client, alert.server)
        if found is not None:
            found.alerts += 1
    if strangers:
        notes.append(
            f"Not drawn: {plural(strangers, 'conduit')} to or from addresses outside the inventory"
            " (broadcast, multicast and the like). The conduit table has them."
        )
    order = sorted(links.values(), key=lambda n: (-n.alerts, -n.rank, -n.bytes, n.client, n.server))
    if len(order) > LINKS_MAX:
        notes.append(
            f"{len(order):,} lines are too many to read: the {LINKS_MAX} that carry alerts, then"
            " commands and writes, then most bytes are drawn."
        )
    return order[:LINKS_MAX]


def service_port(row: Row) -> str:
    """``modbus/502``; the port alone, or the transport, where no more is known."""
    service, port = row.get("service"), row.get("port")
    name = str(service or row.get("transport") or "unknown")
    return f"{name}/{port}" if port is not None else name


def link_title(link: Link, names: dict[str, str]) -> str:
    """What a line says when pointed at."""
    services = sorted(link.services)
    shown = ", ".join(services[:6]) + (f" and {len(services) - 6} more" if services[6:] else "")
    parts = [
        f"{names[link.client][:80]} to {names[link.server][:80]}",
        shown[:200],
        ", ".join(sorted(link.actions))[:200],
        f"{number(link.count)} operations" if link.count else "",
        size(link.bytes) if link.bytes else "",
        plural(link.alerts, "alert") if link.alerts else "",
    ]
    return " | ".join(p for p in parts if p)
