from __future__ import annotations

import pandas as pd
import pytest
from learned_plant import CONFIG
from plant_ledger import moment, plant

from gaugeglass.behaviour.learn import learn_behaviour
from gaugeglass.behaviour.observed import observed


def lit(*minutes: float) -> pd.Series:
    return pd.Series([moment(m) for m in minutes], dtype="datetime64[us]")


def test_the_silence_between_two_polls_is_time_of_the_plant() -> None:
    assert observed(lit(*range(0, 1440, 5)), 60) == pytest.approx((1435 + 1) / 1440)
    assert observed(lit(*range(1440)), 60) == pytest.approx(1.0)


def test_what_may_be_the_sensors_own_silence_is_not() -> None:
    assert observed(lit(0, 1, 2, 600, 601), 60) == pytest.approx(5 / 1440)
    assert observed(lit(0, 15), 60) == pytest.approx(16 / 1440)
    assert observed(lit(0, 16), 60) == pytest.approx(2 / 1440)


def test_windows_longer_than_any_pause_count_whole() -> None:
    assert observed(lit(0, 60, 120), 3600) == pytest.approx(3 / 24)


def test_nothing_seen_is_no_time_and_one_window_is_one() -> None:
    assert observed(lit(), 60) == 0.0
    assert observed(lit(7), 60) == pytest.approx(1 / 1440)


def test_a_promise_is_per_day_of_the_plant_not_of_its_busy_minutes() -> None:
    db = plant(600)
    db.execute("""DELETE FROM activity WHERE minute("window") % 5 <> 0""")
    made = learn_behaviour(db, moment(0), moment(600), CONFIG).promise
    assert made.days == pytest.approx(596 / 1440)
