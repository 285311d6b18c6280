"""How far windows lie outside what is normal for their entity.

A forest does not see raw features but *places*: 0 is the entity's median, 0.2 the end of the
range seen while learning, 0.5 the margin beyond which nothing held out of learning lay, and from
there each doubling of the distance adds 1. A PLC polled ten times a second and one polled once a
minute thus share one model of their role, and a feature that never moved while learning (a client
that never wrote) still shows when it moves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from gaugeglass.behaviour.norms import BINS, Floats, Norms
from gaugeglass.behaviour.registry import FEATURES

INSIDE = 0.2  # place of the end of the learned range
LINE = 0.5  # place of the margin
FAR = 4.0  # places are clipped here

_BOTH = np.array([f.direction == "both" for f in FEATURES])
_SLICE = 1024  # rows whose intermediate results fit a core's cache


class Ruler:
    """Norms made ready to measure with. Tables have a last row for windows without norms."""

    def __init__(self, norms: Norms) -> None:
        stats = np.concatenate([norms.stats, np.full((1, *norms.stats.shape[1:]), np.nan)])
        center, scale, low, high, marks = (stats[:, i, :] for i in range(stats.shape[1]))
        self._center = center
        self._top, self._bottom = np.maximum(high, center + scale), np.minimum(low, center - scale)
        self._above, self._below = 1.0 / (self._top - center), 1.0 / (center - self._bottom)
        self._unit = 1.0 / scale
        width = high - low
        with np.errstate(divide="ignore"):
            self._bins = np.where(width > 0, BINS / width, np.nan)
        self._low, self._high = low, high
        self._holes = _holes(marks) * np.nan_to_num(width / BINS / scale)[:, :, None]

    def measure(self, units: Floats, rows: npt.NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
        """``(inside, excess, hole)`` of windows against the norms in ``rows`` (-1: none).

        Inside is where a feature lies between the median (0) and the end of the learned range (1).
        Excess is how far outside that range it lies, in multiples of its scale; changes below one
        scale from the median count as inside. Hole is how far it lies from the nearest visited part
        of the range, in scales; 0 where its bin or one beside it was visited. What is not known
        lies at the median.
        """
        out = (np.empty_like(units), np.empty_like(units), np.empty_like(units))

        def some(at: slice) -> None:
            out[0][at], out[1][at], out[2][at] = self._some(units[at], rows[at])

        in_slices(len(units), some)
        return out

    def _some(self, units: Floats, rows: npt.NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
        offset = units - self._center[rows]
        with np.errstate(invalid="ignore"):
            inside = offset * np.where(offset >= 0, self._above[rows], self._below[rows])
            # Away from normal is away, whichever way counts: the numbers tell which it was.
            inside = np.minimum(np.where(_BOTH, np.abs(inside), np.maximum(inside, 0.0)), 1.0)
            over = np.maximum(units - self._top[rows], 0.0)
            under = np.where(_BOTH, np.maximum(self._bottom[rows] - units, 0.0), 0.0)
            excess = (over + under) * self._unit[rows]
            low = self._low[rows]
            spot = np.minimum((units - low) * self._bins[rows], BINS - 1)
            within = (units >= low) & (units <= self._high[rows]) & (spot >= 0)
        np.copyto(inside, 0.0, where=np.isnan(inside))
        np.copyto(excess, 0.0, where=np.isnan(excess))
        bins = np.where(within, spot, 0.0).astype(np.intp)
        hole = self._holes[rows[:, None], np.arange(units.shape[1]), bins]
        return inside, excess, np.where(within, hole, 0.0)


def _holes(marks: Floats) -> Floats:
    """``[norm, feature, bin]``: bins to the nearest visited one, less the one beside it."""
    bits = np.nan_to_num(marks).astype(np.int64)
    visited = (bits[:, :, None] >> np.arange(BINS)) & 1 > 0
    at = np.arange(BINS)
    before = np.maximum.accumulate(np.where(visited, at, -BINS), axis=2)
    after = np.minimum.accumulate(np.where(visited, at, 2 * BINS)[:, :, ::-1], axis=2)[:, :, ::-1]
    steps = np.minimum(at - before, after - at) - 1.0
    return np.where((bits > 0)[:, :, None], np.maximum(steps, 0.0), 0.0)


def place(inside: Floats, excess: Floats, margins: Floats) -> Floats:
    """Where the forest sees a feature: 0 median, INSIDE end of range, LINE margin, then log2."""
    out = np.empty_like(inside)

    def some(at: slice) -> None:
        reach = margins if margins.ndim == 1 else margins[at]
        near = np.minimum(excess[at] / reach, 1.0) * (LINE - INSIDE)
        beyond = np.maximum(excess[at] - reach, 0.0) / np.maximum(reach / 2, 1.0)
        far = np.zeros_like(beyond)
        np.log2(1.0 + beyond, out=far, where=beyond > 0)  # few lie there, and logarithms are dear
        out[at] = np.minimum(INSIDE * inside[at] + near + far, FAR)

    in_slices(len(inside), some)
    return out


def in_slices(count: int, work: Callable[[slice], None]) -> None:
    """Do ``work`` on slices of ``count`` rows, on all cores. Slices must not share results."""
    slices = [slice(i, i + _SLICE) for i in range(0, count, _SLICE)]
    workers = min(os.cpu_count() or 1, len(slices))
    if workers < 2:
        for at in slices:
            work(at)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, slices))
