"""Hits against labels: event recall, false alerts a day, time to detect. Nothing is adjusted.

An attack is found when an alert that names one of its entities overlaps it (see
:func:`gaugeglass.labels.speaks`) and began no longer before it than the longest window; so an
alert that was already there tells nothing. Every alert that speaks of no attack is a false one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from gaugeglass.evaluation.hits import Hit
from gaugeglass.labels import Label, speaks

#: How long before an attack the alert that tells of it may begin: a window that holds the attack's
#: start begins up to its own length before.
BEFORE = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """One attack and the alerts that tell of it."""

    label: Label
    hits: tuple[Hit, ...]

    @property
    def seconds(self) -> float | None:
        """Time to detect (s): from the attack's start to the first moment somebody was told."""
        told = [t for h in self.hits for t in h.told if t > self.label.start]
        return (min(told) - self.label.start).total_seconds() if told else None


@dataclass(frozen=True)
class Score:
    """What one detector, or several together, did."""

    name: str
    group: str
    attacks: tuple[Found, ...]
    alerts: int
    false: tuple[Hit, ...]
    days: float
    quiet_days: float
    quiet_false: int

    @property
    def found(self) -> int:
        """Attacks found."""
        return sum(bool(a.hits) for a in self.attacks)

    @property
    def recall(self) -> float | None:
        """Share of the attacks that was found; None where there were none."""
        return self.found / len(self.attacks) if self.attacks else None

    @property
    def false_a_day(self) -> float:
        """False alerts per day of the whole judged span."""
        return len(self.false) / self.days

    @property
    def quiet_a_day(self) -> float | None:
        """Alerts per day of the stretch known to be quiet; None where there is none."""
        return self.quiet_false / self.quiet_days if self.quiet_days > 0 else None

    @property
    def seconds(self) -> float | None:
        """Median time to detect of the attacks that were found (s)."""
        known = [a.seconds for a in self.attacks if a.hits and a.seconds is not None]
        return float(median(known)) if known else None


def score(
    name: str, group: str, hits: Sequence[Hit], labels: Sequence[Label],
    others: Sequence[Label], since: datetime, until: datetime, quiet_until: datetime | None,
) -> Score:  # fmt: skip
    """Score ``hits`` of [since, until). ``others`` are attacks that are not asked about: alerts
    that speak of them are neither found nor false."""
    attacks: list[Found] = []
    spoken: set[int] = set()
    for label in labels:
        about = tuple(n for n, hit in enumerate(hits) if tells(hit, label))
        spoken.update(about)
        attacks.append(Found(label, tuple(hits[n] for n in about)))
    for label in others:
        spoken.update(n for n, hit in enumerate(hits) if tells(hit, label))
    false = tuple(h for n, h in enumerate(hits) if n not in spoken)
    quiet = timedelta(0) if quiet_until is None else max(quiet_until - since, timedelta(0))
    calm = sum(quiet_until is not None and h.first < quiet_until for h in false)
    day = timedelta(days=1)
    return Score(name, group, tuple(attacks), len(hits), false, (until - since) / day,
                 quiet / day, calm)  # fmt: skip


def tells(hit: Hit, label: Label) -> bool:
    """Whether ``hit`` tells of this attack."""
    return hit.first >= label.start - BEFORE and speaks(label, hit.first, hit.last, hit.named)
