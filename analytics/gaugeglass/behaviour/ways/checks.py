"""Tight checks of each series: its learned range, the holes in it, and its steady times.

A window's score is how many margins it lies beyond what was learned, of the feature that lies
farthest; times between events are among the features, so a rhythm that changes shows here too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gaugeglass.behaviour.departures import margins
from gaugeglass.behaviour.norms import Floats
from gaugeglass.behaviour.registry import BY_NAME, FEATURES, NAMES, number
from gaugeglass.behaviour.standard import Placed
from gaugeglass.behaviour.ways.base import SCORED, Span, Why, scored, stacked, tested


class Checks:
    """Range, histogram and steady-time checks. They keep nothing beyond the norms."""

    name = "checks"
    files: tuple[str, ...] = ()
    tail = 0.3

    def learn(self, span: Span) -> tuple[None, pd.DataFrame, pd.DataFrame]:
        parts = []
        for length in span.lengths:
            learned = span.departures(length)
            score = np.zeros(len(learned.frame))
            for mine in learned.groups.values():
                block, fair = learned.block[mine], learned.fair[mine]
                excess, gaps = learned.held_excess[mine], learned.held_hole[mine]
                # each block is held to the margins that the others set
                reach, holes = margins(excess, block, fair), margins(gaps, block, fair)
                score[mine] = _score(excess / reach[block], gaps / holes[block])
            rows = scored(learned.frame, length, learned.group, score)
            parts.append(rows[learned.fair])
        rows = stacked(parts, SCORED)
        return None, rows, tested(rows)

    def judge(self, state: None, span: Span) -> pd.DataFrame:
        parts = []
        for length in span.lengths:
            placed = span.placed(length)
            score = _score(placed.excess / placed.margins, placed.hole / placed.hole_margins)
            rows = scored(placed.frame, length, placed.group, score)
            parts.append(rows[placed.judged])
        return stacked(parts, SCORED)

    def explain(self, state: None, span: Span, rows: pd.DataFrame) -> list[Why]:
        out: list[Why] = []
        for length, window, side, address in rows[
            ["length", "window", "side", "address"]
        ].itertuples(index=False):
            placed, at = span.find(int(length), window, side, address)
            out.append(_why(placed, at))
        return out

    def dump(self, state: None) -> dict[str, bytes]:
        return {}

    def load(self, files: Mapping[str, bytes]) -> None:
        return None


def _score(beyond: Floats, holes: Floats) -> Floats:
    worst = np.maximum(beyond.max(axis=1, initial=0.0), holes.max(axis=1, initial=0.0))
    return np.asarray(np.log1p(worst))


def _why(placed: Placed, at: int) -> Why:
    """The features beyond their margins, farthest first; the farthest where none is."""
    beyond = np.maximum(
        placed.excess[at] / placed.margins[at], placed.hole[at] / placed.hole_margins[at]
    )
    order = np.argsort(-beyond, kind="stable")
    told = [f for f in order[:3] if beyond[f] >= 1.0] or [order[0]]
    low, high = placed.range(at)
    observed, normal = [], []
    for f in told:
        phrase = FEATURES[f].phrase
        observed.append(f"{number(placed.seen(at, int(f)))} {phrase}")
        usual = usually(float(low[f]), float(high[f]))
        unseen = " but never in between" if placed.hole[at, f] > 0 else ""
        normal.append(f"{'no' if usual == 'none' else usual} {phrase}{unseen}")
    first = BY_NAME[NAMES[told[0]]]
    return Why("; ".join(observed), "; ".join(normal), tuple(NAMES[f] for f in told), first.where)


def usually(low: float, high: float) -> str:
    """A learned range as numbers: ``3``, ``1 to 5`` or ``none``."""
    if np.isnan(low):
        return "an unknown number of"
    if low == high == 0:
        return "none"
    first, last = number(low), number(high)
    return last if first == last else f"{first} to {last}"


WAY = Checks()
