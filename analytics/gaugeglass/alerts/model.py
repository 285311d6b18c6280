"""An alert: a finding with an identity, a risk, its techniques in full and its incident."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gaugeglass.attack.table import Technique
from gaugeglass.detections.base import Card

__all__ = ["Alert", "Incident", "Technique"]


@dataclass(frozen=True)
class Alert:
    """One alert. ``id`` is deterministic: the same finding is the same alert in every run."""

    id: str
    detection: str
    title: str
    summary: str
    severity: str  # info, low, medium, high, critical
    risk: int  # 0..100
    techniques: tuple[Technique, ...]
    first: datetime
    last: datetime
    count: int
    client: str | None
    server: str | None
    service: str | None
    port: int | None
    operation: str | None
    object: str | None
    assets: tuple[str, ...]
    observed: str
    normal: str
    uids: tuple[str, ...]
    score: float | None
    rule: str | None
    incident: str  # id of the incident it belongs to
    sensor: str
    card: Card

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists, datetimes untouched."""
        return asdict(self)


@dataclass(frozen=True)
class Incident:
    """Alerts that belong together: same assets, close in time."""

    id: str
    title: str
    severity: str
    risk: int
    first: datetime
    last: datetime
    assets: tuple[str, ...]
    alerts: tuple[str, ...]  # alert ids, first seen first
    techniques: tuple[str, ...]
