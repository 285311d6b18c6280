"""The speed of the behaviour models, on made-up windows.

    python tests/bench/behaviour.py    # a few minutes

Of the whole process's processors and of the clock: fitting the norms, margins and forests of 10,000
entities; scores of the forests per second, beside scikit-learn's own on the same rows; and how long
one explanation takes. ``plant.py`` beside this file measures what the models find.
"""

from __future__ import annotations

import time

import duckdb
import numpy as np
import pandas as pd

from gaugeglass.behaviour.departures import departures, margins
from gaugeglass.behaviour.measure import place
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.behaviour.scorer import Scorer
from gaugeglass.behaviour.standard import Standard
from gaugeglass.behaviour.ways.base import Span
from gaugeglass.behaviour.ways.checks import WAY as CHECKS
from gaugeglass.behaviour.ways.forest import WAY as FOREST
from gaugeglass.behaviour.ways.forest import Grown, grow, held_out, sample

ENTITIES, WINDOWS, ROWS = 10_000, 40, 400_000
JUDGED, EXPLAINED = 50_000, 500
BLOCKS = 8  # as where eight days or more were learned


def windows() -> pd.DataFrame:
    """``WINDOWS`` windows of each entity, a third of the features never moving."""
    rng = np.random.default_rng(0)
    entity = np.repeat(np.arange(ENTITIES), WINDOWS)
    at = np.tile(np.arange(WINDOWS), ENTITIES)
    frame = {
        "window": pd.Timestamp("2026-01-01") + pd.to_timedelta(at, "min"),
        "side": np.where(entity % 2, "client", "server"),
        "address": [f"10.{e >> 16}.{e >> 8 & 255}.{e & 255}" for e in entity],
        "role": np.array(["hmi", "controller", "rtu", "historian"])[entity % 4],
        "edge": False,
        "block": at * BLOCKS // WINDOWS,
    }
    for number, name in enumerate(NAMES):
        moves = rng.random(len(entity)) < 0.7 if number % 3 else False
        frame[name] = rng.poisson(3 + entity % 5) * moves * 1.0
    return pd.DataFrame(frame)


def speed() -> None:
    frame = windows()
    clock, cpu = time.perf_counter(), time.process_time()
    learned = departures(frame)
    forests = {}
    for name, mine in learned.groups.items():
        reach = margins(learned.held_excess[mine], learned.block[mine], learned.fair[mine])
        held_out(learned, mine, reach, 100, 0)
        some = mine[sample(len(mine), 0)]
        own = place(learned.inside[some], learned.excess[some], reach[-1])
        forests[name] = Grown(grow(own, 100, 0))
    standard = Standard.of(learned)
    took = time.perf_counter() - clock, time.process_time() - cpu
    print(f"fit {ENTITIES:,} entities: {took[0]:.1f} s, {took[1]:.1f} s of processor (aim: 60)")
    clock = time.perf_counter()
    placed = standard.place(frame)
    print(f"place windows: {len(frame) / (time.perf_counter() - clock):,.0f} a second")
    grown = next(iter(forests.values()))
    rows = np.ascontiguousarray(placed.places[:ROWS], dtype=np.float32)
    scorer = Scorer(grown.forest)
    scorer.score(rows[:10_000])
    figures = []
    for _ in range(3):  # in turn: the machine may drift
        for score in (scorer.score, lambda r: -grown.forest.score_samples(r)):
            clock, cpu = time.perf_counter(), time.process_time()
            result = score(rows)
            figures.append((time.perf_counter() - clock, time.process_time() - cpu, result))
    ours = min(f[0] for f in figures[::2]), min(f[1] for f in figures[::2])
    theirs = min(f[0] for f in figures[1::2]), min(f[1] for f in figures[1::2])
    apart = float(np.abs(figures[0][2] - figures[1][2]).max())
    explained(standard, forests, frame)
    print(
        f"score: {len(rows) / ours[0]:,.0f} windows a second ({len(rows) / ours[1]:,.0f} a second"
        f" of processor), scikit-learn {len(rows) / theirs[0]:,.0f}; apart by {apart:.1e}"
    )


def explained(standard: Standard, forests: dict[str, Grown], frame: pd.DataFrame) -> None:
    """Windows with something planted are explained one by one, as an alert's are."""
    rng = np.random.default_rng(1)
    rows = frame.iloc[np.sort(rng.choice(len(frame), JUDGED, replace=False))]
    rows = rows.reset_index(drop=True)
    odd = rng.choice(JUDGED, EXPLAINED, replace=False)
    for at, name in zip(odd, rng.choice(NAMES, EXPLAINED), strict=True):
        rows.loc[at, name] = 10 * rows[name].max() + 100
    since, until = rows["window"].min(), rows["window"].max()
    span = Span(duckdb.connect(), since, until, 60, (60,), standards={60: standard})
    span._made["frame", 60] = rows
    for way, state in ((FOREST, {(60, name): grown for name, grown in forests.items()}),
                       (CHECKS, None)):  # fmt: skip
        judged = way.judge(state, span)
        asked = judged.merge(rows.loc[odd, ["window", "side", "address"]])
        way.explain(state, span, asked.iloc[:20])  # what is laid out once is laid out
        clock, cpu = time.perf_counter(), time.process_time()
        way.explain(state, span, asked)
        took, used = time.perf_counter() - clock, time.process_time() - cpu
        print(
            f"explain ({way.name}): {1e3 * took / len(asked):.2f} ms each,"
            f" {1e3 * used / len(asked):.2f} ms of processor, {len(asked)} windows (aim: 1)"
        )


if __name__ == "__main__":
    speed()
