"""Planned work: what it makes known, what it excuses, whom it touches, and what it never hides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
import pytest
from kit import at
from upkeep_kit import CONFIG, DETECTIONS, HMI, LAPTOP, PLC, PLC2, alert, read, site, write

from gaugeglass.alerts.planned import merged
from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.upkeep import aftermath, maintenance
from gaugeglass.behaviour.upkeep.maintenance import Window, excused
from gaugeglass.config import ConfigError
from gaugeglass.detections.base import Detection, Finding

NEW_HMI = "10.0.0.11"
SETTLE = timedelta(minutes=20)


def window(start: int, end: int, *assets: str) -> Window:
    return Window(at(start), at(end), assets)


def text(start: int, end: int, rest: str = "") -> str:
    return f"{at(start).isoformat()}Z/{at(end).isoformat()}Z {rest}".strip()


def test_a_window_is_read_with_its_assets_and_its_note() -> None:
    found = maintenance.declared(
        {"maintenance": [text(60, 90, "10.0.0.5,AA:BB:CC:00:11:22 new HMI"), text(10, 20, "pumps"),
                         "2026-11-22T03:00+01:00/2026-11-22T04:00+01:00 fe80::1"]}
    )  # fmt: skip
    assert found == (
        Window(at(10), at(20), (), "pumps"),
        Window(at(60), at(90), ("10.0.0.5", "aa:bb:cc:00:11:22"), "new HMI"),
        Window(at(120), at(180), ("fe80::1",), ""),
    )
    assert maintenance.declared({}) == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("tomorrow", "START/END"), ("", "START/END"), ("a/b 10.0.0.5", "isoformat"),
        (text(90, 60), "ends before it begins"), (text(60, 60), "ends before it begins"),
        (text(60, 90, "10.0.0.5,pump"), "no addresses"),
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_read_names_the_remedy(wrong: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as told:
        maintenance.declared({"maintenance": [wrong]})
    assert "START/END [ASSET,ASSET...] [note]" in str(told.value)
    assert "behaviour.maintenance" in str(told.value)


def test_settling_takes_no_negative_time() -> None:
    assert maintenance.settling({"settle_minutes": 30}) == timedelta(minutes=30)
    with pytest.raises(ConfigError, match="0 or more"):
        maintenance.settling({"settle_minutes": -1})


def judged(*rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    db = site(*rows)
    learn(db, at(0), at(100), CONFIG).register(db)
    return db


def knows(db: duckdb.DuckDBPyConnection, client: str, server: str, operation: str) -> bool:
    sql = ("SELECT count(*) > 0 FROM known_operation"
           " WHERE client = ? AND server = ? AND operation = ?")  # fmt: skip
    row = db.execute(sql, [client, server, operation]).fetchone()
    assert row is not None
    return bool(row[0])


READ, WRITE = "read_holding_registers", "write_single_register"


def test_a_new_hmi_put_in_as_planned_is_known_from_then_on() -> None:
    rows = [read(m, NEW_HMI) for m in range(120, 240)]
    rows += [write(130, NEW_HMI), {**write(131, NEW_HMI), "operation": "stop", "action": "mode"}]
    db = judged(*rows)
    maintenance.admit(db, [window(110, 140, NEW_HMI)], at(100), at(240))
    assert knows(db, NEW_HMI, PLC, READ)
    assert knows(db, NEW_HMI, PLC, WRITE)
    assert not knows(db, NEW_HMI, PLC, "stop"), "maintenance for ever"
    assert not knows(db, NEW_HMI, PLC2, READ)


def test_a_stranger_in_the_window_is_no_part_of_the_plan() -> None:
    db = judged(write(120, LAPTOP), read(121, LAPTOP), write(122, HMI))
    maintenance.admit(db, [window(110, 140, PLC)], at(100), at(240))
    assert not knows(db, LAPTOP, PLC, WRITE)
    assert knows(db, HMI, PLC, WRITE)  # who was there before may deal with what is worked on
    row = db.execute("SELECT count(*) FROM known_asset WHERE address = ?", [LAPTOP]).fetchone()
    assert row == (0,)


def test_what_was_seen_before_or_after_is_not_planned() -> None:
    db = judged(write(105, HMI), write(120, HMI), read(120, HMI, PLC, object="coil:9"),
                read(150, HMI, PLC, object="coil:20"))  # fmt: skip
    facts = maintenance.planned(db, [window(110, 140, PLC)], at(100), at(240))
    assert "known_operation" not in facts
    assert [r[5] for r in facts["known_object"]] == ["coil:9"]
    assert maintenance.planned(db, [window(110, 140, PLC)], at(141), at(240)) == {}


def test_a_plan_for_the_whole_site_makes_everything_known() -> None:
    db = judged(write(120, HMI), read(121, NEW_HMI))
    maintenance.admit(db, [window(110, 140)], at(100), at(240))
    assert knows(db, HMI, PLC, WRITE)
    assert knows(db, NEW_HMI, PLC, READ)


def test_who_was_touched() -> None:
    other = "10.0.0.22"
    faster = [read(m, HMI, PLC2, count=300) for m in range(125, 240)]
    aside = [read(m, HMI, other) for m in range(240)]
    db = site(*faster, *aside)
    assert aftermath.touched(db, window(110, 140, HMI), SETTLE) == {HMI, PLC2}
    assert aftermath.touched(db, window(110, 140), SETTLE) == {HMI, PLC2}
    assert aftermath.touched(db, window(40, 60, other), SETTLE) == {other}
    assert aftermath.touched(db, window(40, 60), SETTLE) == frozenset()
    # new facts touch both ends, whatever the amounts
    assert aftermath.touched(
        site(write(50, HMI)), window(40, 60), SETTLE
    ) == {HMI, PLC}  # fmt: skip


def test_norms_are_learned_anew_once_it_has_settled() -> None:
    db = site(*(read(m, HMI, PLC2, count=300) for m in range(125, 240)))
    windows = [window(110, 140, HMI), window(300, 310, PLC)]
    spans = aftermath.renorm_spans(db, windows, at(100), at(240), SETTLE)
    assert spans == [(frozenset({HMI, PLC2}), at(140), at(160))]
    assert aftermath.renorm_spans(db, windows, at(100), at(159), SETTLE) == []
    (change,) = aftermath.changes(db, windows, at(100), at(150), SETTLE)
    assert (change.addresses, change.start, change.end) == ({HMI, PLC2}, at(110), at(140))
    assert aftermath.changes(db, windows, at(120), at(150), SETTLE) == ()


@pytest.mark.parametrize(
    ("first", "last", "client", "server", "planned"),
    [
        (115, 130, HMI, PLC, True), (115, 150, HMI, PLC, False), (100, 130, HMI, PLC, False),
        (115, 130, HMI, PLC2, False), (115, 130, LAPTOP, PLC, False), (115, 130, None, PLC, True),
        (115, 130, PLC, "10.0.0.255", True),
    ],
)  # fmt: skip
def test_an_alert_of_the_plan_is_a_matter_of_record(
    first: int, last: int, client: str | None, server: str, planned: bool
) -> None:
    db = site(write(115, LAPTOP))
    told = alert("flood", first, last, client=client, server=server)
    assert (excused(db, [window(110, 140, PLC)], told) is not None) == planned


def test_without_assets_the_whole_site_is_excused_inside_the_window_alone() -> None:
    db = site(write(115, LAPTOP))
    assert excused(db, [window(110, 140)], alert("flood", 115, 120, client=LAPTOP, server=PLC))
    assert not excused(db, [window(110, 140)], alert("flood", 150, 151, client=HMI, server=PLC))


def test_what_a_window_explains_is_one_record_that_names_the_worst() -> None:
    db = site()
    work = Window(at(100), at(130), (NEW_HMI, PLC), "new HMI")

    def found(name: str, first: int, client: str = NEW_HMI) -> tuple[Detection, Finding]:
        known = DETECTIONS[name]
        return known, Finding(
            (client, str(first)),
            f"{name} by {client}",
            at(first),
            at(first + 1),
            client=client,
            server=PLC,
            observed="seen",
            uids=(f"C{first}",),
        )

    inside = [found("new_asset", 101), found("write_by_new_client", 104), found("new_conduit", 102)]
    beside = [found("new_asset", 110, LAPTOP), found("write_by_new_client", 140)]
    made = merged(db, [work], [*inside, *beside])
    assert made[:2] == beside
    ((detection, record),) = made[2:]
    assert detection.name == "write_by_new_client"
    assert record.severity == "info"
    assert record.summary.startswith("Planned (new HMI): write_by_new_client")
    assert "2 more" in record.summary
    assert (record.first, record.last, record.count) == (at(101), at(105), 3)
    assert set(record.uids) == {"C101", "C102", "C104"}
    assert merged(db, [], inside) == inside
