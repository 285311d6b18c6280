"""Alerts that belong together: who acted, on what, how close in time.

Alerts are taken in order of time and each joins at most one incident that is still warm (its
matching actor or target was last active no longer than the gap ago), by the first of these that
fits:

1. **same actor**: the incident's actors include the one who acts here;
2. **next step**: who acts here was a target of the incident's (a host taken over moves on), or a
   device that was acted on shows an effect (it falls silent);
3. **same target**: somebody else acts on a target of the incident's.

Otherwise it opens an incident of its own. Incidents are never fused, which is what keeps a hub
from gluing a plant's alerts into one: an HMI that talks to every controller, attacked controllers
on both sides of it, are two stories that happen to meet. Further:

- a router, switch or gateway stands for the hosts behind it: as an actor it matches only with one
  of the incident's targets as well, and as a target never;
- an HMI, historian or server is everybody's partner: as a target it does not match (3), and where
  it joined as a bystander it does not draw its other alerts in;
- an alert about more than a few targets (a scan) belongs to its actor alone: having been scanned
  connects nobody;
- multicast and broadcast addresses connect nobody.

Since a later alert never changes where an earlier one stands, and an incident's id is made from
its first alert's, incidents only grow from run to run.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gaugeglass.alerts.build import digest
from gaugeglass.alerts.model import Alert, Incident
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.inventory.model import Asset

#: Roles whose address stands for other hosts.
RELAYS = frozenset({"router", "switch", "gateway"})
#: Roles that talk to many others as a matter of course.
HUBS = RELAYS | {"hmi", "scada_server", "historian", "server"}
#: Roles that many others talk to: an outside address is met there, but is no bystander.
MEETING_POINTS = HUBS | {"external"}
#: An alert with more targets than this says nothing about any one of them.
FOCUS = 3


@dataclass
class _Story:
    """An incident in the making. Times are when the asset was last active in it."""

    alerts: list[Alert] = field(default_factory=list)
    actors: dict[str, datetime] = field(default_factory=dict)
    targets: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """An alert's actor and targets as assets, not addresses."""

    actor: str | None
    targets: tuple[str, ...]


def group(
    alerts: Iterable[Alert], gap_minutes: float, assets: Mapping[str, Asset] | None = None
) -> tuple[list[Alert], list[Incident]]:
    """The alerts, each with its incident's id, and the incidents; both by first seen, then id.

    ``assets`` (by address) make one asset of several addresses, and tell hubs by their role.
    """
    who = assets or {}
    roles = {a.id: a.role for a in who.values()}
    gap = timedelta(minutes=gap_minutes)
    stories: list[_Story] = []
    # The story in which an asset was last an actor, or last a target.
    acting: dict[str, _Story] = {}
    struck: dict[str, _Story] = {}
    for alert in sorted(alerts, key=lambda a: (a.first, a.id)):
        part = _part(alert, who)
        story, bystander = _home(part, alert.first, gap, acting, struck, roles)
        if story is None:
            story = _Story()
            stories.append(story)
        story.alerts.append(alert)
        if part.actor and not bystander:
            story.actors[part.actor] = max(alert.last, story.actors.get(part.actor, alert.last))
            acting[part.actor] = story
        if len(part.targets) <= FOCUS:
            for target in part.targets:
                story.targets[target] = max(alert.last, story.targets.get(target, alert.last))
                struck[target] = story
    incidents = [_incident(s, who) for s in stories]
    placed = [
        replace(alert, incident=incident.id)
        for story, incident in zip(stories, incidents, strict=True)
        for alert in story.alerts
    ]
    return (
        sorted(placed, key=lambda a: (a.first, a.id)),
        sorted(incidents, key=lambda i: (i.first, i.id)),
    )


def _home(
    part: _Part,
    now: datetime,
    gap: timedelta,
    acting: Mapping[str, _Story],
    struck: Mapping[str, _Story],
    roles: Mapping[str, str],
) -> tuple[_Story | None, bool]:
    """The story that the alert joins, and whether its actor is only a bystander there."""
    actor = part.actor
    role = roles.get(actor or "", "unknown")
    if actor:
        story = acting.get(actor)
        warm = story is not None and now - story.actors[actor] <= gap
        if story is not None and warm:
            if role not in RELAYS:
                return story, False
            if any(t in story.targets and now - story.targets[t] <= gap for t in part.targets):
                return story, False
        story = struck.get(actor)
        if story is not None and role not in RELAYS and now - story.targets[actor] <= gap:
            return story, False
    if len(part.targets) <= FOCUS:
        for target in part.targets:
            story = struck.get(target)
            if (
                story is not None
                and roles.get(target, "unknown") not in MEETING_POINTS
                and now - story.targets[target] <= gap
            ):
                return story, role in HUBS
    return None, False


def _part(alert: Alert, who: Mapping[str, Asset]) -> _Part:
    def asset(address: str) -> str:
        return who[address].id if address in who else address

    named = [a for a in alert.assets if not _to_many(a)]
    first = alert.client or (named[0] if named else alert.server)
    actor = asset(first) if first and not _to_many(first) else None
    targets = dict.fromkeys(asset(a) for a in named)
    return _Part(actor, tuple(t for t in targets if t != actor))


def _to_many(address: str) -> bool:
    """Whether the address is multicast or broadcast, IP or MAC."""
    if len(address) == 17 and address[2] in ":-":
        try:
            return bool(int(address[:2], 16) & 1)
        except ValueError:
            return False
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return ip.is_multicast or ip.is_unspecified or str(ip) == "255.255.255.255"


def _incident(story: _Story, who: Mapping[str, Asset]) -> Incident:
    alerts = story.alerts
    top = max(alerts, key=lambda a: (a.risk, SEVERITIES.index(a.severity)))  # the first of equals
    actor = top.client or next(iter(top.assets), None) or top.server
    by = f" ({who[actor].label if actor in who else actor})" if actor else ""
    others = len(alerts) - 1
    more = f" and {others} related alert{'s' if others > 1 else ''}" if others else ""
    tactics = {tactic for a in alerts for t in a.techniques for tactic, _ in t.tactics}
    return Incident(
        id=digest("incident", alerts[0].id),
        title=f"{top.title}{by}{more}",
        severity=max((a.severity for a in alerts), key=SEVERITIES.index),
        # Several steps of an attack weigh more than the worst of them alone.
        risk=min(100, top.risk + min(10, 2 * max(0, len(tactics) - 1))) if others else top.risk,
        first=alerts[0].first,
        last=max(a.last for a in alerts),
        assets=_unique(address for a in alerts for address in a.assets),
        alerts=tuple(a.id for a in alerts),
        techniques=_unique(t.id for a in alerts for t in a.techniques),
    )


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
