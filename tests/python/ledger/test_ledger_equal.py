"""The same rows give the same ledger, whatever form they lie in and however the work is cut."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logkit import (
    CONN,
    DETAILED,
    MODBUS,
    Bench,
    conn,
    detailed,
    events,
    examples,
    gz,
    jsonl,
    modbus,
    put,
    take,
    totals,
    tsv,
    whole_ledger,
)

from gaugeglass.ledger import ingest, parts, read, worker
from gaugeglass.ledger.store import connect
from gaugeglass.ledger.worker import engine
from gaugeglass.protocols import ports


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory):
    bench = Bench(tmp_path_factory.mktemp("bench"))
    yield bench
    bench.close()


KINDS = {
    "conn": (conn(60), CONN),
    "modbus": (modbus(30), MODBUS),
    "modbus_detailed": (detailed(60), DETAILED),
}


@pytest.mark.parametrize("kind", KINDS)
def test_tsv_and_json_are_equal(bench: Bench, kind: str) -> None:
    rows, fields = KINDS[kind]
    one = bench.bytes(tsv(rows, kind, fields), f"{kind}.log")
    for form in "epoch", "iso":
        assert bench.bytes(jsonl(rows, form=form), f"{kind}.log", kind).tables == one.tables
        assert bench.bytes(jsonl(rows, kind, form), "any.log").tables == one.tables


@pytest.mark.parametrize("data", [tsv(KINDS[k][0], k, KINDS[k][1]) for k in KINDS]
                         + [jsonl(events(30)), jsonl(conn(30), "conn") + jsonl(modbus(15), "modbus")
                            + jsonl(detailed(30), "modbus_detailed")])  # fmt: skip
@pytest.mark.parametrize("size", [1, 1500])
def test_cut_into_segments_or_whole(bench: Bench, data: bytes, size: int) -> None:
    """Sums and gap measures alike: a cut neither loses nor invents a gap."""
    if size == 1:
        data = data[:1500].rsplit(b"\n", 1)[0] + b"\n"
    whole = bench.bytes(data, "x.log")
    cut = bench.bytes(data, "x.log", segment_bytes=size)
    assert cut.tables == whole.tables
    assert cut.read == whole.read
    gaps = [r["gap_count"] for r in whole.activity if r["gap_count"]]
    assert gaps or size == 1 or b"modbus_detailed" not in data


@pytest.mark.parametrize("data", [tsv(conn(90)), tsv(conn(90), close=True), jsonl(conn(90))])
@pytest.mark.parametrize("how", [{}, {"segment_bytes": 900}, {"slice_bytes": 900},
                                 {"slice_bytes": 400}, {"slice_bytes": 1 << 20}])  # fmt: skip
@pytest.mark.parametrize("straight", [True, False])
def test_held_or_written_straight(bench: Bench, data: bytes, how, straight: bool) -> None:
    whole = bench.bytes(data, "conn.log", "conn")
    got = bench.bytes(data, "conn.log", "conn", straight=straight, **how)
    assert got.tables == whole.tables
    assert (got.read, got.used, got.remarks) == (90, 90, [])


def test_a_large_log_goes_straight_into_its_part(tmp_path: Path, monkeypatch) -> None:
    path = put(tmp_path / "logs/conn.log", tsv(conn(600)))
    held = take([path], tmp_path / "held")
    monkeypatch.setattr(worker, "LARGE", 0)
    for name in "SORT_ROWS", "GROUP_ROWS":
        monkeypatch.setattr(parts, name, 10)
    straight = take([path], tmp_path / "straight")
    assert totals(straight) == totals(held)
    assert whole_ledger(tmp_path / "straight") == whole_ledger(tmp_path / "held")
    assert not [*(tmp_path / "held/ledger").glob("*straight*")]
    [part] = (tmp_path / "straight/ledger").iterdir()
    assert "straight" in part.name
    [row] = connect(tmp_path / "straight").execute(
        "SELECT count(*), count(*) FILTER (uid_max >= uid_min) FROM activity"
    ).fetchall()  # fmt: skip
    assert row == (600, 600)


@pytest.mark.parametrize(("data", "times"), [(tsv(conn(90)), 1), (jsonl(conn(90)), 3)])
def test_json_is_sliced_where_it_has_as_many_rows_as_tsv(
    bench: Bench, monkeypatch, data: bytes, times: int
) -> None:
    sliced = []

    class Told(read.Slices):
        def __init__(self, whole, size, scratch, slice_bytes) -> None:
            sliced.append((size, slice_bytes))
            super().__init__(whole, size, scratch, slice_bytes)

    monkeypatch.setattr(read, "Slices", Told)
    data = data[:-1] + b" " * (-len(data) % times) + b"\n"
    limit = len(data) // times
    whole = bench.bytes(data, "conn.log", "conn", slice_bytes=900, whole_bytes=limit)
    assert not sliced
    cut = bench.bytes(data, "conn.log", "conn", slice_bytes=900, whole_bytes=limit - 1)
    assert sliced == [(len(data), 900)]
    assert cut.tables == whole.tables


_HALF = tsv(conn(60)).split(b"\n")[50:-1]


@pytest.mark.parametrize("inside", [
    tsv([])[:-1], _HALF[0].replace(b"tcp", b"\xff"), _HALF[0] + b"\r", b"x\ty", _HALF[0][:-9]
])  # fmt: skip
@pytest.mark.parametrize("how", [{}, {"segment_bytes": 900}, {"slice_bytes": 900}])
def test_written_straight_and_taken_back(bench: Bench, inside: bytes, how) -> None:
    """What stands after many good rows and needs another way in leaves nothing counted twice."""
    lines = tsv(conn(60)).split(b"\n")
    data = b"\n".join([*lines[:50], inside, *lines[50:]])
    held = bench.bytes(data, "conn.log")
    got = bench.bytes(data, "conn.log", straight=True, **how)
    assert got.tables == held.tables
    assert (got.read, got.used, got.rejects) == (held.read, held.used, held.rejects)
    assert got.used >= 60


@given(seed=st.integers(0, 1 << 30), kind=st.sampled_from(["conn", "modbus_detailed"]))
@examples(6)
def test_the_order_of_rows_does_not_matter(bench: Bench, seed: int, kind: str) -> None:
    rows, fields = KINDS[kind]
    shuffled = random.Random(seed).sample(rows, len(rows))
    got = bench.bytes(tsv(shuffled, kind, fields), "x.log")
    assert got.tables == bench.bytes(tsv(rows, kind, fields), "x.log").tables


def test_the_number_of_workers_does_not_matter(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(ingest, "BATCH_FILES", 2)
    monkeypatch.setattr(ingest, "LARGE", 40_000)
    logs = tmp_path / "logs"
    put(logs / "conn.log", tsv(conn(600)))  # alone, with all cores
    for i in range(4):
        put(logs / f"old/conn.{i}.log.gz", gz(tsv(conn(50, start=-3600.0 * (i + 1)))))
    put(logs / "eve.json", jsonl(events(60)))
    put(logs / "modbus_detailed.log", tsv(detailed(90), "modbus_detailed", DETAILED))
    reports = [take([logs], tmp_path / f"state{n}", workers=n) for n in (1, 2)]
    assert totals(reports[0]) == totals(reports[1])
    assert [a.file for a in reports[0].accounts] == [a.file for a in reports[1].accounts]
    assert whole_ledger(tmp_path / "state1") == whole_ledger(tmp_path / "state2")


def test_threads_do_not_matter_and_lines_are_right(tmp_path: Path, bench: Bench) -> None:
    """A log of several read buffers, read by several threads at once, with faults far inside."""
    one = tsv(conn(2000, step=0.01)).split(b"#types")[1].split(b"\n", 1)[1]
    lines = (one * 75).split(b"\n")[:-1]
    assert sum(map(len, lines)) > 12 << 20
    bad = {7: b"bad", 40_000: b"x\ty", 90_001: lines[3].replace(b"C0000", b"C\t"), 140_000: b""}
    for at, text in bad.items():
        lines[at] = text
    path = put(tmp_path / "conn.log", tsv([]) + b"\n".join(lines) + b"\n#close\tx\n")
    single = bench.read(path, "conn")
    bench.con.close()
    bench.con = engine(bench.scratch, 4, 512)
    for statement in ports.SETUP:
        bench.con.execute(statement)
    several = bench.read(path, "conn")
    assert single.read == 75 * 2000 - 1  # an empty line is no row
    assert [r.line for r in single.rejects] == [at + 9 for at in (7, 40_000, 90_001)]
    assert several.tables == single.tables
    assert several.rejects == single.rejects
