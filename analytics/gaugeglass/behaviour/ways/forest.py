"""Isolation forests: one for each role and window length, on windows as places.

The trees grow on the learned windows and on *background*: copies of learned windows with two
features put somewhere outside their range. An isolation tree can only cut where values differ, so
without the background a feature that never moved while learning could never be cut on, and what
is most telling in a plant (a write where there were only reads) would pass unseen.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import sklearn
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.departures import Departures, margins
from gaugeglass.behaviour.forestfile import dump_forests, load_forests
from gaugeglass.behaviour.measure import FAR, LINE, place
from gaugeglass.behaviour.norms import Floats
from gaugeglass.behaviour.paths import Paths, paths
from gaugeglass.behaviour.registry import BY_NAME, FEATURES, NAMES, number
from gaugeglass.behaviour.scorer import Scorer
from gaugeglass.behaviour.standard import Placed
from gaugeglass.behaviour.ways.base import SCORED, Span, Why, scored, stacked, tested
from gaugeglass.behaviour.ways.checks import usually

_SAMPLES = 256
_BACKGROUND = 0.4  # background rows per learned row
_MOST = 50_000  # windows that a forest grows on
_FOLDS = 2  # neighbouring blocks fall into different folds


@dataclass(frozen=True)
class Grown:
    """One fitted forest, with what is made of it when it is first asked."""

    forest: IsolationForest

    @cached_property
    def scorer(self) -> Scorer:
        """Its fast scores."""
        return Scorer(self.forest)

    @cached_property
    def paths(self) -> Paths:
        """Its trees laid out flat, for explanations."""
        return paths(self.forest)


#: Length and group -> forest.
State = Mapping[tuple[int, str], Grown]


class Forests:
    """The isolation forests."""

    name = "forest"
    files: tuple[str, ...] = ("forests.skops", "forests.json")
    tail = 0.02

    def learn(self, span: Span) -> tuple[State, pd.DataFrame, pd.DataFrame]:
        trees, seed = int(span.config.get("trees", 100)), int(span.config.get("seed", 0))
        state: dict[tuple[int, str], Grown] = {}
        parts = []
        for length in span.lengths:
            learned = span.departures(length)
            score = np.zeros(len(learned.frame))
            for number_, (name, mine) in enumerate(sorted(learned.groups.items())):
                at = seed + 1000 * number_ + length
                reach = margins(learned.held_excess[mine], learned.block[mine], learned.fair[mine])
                score[mine] = held_out(learned, mine, reach, trees, at)
                some = mine[sample(len(mine), at)]
                own = place(learned.inside[some], learned.excess[some], reach[-1])
                state[length, name] = Grown(grow(own, trees, at))
            rows = scored(learned.frame, length, learned.group, score)
            parts.append(rows[learned.fair])
        rows = stacked(parts, SCORED)
        return state, rows, tested(rows)

    def judge(self, state: State, span: Span) -> pd.DataFrame:
        parts = []
        for length in span.lengths:
            placed = span.placed(length)
            score = np.full(len(placed.frame), np.nan)
            # Inside every margin nothing is strange, however rare the combination.
            beyond = np.asarray((placed.excess > placed.margins).any(axis=1))
            for name in sorted({g for g in placed.group if g is not None}):
                mine = np.flatnonzero((placed.group == name).to_numpy() & placed.judged)
                if len(mine) and (length, name) in state:
                    score[mine] = 0.0
                    odd = mine[beyond[mine]]
                    score[odd] = state[length, name].scorer.score(placed.places[odd])
            rows = scored(placed.frame, length, placed.group, score)
            parts.append(rows[~np.isnan(score)])
        return stacked(parts, SCORED)

    def explain(self, state: State, span: Span, rows: pd.DataFrame) -> list[Why]:
        found: list[tuple[Placed, int]] = []
        by_forest: dict[tuple[int, str], list[int]] = defaultdict(list)
        keys = rows[["length", "window", "side", "address"]]
        for number_, key in enumerate(keys.itertuples(index=False)):
            length, window, side, address = key
            placed, at = span.find(int(length), window, side, address)
            found.append((placed, at))
            by_forest[int(length), str(placed.group.iat[at])].append(number_)
        parts = np.empty((len(found), len(NAMES)))
        for forest, mine in by_forest.items():  # windows go down the trees of a forest together
            places = np.stack([found[i][0].places[found[i][1]] for i in mine])
            parts[mine] = state[forest].paths.contributions(places)
        return [_why(placed, at, _told(placed, at, part))
                for (placed, at), part in zip(found, parts, strict=True)]  # fmt: skip

    def dump(self, state: State) -> dict[str, bytes]:
        keys = sorted(state)
        about = {"sklearn": sklearn.__version__, "groups": [list(k) for k in keys]}
        return {
            "forests.skops": dump_forests([state[k].forest for k in keys]),
            "forests.json": (json.dumps(about) + "\n").encode(),
        }

    def load(self, files: Mapping[str, bytes]) -> State:
        about = json.loads(files["forests.json"])
        made = str(about["sklearn"])
        if made.split(".")[0] != sklearn.__version__.split(".")[0]:
            raise ValueError(f"was made by scikit-learn {made}, here is {sklearn.__version__}")
        keys = [(int(length), str(name)) for length, name in about["groups"]]
        forests = load_forests(files["forests.skops"])
        return dict(zip(keys, (Grown(f) for f in forests), strict=True))


def _told(placed: Placed, at: int, part: Floats) -> list[int]:
    """The features to name: what lies outside its learned range first, only then what is rare
    inside it."""
    beyond = placed.excess[at] > 0
    order = np.lexsort((-part, ~beyond))[:3]
    told = [int(f) for f in order if beyond[f] or (part[f] > 0 and not beyond.any())]
    return told or [int(order[0])]


def _why(placed: Placed, at: int, told: list[int]) -> Why:
    low, high = placed.range(at)
    observed = [f"{number(placed.seen(at, f))} {FEATURES[f].phrase}" for f in told]
    usual = [usually(float(low[f]), float(high[f])) for f in told]
    normal = [
        f"{'no' if u == 'none' else u} {FEATURES[f].phrase}"
        for f, u in zip(told, usual, strict=True)
    ]
    where = next((BY_NAME[NAMES[f]].where for f in told if BY_NAME[NAMES[f]].where != "TRUE"),
                 "TRUE")  # fmt: skip
    return Why("; ".join(observed), "; ".join(normal), tuple(NAMES[f] for f in told), where)


def held_out(
    learned: Departures, mine: npt.NDArray[np.intp], reach: Floats, trees: int, seed: int
) -> Floats:
    """Scores of the windows ``mine`` by forests that grew on the blocks of the other fold.

    ``reach`` are their :func:`~gaugeglass.behaviour.departures.margins`. Windows inside every
    margin score 0, as they do when judged.
    """
    block = learned.block[mine]
    beyond = (learned.held_excess[mine] > reach[block]).any(axis=1)
    score = np.zeros(len(mine))
    for fold in range(_FOLDS):
        test = np.flatnonzero((block % _FOLDS == fold) & beyond)
        train = np.flatnonzero(block % _FOLDS != fold)
        if not len(test) or not len(train):
            continue
        train = train[sample(len(train), seed + fold + 1)]
        own = place(learned.inside[mine[train]], learned.excess[mine[train]], reach[block[train]])
        held = place(
            learned.held_inside[mine[test]], learned.held_excess[mine[test]], reach[block[test]]
        )
        score[test] = Scorer(grow(own, trees, seed + fold + 1)).score(held)
    return score


def sample(count: int, seed: int) -> npt.NDArray[np.intp]:
    """Which of ``count`` windows a forest grows on: its trees see a few hundred each, so that more
    than :data:`_MOST` only cost time."""
    if count <= _MOST:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, _MOST, replace=False))


def grow(places: Floats, trees: int, seed: int) -> IsolationForest:
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


WAY = Forests()
