"""What stands against learning from a part of the ledger: open alerts, decisions, planned work.

Left out are the windows of whoever an open alert is about, while it lasted and a quarter of an hour
before and after, and what came into the world with it, whenever it happens again: an alert is told
once, so that whoever repeats a deed until it is learned would only have to wait. The same holds for
a finding that an analyst rejected; planned work is left out for the assets that were declared or
the whole site. What an analyst approved is learnable, up to where it reached then.

``behaviour.doubt_from`` is the severity from which open alerts count; a high one always does. Drift
is a proposal to learn again and keeps nothing from being learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb

from gaugeglass.behaviour.upkeep import decisions, known, maintenance, raised
from gaugeglass.behaviour.upkeep.decisions import APPROVED, REJECTED
from gaugeglass.behaviour.upkeep.known import Facts
from gaugeglass.behaviour.upkeep.raised import Raised
from gaugeglass.config import ConfigError
from gaugeglass.ledger.manifest import Manifest

#: What leads to a finding, and what it leaves behind, is as doubtful as it is.
AROUND = timedelta(minutes=15)

OPEN, REFUSED, MAINTENANCE = "open alert", "rejected finding", "maintenance window"

#: Severities that can be named, least first. Planned work is told as info, and is no doubt.
SEVERITIES: tuple[str, ...] = ("low", "medium", "high", "critical")
#: From which of them on open alerts may count: those of high severity are never learned from.
CHOICES = SEVERITIES[:3]
#: Detections whose alerts ask for learning again.
PROPOSALS: tuple[str, ...] = ("behaviour_drift",)

#: What is left out (columns of ``unlearnable``), with the name of what it comes from.
Doubt = tuple[str, dict[str, Any]]


def found(
    db: duckdb.DuckDBPyConnection, manifest: Manifest | None, settings: Mapping[str, Any],
    until: datetime, step: timedelta,
) -> Iterator[Doubt]:  # fmt: skip
    """Every doubt about the activity before ``until``; ``step`` is the ledger's window.

    Raises :class:`~gaugeglass.config.ConfigError` for settings that cannot be read.
    """
    for window in maintenance.declared(settings):
        for asset in window.assets or (None,):
            yield (
                str(window.start),
                {"reason": MAINTENANCE, "asset": asset, "spell": True,
                 "start": window.start, "stop": window.end},
            )  # fmt: skip
    if manifest is None:
        return
    counts = _counted(settings)
    decided = decisions.standing(manifest.db)
    approved = decisions.facts_of(
        manifest.db, [d.number for d in decided.values() if d.verdict == APPROVED]
    )
    for alert in raised.stored(manifest.db):
        verdict = decided.get(alert.id)
        if verdict is not None and verdict.verdict == REJECTED:
            yield from ((alert.id, r) for r in _spell(alert, REFUSED, alert.first))
        elif alert.severity not in counts or alert.detection in PROPOSALS:
            continue
        elif verdict is None and alert.first < until:
            yield from ((alert.id, r) for r in _spell(alert, OPEN, alert.first))
            born = known.less(decisions.born(db, alert), approved, known.TOLD)
            yield from ((alert.id, r) for r in _deeds(born, OPEN))
        elif verdict is not None and alert.last > verdict.alert.last:
            # from the window after the last one that was approved
            later = verdict.alert.last + step + AROUND
            yield from ((alert.id, r) for r in _spell(alert, OPEN, later))
    yield from _never(manifest, decided)


def undecided(manifest: Manifest, severity: str) -> list[Raised]:
    """The open alerts of at most ``severity`` that keep something from being learned."""
    decided = decisions.standing(manifest.db)
    least = SEVERITIES[: SEVERITIES.index(severity) + 1]
    told = raised.stored(manifest.db, least)
    return [a for a in told if a.id not in decided and a.detection not in PROPOSALS]


def _counted(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The severities whose open alerts are a doubt."""
    least = str(settings.get("doubt_from", SEVERITIES[0]))
    if least not in CHOICES:
        raise ConfigError(
            f"behaviour.doubt_from is {least!r}; it must be one of {', '.join(CHOICES)}"
        )
    return SEVERITIES[SEVERITIES.index(least) :]


def _spell(alert: Raised, reason: str, first: datetime) -> Iterator[dict[str, Any]]:
    """The windows of whoever the alert is about."""
    who: dict[str, Any] = {}
    if alert.client and alert.server:
        # The conduit, whatever was said: what else went on between the two is as doubtful.
        who = {"client": alert.client, "server": alert.server}
    elif alert.asset:
        who = {"asset": alert.asset}
    if who:
        start, stop = first - AROUND, alert.last + AROUND
        yield {**who, "reason": reason, "spell": True, "start": start, "stop": stop}


def _never(manifest: Manifest, decided: Mapping[str, decisions.Decision]) -> Iterator[Doubt]:
    """Deeds that came with a rejected finding and that no later decision approved."""
    order = sorted(decided.values(), key=lambda d: d.number)
    for place, decision in enumerate(order):
        if decision.verdict != REJECTED:
            continue
        later = [d.number for d in order[place + 1 :] if d.verdict == APPROVED]
        mine = decisions.facts_of(manifest.db, [decision.number])
        left = known.less(mine, decisions.facts_of(manifest.db, later), known.TOLD)
        yield from ((decision.alert.id, r) for r in _deeds(left, REFUSED))


_KEYS: dict[str, tuple[str, ...]] = {
    "known_asset": ("asset", "mac"),
    "known_conduit": ("client", "server", "service"),
    "known_operation": ("client", "server", "service", "operation"),
    "known_action": ("client", "service", "action"),
    "known_outcome": ("client", "server", "service", "operation", "outcome"),
    "known_object": ("client", "server", "service", "unit", "operation", "", "space", "low",
                     "high"),
    "known_value": ("client", "server", "service", "unit", "operation", "object", "least", "most"),
}  # fmt: skip


def _deeds(facts: Facts, reason: str) -> Iterator[dict[str, Any]]:
    """What is done is left out wherever it is done."""
    for name, rows in facts.items():
        for row in rows:
            told = {k: v for k, v in zip(_KEYS[name], row, strict=False) if k}
            yield {**told, "reason": reason, "spell": False, "deed": name}
