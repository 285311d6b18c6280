"""Behaviour measured: speed, and a simulated plant with attacks nobody tuned on.

    python tests/bench/behaviour.py             # speed alone, a few minutes
    python tests/bench/behaviour.py --weeks     # and 17 simulated days: a quarter of an hour or so

Speed is of the whole process's processors and of the clock: fitting the norms, margins and forests
of 10,000 entities; scores of the forests per second, beside scikit-learn's own on the same rows.
The simulated plant (``tests/lab/simulate``) learns 7 days, is quiet for 7 and then has the attack
families of the set ``test``; ``gaugeglass evaluate`` prints the table, with what others use.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from gaugeglass.behaviour.departures import departures, margins
from gaugeglass.behaviour.measure import place
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.behaviour.scorer import Scorer
from gaugeglass.behaviour.standard import Standard
from gaugeglass.behaviour.ways.forest import Grown, grow, held_out, sample

ROOT = Path(__file__).resolve().parents[2]
ENTITIES, WINDOWS, ROWS = 10_000, 40, 400_000
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
    print(
        f"score: {len(rows) / ours[0]:,.0f} windows a second ({len(rows) / ours[1]:,.0f} a second"
        f" of processor), scikit-learn {len(rows) / theirs[0]:,.0f}; apart by {apart:.1e}"
    )


def weeks(seed: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        simulate = ["-m", "tests.lab.simulate", "--days", "17", "--learn", "7", "--quiet", "7",
                    "--seed", str(seed), "--attacks", "test", "--out", name]  # fmt: skip
        subprocess.run([sys.executable, *simulate], check=True, cwd=ROOT)
        main_ = "from gaugeglass.cli import main; main()"
        evaluate = ["-c", main_, "evaluate", f"{name}/zeek", "--labels", f"{name}/labels.csv",
                    "--phases", f"{name}/phases.json"]  # fmt: skip
        return subprocess.run([sys.executable, *evaluate], check=False, cwd=ROOT).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", action="store_true", help="also 17 simulated days")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    speed()
    return weeks(options.seed) if options.weeks else 0


if __name__ == "__main__":
    sys.exit(main())
