from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from alerts.alertkit import alert, ids
from hypothesis import given
from hypothesis import strategies as st

from gaugeglass.alerts import store
from gaugeglass.alerts.codec import dump, load_alert, news


@pytest.fixture
def db() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def test_round_trip_is_exact(db) -> None:
    one = alert(score=0.25, count=3, until=2)
    assert store.upsert(db, [one]) == [one]
    assert store.load(db) == [one]


@given(st.text(st.characters(), max_size=30))
def test_any_text_survives(text: str) -> None:
    one = alert(summary=text, object=text, key=(text,))
    assert load_alert(dump(one)) == one
    con = sqlite3.connect(":memory:")
    store.upsert(con, [one])
    assert store.load(con) == [one]


def test_upsert_merges_repeats_and_a_second_look_changes_nothing(db) -> None:
    parts = [alert(minute=m) for m in range(3)]
    store.upsert(db, parts)
    assert [a.count for a in store.upsert(db, parts)] == [3]
    assert [a.count for a in store.upsert(db, [alert(minute=9)])] == [4]
    assert len(store.load(db)) == 1


def test_load_filters_orders_and_never_writes(db) -> None:
    assert store.load(db) == []
    assert store.incidents(db) == []
    assert not db.execute("SELECT 1 FROM sqlite_master").fetchone()
    low = alert(severity="low", key=("l",), minute=1)
    high = alert(severity="high", key=("h",), minute=0)
    store.upsert(db, [low, high])
    assert store.load(db) == [high, low]
    assert store.load(db, "medium") == [high]


def test_everything_stays_in_the_caller_s_transaction(tmp_path) -> None:
    path = tmp_path / "manifest.db"
    con = sqlite3.connect(path)
    store.create(con)
    con.commit()
    store.upsert(con, [alert()])
    store.regroup(con, 60)
    store.mark(con, "stdout:", store.pending(con, "stdout:"))
    con.rollback()
    assert store.load(con) == []
    assert store.incidents(con) == []
    assert con.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_regroup_stores_incidents_and_places(db) -> None:
    one, two = alert(), alert("10.0.0.99", "10.0.0.8", minute=500)
    store.upsert(db, [one, two])
    found = store.regroup(db, 60)
    assert store.incidents(db) == found
    assert len(found) == 2
    assert {a.incident for a in store.load(db)} == {i.id for i in found}
    assert store.regroup(db, 60) == found
    store.upsert(db, [one])  # a second look keeps the place
    assert all(a.incident for a in store.load(db))
    assert store.incidents(db, "critical") == []


def test_outbox_delivers_once_then_only_news(db) -> None:
    store.upsert(db, [alert()])
    first = store.pending(db, "file:/a")
    assert len(first) == 1
    assert store.pending(db, "file:/a") == first  # until it is marked
    store.mark(db, "file:/a", first)
    assert store.pending(db, "file:/a") == []
    assert store.pending(db, "stdout:") == first  # each sink for itself
    store.upsert(db, [alert(minute=5)])
    assert store.pending(db, "file:/a") == []  # one more of the same is not news
    store.upsert(db, [alert(minute=m) for m in range(10, 30)])
    assert ids(store.pending(db, "file:/a")) == ids(first)  # it reached ten


def test_what_is_news() -> None:
    one = alert(severity="medium")
    assert news(one) == news(replace(one, count=9, summary="other", uids=("z",), incident="i"))
    for other in (
        replace(one, severity="high"),
        replace(one, risk=one.risk + 1),
        replace(one, count=10),
        replace(one, techniques=()),
        alert(severity="medium", until=60 * 24),
    ):
        assert news(other) != news(one)
