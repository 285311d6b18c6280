"""Series: what one operation on one object does, where the sum of all hides it."""

from __future__ import annotations

from functools import cache

import duckdb
import numpy as np
import pandas as pd
import pytest
from plant_ledger import insert, moment, plant

from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.norms import ENOUGH
from gaugeglass.behaviour.points import KEYS
from gaugeglass.behaviour.ways.base import Span, Why
from gaugeglass.behaviour.ways.series import WAY, State

LEARN, ALL = 1440, 2160
CUTS = tuple(moment(LEARN * part / 4) for part in (1, 2, 3))


def plant_of_values(minutes: int) -> duckdb.DuckDBPyConnection:
    """The plant, whose reads carry values that move."""
    db = plant(minutes)
    db.execute(
        """UPDATE activity SET value_min = 100 + hash("window", server) % 40,
        value_max = 180 + hash("window", server, 1) % 40 WHERE action = 'read'"""
    )
    return db


def span_of(db: duckdb.DuckDBPyConnection, *ends: int, changes: tuple[Change, ...] = ()) -> Span:
    cuts = CUTS if ends[0] == 0 else ()
    return Span(db, moment(ends[0]), moment(ends[1]), 60, (60, 900), cuts=cuts, changes=changes)


@cache
def learned() -> tuple[State, pd.DataFrame, pd.DataFrame]:
    return WAY.learn(span_of(plant_of_values(LEARN), 0, LEARN))


def judged(db: duckdb.DuckDBPyConnection, *changes: Change) -> tuple[pd.DataFrame, list[Why]]:
    span = span_of(db, LEARN, ALL, changes=changes)
    rows = WAY.judge(learned()[0], span)
    return rows, WAY.explain(learned()[0], span, rows)


READS = """server = '10.0.1.2' AND client = '10.0.0.1' AND action = 'read'
    AND "window" >= ? AND "window" < ?"""
WHEN = [moment(LEARN + 300), moment(LEARN + 345)]
WHERE = "10.0.0.1 > 10.0.1.2 modbus"


def test_ordinary_time_is_inside_and_every_window_is_counted() -> None:
    state, rows, tests = learned()
    assert not len(rows)
    # 12 conduits that read and 6 that write, by object and by operation, in 96 windows
    assert set(tests["pool"]) == {"read", "write"}
    assert int(tests.loc[tests["pool"] == "read", "tests"].iloc[0]) == 12 * 2 * LEARN // 15
    assert list(state) == [900]
    assert not len(judged(plant_of_values(ALL))[0])


#: What is done to the reads of one conduit for three quarters of an hour -> how that is told.
DEEDS = {
    "fewer": ("count = count // 6", "read_holding_registers of holding_register:0-99 per minute"),
    "more": ("count = count * 8", "read_holding_registers"),
    "higher": ("value_max = 60000", "to 60,000"),
    "lower": ("value_min = -900", "carried values -900 to"),
    "still": ("value_min = 150, value_max = 150", "stood still at 150"),
}


@pytest.mark.parametrize("kind", DEEDS)
def test_what_one_series_does_is_seen_and_told(kind: str) -> None:
    deed, words = DEEDS[kind]
    db = plant_of_values(ALL)
    db.execute(f"UPDATE activity SET {deed} WHERE {READS}", WHEN)
    rows, whys = judged(db)
    assert set(rows["address"]) == {WHERE}
    assert list(rows["window"]) == [pd.Timestamp(moment(LEARN + m)) for m in (300, 315, 330)]
    for why in whys:
        assert why.features == (kind,)
        assert words in why.observed
        told = db.execute(
            f"SELECT count(*) FROM activity WHERE {READS} AND {why.where}", WHEN
        ).fetchone()
        assert told == (45,)


def test_a_conduit_that_is_silent_or_half_seen_lacks_nothing_here() -> None:
    db = plant_of_values(ALL)
    db.execute(f"DELETE FROM activity WHERE {READS}", [moment(LEARN + 300), moment(LEARN + 352)])
    assert not len(judged(db)[0])


def test_one_more_or_less_of_a_few_is_chance() -> None:
    """Writes come once or twice in a quarter of an hour: three are none the stranger."""
    db = plant_of_values(ALL)
    for minute in (302, 305):
        insert(db, LEARN + minute, server="10.0.1.3", operation="write_single_coil",
               action="write", object="coil:1")  # fmt: skip
    assert not len(judged(db)[0])
    for minute in range(300, 345):
        insert(db, LEARN + minute, server="10.0.1.3", operation="write_single_coil", count=20,
               action="write", object="coil:1")  # fmt: skip
    rows, whys = judged(db)
    assert len(rows) == 3
    assert {w.features for w in whys} == {("more",)}


def test_planned_work_sets_the_range_anew_when_it_has_shown_a_day() -> None:
    days = 3 * 1440
    db = plant_of_values(LEARN + days)
    at = moment(LEARN + 300)
    db.execute(f"UPDATE activity SET count = count // 6 WHERE {READS}",
               [at, moment(LEARN + days)])  # fmt: skip
    change = Change(frozenset({"10.0.1.2"}), at, moment(LEARN + 360), pd.Timedelta(hours=2))

    def told(*changes: Change) -> pd.DataFrame:
        return WAY.judge(learned()[0], span_of(db, LEARN, LEARN + days, changes=changes))

    assert len(told()) > 200
    assert not len(told(change))
    db.execute(f"UPDATE activity SET count = count * 40 WHERE {READS}",
               [moment(LEARN + days - 60), moment(LEARN + days - 15)])  # fmt: skip
    rows = told(change)
    assert set(rows["address"]) == {WHERE}
    assert len(rows) == 3


def test_the_state_survives_its_file_to_the_byte() -> None:
    state = learned()[0]
    files = WAY.dump(state)
    again = WAY.load(files)
    assert WAY.dump(again) == files
    pd.testing.assert_frame_equal(again[900], state[900][again[900].columns], check_dtype=False)
    with pytest.raises(ValueError, match="table of series"):
        WAY.load({"series.parquet": files["series.parquet"][:100]})


def test_few_windows_make_no_range() -> None:
    state = learned()[0][900]
    assert (state["windows"] >= ENOUGH).all()
    db = plant_of_values(LEARN)
    for block in range(3):
        insert(db, 100 + 400 * block, object="holding_register:7")
    rare = WAY.learn(span_of(db, 0, LEARN))[0][900]
    assert list(map(tuple, rare[list(KEYS)].to_numpy())) == list(
        map(tuple, state[list(KEYS)].to_numpy())
    )
    assert np.isnan(state.loc[state["action"] == "write", "low"]).all()
