"""Why a window stands out: which cuts of the forest isolated it, and observed against normal.

Each cut on a row's way down a tree changes the depth to be expected for it; the change belongs to
the feature that was cut on. These path contributions add up to the whole difference between the
row's depth and the average one: they are exact and need no sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.forest import Models
from gaugeglass.behaviour.norms import Floats, to_raw
from gaugeglass.behaviour.registry import FEATURES, NAMES, number

_CHUNK = 4096


@dataclass(frozen=True)
class Reason:
    """One feature's part in an anomaly. ``share`` is its part of the isolation, 0 to 1."""

    feature: str
    observed: float
    normal_low: float
    normal_high: float
    phrase: str
    share: float = 0.0

    @property
    def seen(self) -> str:
        """What was observed, in words."""
        return f"{number(self.observed)} {self.phrase}"

    @property
    def usual(self) -> str:
        """The range seen while learning, as numbers: ``3``, ``1 to 5`` or ``none``."""
        low, high = number(self.normal_low), number(self.normal_high)
        if self.normal_low == self.normal_high == 0:
            return "none"
        return high if low == high else f"{low} to {high}"

    @property
    def normal(self) -> str:
        """The range seen while learning, in words."""
        return f"{'no' if self.usual == 'none' else self.usual} {self.phrase}"

    def __str__(self) -> str:
        return f"{self.seen} (normally {self.usual})"


@dataclass(frozen=True)
class Paths:
    """A forest laid out flat: node arrays of all trees, and where each tree starts."""

    roots: npt.NDArray[np.intp]
    left: npt.NDArray[np.intp]  # a leaf is its own child
    right: npt.NDArray[np.intp]
    feature: npt.NDArray[np.intp]  # of a leaf: the extra column, which gets no contribution
    cut: Floats
    depth: Floats  # expected depth of the rows that reach a node
    levels: int
    width: int

    def contributions(self, places: Floats) -> Floats:
        """``[row, feature]``: by how much cuts on the feature shortened the row's mean path."""
        found = [self._some(places[i : i + _CHUNK]) for i in range(0, len(places), _CHUNK)]
        return np.concatenate(found) if found else np.zeros((0, self.width))

    def _some(self, places: Floats) -> Floats:
        rows = places.astype(np.float32)
        count, trees = len(rows), len(self.roots)
        line = np.arange(count)[:, None]
        node = np.broadcast_to(self.roots, (count, trees))
        total = np.zeros((count, self.width + 1))
        for _ in range(self.levels):
            feature = self.feature[node]
            value = rows[line, np.minimum(feature, self.width - 1)]
            child = np.where(value <= self.cut[node], self.left[node], self.right[node])
            spot = (line * (self.width + 1) + feature).ravel()
            change = (self.depth[node] - self.depth[child]).ravel()
            total += np.bincount(spot, change, count * (self.width + 1)).reshape(total.shape)
            node = child
        return np.asarray(total[:, : self.width] / trees)

    def mean_depth(self) -> float:
        """Expected depth of a row of the training sample."""
        return float(self.depth[self.roots].mean())


def paths(forest: IsolationForest) -> Paths:
    """Lay ``forest`` out flat, with the expected depth at every node."""
    width = int(forest.n_features_in_)
    parts: list[tuple[npt.NDArray[np.intp], ...]] = []
    cuts, depths, roots, start, levels = [], [], [], 0, 0
    for tree, columns in zip(forest.estimators_, forest.estimators_features_, strict=True):
        t = tree.tree_
        leaf = t.children_left < 0
        here = np.arange(t.node_count)
        left = np.where(leaf, here, t.children_left)
        right = np.where(leaf, here, t.children_right)
        level = np.zeros(t.node_count, dtype=np.intp)
        for i in here[~leaf]:  # parents come before their children
            level[left[i]] = level[right[i]] = level[i] + 1
        size = t.n_node_samples.astype(np.float64)
        depth = level + average_path(size)
        for i in here[~leaf][::-1]:
            depth[i] = (size[left[i]] * depth[left[i]] + size[right[i]] * depth[right[i]]) / size[i]
        feature = np.where(leaf, width, np.asarray(columns)[np.where(leaf, 0, t.feature)])
        parts.append((left + start, right + start, feature))
        cuts.append(t.threshold)
        depths.append(depth)
        roots.append(start)
        start += t.node_count
        levels = max(levels, int(level.max()))
    left, right, feature = (np.concatenate([p[i] for p in parts]) for i in range(3))
    return Paths(
        np.array(roots), left, right, feature, np.concatenate(cuts), np.concatenate(depths),
        levels, width,
    )  # fmt: skip


def average_path(size: Floats) -> Floats:
    """Mean depth at which a random binary tree isolates one of ``size`` rows (Liu et al., 2008)."""
    n = np.maximum(size, 2.0)
    mean = 2.0 * (np.log(n - 1.0 + (n <= 2)) + np.euler_gamma) - 2.0 * (n - 1.0) / n
    return np.where(size <= 1, 0.0, np.where(size == 2, 1.0, mean))


def explain(models: Models, features: pd.DataFrame, top: int = 5) -> list[list[Reason]]:
    """For each window of ``features`` its reasons, most telling first, ``top`` at most.

    Features outside their learned range are told; only where there is none, those unusual inside
    it. Empty where the models abstain.
    """
    group, rows, places, excess = models.placed(features)
    raw = features.loc[:, list(NAMES)].to_numpy(np.float64)
    result: list[list[Reason]] = [[] for _ in range(len(features))]
    for name, model in sorted(models.groups.items()):
        mine = np.flatnonzero((group == name).to_numpy())
        if not len(mine):
            continue
        part = paths(model.forest).contributions(places[mine])
        low, high = (to_raw(models.norms.stats[rows[mine], s, :]) for s in (2, 3))
        share = np.maximum(part, 0.0)
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
        outside = excess[mine] > 0
        order = np.lexsort((-part, ~outside), axis=1)[:, :top]
        for at, i in enumerate(mine):
            result[i] = [
                Reason(
                    NAMES[f], float(raw[i, f]), float(low[at, f]), float(high[at, f]),
                    FEATURES[f].phrase, float(share[at, f]),
                )
                for f in order[at]
                if outside[at, f] or (part[at, f] > 0 and not outside[at].any())
            ]  # fmt: skip
    return result
