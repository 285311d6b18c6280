"""Alerts and incidents as JSON text and back, exactly; and what counts as news about an alert."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from gaugeglass.alerts.model import Alert, Incident, Technique
from gaugeglass.detections.base import Card

_TUPLES = ("assets", "uids")


def dump(item: Alert | Incident) -> str:
    """Compact ASCII JSON with sorted keys; equal items give equal text."""
    return json.dumps(
        asdict(item), default=_iso, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def load_alert(text: str) -> Alert:
    """The alert that :func:`dump` wrote."""
    data: dict[str, Any] = _times(json.loads(text))
    data["techniques"] = tuple(
        Technique(t["id"], t["name"], tuple((i, n) for i, n in t["tactics"]), t["parent"])
        for t in data["techniques"]
    )
    card = data["card"]
    data["card"] = Card(card["meaning"], tuple(card["check"]), tuple(card["avoid"]))
    data |= {name: tuple(data[name]) for name in _TUPLES}
    return Alert(**data)


def load_incident(text: str) -> Incident:
    """The incident that :func:`dump` wrote."""
    data: dict[str, Any] = _times(json.loads(text))
    data |= {name: tuple(data[name]) for name in ("assets", "alerts", "techniques")}
    return Incident(**data)


def news(alert: Alert) -> str:
    """A hash that changes when somebody who has the alert should hear of it again.

    That is: it became worse, shows another technique, its count reached another power of ten, or
    it was seen on another day (UTC). A count that creeps up is not news.
    """
    told = [
        alert.id,
        alert.severity,
        alert.risk,
        sorted(t.id for t in alert.techniques),
        len(str(alert.count)),
        alert.last.date().isoformat(),
    ]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:20]


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an alert")


def _times(data: dict[str, Any]) -> dict[str, Any]:
    for name in ("first", "last"):
        data[name] = datetime.fromisoformat(data[name])
    return data
