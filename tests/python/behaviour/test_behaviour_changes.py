"""Planned changes: held back while they settle, then judged by their own ways."""

from __future__ import annotations

from datetime import timedelta

import duckdb
from learned_plant import LEARN, later, learned
from plant_ledger import insert, moment

from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.judge import judge

CHANGED = Change(
    frozenset({"10.0.0.0", "10.0.1.3"}), moment(300), moment(310), timedelta(minutes=40)
)


def faster(db: duckdb.DuckDBPyConnection, since: int, until: int) -> None:
    """10.0.0.0 polls 10.0.1.3 four times as often."""
    db.execute(
        """UPDATE activity SET "count" = "count" * 4, gap_count = gap_count * 4,
        gap_sq = gap_sq // 4, bytes_to_client = bytes_to_client * 4
        WHERE client = '10.0.0.0' AND server = '10.0.1.3' AND action = 'read'
        AND "window" >= ? AND "window" < ?""",
        [moment(since), moment(until)],
    )


def found(db: duckdb.DuckDBPyConnection, *changes: Change) -> list[tuple[str, ...]]:
    learned()[0].register(db)
    made = judge(db, learned()[1], moment(LEARN), moment(600), changes=changes)
    return [e.ways for e in made.episodes]


def test_a_planned_pace_raises_nothing_and_an_unplanned_one_does() -> None:
    db = later()
    faster(db, 305, 600)
    assert found(db)
    assert found(db, CHANGED) == []


def test_after_it_settled_the_new_ways_are_what_is_normal() -> None:
    db = later()
    faster(db, 305, 600)
    faster(db, 500, 502)  # sixteen times the learned pace, four times the new one
    assert found(db, CHANGED)
    db = later()
    faster(db, 305, 450)  # and back to the old pace, which is not the new normal
    assert found(db, CHANGED)


def test_what_is_not_touched_is_judged_as_ever() -> None:
    db = later()
    faster(db, 305, 600)
    insert(db, 320, client="10.0.0.1", server="10.0.1.5", count=9000)
    (only,) = found(db, CHANGED)
    assert set(only) & {"checks", "forest"}


def test_a_device_taken_out_is_not_silent_and_one_that_dies_later_is() -> None:
    gone = "client = '10.0.0.0' AND server = '10.0.1.3' AND \"window\" >= TIMESTAMP '{}'"
    out = later(gone.format(moment(305)))
    assert ("silence",) in [tuple(w for w in ways if w == "silence") for ways in found(out)]
    assert not any("silence" in ways for ways in found(out, CHANGED))
    dies = later(gone.format(moment(500)))
    assert any("silence" in ways for ways in found(dies, CHANGED))
