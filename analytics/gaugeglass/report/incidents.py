"""Incidents as the report tells them: alerts of one detection together, under one card.

The page is capped: a storm of alerts must still open in a browser. What is left out is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaugeglass.alerts.model import Alert, Incident, Technique
from gaugeglass.attack import table
from gaugeglass.detections.base import Card
from gaugeglass.inventory.model import Asset
from gaugeglass.report.data import ReportData
from gaugeglass.report.network import service_port
from gaugeglass.report.summary import by_risk, severity_rank, who, worst_first
from gaugeglass.report.text import listed, words

INCIDENTS_MAX = 60
ALERTS_MAX = 300  # told in full, over all incidents
PER_GROUP_MAX = 12  # alerts of one detection in one incident
OPEN_MAX = 3  # incidents that stand unfolded
UIDS_MAX = 10


@dataclass(frozen=True)
class AlertView:
    """One alert and its sentences' parts."""

    alert: Alert
    client: str
    server: str
    where: str
    uids: tuple[str, ...]
    uids_more: int


@dataclass(frozen=True)
class Group:
    """Alerts of one detection in one incident."""

    title: str
    severity: str
    detection: str
    card: Card
    techniques: list[Technique]
    total: int
    alerts: list[AlertView]


@dataclass(frozen=True)
class IncidentView:
    """One incident, worst groups first."""

    number: int
    incident: Incident
    who: list[str]
    total: int
    techniques: list[str]
    groups: list[Group]
    open: bool


@dataclass(frozen=True)
class Tally:
    """Totals of one detection over everything, also over what is not told in full."""

    detection: str
    title: str
    severity: str
    alerts: int
    events: int
    techniques: str


@dataclass(frozen=True)
class Story:
    """The section: incidents told, totals of all, and sentences on what was left out."""

    incidents: list[IncidentView]
    tallies: list[Tally]
    notes: list[str]


def story(data: ReportData, known: Mapping[str, Asset]) -> Story:
    """Tell ``data``'s incidents. Alerts whose incident is missing come as one of their own."""
    by_incident: dict[str, list[Alert]] = defaultdict(list)
    for alert in data.alerts:
        by_incident[alert.incident].append(alert)
    incidents = complete(data)
    left = ALERTS_MAX
    views = []
    for number, incident in enumerate(by_risk(incidents)[:INCIDENTS_MAX], 1):
        mine = by_incident[incident.id]
        groups = _groups(mine, known, left)
        left -= sum(len(g.alerts) for g in groups)
        names = {t.id: technique_name(t) for a in mine for t in a.techniques}
        views.append(
            IncidentView(
                number, incident, [who(a, known) for a in incident.assets], len(mine),
                [f"{i} {names.get(i, '')}".strip() for i in incident.techniques],
                groups, number <= OPEN_MAX,
            )
        )  # fmt: skip
    told = sum(len(g.alerts) for v in views for g in v.groups)
    notes = []
    if len(views) < len(incidents):
        notes.append(f"The {len(views)} incidents of highest risk are told, of {len(incidents):,}.")
    if told < len(data.alerts):
        notes.append(
            f"{told:,} of {len(data.alerts):,} alerts are told in full, those of highest risk"
            f" first and at most {PER_GROUP_MAX} of one detection in one incident. The totals below"
            " count all; the alert files hold all."
        )
    return Story(views, _tallies(data.alerts), notes)


def complete(data: ReportData) -> list[Incident]:
    """The incidents, and one more for each incident id that only alerts name."""
    have = {i.id for i in data.incidents}
    orphans: dict[str, list[Alert]] = defaultdict(list)
    for alert in data.alerts:
        if alert.incident not in have:
            orphans[alert.incident].append(alert)
    made = []
    for name, alerts in sorted(orphans.items()):
        worst = worst_first(alerts)[0]
        made.append(
            Incident(
                name, worst.title, worst.severity, worst.risk, min(a.first for a in alerts),
                max(a.last for a in alerts), tuple(sorted({n for a in alerts for n in a.assets})),
                tuple(a.id for a in alerts),
                tuple(sorted({t.id for a in alerts for t in a.techniques})),
            )
        )  # fmt: skip
    return [*data.incidents, *made]


def technique_name(found: Technique) -> str:
    """The name that stands alone; a sub-technique whose parent this version lacks keeps its own."""
    known = found.parent is None or table.is_current(found.parent)
    return found.full_name if known else found.name


def _groups(alerts: list[Alert], known: Mapping[str, Asset], left: int) -> list[Group]:
    by_detection: dict[str, list[Alert]] = {}
    for alert in worst_first(alerts):
        by_detection.setdefault(alert.detection, []).append(alert)
    groups = []
    for mine in by_detection.values():
        shown = mine[: min(PER_GROUP_MAX, max(left, 0))]
        left -= len(shown)
        techniques = {t.id: t for a in mine for t in a.techniques}
        worst = mine[0]
        groups.append(
            Group(
                worst.title, worst.severity, worst.detection, worst.card,
                [techniques[i] for i in sorted(techniques)], len(mine),
                [_view(a, known) for a in shown],
            )
        )  # fmt: skip
    return groups


def _view(alert: Alert, known: Mapping[str, Asset]) -> AlertView:
    row = {"service": alert.service, "port": alert.port}
    where = [service_port(row)] if alert.service or alert.port is not None else []
    where += [words(alert.operation)] if alert.operation else []
    where += [alert.object] if alert.object else []
    uids = tuple(listed(alert.uids))
    return AlertView(
        alert, who(alert.client, known), who(alert.server, known), ", ".join(where),
        uids[:UIDS_MAX], max(0, len(uids) - UIDS_MAX),
    )  # fmt: skip


def _tallies(alerts: Sequence[Alert]) -> list[Tally]:
    count: Counter[str] = Counter()
    events: Counter[str] = Counter()
    worst: dict[str, Alert] = {}
    techniques: dict[str, set[str]] = defaultdict(set)
    for alert in worst_first(list(alerts)):
        count[alert.detection] += 1
        events[alert.detection] += alert.count
        worst.setdefault(alert.detection, alert)
        techniques[alert.detection].update(t.id for t in alert.techniques)
    found = [
        Tally(d, a.title, a.severity, count[d], events[d], ", ".join(sorted(techniques[d])))
        for d, a in worst.items()
    ]
    return sorted(found, key=lambda t: (-severity_rank(t.severity), -t.alerts, t.detection))
