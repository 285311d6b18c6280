"""ATT&CK Navigator layers (layer format 4.5) from alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from gaugeglass.attack.table import VERSION, Technique, matrix

#: Severity to the cell's colour, worst last; pale to dark so that it also reads in greyscale.
COLOURS: dict[str, str] = {
    "info": "#dbe9f6",
    "low": "#fee8a8",
    "medium": "#fdbb63",
    "high": "#f0703f",
    "critical": "#b3122a",
}
_COMMENT_TITLES = 5


class AlertLike(Protocol):
    """What a layer asks of an alert (``alerts.model.Alert`` has it)."""

    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def risk(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def techniques(self) -> tuple[Technique, ...]: ...


def layer(
    alerts: Iterable[AlertLike], name: str = "Gaugeglass alerts", description: str = ""
) -> dict[str, Any]:
    """A Navigator layer: what the alerts show, on the ATT&CK for ICS matrix.

    A technique's score is the highest risk (0 to 100) of its alerts and its colour the worst
    severity; the comment says how many alerts and which. A parent of a sub-technique that fired
    is opened, and scored only by alerts that name the parent itself.
    """
    fired: dict[str, list[AlertLike]] = {}
    opened: set[str] = set()
    total = 0
    for alert in alerts:
        total += 1
        for technique in alert.techniques:
            fired.setdefault(technique.id, []).append(alert)
            if technique.parent:
                opened.add(technique.parent)
    cells: list[dict[str, Any]] = []
    for tactic, techniques in matrix().items():
        for technique in techniques:
            if technique.id in fired or technique.id in opened:
                cell = _cell(technique, fired.get(technique.id, []))
                cell["tactic"] = tactic.shortname
                if technique.id in opened:
                    cell["showSubtechniques"] = True
                cells.append(cell)
    return {
        "name": name,
        "versions": {"attack": VERSION.split(".")[0], "navigator": "5.1.0", "layer": "4.5"},
        "domain": "ics-attack",
        "description": description
        or f"{total} alerts on {len(fired)} techniques of ATT&CK for ICS v{VERSION}."
        " Score: highest risk of the alerts, 0 to 100.",
        "sorting": 0,
        "layout": {
            "layout": "side",
            "showID": True,
            "showName": True,
            "showAggregateScores": True,
            "countUnscored": False,
            "aggregateFunction": "max",
            "expandedSubtechniques": "annotated",
        },
        "hideDisabled": False,
        "techniques": cells,
        "gradient": {"colors": list(COLOURS.values()), "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": s, "color": c} for s, c in COLOURS.items()],
        "selectTechniquesAcrossTactics": True,
        "selectSubtechniquesWithParent": False,
        "metadata": [{"name": "ATT&CK for ICS", "value": f"v{VERSION}"}],
    }


def _cell(technique: Technique, alerts: Sequence[AlertLike]) -> dict[str, Any]:
    cell: dict[str, Any] = {"techniqueID": technique.id, "enabled": True}
    if not alerts:
        return cell
    order = list(COLOURS)
    worst = max((a.severity for a in alerts), key=order.index)
    titles = sorted({a.title for a in alerts})
    more = len(titles) - _COMMENT_TITLES
    events = sum(a.count for a in alerts)
    listed = "; ".join(titles[:_COMMENT_TITLES]) + (f"; and {more} more" if more > 0 else "")
    cell |= {
        "score": max(a.risk for a in alerts),
        "color": COLOURS[worst],
        "comment": f"{len(alerts)} alert{'s' if len(alerts) != 1 else ''}: {listed}",
        "metadata": [
            {"name": "alerts", "value": str(len(alerts))},
            {"name": "events", "value": str(events)},
            {"name": "worst severity", "value": worst},
        ],
        "links": [{"label": technique.id, "url": technique.url}],
    }
    return cell
