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

    def p(self, scores: Floats) -> Floats:
        """The share of normal windows at least as strange as each of ``scores``, above 0."""
        reached = len(self.top) - np.searchsorted(self.top, scores, side="left")
        inside = (1.0 + reached) / (self.tests + 1.0)
        if len(self.top) and len(self.top) < self.tests:
            inside = np.where(scores < self.top[0], 1.0, inside)
        y = np.maximum(scores - self.edge, 0.0) / self.scale
        with np.errstate(over="ignore"):
            tail = np.exp(-y) if self.shape == 0 else (1.0 + self.shape * y) ** (-1.0 / self.shape)
        found = np.where(scores > self.edge, np.minimum(self.share * tail, inside), inside)
        found = np.where(scores > 0, found, 1.0)  # what scores nothing is as normal as can be
        return np.asarray(np.clip(found, _LEAST, 1.0))


def fit_tail(scores: Floats, tests: int, growth: float) -> Tail:
    """The tail of ``scores``, of ``tests`` held-out windows (those left out scored 0).

    ``growth`` is the way's own :attr:`~.ways.base.Way.tail`, used where the scores are too few.
    """
    told = np.sort(scores[scores > 0])
    top = told[-_KEPT:]
    count = min(max(int(np.sqrt(tests)), _FEW), len(top))
    edge = float(top[-count]) if count >= _FEW else float(top[-1]) if len(top) else 0.0
    beyond = top[top > edge] - edge
    if len(beyond) < _FEW - 1:
        share = (max(len(top[top >= edge]) if len(top) else 0, 0) + 0.5) / (tests + 1.0)
        return Tail(tests, top, edge, min(share, 1.0), growth, 0.0)
    shape, scale = _moments(beyond)
    return Tail(tests, top, edge, len(beyond) / tests, scale, shape)


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
        tails[length, SHARED] = fit_tail(everything, total, growth)
        for pool, count in zip(counted["pool"], counted["tests"], strict=True):
            if count >= MIN_TESTS:
                mine = of_length.loc[of_length["pool"] == pool, "score"].to_numpy(np.float64)
                tails[length, str(pool)] = fit_tail(mine, int(count), growth)
    return Calibration(tails, per_day)
