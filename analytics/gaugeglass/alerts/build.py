"""From a finding to an alert: its identity, its techniques in full, its repeats."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from gaugeglass.alerts.model import Alert, Technique
from gaugeglass.alerts.risk import risk
from gaugeglass.attack.table import resolve, technique
from gaugeglass.detections.base import SEVERITIES, Detection, Finding
from gaugeglass.inventory.model import Asset

#: Evidence kept per alert: the earliest and the latest half of it.
MAX_UIDS = 16
#: Addresses kept per alert; a scan of a large network names its first ones.
MAX_ASSETS = 256
#: Characters kept of a text that an attacker may have had a hand in.
MAX_TEXT = 4096


def digest(*parts: str) -> str:
    """A stable name for ``parts``: 20 hex digits of SHA-256 over their JSON array.

    JSON keeps ("ab", "c") apart from ("a", "bc") and any text, lone surrogates included, writable.
    """
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:20]


def to_alert(
    finding: Finding,
    detection: Detection,
    sensor: str,
    assets: Mapping[str, Asset] | None = None,
) -> Alert:
    """The alert that ``finding`` is.

    Its id is a hash of the detection's name and the finding's key, so every run on every machine
    gives the same. ``assets`` (by address) let the target's role count in the risk. Techniques
    that the detection declares must be current; those that a finding carries over from a sensor
    are translated, and left out where ATT&CK for ICS does not know them.
    """
    severity = finding.severity or detection.severity
    if severity not in SEVERITIES:
        raise ValueError(
            f"detection {detection.name}: severity {severity!r} is not one of"
            f" {', '.join(SEVERITIES)}"
        )
    techniques = (
        tuple(technique(i) for i in dict.fromkeys(detection.techniques))
        if finding.techniques is None
        else resolve(finding.techniques)
    )
    involved = finding.assets or tuple(a for a in (finding.client, finding.server) if a)
    involved = tuple(dict.fromkeys(a for a in involved if a))[:MAX_ASSETS]
    score = finding.score
    if score is not None:
        score = min(1.0, max(0.0, score)) if math.isfinite(score) else None
    return Alert(
        id=digest(detection.name, *finding.key),
        detection=detection.name,
        title=detection.title,
        summary=_cap(finding.summary),
        severity=severity,
        risk=risk(severity, techniques, involved, finding.client, score, assets or {}),
        techniques=techniques,
        first=finding.first,
        last=max(finding.first, finding.last),
        count=max(1, finding.count),
        client=finding.client,
        server=finding.server,
        service=finding.service,
        port=finding.port,
        operation=finding.operation,
        object=None if finding.object is None else _cap(finding.object),
        assets=involved,
        observed=_cap(finding.observed),
        normal=_cap(finding.normal),
        uids=_bounded(tuple(dict.fromkeys(u for u in finding.uids if u))),
        score=score,
        rule=None if finding.rule is None else _cap(finding.rule),
        incident="",
        sensor=sensor,
        card=finding.card or detection.card,
    )


def merge(old: Alert, new: Alert, *, same_pass: bool = False) -> Alert:
    """One alert for two sightings of it (same id).

    Spans unite, the worse severity, risk and score stand, evidence and assets unite within their
    bounds, and the later sighting's words describe it. Counts: sightings apart in time, or found
    in the same pass over the ledger (``same_pass``), are different events and add up. Sightings
    whose spans overlap are the same events looked at again, so the larger count stands: judging
    a span twice changes nothing.
    """
    if old.id != new.id:
        raise ValueError(f"alerts {old.id} and {new.id} are not the same alert")
    apart = old.last < new.first or new.last < old.first
    count = old.count + new.count if same_pass or apart else max(old.count, new.count)
    early, late = sorted((old, new), key=lambda a: (a.first, a.last, a.summary))
    words = max((early, late), key=lambda a: (a.last, a.first, a.summary))
    ids = dict.fromkeys(t.id for a in (early, late) for t in a.techniques)
    full: dict[str, Technique] = {t.id: t for a in (early, late) for t in a.techniques}
    scores = [a.score for a in (early, late) if a.score is not None]
    return replace(
        words,
        severity=max(old.severity, new.severity, key=SEVERITIES.index),
        risk=max(old.risk, new.risk),
        techniques=tuple(full[i] for i in ids),
        first=min(old.first, new.first),
        last=max(old.last, new.last),
        count=count,
        assets=tuple(dict.fromkeys(early.assets + late.assets))[:MAX_ASSETS],
        uids=_bounded(tuple(dict.fromkeys(early.uids + late.uids))),
        score=max(scores, default=None),
        incident=early.incident or late.incident,
    )


def combine(alerts: Iterable[Alert]) -> list[Alert]:
    """One pass's alerts with repeats of an id merged; by first seen, then id."""
    found: dict[str, Alert] = {}
    for alert in alerts:
        seen = found.get(alert.id)
        found[alert.id] = merge(seen, alert, same_pass=True) if seen else alert
    return sorted(found.values(), key=lambda a: (a.first, a.id))


def _bounded(uids: tuple[str, ...]) -> tuple[str, ...]:
    half = MAX_UIDS // 2
    return uids if len(uids) <= MAX_UIDS else uids[:half] + uids[-half:]


def _cap(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
