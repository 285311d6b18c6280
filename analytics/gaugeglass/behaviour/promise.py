"""The promise: a threshold for all ways together that keeps to a number of false alerts a day.

On held-out normal time the episodes that each threshold would have raised are counted, over all
ways, lengths and entities at once; so what they share is not counted twice. Below what that time
can count, the number of episodes falls in proportion to the rate that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gaugeglass.behaviour.episodes import grouped

#: Episodes of held-out time that a count needs to be trusted, and false alerts that a promise must
#: have had the time to break.
_COUNTED, _SHOWN = 10, 3.0
_STEPS = 16
#: Held-out time is a sample: where it counts, half of the budget is kept for what it did not show.
_SHARE = 0.5


@dataclass(frozen=True)
class Promise:
    """What is promised, and on what it rests. Rates are per day."""

    budget: float  # false alerts a day that are accepted
    days: float  # held-out time with traffic, days
    threshold: float  # highest rate that alerts
    predicted: float  # alerts a day to be expected at the threshold
    by_way: Mapping[str, float]  # the same for each way alone
    counted: int  # episodes of held-out time the threshold rests on

    @property
    def proven(self) -> bool:
        """Whether held-out time was long enough to have shown a broken promise."""
        return self.days * self.budget >= _SHOWN

    @property
    def more_days(self) -> float:
        """Days of normal traffic still to be learned until :attr:`proven`."""
        return max(_SHOWN / self.budget - self.days, 0.0) if self.budget > 0 else float("inf")

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
        return Promise(budget, max(days, 0.0), 0.0, 0.0, {}, 0)
    allowed = budget * days * (_SHARE if budget * days >= _SHOWN else 1.0)
    rate = max(budget, _COUNTED / days) * 4.0
    rows = rows[rows["rate"] <= rate]
    threshold, counted = rate, len(grouped(rows))
    for _ in range(_STEPS):
        if counted <= max(allowed, _COUNTED):
            break
        threshold /= 2.0
        rows = rows[rows["rate"] <= threshold]
        counted = len(grouped(rows))
    expected = max(counted, 0.5)
    if expected > allowed:
        threshold *= allowed / expected
        expected = allowed
    passing = rows[rows["rate"] <= threshold]
    ways = {str(way): len(grouped(mine)) / days for way, mine in passing.groupby("way", sort=True)}
    return Promise(budget, days, threshold, expected / days, ways, counted)


def dump(made: Promise) -> dict[str, Any]:
    """As plain values."""
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in vars(made).items()}


def load(data: Mapping[str, Any]) -> Promise:
    """From :func:`dump`; :class:`TypeError` where it is not that."""
    return Promise(**data)
