from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import at, ledger

from gaugeglass.behaviour.baseline import COLUMNS, Baseline, learn
from gaugeglass.behaviour.facts import create_macros, merge_ranges
from gaugeglass.behaviour.files import MisfitError

MACROS = duckdb.connect(config={"threads": 1})
create_macros(MACROS)

A, B = "10.0.0.1", "10.0.0.2"


def poll(minutes: Iterator[int] | range, **more: object) -> list[dict[str, object]]:
    return [{"minute": m, "client": A, "server": B, "unit": "1"} | more for m in minutes]


def known(rows: list[dict[str, object]], *objects: str | None) -> list[object]:
    db = ledger(rows)
    learn(db, at(0), at(100)).register(db)
    ask = f"object_known('{A}', '{B}', 'modbus', '1', 'read_holding_registers', ?)"
    return [db.execute(f"SELECT {ask}", [o]).fetchone()[0] for o in objects]


def test_ranges_that_touch_or_overlap_are_one() -> None:
    rows = [
        *poll(range(3), object="holding_register:100-104"),
        *poll(range(3), object="holding_register:105-109"),
        *poll(range(3), object="holding_register:108-112"),
        *poll(range(3), object="holding_register:200"),
    ]
    table = learn(ledger(rows), at(0), at(10)).tables["known_object"].to_pylist()
    assert [r["object"] for r in table] == ["holding_register:100-112", "holding_register:200"]
    assert known(
        rows, "holding_register:102-110", "holding_register:100", "holding_register:112-113",
        "holding_register:99-101", "holding_register:150", "coil:102", "holding_register:200-200",
    ) == [True, True, False, False, False, False, True]  # fmt: skip


def test_objects_that_are_no_ranges_match_as_they_stand() -> None:
    odd = "block:DB1/x", "reg:9-3", "reg:99999999999999999999", "", "a:b:7", "line\nbreak:4", "x:-1"
    rows = [row for o in odd for row in poll(range(1), object=o)]
    assert known(rows, *odd) == [True] * len(odd)
    assert known(rows, "block:DB1/y", "reg:3-9", "reg:5", "a:b:8", "line:4", "x:") == [False] * 6


def test_units_and_conduits_keep_their_own_objects() -> None:
    rows = [*poll(range(2), object="coil:1", unit=None), *poll(range(2), object="coil:2")]
    db = ledger(rows)
    learn(db, at(0), at(10)).register(db)
    ask = "SELECT object_known(?, ?, 'modbus', ?, 'read_holding_registers', ?)"
    for unit, obj, expected in ((None, "coil:1", True), ("1", "coil:1", False),
                                ("1", "coil:2", True), (None, "coil:2", False)):  # fmt: skip
        assert db.execute(ask, [A, B, unit, obj]).fetchone() == (expected,)
    assert db.execute(ask, [B, A, None, "coil:1"]).fetchone() == (False,)


def merged(learned: list[tuple[int, int]]) -> duckdb.DuckDBPyConnection:
    """A connection with known_object learned from these coil ranges (low, length - 1)."""
    db = duckdb.connect(config={"threads": 1})
    create_macros(db)
    rows = " UNION ALL ".join(
        f"SELECT 'a' AS client, 'b' AS server, 'modbus' AS service, '1' AS unit,"
        f" 'read' AS operation, 'coil:{low}-{low + n}' AS object"
        for low, n in learned
    )
    db.execute(f"CREATE TABLE known_object AS {merge_ranges(f'({rows})')}")
    create_macros(db, with_tables=True)
    return db


@settings(max_examples=25, deadline=None)
@given(
    learned=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=1, max_size=12),
    asked=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=1, max_size=12),
)
def test_containment_is_exactly_that_every_address_was_learned(
    learned: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    addresses = {a for low, n in learned for a in range(low, low + n + 1)}
    expected = [set(range(low, low + n + 1)) <= addresses for low, n in asked]
    found = merged(learned).execute(
        "SELECT object_known('a', 'b', 'modbus', '1', 'read', o) FROM unnest(?) t(o)",
        [[f"coil:{low}-{low + n}" for low, n in asked]],
    )
    assert [row[0] for row in found.fetchall()] == expected


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_object(text: str) -> None:
    space, low, high = MACROS.execute(
        "SELECT object_space(o), object_first(o), object_last(o) FROM (SELECT ?::VARCHAR AS o)",
        [text],
    ).fetchone()  # fmt: skip
    assert (low == high == -1 and space == text) or 0 <= low <= high


def test_facts_are_those_of_the_span() -> None:
    rows = [
        *poll(range(10), client_mac="02:00:00:00:00:01", count=3),
        *poll(range(5, 6), operation="write_single_coil", action="write", count=9),
        *poll(range(20, 21), server="10.9.9.9"),
    ]
    base = learn(ledger(rows), at(0), at(20).replace(tzinfo=UTC))
    tables = {n: t.to_pylist() for n, t in base.tables.items()}
    assert tables["known_asset"] == [
        {"address": A, "mac": "02:00:00:00:00:01"}, {"address": A, "mac": None},
        {"address": B, "mac": None},
    ]  # fmt: skip
    assert [r["server"] for r in tables["known_conduit"]] == [B]
    assert {(r["operation"], r["action"]) for r in tables["known_operation"]} == {
        ("read_holding_registers", "read"), ("write_single_coil", "write"),
    }  # fmt: skip
    assert [r["action"] for r in tables["known_action"]] == ["read", "write"]
    rates = {r["operation"]: r for r in tables["known_rate"]}
    assert rates["read_holding_registers"] | {} == {
        "client": A, "server": B, "service": "modbus", "operation": "read_holding_registers",
        "windows": 10, "mean": 3.0, "max": 3,
    }  # fmt: skip
    (seen,) = tables["known_poll"]
    assert (seen["windows"], seen["span_windows"], seen["max_gap_seconds"]) == (10, 10, 60)
    assert base.start == datetime(2026, 11, 22)  # noqa: DTZ001


def test_a_pause_of_the_sensor_is_no_pause_of_the_poll() -> None:
    other = [{"minute": m, "client": "10.0.0.7", "server": "10.0.0.8"} for m in range(30)]
    steady = [m for m in range(30) if not 10 <= m < 15]
    rows = [*poll(iter(steady)), *other]
    table = learn(ledger(rows), at(0), at(100)).tables["known_poll"].to_pylist()
    assert {r["client"]: r["max_gap_seconds"] for r in table} == {A: 6 * 60, "10.0.0.7": 60}
    # Without the other conduit nothing tells the pause from a sensor that was off.
    alone = learn(ledger(poll(iter(steady))), at(0), at(100)).tables["known_poll"].to_pylist()
    assert alone[0]["max_gap_seconds"] == 60


def test_nothing_learned_is_said() -> None:
    base = learn(ledger(), at(0), at(10))
    assert base.empty
    assert base.completeness[0].sentence() == "nothing was learned yet: every fact will be new"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    learn(ledger(poll(range(30), object="coil:1-9")), at(0), at(30)).save(tmp_path / "b")
    return tmp_path / "b"


def test_saved_and_loaded_is_the_same_to_the_byte(saved: Path, tmp_path: Path) -> None:
    base = Baseline.load(saved)
    assert (base.start, base.until, base.window_seconds) == (at(0), at(30), 60)
    base.save(tmp_path / "again")
    for file in sorted(saved.iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name
    base.save(saved)  # over itself
    assert Baseline.load(saved).tables["known_object"].equals(base.tables["known_object"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again", "b"]


def test_register_replaces_what_was_there(saved: Path) -> None:
    db = ledger()
    for _ in range(2):
        Baseline.load(saved).register(db)
    for name in COLUMNS:
        found = db.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        assert found == (Baseline.load(saved).tables[name].num_rows,)


def test_load_refuses_what_does_not_fit(saved: Path) -> None:
    with pytest.raises(MisfitError, match=r"window_seconds is 60, needed is 300; learn again"):
        Baseline.load(saved, window_seconds=300)
    manifest = saved / "manifest.json"
    whole = manifest.read_text()
    for key in ("version", "schema", "kind"):
        manifest.write_text(json.dumps(json.loads(whole) | {key: "other"}))
        with pytest.raises(MisfitError, match=f"manifest.json: {key} is 'other'"):
            Baseline.load(saved)
    manifest.write_text(json.dumps(json.loads(whole) | {"start": "yesterday"}))
    with pytest.raises(MisfitError, match="span"):
        Baseline.load(saved)
    for broken in ("", "[]", "{", "\x00", '{"files": 3}'):
        manifest.write_text(broken)
        with pytest.raises(MisfitError, match="manifest"):
            Baseline.load(saved)
    manifest.unlink()
    with pytest.raises(MisfitError, match=r"manifest.json: does not exist; learn first"):
        Baseline.load(saved)


def test_load_refuses_damaged_files(saved: Path) -> None:
    file = saved / "known_object.parquet"
    data = file.read_bytes()
    file.write_bytes(data[:20] + bytes([data[20] ^ 1]) + data[21:])
    with pytest.raises(MisfitError, match=r"known_object.parquet: .*hash differs.*learn again"):
        Baseline.load(saved)
    pq.write_table(pq.read_table(saved / "known_rate.parquet"), file)
    with pytest.raises(MisfitError, match=r"known_object.parquet"):
        Baseline.load(saved)
    file.unlink()
    with pytest.raises(MisfitError, match=r"known_object.parquet: cannot be read"):
        Baseline.load(saved)
