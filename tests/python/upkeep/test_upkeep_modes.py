"""Operating modes: declared ones to the minute, found ones only where they are plain."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import T0

from gaugeglass.behaviour.upkeep import clock, modes
from gaugeglass.behaviour.upkeep.modes import Modes
from gaugeglass.config import ConfigError, load


def label(found: Modes, *moments: str) -> list[str]:
    return list(found.assign(pd.Series(pd.to_datetime(list(moments)))))


def test_declared_modes_hold_by_the_local_clock_and_the_first_wins() -> None:
    found = modes.declared(
        {"modes": ["night 22:00-06:00", "weekend sat,sun", "wash mon-wed 14:00-14:30"],
         "timezone": "Europe/Berlin"}
    )  # fmt: skip
    told = label(
        found,
        "2026-11-23T20:59", "2026-11-23T21:00", "2026-11-24T04:59", "2026-11-24T05:00",  # Tuesday
        "2026-11-28T12:00", "2026-11-28T22:00", "2026-11-24T13:15", "2026-11-26T13:15",
    )  # fmt: skip
    assert told == ["ordinary", "night", "night", "ordinary", "weekend", "night", "wash",
                    "ordinary"]  # fmt: skip
    # summer time moves the same local hours
    assert label(found, "2026-07-01T19:59", "2026-07-01T20:00") == ["ordinary", "night"]
    assert found.sentences() == [
        "operating modes (declared, Europe/Berlin): night 22:00-06:00; weekend sat,sun;"
        " wash mon-wed 14:00-14:30"
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("night", "no name, or no days and hours"), ("", "no name"), ("x 25:00-06:00", "no hours"),
        ("x 06:00-06:00", "no hours"), ("x funday", "no day"), ("x mon tue", "no days or hours"),
        ("x 6-14", "no days or hours"), ("x mon-xyz", "no day"), ("x 06:77-07:00", "no hours"),
    ],
)  # fmt: skip
def test_a_mode_that_cannot_be_read_names_the_remedy(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as told:
        clock.declared(text)
    assert '"night 22:00-06:00"' in str(told.value)
    assert "behaviour.modes" in str(told.value)


def test_an_unknown_time_zone_names_the_remedy() -> None:
    with pytest.raises(ConfigError, match="Europe/Berlin"):
        modes.declared({"timezone": "Mars/Olympus"})


@given(
    st.integers(0, 1439), st.integers(0, 1440),
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(st.integers(0, clock.WEEK - 1), min_size=1, max_size=20),
)  # fmt: skip
def test_a_minute_is_in_a_mode_if_the_clock_says_so(
    start: int, end: int, days: set[int], asked: list[int]
) -> None:
    if start == end:
        return
    text = (f"x {','.join(clock.DAYS[d] for d in sorted(days))}"
            f" {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}")  # fmt: skip
    mode = clock.declared(text)
    monday = datetime(2026, 11, 23)  # noqa: DTZ001
    found = Modes("declared", "UTC", (mode,)).assign(
        pd.Series([monday + timedelta(minutes=m) for m in asked])
    )

    def inside(minute: int) -> bool:
        day, at = divmod(minute, 1440)
        if start < end:
            return day in days and start <= at < end
        return (day in days and at >= start) or ((day - 1) % 7 in days and at < end)

    assert [f == "x" for f in found] == [inside(m) for m in asked]


def hours(days: int, level: object, seed: int = 0) -> pd.DataFrame:
    """Hourly activity of a site whose events follow ``level(hour number)``."""
    rng = np.random.default_rng(seed)
    moments = pd.date_range(T0, periods=24 * days, freq="h")
    events = [level(n) * rng.uniform(0.95, 1.05) for n in range(len(moments))]  # type: ignore[operator]
    return pd.DataFrame({"hour": moments, "events": np.array(events).astype(int),
                         "changes": 10, "conduits": 12})  # fmt: skip


def test_shifts_are_found_by_the_clock() -> None:
    found = modes.found(hours(5, lambda n: 9000 if 6 <= n % 24 < 18 else 900))
    assert found.kind == "clock"
    assert label(found, "2026-12-01T05:59", "2026-12-01T06:00", "2026-12-01T18:00") == [
        "quiet", "busy", "quiet"]  # fmt: skip
    assert found.sentences() == [
        "operating modes (found, by the clock, UTC): quiet 18:00-06:00; busy 06:00-18:00"
    ]


def test_weekends_are_found_once_there_were_three() -> None:
    def level(n: int) -> int:
        return 900 if (n // 24) % 7 in (0, 6) else 9000  # T0 is a Sunday

    assert modes.found(hours(16, level)).kind == "activity"
    found = modes.found(hours(28, level))
    assert found.kind == "clock"
    assert label(found, "2026-12-25T12:00", "2026-12-26T12:00", "2026-12-27T12:00") == [
        "busy", "quiet", "quiet"]  # fmt: skip


def test_batches_are_told_by_their_activity_and_the_unheard_of_by_none() -> None:
    batch = {3, 4, 17, 18, 19, 40, 41, 63, 80, 81, 82, 101}
    found = modes.found(hours(5, lambda n: 9000 if n in batch else 900))
    assert found.kind == "activity"
    shown = hours(1, lambda n: {0: 900, 1: 9000, 2: 200_000}[n % 3]).head(3)
    assert list(found.assign(shown["hour"], shown)) == ["quiet", "busy", "ordinary"]
    assert set(found.assign(shown["hour"])) == {"ordinary"}  # nothing known of these hours


@pytest.mark.parametrize(
    "level",
    [
        lambda n: 5000,  # always alike
        lambda n: 5000 + 40 * n,  # grows
        lambda n: 9000 if 30 <= n < 50 else 900,  # once only
        lambda n: 5000 * (1 + 0.5 * np.sin(n / 24 * 2 * np.pi)),  # by degrees
    ],
)
def test_where_modes_are_not_plain_none_are_made_up(level: object) -> None:
    assert modes.found(hours(5, level)) == Modes("none", "UTC")
    assert modes.found(hours(5, level)).sentences() == []


def test_too_short_a_time_has_no_modes() -> None:
    assert modes.found(hours(5, lambda n: 9000 if n % 2 else 900).head(20)).kind == "none"


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_they_are_kept_exactly_and_found_alike_every_time(seed: int) -> None:
    shown = hours(5, lambda n: 9000 if 6 <= n % 24 < 18 else 900, seed)
    found = modes.found(shown)
    assert modes.found(shown) == found
    assert Modes.load(found.dump()) == found
    assert Modes.load(found.dump()).dump() == found.dump()


def test_declared_modes_come_before_found_ones_and_reach_detections(tmp_path: Path) -> None:
    file = tmp_path / "g.toml"
    file.write_text('[behaviour]\nmodes = ["night 22:00-06:00"]\ntimezone = "Europe/Berlin"\n')
    given_modes = modes.declared(load(file, {})["behaviour"])
    db = duckdb.connect()
    assert modes.registered(db) == Modes()
    modes.register(db, given_modes)
    assert modes.registered(db) == given_modes
    modes.register(db, None)
    assert modes.registered(db) == Modes()
