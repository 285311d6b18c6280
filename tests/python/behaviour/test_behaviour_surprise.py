"""How surprising news is, and what has to be shown before something is a habit or a range."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from plant_ledger import insert, moment, plant

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.news import KINDS, flags, new_facts
from gaugeglass.behaviour.norms import fit_norms
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.behaviour.surprise import Rates, rates

CONFIG = {"behaviour": {}, "ingest": {"window_seconds": 60}}
DAY = 1440


def news(*rows: tuple[int, str, str], kind: str = "object") -> pd.DataFrame:
    """New facts of ``kind``: minute, client and action."""
    frame = pd.DataFrame(rows, columns=["window", "client", "action"])
    frame["window"] = [moment(m) for m in frame["window"]]
    frame = frame.assign(server="s", service="modbus", unit="1", operation="op", outcome="ok")
    frame["object"] = [f"o{n}" for n in range(len(frame))]
    frame["client_mac"], frame["hour"], frame["block"] = "m", 1, 0
    for name in KINDS:
        frame[name if name not in frame.columns else f"{name}?"] = name == kind
    return frame


def nats(new: pd.DataFrame, client: str, action: str) -> float:
    asked = pd.DataFrame({"service": "modbus", "client": ["a", "b"], "windows": 10, "days": 7.0})
    made = Rates(rates(new, asked, 3600), True, 3600)
    row = pd.DataFrame({"service": ["modbus"], "client": [client], "action": [action]})
    return float(made.surprise(row)["object"].iloc[0])


def test_a_burst_of_news_counts_as_one_hour() -> None:
    burst = news(*((m, "a", "read") for m in range(40)))
    spread = news(*((m * 200, "a", "read") for m in range(40)))
    assert nats(burst, "a", "read") > 2 * nats(spread, "a", "read") + 1
    assert nats(burst, "a", "read") == nats(burst.iloc[:1], "a", "read")


def test_who_often_reads_something_new_does_not_often_write_something_new() -> None:
    reads = news(*((m * 200, "a", "read") for m in range(40)))
    assert nats(reads, "a", "write") > nats(reads, "a", "read") + 3
    assert nats(reads, "b", "read") > nats(reads, "a", "read")


def found(db: duckdb.DuckDBPyConnection, days: int) -> pd.DataFrame:
    """What is new on the day after ``days`` were learned."""
    learn(db, moment(0), moment(days * DAY), CONFIG).register(db)
    return new_facts(db, "activity", moment(days * DAY), moment((days + 1) * DAY), True)


@pytest.mark.parametrize(("days", "told"), [(7, True), (3, False)])
def test_a_time_of_day_is_a_habit_once_it_was_kept(days: int, told: bool) -> None:
    db = plant(1)
    report = {"client": "10.0.0.7", "operation": "read_input_registers"}
    for day in range(days):
        insert(db, day * DAY + 65, **report)
    insert(db, days * DAY + 900, **report)
    rows = found(db, days)
    hours = flags(rows)["hour"] & (rows["client"] == "10.0.0.7")
    assert bool(hours.any()) is told


def test_three_hours_seen_twice_each_are_no_habit() -> None:
    db = plant(1)
    login = {"client": "10.0.0.7", "operation": "login", "action": "authenticate"}
    for day, hour in enumerate((9, 14, 16, 9, 14, 16)):
        insert(db, day * DAY + hour * 60, **login)
    insert(db, 7 * DAY + 11 * 60, **login)
    rows = found(db, 7)
    assert not (flags(rows)["hour"] & (rows["client"] == "10.0.0.7")).any()


def test_who_only_ever_answered_and_asks_is_news() -> None:
    db = plant(1)
    for day in range(7):
        insert(db, day * DAY + 65)
    insert(db, 7 * DAY + 60, client="10.0.1.0", server="10.0.0.0", operation="setup")
    insert(db, 7 * DAY + 61, client="10.0.0.1", server="10.0.0.0", operation="setup")
    rows = found(db, 7)
    asks = rows[flags(rows)["asks"]]
    assert set(asks["client"]) == {"10.0.1.0"}


def test_who_acts_at_any_time_has_no_habit() -> None:
    db = plant(1)
    for day in range(7):
        insert(db, day * DAY + 60 * (day + 3), client="10.0.0.7")
    insert(db, 7 * DAY + 1300, client="10.0.0.7")
    rows = found(db, 7)
    assert not (flags(rows)["hour"] & (rows["client"] == "10.0.0.7")).any()


@pytest.mark.parametrize(
    ("written", "then", "told"),
    [
        ((20.0, 21.0, 20.5), 40.0, False),  # three do not make a range
        ((20.0, 21.0, 20.5, 20.2, 20.8), 22.0, False),  # few draw it too narrow
        ((20.0, 21.0, 20.5, 20.2, 20.8), 40.0, True),
        (tuple(20 + n / 40 for n in range(41)), 22.0, True),
    ],
)
def test_a_range_has_to_be_shown(written: tuple[float, ...], then: float, told: bool) -> None:
    db = plant(1)
    order = {"operation": "write_single_register", "action": "write",
             "object": "holding_register:5"}  # fmt: skip
    for n, value in enumerate(written):
        insert(db, 10 + 30 * n, value_min=value, value_max=value, **order)
    insert(db, 7 * DAY + 100, value_min=then, value_max=then, **order)
    assert bool(flags(found(db, 7))["value"].any()) is told


def test_a_new_host_has_its_groups_width() -> None:
    writes = NAMES.index("writes")
    units = np.zeros((400, len(NAMES)))
    units[::20, writes] = 1.0
    names = pd.Series(["client old"] * 400)
    norms = fit_norms(units, names, pd.Series(["hmi/client"] * 400))
    fresh = fit_norms(np.zeros((60, len(NAMES))), pd.Series(["client new"] * 60),
                      pd.Series(["hmi/client"] * 60))  # fmt: skip
    known = norms.shifted(fresh, {"client new": "hmi/client"})
    alone = norms.shifted(fresh, {})
    at = list(known.keys).index(("entity", "client new"))
    assert known.stats[at, 3, writes] == 1.0
    assert np.isnan(alone.stats[at, 3, writes])  # what nobody showed before has no norm yet
