"""What may be learned from: never an open alert, a rejected finding or planned work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import at, ledger
from upkeep_kit import (
    CONFIG,
    HMI,
    LAPTOP,
    PLC,
    PLC2,
    alert,
    grown,
    polls,
    read,
    site,
    state,
    tell,
    write,
)

from gaugeglass.behaviour.baseline import Baseline, learn
from gaugeglass.behaviour.learn import learn_behaviour
from gaugeglass.behaviour.polls import POLL, ticks_sql
from gaugeglass.behaviour.upkeep import decisions, learnable, raised
from gaugeglass.config import ConfigError
from gaugeglass.ledger.manifest import Manifest

WRITES = [write(m) for m in range(100, 110)]
GRAVE = alert("write_by_new_client", 100, 109, client=LAPTOP, server=PLC, service="modbus",
              operation="write_single_register")  # fmt: skip
HMI_WRITES = [write(m, HMI) for m in range(100, 110)]
INSIDER = alert("new_operation", 100, 109, client=HMI, server=PLC, service="modbus",
                operation="write_single_register", severity="high")  # fmt: skip


def kept(db: duckdb.DuckDBPyConnection, where: str = "TRUE") -> list[tuple[Any, ...]]:
    return db.execute(f"SELECT * FROM learnable WHERE {where} ORDER BY ALL").fetchall()


def make(
    db: duckdb.DuckDBPyConnection, manifest: Manifest | None, *windows: str, **settings: Any
) -> Any:
    mine = {**CONFIG["behaviour"], "maintenance": list(windows), **settings}
    config = {**CONFIG, "behaviour": mine}
    return learnable.create(db, manifest, at(0), at(240), config)


def facts(db: duckdb.DuckDBPyConnection) -> Baseline:
    return learn(db, at(0), at(240), CONFIG, source="learnable")


def operations(db: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    rows = facts(db).tables["known_operation"].to_pylist()
    return {(r["client"], r["operation"]) for r in rows}


def test_where_nothing_stands_against_it_everything_is_learnable(tmp_path: Path) -> None:
    db = site()
    assert make(db, state(tmp_path)).sentence() == ""
    assert len(kept(db)) == 480
    assert make(db, None).rows == 0


def test_an_open_grave_alert_keeps_its_conduits_windows(tmp_path: Path) -> None:
    manifest = state(tmp_path, [GRAVE])
    db = site(*WRITES)
    told = make(db, manifest)
    assert (told.rows, told.events, told.of) == (10, 10, 490)
    assert told.sentence() == (
        "left out 10 of 490 rows (10 events): 1 open alert"
        " (decide: gaugeglass baseline approve or reject); nothing is left to learn of 10.0.0.99"
    )
    assert (LAPTOP, "write_single_register") not in operations(db)
    assert len(kept(db, f"client = '{HMI}'")) == 480


def test_who_was_known_loses_the_windows_and_keeps_the_rest(tmp_path: Path) -> None:
    manifest = state(tmp_path, [INSIDER])
    db = site(*HMI_WRITES)
    assert make(db, manifest).rows == 49  # ten writes, and the polls between the two
    assert len(kept(db, f"server = '{PLC}'")) == 240 - 39  # a quarter of an hour before and after
    assert len(kept(db, f"server = '{PLC2}'")) == 240
    assert (HMI, "write_single_register") not in operations(db)


def told(severity: str, detection: str = "new_operation") -> Any:
    return alert(detection, 100, 109, client=HMI, server=PLC, service="modbus",
                 operation="write_single_register", severity=severity)  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "doubt_from", "counts"),
    [("info", "low", False), ("low", "low", True), ("medium", "low", True),
     ("medium", "high", False), ("high", "high", True), ("critical", "high", True)],
)  # fmt: skip
def test_the_site_says_from_which_severity_on_an_open_alert_is_a_doubt(
    tmp_path: Path, severity: str, doubt_from: str, counts: bool
) -> None:
    manifest = state(tmp_path, [told(severity)])
    left = make(site(*HMI_WRITES), manifest, doubt_from=doubt_from)
    assert (left.rows > 0) is counts


@pytest.mark.parametrize("wrong", ["grave", "critical"])
def test_no_setting_lets_a_high_alert_be_learned(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"it must be one of low, medium, high$"):
        make(site(), state(tmp_path), doubt_from=wrong)


def test_drift_asks_for_learning_and_keeps_nothing_from_it(tmp_path: Path) -> None:
    manifest = state(tmp_path, [told("medium", "behaviour_drift")])
    assert make(site(*HMI_WRITES), manifest).rows == 0


def test_a_rejected_value_is_unknown_though_it_was_learned_before(tmp_path: Path) -> None:
    usual = [write(m, HMI, value_min=v, value_max=v) for m in range(20, 60) for v in (5.0, 9.0)]
    odd = [write(m, HMI, value_min=99.0, value_max=99.0) for m in (100, 200)]
    db = site(*usual, *odd)
    learn(db, at(0), at(240), CONFIG).register(db)
    asked = "SELECT low, high FROM known_value WHERE operation = 'write_single_register'"
    assert db.execute(asked).fetchall() == [(5.0, 99.0)]
    manifest = state(tmp_path, [alert("behaviour_anomaly", 100, 100, client=HMI, server=PLC,
                                      service="modbus", operation="write_single_register",
                                      severity="low")])  # fmt: skip
    (told,) = raised.stored(manifest.db)
    decisions.reject(db, manifest, told.id, at(300))
    decisions.apply(db, manifest)
    ((low, high),) = db.execute(asked).fetchall()
    assert low <= 5.0
    assert 9.0 <= high < 12.0  # the usual range and what is hardly more
    make(db, manifest)
    assert not kept(db, "value_max = 99.0")


def test_what_came_with_an_open_alert_is_left_out_whenever_it_happens_again(
    tmp_path: Path,
) -> None:
    late = [write(m, HMI) for m in (200, 201)]
    db = site(*HMI_WRITES, *late)
    left = make(db, state(tmp_path, [told("low")]))
    assert left.rows == 39 + 12  # the conduit's time, and all of its writes
    assert (HMI, "write_single_register") not in operations(db)
    assert kept(db, f"server = '{PLC}' AND \"window\" = TIMESTAMP '{at(200)}'")


def test_an_open_alerts_value_is_left_out_and_the_usual_ones_are_not(tmp_path: Path) -> None:
    usual = [write(m, HMI, value_min=v, value_max=v) for m in range(20, 60) for v in (5.0, 9.0)]
    odd = [write(m, HMI, value_min=99.0, value_max=99.0) for m in (100, 200)]
    fine = write(201, HMI, value_min=9.5, value_max=9.5)  # hardly more than ever
    db = site(*usual, *odd, fine)
    manifest = state(tmp_path, [alert("behaviour_anomaly", 100, 100, client=HMI, server=PLC,
                                      service="modbus", operation="write_single_register",
                                      severity="low")])  # fmt: skip
    make(db, manifest)
    values = kept(db, "operation = 'write_single_register' AND \"window\" >= "
                      f"TIMESTAMP '{at(150)}'")  # fmt: skip
    assert len(values) == 1
    assert 9.5 in values[0]
    decisions.approve(db, manifest, next(iter(a.id for a in raised.stored(manifest.db))), at(300))
    assert make(db, manifest).rows == 0


def test_an_alert_about_an_asset_keeps_all_of_its_windows(tmp_path: Path) -> None:
    whole = alert("asset_silent", 50, 59, server=PLC2, severity="high", assets=(PLC2,))
    db = site()
    assert make(db, state(tmp_path, [whole])).rows == 39
    assert kept(db, f"server = '{PLC2}' AND \"window\" = TIMESTAMP '{at(55)}'") == []


def test_what_was_approved_is_learnable_again_as_far_as_it_went(tmp_path: Path) -> None:
    manifest = state(tmp_path, [INSIDER])
    db = site(*HMI_WRITES, *(write(m, HMI) for m in range(150, 160)))
    decisions.approve(db, manifest, INSIDER.id, at(300))
    assert make(db, manifest).rows == 0
    tell(manifest, grown(INSIDER, 159))  # it went on after it was approved
    assert make(db, manifest).rows == 64 + 10
    assert (HMI, "write_single_register") in operations(db)


def test_a_rejected_finding_is_never_learned_however_mild_and_however_late(
    tmp_path: Path,
) -> None:
    mild = alert("new_operation", 100, 109, client=HMI, server=PLC, service="modbus",
                 operation="write_single_register", severity="low")  # fmt: skip
    manifest = state(tmp_path, [mild])
    late = [write(m, HMI) for m in (200, 201)]
    db = site(*HMI_WRITES, *late)
    decisions.reject(db, manifest, mild.id, at(300))
    told = make(db, manifest)
    assert told.rows == 39 + 12  # the conduit's time, and all of its writes
    assert dict(told.reasons) == {"rejected finding": 1}
    assert (HMI, "write_single_register") not in operations(db)
    assert kept(db, f"server = '{PLC}' AND \"window\" = TIMESTAMP '{at(200)}'")
    decisions.undo(manifest, mild.id, at(301))
    assert make(db, manifest, doubt_from="high").rows == 0


def test_a_rejected_strangers_every_deed_is_left_out(tmp_path: Path) -> None:
    manifest = state(tmp_path, [GRAVE])
    elsewhere = [read(m, LAPTOP, PLC2) for m in range(200, 210)]
    db = site(*WRITES, *elsewhere)
    decisions.reject(db, manifest, GRAVE.id, at(300))
    make(db, manifest)
    assert kept(db, f"client = '{LAPTOP}'") == []


def test_planned_work_is_left_out_for_its_assets_or_the_whole_site() -> None:
    db = site()
    one = f"{at(60).isoformat()}Z/{at(90).isoformat()}Z {PLC2} new program"
    assert make(db, None, one).rows == 30
    assert make(db, None, one.rsplit(" ", 3)[0]).rows == 60
    assert facts(db).tables["known_poll"].num_rows == 2


def test_the_hole_is_no_pause(tmp_path: Path) -> None:
    """A controller whose windows were left out must still be missed after a minute or two."""
    down = [r for r in polls() if not (r["server"] == PLC2 and 60 <= r["minute"] < 90)]
    db = ledger(down)
    normal = learn(db, at(0), at(240), CONFIG).tables["known_poll"].to_pylist()
    assert normal[1]["max_gap_seconds"] == 31 * 60
    silent = alert("asset_silent", 59.5, 90, server=PLC2, severity="high", assets=(PLC2,))
    for manifest, windows in (
        (state(tmp_path, [silent]), []),
        (None, [f"{at(59).isoformat()}Z/{at(91).isoformat()}Z {PLC2}"]),
    ):
        make(db, manifest, *windows)
        for name in ("known_poll", "known_voice"):
            for row in facts(db).tables[name].to_pylist():
                assert row["max_gap_seconds"] == 60, (name, row)
        values = {"start": at(0), "until": at(240), "window": 60}
        ticks = db.execute(ticks_sql(POLL, "learnable"), values).df()
        assert (ticks.groupby("server")["tick"].diff().dropna() == 1).all()


def test_models_learn_from_the_same_view(tmp_path: Path) -> None:
    flood = [read(m, count=5000) for m in range(100, 110)]
    told = alert("flood", 100, 110, client=HMI, server=PLC, severity="high")
    db = ledger([*polls(), *flood])
    make(db, state(tmp_path, [told]))
    models = learn_behaviour(db, at(0), at(240), CONFIG, 60, "learnable")
    clean = learn_behaviour(site(), at(0), at(240), CONFIG, 60)
    norms, other = models.standards[60].norms, clean.standards[60].norms
    at_events = [n.stats[list(n.keys).index(("entity", f"server {PLC}")), 3, 0]
                 for n in (norms, other)]  # fmt: skip
    assert at_events[0] == at_events[1]


minutes = st.integers(0, 59)
who = st.sampled_from([HMI, PLC, PLC2, LAPTOP])


@settings(max_examples=25)
@given(st.lists(st.tuples(minutes, minutes, st.one_of(st.none(), who), who), max_size=5))
def test_every_row_is_left_out_or_learned_as_its_exclusions_say(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[tuple[int, int, str | None, str]],
) -> None:
    alerts = [
        alert("flood", min(a, b), max(a, b), client=client, server=server, severity="high",
              key=(str(n),))
        for n, (a, b, client, server) in enumerate(made)
    ]  # fmt: skip
    db = site(*(read(m, LAPTOP, PLC2) for m in range(60)), minutes=60)
    make(db, state(tmp_path_factory.mktemp("s"), alerts))
    found = db.execute('SELECT "window", client, server FROM learnable').fetchall()

    def out(window: Any, client: str, server: str) -> bool:
        return any(
            at(min(a, b) - 15) <= window < at(max(a, b) + 15)
            and ((c, s) == (client, server) if c else s in (client, server))
            for a, b, c, s in made
        )

    every = db.execute('SELECT "window", client, server FROM activity').fetchall()
    assert sorted(found) == sorted(r for r in every if not out(*r))
