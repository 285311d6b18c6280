"""One isolation forest per role and side, and the line above which a window is an alert.

The trees grow on the learned windows and on *background*: copies of learned windows with two
features put somewhere outside their range. An isolation tree can only cut where values differ, so
without the background a feature that never moved while learning could never be cut on, and what
is most telling in a plant (a write where there were only reads) would pass unseen.

The line is conservative. Contiguous blocks of learned time are held out, each once. How far a
feature lay outside its learned range there gives its margin, and the forest sees what goes beyond
that margin. A window alerts when a feature lies beyond its margin *and* the score is above what
held-out windows reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.norms import (
    FAR,
    LINE,
    Floats,
    Norms,
    depart,
    entity,
    fit_norms,
    place,
    to_units,
)
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Windows (of all its entities) and moments a role needs for a model of its own.
MIN_WINDOWS, MIN_MOMENTS = 50, 20
SITE = "site"

_BLOCKS = 4
_SAMPLES = 512
_BACKGROUND = 0.4  # background rows per learned row
_SLACK = 1.25


@dataclass(frozen=True)
class Group:
    """A role on one side (``hmi/client``), or the whole site on one side (``site/client``)."""

    name: str
    forest: IsolationForest
    middle: float  # median raw score of held-out learned windows
    threshold: float  # raw score of the alert line
    margins: Floats  # per feature: excess that an alert needs
    windows: int

    def score(self, places: Floats) -> Floats:
        """0..1, high = worse; 0.5 is the alert line, 0 the middle of what was learned."""
        raw = -self.forest.score_samples(places.astype(np.float32))
        below = 0.5 * (raw - self.middle) / (self.threshold - self.middle)
        above = 0.5 + 0.5 * (raw - self.threshold) / (1.0 - self.threshold)
        return np.asarray(np.clip(np.where(raw <= self.threshold, below, above), 0.0, 1.0))


@dataclass(frozen=True)
class Models:
    """Everything learned about windows. ``roles`` maps an entity to the group it was learned in."""

    groups: Mapping[str, Group]
    norms: Norms
    roles: Mapping[str, str]
    window_seconds: int
    notes: tuple[str, ...]  # what could not be modelled, and what was done instead

    def assign(self, frame: pd.DataFrame) -> pd.Series:
        """The group of each window: as learned for a known entity, else by role; None: abstain."""
        keys = entity(frame)
        fresh = frame["role"] + "/" + frame["side"]
        group = keys.map(dict(self.roles)).astype(object)
        group = group.where(group.notna(), fresh)
        pooled = SITE + "/" + frame["side"]
        group = group.where(group.isin(list(self.groups)), pooled)
        return group.where(group.isin(list(self.groups)), None)

    def placed(self, frame: pd.DataFrame) -> tuple[pd.Series, npt.NDArray[np.intp], Floats, Floats]:
        """``(group, norm row, places, excess)`` of each window; norm row -1 where abstaining."""
        group = self.assign(frame)
        rows = np.where(group.notna(), self.norms.rows(entity(frame), group.fillna("")), -1)
        inside, excess = depart(to_units(frame), self.norms.at(rows))
        margins = np.ones_like(excess)
        for name, model in self.groups.items():
            margins[(group == name).to_numpy()] = model.margins
        return group, rows, place(inside, excess, margins), excess

    def score(self, features: pd.DataFrame) -> pd.DataFrame:
        """``features``' key columns with group, score (NaN: abstained), known and alert.

        A score above 0.5 takes a feature beyond its margin. ``known``: the entity was there while
        learning. ``alert``: known and above 0.5; an entity never seen before has no normal to
        depart from and is left to the detections of new assets and conduits.
        """
        group, _, places, excess = self.placed(features)
        score = np.full(len(features), np.nan)
        beyond = np.zeros(len(features), dtype=bool)
        for name, model in sorted(self.groups.items()):
            mine = np.flatnonzero((group == name).to_numpy())
            if len(mine):
                score[mine] = model.score(places[mine])
                beyond[mine] = (excess[mine] > model.margins).any(axis=1)
        # Inside every margin nothing is over the line, however rare the combination.
        score = np.where(beyond, score, np.minimum(score, 0.5))
        known = self.norms.known(entity(features))
        result = features[["window", "side", "address", "role"]].copy()
        result["group"], result["score"], result["known"] = group, score, known
        result["alert"] = known & (np.nan_to_num(score) > 0.5)
        return result


def _setting(config: Mapping[str, Any] | Any, key: str, default: Any) -> Any:
    return default if config is None else config["behaviour"][key]


def fit(
    features: pd.DataFrame,
    config: Mapping[str, Any] | Any = None,
    window_seconds: int = WINDOW_SECONDS,
) -> Models:
    """Models of the learned windows ``features`` (from :func:`~.features.features`).

    ``config`` is a :class:`~gaugeglass.config.Config` or a mapping of sections; read are
    ``behaviour.trees``, ``.contamination`` (share of held-out windows above the line) and
    ``.seed``. Roles with too little to learn from share a model of the whole site.
    """
    trees, seed = int(_setting(config, "trees", 100)), int(_setting(config, "seed", 0))
    share = float(_setting(config, "contamination", 0.001))
    frame = features.sort_values(["window", "side", "address"], kind="stable", ignore_index=True)
    group, notes = _group(frame)
    keep = group.notna().to_numpy()
    frame, group = frame[keep].reset_index(drop=True), group[keep].reset_index(drop=True)
    units, entities = to_units(frame), entity(frame)
    norms = fit_norms(units, entities, group)
    learned = depart(units, norms.at(norms.rows(entities, group)))
    held, fair = _hold_out(frame, units, entities, group)
    groups: dict[str, Group] = {}
    for number, name in enumerate(sorted(group.unique())):
        mine = np.flatnonzero((group == name).to_numpy())
        told = fair[mine]
        margins = 1.0 + _SLACK * held[1][mine][told].max(axis=0, initial=0.0)
        places = place(learned[0][mine], learned[1][mine], margins)
        raw = _held_out_scores(
            place(held[0][mine], held[1][mine], margins),
            places,
            _blocks(frame["window"].iloc[mine]),
            trees,
            seed + 1000 * number,
        )
        raw = raw[told] if told.any() else raw  # else nobody was there in two blocks
        middle = float(np.median(raw))
        line = float(np.quantile(raw, 1 - share, method="higher"))
        groups[name] = Group(
            name,
            _grow(places, trees, seed + 1000 * number),
            middle,
            min(max(line, middle + 0.01), 0.99),
            margins,
            len(mine),
        )
    roles = dict(sorted(zip(entities, group, strict=True)))
    return Models(groups, norms, roles, window_seconds, tuple(notes))


def _group(frame: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Each window's group, and notes on the roles that were pooled or left out."""
    names = (frame["role"] + "/" + frame["side"]).astype(object)
    notes: list[str] = []
    # An entity whose role changed on the way is learned under its last one.
    names = names.groupby(entity(frame)).transform("last") if len(frame) else names
    for side in ("client", "server"):
        small = []
        for name in sorted(names[frame["side"] == side].unique()):
            mine = frame.loc[names == name, "window"]
            if len(mine) < MIN_WINDOWS or mine.nunique() < MIN_MOMENTS:
                small.append((name, len(mine)))
        pooled = names.isin([n for n, _ in small])
        windows = frame.loc[pooled, "window"]
        whole = frame.loc[frame["side"] == side, "window"]
        enough = len(whole) >= MIN_WINDOWS and whole.nunique() >= MIN_MOMENTS
        names = names.mask(pooled, f"{SITE}/{side}" if enough else None)
        how = "share a model of the whole site" if enough else "are not judged"
        notes += [f"{n}: {count} windows learned, too few for a model; they {how}"
                  for n, count in small]  # fmt: skip
        if enough and len(windows) and len(windows) < MIN_WINDOWS:
            # Too few even together: everybody on this side lends its windows.
            names = names.mask(frame["side"] == side, f"{SITE}/{side}")
    return names, notes


def _blocks(windows: pd.Series) -> npt.NDArray[np.intp]:
    """Contiguous blocks of time, equal in lit windows."""
    moments = np.sort(windows.unique())
    order = np.searchsorted(moments, windows.to_numpy())
    return np.asarray(order * _BLOCKS // max(len(moments), 1), dtype=np.intp)


def _hold_out(
    frame: pd.DataFrame, units: Floats, entities: pd.Series, group: pd.Series
) -> tuple[tuple[Floats, Floats], npt.NDArray[np.bool_]]:
    """How each window departs from norms learned from the other blocks; and is that fair.

    Unfair is a window of an entity that the other blocks do not know: it would not alert.
    """
    inside, excess = np.zeros_like(units), np.zeros_like(units)
    fair = np.zeros(len(frame), dtype=bool)
    block = np.zeros(len(frame), dtype=np.intp)
    for name in group.unique():
        mine = (group == name).to_numpy()
        block[mine] = _blocks(frame.loc[mine, "window"])
    for held in range(_BLOCKS):
        test, train = np.flatnonzero(block == held), np.flatnonzero(block != held)
        if not len(test) or not len(train):
            continue
        norms = fit_norms(units[train], entities.iloc[train], group.iloc[train])
        rows = norms.rows(entities.iloc[test], group.iloc[test])
        fair[test] = norms.known(entities.iloc[test]) & (rows >= 0)
        inside[test], excess[test] = depart(units[test], norms.at(rows))
    return (inside, excess), fair


def _held_out_scores(
    held: Floats, places: Floats, blocks: npt.NDArray[np.intp], trees: int, seed: int
) -> Floats:
    raw = np.zeros(len(held))
    for block in range(_BLOCKS):
        test = blocks == block
        if test.any() and not test.all():
            forest = _grow(places[~test], trees, seed + block + 1)
            raw[test] = -forest.score_samples(held[test].astype(np.float32))
    return raw


def _grow(places: Floats, trees: int, seed: int) -> IsolationForest:
    """A forest on ``places`` and their background."""
    rng = np.random.default_rng(seed)
    count = max(int(len(places) * _BACKGROUND), 64)
    background = places[rng.integers(0, len(places), count)].copy()
    for _ in range(2):
        column = rng.integers(0, len(NAMES), count)
        background[np.arange(count), column] = rng.uniform(LINE, FAR, count)
    rows = np.concatenate([places, background]).astype(np.float32)
    forest = IsolationForest(
        n_estimators=trees, max_samples=min(_SAMPLES, len(rows)), random_state=seed, n_jobs=1
    )
    return forest.fit(rows)
