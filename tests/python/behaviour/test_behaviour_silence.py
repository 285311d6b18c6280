from __future__ import annotations

from datetime import timedelta

import duckdb
from plant_ledger import insert, moment, plant

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.silence import silent
from gaugeglass.behaviour.ways.base import Span
from gaugeglass.behaviour.ways.registry import ways

LEARN, ALL = 120, 240


def judged(*cut: str, minutes: int = ALL, keep: str = "FALSE") -> duckdb.DuckDBPyConnection:
    """A plant learned for LEARN minutes; rows after it that meet a ``cut`` condition are gone."""
    db = plant(minutes)
    base = learn(db, moment(0), moment(LEARN))
    for condition in cut:
        db.execute(f'DELETE FROM activity WHERE "window" >= ? AND ({condition}) AND NOT ({keep})',
                   [moment(LEARN)])  # fmt: skip
    base.register(db)
    return db


def after(minute: int, until: int = ALL) -> str:
    return f"\"window\" >= '{moment(minute)}' AND \"window\" < '{moment(until)}'"


def ask(db: duckdb.DuckDBPyConnection, since: int = LEARN, until: int = ALL):
    return silent(db, moment(since), moment(until))


def test_a_running_plant_is_not_silent() -> None:
    assert ask(judged()) == []
    # Not at the end of the data either, long before the end of what is asked about.
    assert silent(judged(), moment(LEARN), moment(ALL) + timedelta(days=30)) == []


def test_a_conduit_that_stops_while_both_ends_go_on() -> None:
    db = judged(f"client = '10.0.0.1' AND server = '10.0.1.2' AND {after(150)}")
    (found,) = ask(db)
    assert (found.kind, found.client, found.server, found.service) == (
        "conduit", "10.0.0.1", "10.0.1.2", "modbus",
    )  # fmt: skip
    assert moment(149) <= found.seen < moment(150)
    assert found.overdue == moment(154)
    assert (found.until, found.back) == (moment(ALL), False)
    assert found.expected == "polled about every 60 s, never pausing longer than 60 s"
    assert found.observed == "silent for 89 min and still silent"
    assert found.uids == ("C1-2z",)


def test_a_server_that_dies_is_one_asset_with_its_conduits() -> None:
    db = judged(f"server = '10.0.1.4' AND {after(150)}")
    (found,) = ask(db)
    assert (found.kind, found.address) == ("asset", "10.0.1.4")
    assert found.conduits == (
        ("10.0.0.0", "10.0.1.4", "modbus"), ("10.0.0.1", "10.0.1.4", "modbus"),
    )  # fmt: skip


def test_a_server_that_is_asked_and_does_not_answer_is_silent() -> None:
    db = judged()
    db.execute("UPDATE activity SET outcome = 'no_reply' WHERE server = '10.0.1.4'"
               f" AND {after(150)}")  # fmt: skip
    (found,) = ask(db)
    assert (found.kind, found.address, found.conduits) == ("asset", "10.0.1.4", ())


def test_a_client_that_dies_is_told_and_its_servers_are_not() -> None:
    db = plant(ALL)
    db.execute("DELETE FROM activity WHERE client = '10.0.0.0' AND server <> '10.0.1.0'")
    db.execute("DELETE FROM activity WHERE client = '10.0.0.1' AND server = '10.0.1.0'")
    learn(db, moment(0), moment(LEARN)).register(db)
    db.execute(f"DELETE FROM activity WHERE client = '10.0.0.1' AND {after(150)}")
    (found,) = ask(db)
    assert (found.kind, found.address) == ("asset", "10.0.0.1")
    assert len(found.conduits) == 5


def test_everything_at_once_is_the_sensor() -> None:
    # All dark: no window is lit, nobody missed anything.
    assert ask(judged(after(150, 200))) == []
    # Nearly all dark: something else still comes in at the tap.
    db = judged(after(150, 200))
    for minute in range(150, 200):
        insert(db, minute, client="10.7.7.7", server="10.7.7.8", service="dns", port=53)
    (found,) = ask(db)
    assert (found.kind, found.sensors, found.back) == ("sensor", ("tap",), True)
    assert "12 of 12 steady conduits stopped at once" in found.observed


def test_another_sensor_does_not_make_silence() -> None:
    db = judged(after(150, 200))
    for minute in range(150, 200):
        insert(db, minute, sensor="elsewhere", client="10.7.7.7", server="10.7.7.8")
    assert ask(db) == []


def test_who_comes_back_is_told_once_in_the_span_where_it_was_due() -> None:
    db = judged(f"server = '10.0.1.4' AND {after(150, 170)}")
    (found,) = ask(db)
    assert (found.back, found.until, found.missed) == (True, moment(170), 20)
    assert ask(db, since=160) == []
    assert [s.address for s in ask(db, since=152, until=156)] == ["10.0.1.4"]
    assert ask(db, since=LEARN, until=153) == []


def test_pauses_as_long_as_learned_are_normal() -> None:
    db = plant(3 * LEARN)
    # Polled for 12 minutes, then 8 minutes of rest, over and over, in learning and after.
    db.execute("DELETE FROM activity WHERE server = '10.0.1.4'"
               " AND date_diff('minute', ?, \"window\") % 20 >= 12", [moment(0)])  # fmt: skip
    learn(db, moment(0), moment(2 * LEARN)).register(db)
    assert ask(db, 2 * LEARN, 3 * LEARN) == []
    db.execute(f"DELETE FROM activity WHERE server = '10.0.1.4' AND {after(260, 360)}")
    assert [s.address for s in ask(db, 2 * LEARN, 3 * LEARN)] == ["10.0.1.4"]


def test_what_never_was_steady_is_not_missed() -> None:
    db = plant(ALL)
    for minute in (3, 50, 51, 52, 99, 100):
        insert(db, minute, client="10.0.0.0", server="10.0.9.9", service="http", port=80)
    learn(db, moment(0), moment(LEARN)).register(db)
    assert ask(db) == []


def test_one_lost_poll_of_a_slow_series_is_nobodys_silence() -> None:
    """Polled every ten minutes, learned without a loss: one missed poll is normal, six are not."""
    way = next(w for w in ways() if w.name == "silence")

    def asked(*lost: int) -> list[str]:
        db = plant(ALL * 5)
        db.execute(
            "DELETE FROM activity WHERE client = '10.0.0.1' AND server = '10.0.1.2' AND"
            f" (epoch(\"window\") - epoch(TIMESTAMP '{moment(0)}')) // 60 % 10 <> 0"
        )
        learn(db, moment(0), moment(ALL * 4)).register(db)
        for minute in lost:
            db.execute(
                "DELETE FROM activity WHERE client = '10.0.0.1' AND server = '10.0.1.2'"
                f" AND \"window\" = '{moment(minute)}'"
            )
        span = Span(db, moment(ALL * 4), moment(ALL * 5), 60, (60,))
        return list(way.judge(None, span)["address"])

    assert asked(1000) == []
    assert asked(*range(1000, 1060, 10)) == ["10.0.0.1 > 10.0.1.2 modbus"]
