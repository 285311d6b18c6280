"""Findings that declared maintenance explains: a matter of record, one alert a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from gaugeglass.behaviour.upkeep import maintenance
from gaugeglass.detections.base import SEVERITIES, Detection, Finding

_SHOWN = 5


def merged(
    db: duckdb.DuckDBPyConnection,
    windows: Sequence[maintenance.Window],
    findings: Sequence[tuple[Detection, Finding]],
) -> list[tuple[Detection, Finding]]:
    """``findings``, those that belong to one of ``windows`` as one of severity info, at the end.

    The most severe of a window speaks for all of it and names the others.
    """
    kept: list[tuple[Detection, Finding]] = []
    planned: dict[maintenance.Window, list[tuple[Detection, Finding]]] = {}
    for detection, finding in findings:
        window = maintenance.excused(db, windows, finding) if windows else None
        if window is None:
            kept.append((detection, finding))
        else:
            planned.setdefault(window, []).append((detection, finding))
    return [*kept, *(_record(w, mine) for w, mine in planned.items())]


def _record(
    window: maintenance.Window, mine: Sequence[tuple[Detection, Finding]]
) -> tuple[Detection, Finding]:
    detection, finding = max(
        mine, key=lambda m: (SEVERITIES.index(m[1].severity or m[0].severity), -m[0].rank)
    )
    others = [f.summary for _, f in mine if f is not finding]
    more = f"; and {len(others)} more that belong to it" if others else ""
    shown = "; ".join([finding.observed, *others[:_SHOWN]])
    left = f"; and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    assets = dict.fromkeys(
        a for _, f in mine for a in (*f.assets, f.client, f.server) if a is not None
    )
    start = window.start.isoformat()
    note = f" ({window.note})" if window.note else ""
    record = replace(
        finding,
        key=("planned", start, *window.assets),
        summary=f"Planned{note}: {finding.summary}{more}",
        severity="info",
        first=min(f.first for _, f in mine),
        last=max(f.last for _, f in mine),
        count=sum(f.count for _, f in mine),
        observed=shown + left,
        assets=tuple(assets)[:20],
        uids=tuple(dict.fromkeys(u for _, f in mine for u in f.uids))[:10],
    )
    return detection, record
