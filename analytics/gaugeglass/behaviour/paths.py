"""Which cuts of a forest isolated a window.

Each cut on a row's way down a tree changes the depth to be expected for it; the change belongs to
the feature that was cut on. These path contributions add up to the whole difference between the
row's depth and the average one: they are exact and need no sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.norms import Floats
from gaugeglass.behaviour.scorer import average_path

_CHUNK = 4096


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
