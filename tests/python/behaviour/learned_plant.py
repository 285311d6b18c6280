"""A plant learned once for all tests of behaviour: four hours of it, and what came after."""

from __future__ import annotations

from functools import cache

import duckdb
from plant_ledger import moment, plant

from gaugeglass.behaviour.baseline import Baseline, learn
from gaugeglass.behaviour.judge import Judgement, judge
from gaugeglass.behaviour.learn import Behaviour, learn_behaviour

LEARN, ALL = 240, 600
CONFIG = {"behaviour": {"trees": 50, "seed": 0, "false_alerts_per_day": 1.0},
          "ingest": {"window_seconds": 60}}  # fmt: skip


@cache
def learned() -> tuple[Baseline, Behaviour]:
    """The baseline and the behaviour of the first LEARN minutes."""
    db = plant(LEARN)
    return learn(db, moment(0), moment(LEARN)), learn_behaviour(
        db, moment(0), moment(LEARN), CONFIG
    )


def later(*cut: str, minutes: int = ALL) -> duckdb.DuckDBPyConnection:
    """The plant after learning, without the rows that meet a ``cut`` condition."""
    db = plant(minutes)
    for condition in cut:
        db.execute(f'DELETE FROM activity WHERE "window" >= ? AND ({condition})', [moment(LEARN)])
    return db


def judged(db: duckdb.DuckDBPyConnection, since: int = LEARN, until: int = ALL) -> Judgement:
    """What behaviour says of minutes [since, until)."""
    learned()[0].register(db)
    return judge(db, learned()[1], moment(since), moment(until))
