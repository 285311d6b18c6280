"""Does the promise hold? Learn from a part of normal time, judge the rest, count what alerts.

Each fold learns from the start up to a cut and judges what follows, up to the next cut: as it would
have gone. Everything judged was taken for normal when it was learned from, so every episode
counts as a false alert.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from gaugeglass.behaviour.baseline import learn, naive
from gaugeglass.behaviour.judge import judge, strong
from gaugeglass.behaviour.learn import learn_behaviour
from gaugeglass.behaviour.observed import lit_windows, observed
from gaugeglass.behaviour.promise import Promise
from gaugeglass.behaviour.ways.registry import ways
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Where the span is cut: the first fold learns up to the first share and judges up to the second.
SHARES = (0.5, 0.75, 1.0)
ALL = "all"


@dataclass(frozen=True)
class Line:
    """One detector (a way, or all together) in one fold. Alerts are per day."""

    learned_until: datetime
    judged_until: datetime
    detector: str
    promised: float  # for `all` the budget, for a way what is to be expected of it
    expected: float
    realised: float
    alerts: int
    days: float


def backtest(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    config: Mapping[str, Any] | Any = None,
    window_seconds: int = WINDOW_SECONDS,
    source: str = "activity",
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Line]:
    """Replay [since, until); the view ``source`` holds what may be learned from."""
    since, until = naive(since), naive(until)
    steps = (until - since) // timedelta(seconds=window_seconds)
    cuts = [since + timedelta(seconds=int(steps * s) * window_seconds) for s in SHARES]
    lines: list[Line] = []
    for number, (cut, end) in enumerate(itertools.pairwise(cuts)):
        if progress:
            progress(number, len(cuts) - 1, f"learning to {cut:%m-%d %H:%M}, judging the rest")
        models = learn_behaviour(db, since, cut, config, window_seconds, source)
        learn(db, since, cut, config, source=source).register(db)
        found = judge(db, models, cut, end, source)
        days = observed(lit_windows(db, source, cut, end), window_seconds)
        lines += _lines(models.promise, found.loose, cut, end, days)
    return lines


def _lines(
    promise: Promise, rows: pd.DataFrame, cut: datetime, end: datetime, days: float
) -> Iterator[Line]:
    for name in (*(w.name for w in ways()), ALL):
        mine = rows if name == ALL else rows[rows["way"] == name]
        alerts = len(strong(mine, promise)[0])
        expected = promise.predicted if name == ALL else promise.by_way.get(name, 0.0)
        promised = promise.budget if name == ALL else expected
        realised = alerts / days if days else 0.0
        yield Line(cut, end, name, promised, expected, realised, alerts, days)


def summary(lines: list[Line]) -> str:
    """What a replay showed, in one sentence."""
    whole = [line for line in lines if line.detector == ALL]
    alerts, days = sum(line.alerts for line in whole), sum(line.days for line in whole)
    if not days:
        return "nothing was replayed"
    realised, budget = alerts / days, whole[0].promised
    kept = "the promise was kept" if realised <= budget else "the promise was broken"
    if budget * days < 1 and not alerts:
        kept = "too little time to say whether the promise is kept"
    return (
        f"{alerts} false alerts in {days:.3g} days: {realised:.2g} a day against"
        f" {budget:g} promised; {kept}"
    )
