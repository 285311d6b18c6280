"""Rank tests on series whose neighbours are alike."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from gaugeglass.behaviour.norms import Floats

#: Share of the blocks of a shift in which it must show.
STAYS = 0.8


def statistic(before: Floats, after: Floats) -> float:
    """Mann-Whitney's statistic, standardized with its correction for ties."""
    n, m = len(before), len(after)
    both = np.concatenate([before, after])
    ranks = pd.Series(both).rank().to_numpy()
    _, ties = np.unique(both, return_counts=True)
    total = n + m
    tied = float((ties.astype(np.float64) ** 3 - ties).sum()) / (total * (total - 1))
    variance = n * m / 12 * (total + 1 - tied)
    if variance <= 0:
        return 0.0
    u = float(ranks[n:].sum()) - m * (m + 1) / 2
    return float((u - n * m / 2) / np.sqrt(variance))


def tail(z: float) -> float:
    """The chance that a standard normal variable exceeds ``z``."""
    return 0.5 * math.erfc(float(z) / math.sqrt(2))


def alike(values: Floats) -> float:
    """How many hours weigh as much as one that is independent of the others."""
    centered = values - values.mean()
    power = float((centered**2).sum())
    if power <= 0:
        return 1.0
    rho = float((centered[1:] * centered[:-1]).sum()) / power
    rho = min(max(rho, 0.0), 0.95)
    return (1 + rho) / (1 - rho)


def stays(offsets: Floats, size: float, block: int) -> bool:
    """Whether nearly every block, and the last, lies on the side to which the feature moved."""
    blocks = [offsets[i : i + block] for i in range(0, len(offsets), block)]
    if len(blocks) > 1 and len(blocks[-1]) < block // 2:
        blocks[-2:] = [np.concatenate(blocks[-2:])]
    there = [float(np.median(b)) * size > 0 for b in blocks]
    return there[-1] and sum(there) >= STAYS * len(there)


def onset(values: Floats, near: int, reach: int, usual: float, moved: float) -> int:
    """The place within ``reach`` of ``near`` up to which ``values`` fit ``usual`` best, and from
    which on ``moved``."""
    low, high = max(near - reach, 0), min(near + reach, len(values))
    part = values[low:high]
    # what it costs to begin one later, hour by hour
    costs = np.cumsum(np.abs(part - usual) - np.abs(part - moved))
    return low + int(np.argmin(np.concatenate([[0.0], costs])))
