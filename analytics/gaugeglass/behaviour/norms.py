"""What is normal for an entity, per feature: the statistics of its learned windows.

Features are looked at in model units, in which steps mean alike whatever the size. How windows are
held against norms is :mod:`~gaugeglass.behaviour.measure`'s part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.registry import FEATURES, NAMES

Floats = npt.NDArray[np.float64]

#: Windows an entity needs for norms of its own; with fewer it is held to its role's.
ENOUGH = 30
BINS = 32  # of the histogram across the learned range, one bit each

_HEAVY = np.array([f.heavy for f in FEATURES])
_SIGNED = np.array([f.signed for f in FEATURES])
_SCALE = np.array([f.unit_scale for f in FEATURES])
_FLOOR = np.array([f.floor for f in FEATURES])
_EDGE = np.array([f.edge for f in FEATURES])

#: Statistics kept of each feature, in model units; ``bins`` says which parts of the range from low
#: to high were ever visited.
STATS: tuple[str, ...] = ("center", "scale", "low", "high", "bins")


def to_units(frame: pd.DataFrame) -> Floats:
    """The features of ``frame`` in model units; NaN where a window says nothing."""
    values = frame.loc[:, list(NAMES)].to_numpy(dtype=np.float64, copy=True)
    values[:, _SIGNED] = np.arcsinh(values[:, _SIGNED])
    values[:, ~_SIGNED] = np.maximum(values[:, ~_SIGNED], 0.0)  # keeps NaN
    values[:, _HEAVY] = np.log1p(values[:, _HEAVY] * _SCALE[_HEAVY])
    values[np.ix_(frame["edge"].to_numpy(dtype=bool), _EDGE)] = np.nan
    return values


def to_raw(units: Floats) -> Floats:
    """Back from model units to what a person reads (the last axis is the feature)."""
    with np.errstate(over="ignore"):
        raw = np.where(_HEAVY, np.expm1(units) / _SCALE, units)
        raw = np.where(_SIGNED, np.sinh(units), raw)
    # What went through the logarithm and back is a hair off: 5 must read 5.
    return np.asarray(np.round(raw, 6), dtype=np.float64)


@dataclass(frozen=True)
class Norms:
    """Norms by key: ``stats[i, s, f]`` is statistic s of feature f for ``keys[i]``."""

    keys: pd.MultiIndex  # (kind, name): ("entity", "client 10.0.0.1") or ("group", "hmi/client")
    stats: Floats
    windows: npt.NDArray[np.int64]

    def rows(self, entities: pd.Series, groups: pd.Series) -> npt.NDArray[np.intp]:
        """Index of the norms for each window: the entity's own if it has enough, else its group's.

        -1 where neither is known.
        """
        own = self._find("entity", entities)
        shared = self._find("group", groups)
        sizes = np.append(self.windows, 0)  # index -1 finds the 0
        return np.where(sizes[own] >= ENOUGH, own, shared)

    def at(self, rows: npt.NDArray[np.intp]) -> Floats:
        """The statistics of each of ``rows``; NaN for -1."""
        out = np.full((len(rows), len(STATS), len(NAMES)), np.nan)
        known = rows >= 0
        out[known] = self.stats[rows[known]]
        return out

    def known(self, entities: pd.Series) -> npt.NDArray[np.bool_]:
        """Whether each entity was seen at all while learning."""
        return np.asarray(self._find("entity", entities) >= 0, dtype=np.bool_)

    def shifted(self, fresh: Norms, groups: Mapping[str, str]) -> Norms:
        """``fresh`` norms of few windows, as wide about their middle as these are about theirs.

        An hour shows where a series lies now, not how far it strays: that is known from before, of
        the entity or, where it (or this side of it) is new, of its group (``groups``: entity ->
        group). What a group's members do at all, a new one may come to do; what nobody showed
        before has no norm yet.
        """
        own = self.at(self.keys.get_indexer(fresh.keys))
        others = [("group", groups.get(str(name), "")) for _, name in fresh.keys]
        shared = self.at(self.keys.get_indexer(pd.MultiIndex.from_tuples(others)))
        untold = np.isnan(own[:, 0, :])
        old = np.where(untold[:, None, :], shared, own)
        was, now = old[:, 0, :], fresh.stats[:, 0, :]
        stats = fresh.stats.copy()
        stats[:, 1, :] = np.fmax(stats[:, 1, :], old[:, 1, :])
        stats[:, 2, :] = np.fmin(stats[:, 2, :], now + old[:, 2, :] - was)
        stats[:, 3, :] = np.fmax(stats[:, 3, :], now + old[:, 3, :] - was)
        for end, wider in ((2, np.fmin), (3, np.fmax)):
            stats[:, end, :] = np.where(
                untold, wider(stats[:, end, :], old[:, end, :]), stats[:, end, :]
            )
        stats[:, 4, :] = np.where(np.isnan(stats[:, 4, :]), np.nan, 2.0**BINS - 1)
        # what the fresh windows did not tell of stays as it was
        stats = np.where(np.isnan(fresh.stats) | np.isnan(was)[:, None, :], old, stats)
        return Norms(fresh.keys, stats, fresh.windows)

    def replaced(self, other: Norms) -> Norms:
        """These norms, but those of ``other`` where it has enough windows of an entity."""
        fresh = [
            i for i, (kind, _) in enumerate(other.keys)
            if kind == "entity" and other.windows[i] >= ENOUGH
        ]  # fmt: skip
        gone = set(other.keys[fresh])
        keep = [i for i, key in enumerate(self.keys) if key not in gone]
        return Norms(
            self.keys[keep].append(other.keys[fresh]),
            np.concatenate([self.stats[keep], other.stats[fresh]]),
            np.concatenate([self.windows[keep], other.windows[fresh]]),
        )

    def joined(self, other: Norms) -> Norms:
        """These norms, and ``other``'s behind them."""
        return Norms(
            self.keys.append(other.keys),
            np.concatenate([self.stats, other.stats]),
            np.concatenate([self.windows, other.windows]),
        )

    def _find(self, kind: str, names: pd.Series) -> npt.NDArray[np.intp]:
        codes, unique = pd.factorize(names)
        wanted = pd.MultiIndex.from_arrays([[kind] * len(unique), unique])
        return np.asarray(self.keys.get_indexer(wanted)[codes], dtype=np.intp)


def entity(frame: pd.DataFrame) -> pd.Series:
    """The key of each window's entity: ``client 10.0.0.1``."""
    return frame["side"] + " " + frame["address"]


def fit_norms(units: Floats, entities: pd.Series, groups: pd.Series) -> Norms:
    """Norms of every entity and every group over the learned windows given."""
    parts = [_describe("entity", entities, units), _describe("group", groups, units)]
    return Norms(
        parts[0][0].append(parts[1][0]),
        np.concatenate([p[1] for p in parts]),
        np.concatenate([p[2] for p in parts]),
    )


def _describe(
    kind: str, names: pd.Series, units: Floats
) -> tuple[pd.MultiIndex, Floats, npt.NDArray[np.int64]]:
    codes, found = pd.factorize(names, sort=True)
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes, minlength=len(found)).astype(np.int64)
    stats = np.full((len(found), len(STATS), len(NAMES)), np.nan)
    start = 0
    for row, size in enumerate(sizes):
        mine = np.sort(units[order[start : start + size]], axis=0)  # NaN goes to the end
        start += size
        stats[row] = _statistics(mine)
    keys = pd.MultiIndex.from_arrays([[kind] * len(found), np.asarray(found, dtype=object)])
    return keys, stats, sizes


def _statistics(mine: Floats) -> Floats:
    """The statistics of one key's windows, sorted per feature."""
    told = np.count_nonzero(~np.isnan(mine), axis=0)
    # A feature that few windows told of (a gap, where events mostly come alone) has no norm yet.
    enough = told >= ENOUGH
    out = np.full((len(STATS), mine.shape[1]), np.nan)
    if not enough.any():
        return out
    values, count = mine[:, enough], told[enough]
    columns = np.arange(values.shape[1])
    first, center, third = (
        values[np.round(share * (count - 1)).astype(np.intp), columns]
        for share in (0.25, 0.5, 0.75)
    )
    low, high = values[0], values[count - 1, columns]
    # Where most windows are alike and a few burst, the quartiles say nothing of the bursts.
    spread = np.fmax((third - first) / 1.349, (high - low) / 4)
    marks = np.where(np.isnan(values), 0, np.int64(1) << _bin(values, low, high))
    bins = np.bitwise_or.reduce(marks, axis=0)
    out[:, enough] = [center, np.fmax(spread, _FLOOR[enough]), low, high, bins]
    return out


def _bin(values: Floats, low: Floats, high: Floats) -> npt.NDArray[np.int64]:
    width = np.where(high > low, high - low, 1.0)
    with np.errstate(invalid="ignore"):
        part = np.nan_to_num((values - low) / width * BINS)
    return np.clip(part, 0, BINS - 1).astype(np.int64)
