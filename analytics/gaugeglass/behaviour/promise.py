"""The promise: a threshold for all ways together that keeps to a number of false alerts a day.

On held-out normal time the episodes are counted that each threshold would have raised, over all
ways, lengths and entities at once; so what they share is not counted twice. An episode's strength
is that of :mod:`~gaugeglass.behaviour.strength`; how many are stronger still than what held-out
time has shown falls exponentially.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from gaugeglass.behaviour.episodes import grouped
from gaugeglass.behaviour.strength import loose, strengths

#: Strongest episodes of held-out time that the fall is fitted on, and false alerts that a promise
#: must have had the time to break.
_FITTED, _SHOWN = 10, 3.0
_FEW = 5  # episodes that the fall is read from
#: By how much strengths grow while episodes grow e times rarer, as long as hardly one was seen.
_SCALE = 1.5


@dataclass(frozen=True)
class Promise:
    """What is promised, and on what it rests. Rates are per day."""

    budget: float  # false alerts a day that are accepted
    days: float  # held-out time with traffic, days
    loose: float  # rate of a window from which on it is looked at
    threshold: float  # strength of an episode that is told
    predicted: float  # alerts a day to be expected at the threshold
    by_way: Mapping[str, float]  # the same for each way alone
    counted: int  # episodes of held-out time the threshold rests on
    edge: float = 0.0  # strength that the weakest of those has
    scale: float = _SCALE  # by how much a strength grows while episodes grow e times rarer

    @property
    def proven(self) -> bool:
        """Whether held-out time was long enough to have shown a broken promise."""
        return self.days * self.budget >= _SHOWN

    @property
    def more_days(self) -> float:
        """Days of normal traffic still to be learned until :attr:`proven`."""
        return max(_SHOWN / self.budget - self.days, 0.0) if self.budget > 0 else float("inf")

    @property
    def rate(self) -> float:
        """How rare (per day) a window must be to be told on its own."""
        return self.loose * math.exp(-self.threshold) if self.budget > 0 else 0.0

    def per_day(self, strength: float) -> float:
        """How many episodes a day of normal time are at least so strong."""
        count = max(self.counted, 0.5) * math.exp(-max(strength - self.edge, 0.0) / self.scale)
        return count / self.days if self.days > 0 else float("inf")

    def sentence(self) -> str:
        """In plain words."""
        text = f"at most {_per_day(self.budget)} promised, {self.predicted:.2g} expected"
        if self.proven:
            return f"{text}, counted on {_time(self.days)} of held-out time"
        return (
            f"{text}; {_time(self.days)} of held-out time cannot prove it yet:"
            f" learn {_time(self.more_days)} more"
        )


def _per_day(rate: float) -> str:
    return f"{rate:g} false alert{'' if rate == 1 else 's'} a day"


def _time(days: float) -> str:
    return f"{days:.2g} days" if days >= 2 else f"{days * 24:.2g} hours"


def promise(rows: pd.DataFrame, days: float, budget: float) -> Promise:
    """Set the threshold from held-out ``rows`` (scores with ``way`` and ``rate``) over ``days``."""
    if days <= 0 or budget <= 0:
        return Promise(budget, max(days, 0.0), 0.0, float("inf"), 0.0, {}, 0)
    least = loose(days, budget)
    rows = rows[rows["rate"] <= least].reset_index(drop=True)
    strong = sorted(strengths(rows, grouped(rows), least), reverse=True)
    allowed = budget * days
    # So many are counted that no single one matters; from there on, what is so many times as rare
    # is taken to come so many times less often.
    counted = min(len(strong), max(int(allowed), _FITTED))
    edge = _between(strong, counted)
    scale = _scale(strong[:counted], edge) if allowed >= _SHOWN else 1.0
    ahead = max(math.log(max(counted, 0.5) / _aimed(allowed)), 0.0)
    threshold = edge + ahead
    expected = max(counted, 0.5) * math.exp(-ahead) / days
    over = max(sum(s >= threshold for s in strong), 1)
    ways = {
        str(way): expected * sum(s >= threshold for s in _alone(mine, least)) / over
        for way, mine in rows.groupby("way", sort=True)
    }
    return Promise(budget, days, least, threshold, expected, ways, counted, edge, scale)


def _aimed(allowed: float) -> float:
    """How many episodes learned time may have over the threshold, where ``allowed`` are promised.

    Half are kept back: a week of which four are expected has more than seven one time in twenty,
    and later time strays from what was learned. Where hardly one is allowed there is no half.
    """
    return max(min(allowed, _SHOWN / 2), allowed / 2)


def _between(strong: Sequence[float], counted: int) -> float:
    """A strength that the first ``counted`` of ``strong`` (descending) have, and no other."""
    if counted == len(strong):
        return 0.0
    return (strong[counted - 1] + strong[counted]) / 2


def _scale(strongest: Sequence[float], edge: float) -> float:
    """By how much strengths over ``edge`` grow while episodes grow e times rarer: from their
    median, for one sensation must not make all else look small."""
    if len(strongest) < _FEW:
        return _SCALE
    return max(median(s - edge for s in strongest) / math.log(2), 1.0)


def _alone(rows: pd.DataFrame, least: float) -> list[float]:
    mine = rows.reset_index(drop=True)
    return strengths(mine, grouped(mine), least)


def dump(made: Promise) -> dict[str, Any]:
    """As plain values."""
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in vars(made).items()}


def load(data: Mapping[str, Any]) -> Promise:
    """From :func:`dump`; :class:`TypeError` where it is not that."""
    return Promise(**data)
