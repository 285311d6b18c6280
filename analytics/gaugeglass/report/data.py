"""Everything the report says, gathered beforehand: rendering reads nothing else.

Rows that have no model of their own are plain mappings. The keys each may have are listed here;
a missing key reads as unknown. Timestamps are UTC, naive or aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gaugeglass.alerts.model import Alert, Incident
from gaugeglass.inventory.model import Asset

Row = Mapping[str, Any]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class ReportData:
    """One report's content. Nothing in it needs escaping beforehand: rendering does that."""

    site: str
    generated: datetime
    """When the report was made. Given, so that the same data is the same bytes."""
    version: str

    learned: Span | None = None
    """[since, until) the baseline was learned from; None: nothing was learned."""
    judged: Span | None = None
    """[since, until) the detections were asked about."""

    assets: Sequence[Asset] = ()
    alerts: Sequence[Alert] = ()
    incidents: Sequence[Incident] = ()

    conduits: Sequence[Row] = ()
    """``client, server, service, transport, port, count, connections, bytes, first, last,
    actions``; ``actions`` is a sequence of the ledger's action words. See :mod:`.collect`."""

    logs: Sequence[Row] = ()
    """Row accounting per log file: ``file, kind, format, read, used, ignored, rejected, remarks``.
    ``ignored`` and ``rejected`` are a number, or a mapping of reason to number."""
    rejects: Sequence[Row] = ()
    """A sample of rejected rows: ``file, line, reason, excerpt``."""

    decoded: Sequence[Row] = ()
    """Protocols whose content was read: ``service, logs, operations, actions, clients, servers,
    activities, first, last``; ``logs`` are the sensor's log kinds, ``operations`` a sequence."""
    undecoded: Sequence[Row] = ()
    """Conduits seen only as connections: ``client, server, transport, port, hint, industrial,
    connections, bytes, first, last``; ``hint`` is what the port suggests."""
    unanswered: int = 0
    """Paths that were tried but never answered; they are not conduits."""

    sensor_health: Sequence[Row] = ()
    """What the sensor says of itself: ``measure, value, ok, note``; ``ok`` may be None."""

    baseline: Sequence[str] = ()
    """Sentences saying how complete the baseline is."""
    baseline_ok: bool | None = None
    """Whether the baseline is complete enough to judge by; None: not known, or none learned."""

    covered: AbstractSet[str] = field(default_factory=frozenset)
    """Technique ids that some enabled detection can raise."""
    not_run: Sequence[Row] = ()
    """Detections that did not run: ``name, reason``."""
