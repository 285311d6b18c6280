"""Learn what is normal: every way fits itself, its scores are calibrated, the promise is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.calibrate import Calibration, calibrate, held_worth
from gaugeglass.behaviour.observed import lit_windows, observed
from gaugeglass.behaviour.promise import Promise, promise
from gaugeglass.behaviour.standard import Standard
from gaugeglass.behaviour.ways.base import LENGTHS, Span
from gaugeglass.behaviour.ways.registry import ways
from gaugeglass.behaviour.ways.silence import FIRST
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Blocks of held-out time: a day each where days were learned, for a day has its own ways.
BLOCKS, MOST_BLOCKS = 4, 8
#: How many windows of a length the learned span must have room for.
_ROOM = 24
DEFAULT_BUDGET = 1.0


@dataclass(frozen=True)
class Behaviour:
    """Everything learned about behaviour. ``states`` and ``calibrations`` are by way."""

    window_seconds: int
    lengths: tuple[int, ...]
    standards: Mapping[int, Standard]
    states: Mapping[str, Any]
    calibrations: Mapping[str, Calibration]
    promise: Promise
    notes: tuple[str, ...]  # what could not be modelled, and what was done instead

    @property
    def empty(self) -> bool:
        """Whether nothing could be learned."""
        return not self.calibrations

    @property
    def patience(self) -> float:
        """How many times its longest pause a steady series may be silent before it is told."""
        if "silence" not in self.calibrations:
            return float("inf")
        score = self.calibrations["silence"].least(self.promise.rate, self.window_seconds)
        return float(max(2.0 ** min(score, 20.0), FIRST))


def learn_behaviour(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    config: Mapping[str, Any] | Any = None,
    window_seconds: int = WINDOW_SECONDS,
    source: str = "activity",
) -> Behaviour:
    """Learn from the rows of the view ``source`` in [since, until).

    ``config`` is a :class:`~gaugeglass.config.Config` or a mapping of sections; read is
    ``[behaviour]``: ``false_alerts_per_day``, ``trees`` and ``seed``. Leaves tables of facts in
    ``db`` that are those of a part: register the baseline (again) before judging.
    """
    settings: Mapping[str, Any] = {} if config is None else config["behaviour"]
    since, until = naive(since), naive(until)
    lengths = _lengths(since, until, window_seconds)
    lit = lit_windows(db, source, since, until)
    cuts = _cuts(lit, max(lengths))
    budget = float(settings.get("false_alerts_per_day", DEFAULT_BUDGET))
    span = Span(db, since, until, window_seconds, lengths, settings, source, cuts)
    days = observed(lit, window_seconds)
    if len(cuts) < BLOCKS - 1:
        none = promise(pd.DataFrame(), 0.0, budget)
        note = "too little time with traffic to learn from: nothing is judged by behaviour"
        return Behaviour(window_seconds, lengths, {}, {}, {}, none, (note,))
    states: dict[str, Any] = {}
    calibrations: dict[str, Calibration] = {}
    held_out = []
    for way in ways():
        states[way.name], rows, tests = way.learn(span)
        calibrations[way.name] = calibrate(rows, tests, days, way.tail)
        block = span.block(rows["window"])
        p, rate = held_worth(rows, tests, days, way.tail, block, len(cuts) + 1)
        held_out.append(rows.assign(way=way.name, p=p, rate=rate))
    everything = pd.concat(held_out, ignore_index=True)
    standards = {length: Standard.of(span.departures(length)) for length in lengths}
    notes = span.departures(lengths[0]).notes
    return Behaviour(
        window_seconds, lengths, standards, states, calibrations,
        promise(everything, days, budget), notes,
    )  # fmt: skip


def _lengths(since: datetime, until: datetime, seconds: int) -> tuple[int, ...]:
    """The ledger's own window, and those longer ones that the span has room for."""
    room = (until - since).total_seconds() / _ROOM
    longer = (n for n in LENGTHS if n > seconds and n % seconds == 0 and n <= room)
    return (seconds, *longer)


def _cuts(lit: pd.Series, unit: int) -> tuple[datetime, ...]:
    """Moments that cut the lit time into blocks of like length, at starts of the longest window."""
    buckets = lit.dt.floor(f"{unit}s").drop_duplicates().reset_index(drop=True)
    if len(buckets) < BLOCKS:
        return ()
    days = round(len(buckets) * unit / 86400)
    blocks = min(max(days, BLOCKS), MOST_BLOCKS)
    at = [len(buckets) * i // blocks for i in range(1, blocks)]
    return tuple(buckets[i].to_pydatetime() for i in at)
