"""What a score is worth: a p-value, and how often a day normal time looks that strange.

Scores that were held out of learning give conformal p-values (V. Vovk, A. Gammerman and G. Shafer,
2005): of n held-out windows of the same pool, the share that is at least as strange. Beyond what
they reach, the tail is a generalized Pareto distribution (J. Pickands, 1975) fitted by
probability-weighted moments (J. R. M. Hosking and J. R. Wallis, 1987).

Ways and window lengths ask different numbers of questions a day, so a p-value alone is no common
currency. Multiplied by the questions asked it is one: *rate*, how many windows a day of normal time
are at least as strange to that way at that length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

#: Tests that a pool needs for a tail of its own; smaller ones share one of their way and length.
MIN_TESTS = 300
SHARED = ""

_KEPT = 400  # highest scores that are kept
_FEW = 10  # exceedances that a tail needs to be fitted
#: How firmly it is believed that a pool exceeds as often as the others do, in exceedances.
_BELIEF = 0.5
_HEAVIEST = 0.5  # bound of the shape; a bounded tail (below 0) is never assumed
_LEAST = 1e-12


@dataclass(frozen=True)
class Tail:
    """Held-out scores of one pool: how many, the highest of them, and the tail beyond.

    A score above ``edge`` has p = ``share`` * (1 + shape * y / scale) ** (-1 / shape), with y how
    far it lies above; shape 0 is the exponential.
    """

    tests: int
    top: Floats  # ascending; all others are below the first
    edge: float
    share: float
    scale: float
    shape: float

    def _fitted(self, scores: Floats | float) -> Floats:
        """The fit alone: the share of windows beyond ``scores``, from ``edge`` on."""
        y = np.maximum(np.asarray(scores) - self.edge, 0.0) / self.scale
        if self.shape == 0:
            return np.asarray(self.share * np.exp(-y))
        with np.errstate(over="ignore"):
            return np.asarray(self.share * (1.0 + self.shape * y) ** (-1.0 / self.shape))

    def p(self, scores: Floats) -> Floats:
        """The share of normal windows at least as strange as each of ``scores``, above 0."""
        reached = len(self.top) - np.searchsorted(self.top, scores, side="left")
        inside = (1.0 + reached) / (self.tests + 1.0)
        if len(self.top) and len(self.top) < self.tests:
            inside = np.where(scores < self.top[0], 1.0, inside)
        reach = float(self.top[-1]) if len(self.top) else 0.0
        least = 1.0 / (self.tests + 1.0)
        # Where the fit makes little of what was seen all the same, it has to start from there.
        lift = max(least / float(self._fitted(reach)), 1.0) if reach > self.edge else 1.0
        beyond = np.minimum(self._fitted(scores) * lift, least)
        found = np.where(scores > max(self.edge, reach), beyond, inside)
        found = np.where(scores > 0, found, 1.0)  # what scores nothing is as normal as can be
        return np.asarray(np.clip(found, _LEAST, 1.0))


def fit_tail(scores: Floats, tests: int, growth: float, others: Tail | None = None) -> Tail:
    """The tail of ``scores``, of ``tests`` held-out windows (those left out scored 0).

    Where the scores are too few, the tail of ``others`` (all pools together) says how far those go
    that exceed at all; without ``others``, ``growth``, the way's own :attr:`~.ways.base.Way.tail`.
    """
    told = np.sort(scores[scores > 0])
    top = told[-_KEPT:]
    count = min(max(int(np.sqrt(tests)), _FEW), len(top))
    edge = float(top[-count]) if count >= _FEW else float(top[-1]) if len(top) else 0.0
    beyond = top[top > edge] - edge
    if len(beyond) >= _FEW - 1:
        shape, scale = _moments(beyond)
        return Tail(tests, top, edge, len(beyond) / tests, scale, shape)
    if others is not None:
        return _borrowed(top, tests, others)
    share = (max(len(top[top >= edge]) if len(top) else 0, 0) + 0.5) / (tests + 1.0)
    return Tail(tests, top, edge, min(share, 1.0), growth, 0.0)


def _borrowed(top: Floats, tests: int, others: Tail) -> Tail:
    """A tail for a pool that hardly ever exceeded: how often is its own matter, how far is not.

    A pool that showed nothing in its few thousand windows will show something some day; what it
    shows then is as large as what the others show. How often is estimated from its own tests and,
    as a prior of :data:`_BELIEF` exceedances, from how often all pools do.
    """
    reach = float(top[-1]) if len(top) else 0.0
    # shares of all pools' windows beyond what this one showed, and beyond where the fit begins
    low = _beyond(others, reach)
    share = _BELIEF / (tests + _BELIEF / low)
    edge = max(reach, others.edge)
    share *= _beyond(others, edge) / low
    scale = others.scale + others.shape * (edge - others.edge)
    return Tail(tests, top, edge, min(share, 1.0), scale, others.shape)


def _beyond(tail: Tail, score: float) -> float:
    """The share of windows that score more than ``score``, never 0."""
    if score >= tail.edge:
        return float(tail.p(np.array([np.nextafter(score, np.inf)]))[0])
    return max(len(tail.top) - int(np.searchsorted(tail.top, score, "right")), 1) / tail.tests


def _moments(beyond: Floats) -> tuple[float, float]:
    """Shape and scale of a generalized Pareto distribution by probability-weighted moments."""
    count = len(beyond)
    mean = float(beyond.mean())
    rank = (np.arange(1, count + 1) - 0.35) / count
    weighted = float(((1.0 - rank) * beyond).mean())
    free = mean - 2.0 * weighted
    shape = 2.0 - mean / free if free > 0 else 0.0
    shape = float(np.clip(shape, 0.0, _HEAVIEST))
    return (0.0 if shape < 1e-6 else shape), max(mean * (1.0 - shape), 1e-9)


@dataclass(frozen=True)
class Calibration:
    """Tails of one way, by window length and pool, and how many questions a day it asks."""

    tails: Mapping[tuple[int, str], Tail]
    per_day: Mapping[int, float]  # length -> tests a day, all pools

    def worth(self, rows: pd.DataFrame) -> tuple[Floats, Floats]:
        """``(p, rate)`` of each row of ``rows`` (columns length, pool, score)."""
        p = np.ones(len(rows))
        daily = np.zeros(len(rows))
        lengths, pools = rows["length"].to_numpy(), rows["pool"].to_numpy()
        scores = rows["score"].to_numpy(dtype=np.float64)
        for length, pool in sorted(set(zip(lengths.tolist(), pools.tolist(), strict=True))):
            mine = (lengths == length) & (pools == pool)
            tail = self.tails.get((length, pool)) or self.tails.get((length, SHARED))
            if tail is None:  # nothing was learned at this length: nothing can be said
                continue
            p[mine] = tail.p(scores[mine])
            daily[mine] = self.per_day[length]
        return p, np.where(daily > 0, p * daily, np.inf)

    def least(self, rate: float, length: int) -> float:
        """The lowest score of ``length`` whose rate is at most ``rate``, all pools; inf: none."""
        tail = self.tails.get((length, SHARED))
        if tail is None:
            return float("inf")
        low, high = 0.0, max(tail.edge, 1.0)
        daily = self.per_day[length]
        while tail.p(np.array([high]))[0] * daily > rate and high < 1e6:
            high *= 2.0
        for _ in range(60):
            middle = (low + high) / 2
            over = tail.p(np.array([middle]))[0] * daily > rate
            low, high = (middle, high) if over else (low, middle)
        return high

    def dump(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "per_day": {str(k): v for k, v in sorted(self.per_day.items())},
            "tails": [
                {"length": length, "pool": pool, "tests": t.tests, "top": t.top.tolist(),
                 "edge": t.edge, "share": t.share, "scale": t.scale, "shape": t.shape}
                for (length, pool), t in sorted(self.tails.items())
            ],
        }  # fmt: skip

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Calibration:
        """From :meth:`dump`; :class:`ValueError` or :class:`KeyError` where it is not that."""
        tails = {
            (int(t["length"]), str(t["pool"])): Tail(
                int(t["tests"]), np.array(t["top"], dtype=np.float64),
                *(float(t[k]) for k in ("edge", "share", "scale", "shape")),
            )
            for t in data["tails"]
        }  # fmt: skip
        return cls(tails, {int(k): float(v) for k, v in data["per_day"].items()})


def held_worth(
    rows: pd.DataFrame, tests: pd.DataFrame, days: float, growth: float,
    block: npt.NDArray[np.intp], blocks: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """``(p, rate)`` of held-out ``rows`` by the tails of the other blocks of time.

    A score must not vouch for itself: the strangest that a block shows was never seen by whoever
    judges it, as later time was never seen. ``block`` is each row's, of ``blocks`` of like length.
    """
    p, rate = np.ones(len(rows)), np.full(len(rows), np.inf)
    share = 1.0 - 1.0 / blocks
    others = tests.assign(tests=(tests["tests"] * share).astype(np.int64))
    for number in np.unique(block[rows["score"].to_numpy() > 0]):
        mine = np.flatnonzero((block == number) & (rows["score"].to_numpy() > 0))
        made = calibrate(rows[block != number], others, days * share, growth)
        p[mine], rate[mine] = made.worth(rows.iloc[mine])
    return p, rate


def calibrate(rows: pd.DataFrame, tests: pd.DataFrame, days: float, growth: float) -> Calibration:
    """Calibrate a way from its held-out scores ``rows`` and counts ``tests`` over ``days``."""
    tails: dict[tuple[int, str], Tail] = {}
    per_day: dict[int, float] = {}
    for length in sorted({int(n) for n in tests["length"]}):
        counted = tests[tests["length"] == length]
        of_length = rows[rows["length"] == length]
        total = int(counted["tests"].sum())
        per_day[length] = total / days if days > 0 else float("inf")
        everything = of_length["score"].to_numpy(dtype=np.float64)
        whole = tails[length, SHARED] = fit_tail(everything, total, growth)
        for pool, count in zip(counted["pool"], counted["tests"], strict=True):
            if count >= MIN_TESTS:
                mine = of_length.loc[of_length["pool"] == pool, "score"].to_numpy(np.float64)
                tails[length, str(pool)] = fit_tail(mine, int(count), growth, whole)
    return Calibration(tails, per_day)
