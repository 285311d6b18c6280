"""Drift: found where it is, told since when, and silent about noise, bursts, days and modes."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import T0, at, ledger
from upkeep_kit import CONFIG, HMI, PLC, PLC2

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.behaviour.upkeep.clock import declared
from gaugeglass.behaviour.upkeep.drift import RECENT, Drift, drift, drifts
from gaugeglass.behaviour.upkeep.modes import Modes
from gaugeglass.detections import behaviour_drift
from gaugeglass.detections.context import make_context
from gaugeglass.detections.registry import run

HERE = "10.0.0.1 > 10.0.1.1 modbus"


def hours(start: int, count: int, seed: int, entities: int = 3, **course: object) -> pd.DataFrame:
    """Hourly features of a few conduits that are noisy; ``course`` adds to `reads` of the first."""
    rng = np.random.default_rng(seed)
    moments = pd.date_range(T0, periods=start + count, freq="h")[start:]
    parts = []
    for number in range(entities):
        values = {name: np.expm1(np.log1p(100) + rng.normal(0, 0.02, count)) for name in NAMES}
        if number == 1 and "reads" in course:
            add = np.asarray(course["reads"], dtype=float)
            values["reads"] = np.expm1(np.log1p(values["reads"]) + add)
        parts.append(
            pd.DataFrame(
                {"window": moments, "side": "conduit", "role": "modbus by hmi", "edge": False,
                 "address": f"10.0.0.{number} > 10.0.1.{number} modbus", **values}
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def reads(found: list[Drift]) -> list[Drift]:
    return [d for d in found if d.feature == "reads"]


def test_a_shift_of_a_tenth_is_found_where_and_since_when() -> None:
    step = np.where(np.arange(48) >= 18, 0.1, 0.0)
    found = drifts(hours(0, 72, 1), hours(72, 48, 2, reads=step))
    assert [(d.address, d.feature) for d in found] == [(HERE, "reads")]
    told = found[0]
    assert told.since == T0 + timedelta(hours=72 + 18)
    assert told.until == T0 + timedelta(hours=72 + 48)
    assert told.after / told.before == pytest.approx(1.1, abs=0.03)
    assert told.p < 0.01
    assert told.addresses == ("10.0.0.1", "10.0.1.1")
    assert told.sentence() == (
        "reads per minute went from 99.7 to 111 (11% up) and stayed, since 2026-11-25 18:00"
    )


def test_noise_drifts_nowhere() -> None:
    told = [drifts(hours(0, 72, s), hours(72, 48, s + 500)) for s in range(12)]
    assert sum(map(len, told)) == 0


@pytest.mark.parametrize(
    "course",
    [
        np.where((np.arange(48) > 20) & (np.arange(48) < 26), 1.0, 0.0),  # a burst that passed
        np.where(np.arange(48) == 47, 2.0, 0.0),  # one hour, just now
        np.where(np.arange(48) % 12 < 3, 0.3, 0.0),  # now and then
        np.where(np.arange(48) < 36, 0.3, 0.0),  # it was, and is no more
    ],
)
def test_what_did_not_stay_is_no_drift(course: np.ndarray) -> None:
    assert reads(drifts(hours(0, 72, 1), hours(72, 48, 2, reads=course))) == []


def test_a_daily_course_is_no_drift_and_hides_none() -> None:
    day = 0.5 * np.sin(2 * np.pi * np.arange(24 * 9) / 24)
    half = slice(24 * 7, 24 * 7 + 14)  # ends in the middle of a day
    old, calm = hours(0, 168, 1, reads=day[:168]), hours(168, 14, 2, reads=day[half])
    assert reads(drifts(old, calm)) == []
    moved = hours(168, 36, 2, reads=day[168:204] + 0.12)
    found = reads(drifts(old, moved))
    assert [d.address for d in found] == [HERE]
    assert found[0].since == T0 + timedelta(hours=168)


def test_another_mode_is_no_drift() -> None:
    old, new = hours(0, 72, 1), hours(72, 36, 2, reads=np.full(36, 0.5))
    assert reads(drifts(old, new))
    old["mode"], new["mode"] = "ordinary", "cleaning"
    assert drifts(old, new) == []


def test_too_few_hours_say_nothing() -> None:
    step = np.full(48, 1.0)
    assert drifts(hours(0, 20, 1), hours(72, 48, 2, reads=step)) == []
    assert drifts(hours(0, 72, 1), hours(72, RECENT - 1, 2, reads=step[: RECENT - 1])) == []
    assert drifts(hours(0, 72, 1).head(0), hours(72, 48, 2)) == []
    edges = hours(72, 48, 2, reads=step).assign(edge=True)
    assert drifts(hours(0, 72, 1), edges) == []


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random: object) -> None:
    step = np.where(np.arange(36) >= 12, 0.2, 0.0)
    old, new = hours(0, 48, 1, 2), hours(48, 36, 2, 2, reads=step)
    seed = random.randrange(1 << 30)  # type: ignore[attr-defined]
    mixed = [f.sample(frac=1, random_state=seed) for f in (old, new)]
    assert drifts(*mixed) == drifts(old, new)


def slow(minutes: int, moved: int | None) -> duckdb.DuckDBPyConnection:
    """An HMI that polls two controllers; from minute ``moved`` on one of them a bit more often."""
    db = ledger()
    db.execute(
        f"""INSERT INTO activity BY NAME SELECT TIMESTAMP '{T0}' + to_minutes(m::INT) AS "window",
        's' AS sensor, '{HMI}' AS client, server, 'tcp' AS transport, 502 AS port,
        'modbus' AS service, '1' AS unit, 'read_holding_registers' AS operation, 'read' AS action,
        'holding_register:0-9' AS object, 'ok' AS outcome,
        (200 + hash(m, server) % 7 + CASE WHEN server = '{PLC}' AND m >= {moved or minutes}
            THEN 30 ELSE 0 END)::BIGINT AS "count",
        12 * "count" AS bytes_to_server, 30 * "count" AS bytes_to_client, "window" AS "first",
        "window" + INTERVAL 59 SECOND AS "last", 'C1' AS uid_min, 'C2' AS uid_max
        FROM range({minutes}) t(m), (VALUES ('{PLC}'), ('{PLC2}')) s(server)"""
    )
    return db


DAY = 1440


def test_the_detection_says_it_once_with_what_to_do() -> None:
    db = slow(4 * DAY, moved=3 * DAY)
    learn(db, at(0), at(2 * DAY), CONFIG).register(db)
    ctx = make_context(db, at(2 * DAY), at(4 * DAY))
    found = list(behaviour_drift.DETECTION.find(ctx))
    assert [(f.key, f.client, f.server) for f in found] == [((PLC,), HMI, PLC)]
    told = found[0]
    assert told.first == at(3 * DAY)
    assert "gaugeglass learn --since 2026-11-25T00:00Z" in told.normal
    assert "15% up" in told.observed
    assert told.uids == ("C2",)
    result = run(ctx)
    assert [d.name for d, _ in result.findings] == ["behaviour_drift"]
    assert result.failed == []


def test_a_steady_plant_drifts_nowhere_and_no_baseline_is_no_fault() -> None:
    db = slow(4 * DAY, moved=None)
    ctx = make_context(db, at(2 * DAY), at(4 * DAY))
    assert list(behaviour_drift.DETECTION.find(ctx)) == []
    learn(db, at(0), at(2 * DAY), CONFIG).register(db)
    assert list(behaviour_drift.DETECTION.find(make_context(db, at(2 * DAY), at(4 * DAY)))) == []


def test_a_declared_mode_explains_a_shift() -> None:
    db = slow(4 * DAY, moved=3 * DAY)  # T0 is a Sunday: the shift begins on a Wednesday
    span = (at(0), at(2 * DAY))
    assert drift(db, span, at(2 * DAY), at(4 * DAY))
    wednesdays = Modes("declared", "UTC", (declared("wash wed"),))
    assert drift(db, span, at(2 * DAY), at(4 * DAY), wednesdays) == []


def test_a_planned_change_is_no_drift_but_what_comes_after_it_is() -> None:
    learned, since = (at(0), at(2 * DAY)), at(2 * DAY)
    planned = Change(frozenset({PLC}), at(3 * DAY - 30), at(3 * DAY + 30), timedelta(hours=1))
    db = slow(6 * DAY, moved=3 * DAY)
    assert drift(db, learned, since, at(6 * DAY))
    assert drift(db, learned, since, at(6 * DAY), changes=[planned]) == []
    db.execute(
        f"""UPDATE activity SET "count" = "count" + 25 WHERE server = '{PLC}'
        AND "window" >= TIMESTAMP '{at(5 * DAY)}'"""
    )
    found = drift(db, learned, since, at(6 * DAY), changes=[planned])
    assert {(d.feature, d.since) for d in found if d.side == "server"} >= {("events", at(5 * DAY))}
    assert not [d for d in found if PLC2 in d.addresses]
    (events,) = [d for d in found if d.side == "server" and d.feature == "events"]
    assert events.before == pytest.approx(233, abs=2)
