"""However a log grows, is rotated, compressed, copied or truncated between runs: every row counts
once."""

from __future__ import annotations

from pathlib import Path

import pytest
from logkit import (
    CONN,
    DETAILED,
    MODBUS,
    UNKNOWN,
    conn,
    detailed,
    events,
    gz,
    header,
    jsonl,
    ledger,
    modbus,
    put,
    take,
    totals,
    tsv,
    unknown,
    whole_ledger,
    zst,
)

from gaugeglass.ledger import ingest as engine
from gaugeglass.ledger import plan
from gaugeglass.ledger.manifest import StateError


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def fresh(tmp_path: Path, files: dict[str, bytes], name: str = "fresh", **how):
    """What one uninterrupted ingest of ``files`` gives."""
    for path, data in files.items():
        put(tmp_path / name / "logs" / path, data)
    take([tmp_path / name / "logs"], tmp_path / name / "state", **how)
    return whole_ledger(tmp_path / name / "state")


def test_ingesting_twice_adds_nothing(tmp_path: Path, logs: Path, state: Path) -> None:
    put(logs / "conn.log", tsv(conn(50)))
    put(logs / "2026-11-22/conn.09:00:00-10:00:00.log.gz", gz(tsv(conn(20, start=-3600))))
    put(logs / "eve.json", jsonl(events(12)))
    first = take([logs], state)
    assert totals(first)[0] == 82
    before = whole_ledger(state)
    again = take([logs], state)
    assert (again.accounts, again.unchanged) == ([], 3)
    assert whole_ledger(state) == before
    moved = take([logs / "conn.log"], state)  # by another way
    assert (moved.accounts, moved.unchanged) == ([], 1)


@pytest.mark.parametrize("data", [tsv(conn(60)), jsonl(conn(60)),
                                  tsv(detailed(60), "modbus_detailed", DETAILED),
                                  jsonl(conn(30), "conn") + jsonl(detailed(30), "modbus_detailed"),
                                  jsonl(events(60))])  # fmt: skip
def test_a_growing_log_is_read_on_where_it_was_left(
    tmp_path: Path, logs: Path, state: Path, data: bytes
) -> None:
    name = "eve.json" if b"event_type" in data else "conn.log"
    expected = fresh(tmp_path, {name: data})
    path, rows, cut_off = logs / name, 0, 0
    for share in (0.0005, 0.02, 0.3, 0.301, 0.5, 0.77, 1.0):
        put(path, data[: int(len(data) * share)])
        report = take([logs], state)
        rows += totals(report)[0]
        cut_off += report.rejected
    assert rows - cut_off == 60
    assert whole_ledger(state) == expected


def test_line_numbers_go_on_where_the_log_was_left(logs: Path, state: Path) -> None:
    data = tsv(conn(20))
    put(logs / "conn.log", data)  # read in place: nobody counted its lines
    take([logs], state)
    put(logs / "conn.log", data + b"bad\n" + data.split(b"\n")[9] + b"\n")
    report = take([logs], state)
    assert [(s.line, s.reason[:9]) for s in report.accounts[0].samples] == [(29, "1 columns")]
    put(logs / "conn.log", data + b"bad\n" + data.split(b"\n")[9] + b"\nworse\n")
    report = take([logs], state)
    assert [s.line for s in report.accounts[0].samples] == [31]
    whole = jsonl(conn(5))
    put(logs / "x.log", whole[:-1])  # a whole object without its line's end
    take([logs], state)
    put(logs / "x.log", whole + b"bad\n")
    report = take([logs], state)
    assert [s.line for s in report.accounts[0].samples] == [6]


@pytest.mark.parametrize("pack", [gz, zst])
def test_rotation_between_runs(tmp_path: Path, logs: Path, state: Path, pack) -> None:
    """``current/conn.log`` was read in part; then it grew, was renamed and compressed."""
    old, new = tsv(conn(40), close=True), tsv(conn(15, start=3600))
    end = {gz: "gz", zst: "zst"}[pack]
    rotated = f"2026-11-22/conn.10:00:00-11:00:00.log.{end}"
    expected = fresh(tmp_path, {rotated: pack(old), "current/conn.log": new})
    put(logs / "current/conn.log", old[:2000])
    take([logs], state)
    (logs / "current/conn.log").unlink()
    put(logs / rotated, pack(old))
    put(logs / "current/conn.log", new)
    report = take([logs], state)
    assert report.rejected == 0
    assert whole_ledger(state) == expected
    assert take([logs], state).unchanged == 2


def test_rename_keeps_a_log_known(tmp_path: Path, logs: Path, state: Path) -> None:
    """logrotate's numbers: every file changes its name at once."""
    logs_by_age = [jsonl(events(9)), jsonl(events(21)[9:]), jsonl(events(33)[21:])]
    expected = fresh(tmp_path, {f"eve.json.{i}": d for i, d in enumerate(logs_by_age)})
    put(logs / "eve.json", logs_by_age[0])
    take([logs], state)
    put(logs / "eve.json.1", logs_by_age[0])
    put(logs / "eve.json", logs_by_age[1][:-20])
    take([logs], state)
    put(logs / "eve.json.2.gz", gz(logs_by_age[0]))
    put(logs / "eve.json.1", logs_by_age[1])
    put(logs / "eve.json", logs_by_age[2])
    take([logs], state)
    assert whole_ledger(state) == expected


def test_copytruncate(tmp_path: Path, logs: Path, state: Path) -> None:
    """The log is copied and truncated in place: same inode, other content."""
    old, new = jsonl(events(30)), jsonl(events(60)[30:])
    expected = fresh(tmp_path, {"eve.json.1": old, "eve.json": new})
    path = put(logs / "eve.json", old[: len(old) // 2])
    take([logs], state)
    put(logs / "eve.json.1", old)
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(new)
    take([logs], state)
    assert whole_ledger(state) == expected
    with path.open("r+b") as file:  # truncated, and nothing written yet
        file.truncate(0)
    report = take([logs], state)
    assert totals(report)[0] == 0
    assert whole_ledger(state) == expected


def test_a_log_read_while_it_is_being_compressed(logs: Path, state: Path, tmp_path: Path) -> None:
    data = tsv(conn(2000))
    packed = gz(data)
    path = put(logs / "conn.log.gz", packed[: len(packed) // 2])
    report = take([logs], state)
    assert report.accounts[0].remarks == ["gzip data is cut off"]
    assert take([logs], state).accounts == []  # nothing new, nothing said twice
    put(path, packed)
    take([logs], state)
    assert whole_ledger(state) == fresh(tmp_path, {"conn.log.gz": packed})


def test_logs_whose_headers_are_alike_are_not_one_log(tmp_path: Path) -> None:
    """Sensors that rotate in the same second write the same header, some longer than a KiB."""
    wide = {**CONN, **{f"site_column_with_a_long_name_{i}": "string" for i in range(60)}}
    assert len(header("conn", wide)) > 2048
    logs = {f"sensor{i}": conn(10, start=i * 600) for i in range(3)}
    for fields in (CONN, wide):
        folder = tmp_path / str(len(fields))
        for name, rows in logs.items():
            put(folder / name / "conn.log", tsv(rows, fields=fields))
        report = take([folder / name for name in logs], folder / "state")
        assert totals(report)[1] == 30
        sensors = {r["sensor"] for r in ledger(folder / "state")}
        assert sensors == set(logs)


def test_headers_alone_that_grow_apart(tmp_path: Path, state: Path) -> None:
    """Three logs that were opened in the same second and had no row yet."""
    folders = [tmp_path / f"s{i}" for i in range(3)]
    for folder in folders:
        put(folder / "conn.log", header("conn", CONN))
    take(folders, state)
    rows = [conn(6 + i, start=1000.0 * i) for i in range(3)]
    for folder, some in zip(folders, rows, strict=True):
        put(folder / "conn.log", tsv(some[:3]))
    assert totals(take(folders, state))[1] == 9
    for folder, some in zip(folders, rows, strict=True):
        put(folder / "conn.log", tsv(some))
    assert totals(take(folders, state))[1] == 12
    assert sum(r["count"] for r in ledger(state)) == 21


def test_tiny_logs_that_grow_stay_the_same_log(tmp_path: Path, logs: Path, state: Path) -> None:
    rows = conn(30)
    for n in (1, 2, 3, 10, 30):
        put(logs / "conn.log", jsonl(rows[:n]))
        take([logs], state)
    assert sum(r["count"] for r in ledger(state)) == 30


def test_copies_count_once(tmp_path: Path, logs: Path, state: Path) -> None:
    data = tsv(conn(40))
    put(logs / "a/conn.log", data)
    put(logs / "b/conn.log.gz", gz(data))
    put(logs / "c/conn.log", data[:2500])  # an older copy
    report = take([logs], state)
    assert totals(report)[1] == 40
    assert report.unchanged == 2
    for _ in range(2):
        assert totals(take([logs], state))[0] == 0
    put(logs / "c/conn.log", data + tsv(conn(50)[40:]).split(b"#types")[1].split(b"\n", 1)[1])
    assert totals(take([logs], state))[1] == 10


def test_a_shorter_copy_first_loses_nothing(logs: Path, state: Path) -> None:
    data = tsv(conn(40))
    put(logs / "a/conn.log", data[:2500])
    put(logs / "b/conn.log", data)
    for _ in range(3):
        take([logs], state)
    assert sum(r["count"] for r in ledger(state)) == 40


def test_second_headers_and_kinds_across_runs(tmp_path: Path, logs: Path, state: Path) -> None:
    parts = [
        tsv(conn(10), close=True), tsv(detailed(10), "modbus_detailed", DETAILED),
        tsv(unknown(4), "frobnicate", UNKNOWN),
        tsv(conn(10, start=500), fields=dict(reversed(CONN.items()))),
    ]  # fmt: skip
    whole = b"".join(parts)
    expected = fresh(tmp_path, {"x.log": whole})
    for size in range(700, len(whole) + 700, 700):
        put(logs / "x.log", whole[:size])
        take([logs], state)
    assert whole_ledger(state) == expected


def test_a_path_with_wildcards_is_that_file_alone(tmp_path: Path, state: Path) -> None:
    logs = tmp_path / "plant[1]*?"
    put(logs / "conn.log", tsv(conn(10)))
    put(tmp_path / "plant1ab" / "conn.log", tsv(conn(10, start=999)))
    put(tmp_path / "day=1" / "ts=5" / "uid=7" / "conn.log", tsv(conn(10, start=5000)))
    assert totals(take([logs], state))[1] == 10
    assert {r["uid_min"] for r in ledger(state)} <= {r["uid"] for r in conn(10)}
    assert totals(take([tmp_path / "day=1"], state))[1] == 10
    assert all(r["first"].year == 2026 for r in ledger(state))


def test_an_unreadable_file_is_told_and_the_rest_goes_on(
    logs: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(logs / "conn.log", tsv(conn(10)))
    put(logs / "dns.log", tsv(conn(10)))
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.name == "dns.log":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    report = take([logs], state)
    assert {Path(a.file).name: a.remarks for a in report.accounts} == {
        "conn.log": [], "dns.log": ["cannot be read: Permission denied"],
    }  # fmt: skip


def test_a_file_that_vanishes_after_planning(
    logs: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(logs / "conn.log", tsv(conn(10)))
    gone = put(logs / "dns.log.gz", gz(tsv(conn(10, start=50))))
    real = plan.plan

    def then_remove(*args, **kwargs):
        found = real(*args, **kwargs)
        gone.unlink()
        return found

    monkeypatch.setattr(engine, "plan", then_remove)
    report = take([logs], state)
    assert totals(report)[1] == 10
    assert any("No such file" in r for a in report.accounts for r in a.remarks)
    put(gone, gz(tsv(conn(10, start=50))))
    monkeypatch.setattr(engine, "plan", real)
    assert totals(take([logs], state))[1] == 10


def test_one_ingest_at_a_time(logs: Path, state: Path) -> None:
    put(logs / "conn.log", tsv(conn(3)))
    take([logs], state)
    with engine._alone(state), pytest.raises(StateError, match="another ingest"):
        take([logs], state)
    take([logs], state)


def test_a_suricata_counter_table_is_no_broken_log(logs: Path, state: Path) -> None:
    put(logs / "stats.log", b"-----------\nDate: 11/22/2026\n")
    report = take([logs], state)
    assert report.accounts == []
    assert report.passed_over == [(logs / "stats.log", "Suricata's counters as text")]


def test_requests_answered_after_a_run_ended(tmp_path: Path, logs: Path, state: Path) -> None:
    """What a run cannot know it does not guess: such a request's outcome is unknown, and its reply
    stands for itself. Both are counted; nothing else differs."""
    data = tsv(modbus(12), "modbus", MODBUS)
    expected = fresh(tmp_path, {"modbus.log": data})["activity"]
    lines = data.split(b"\n")
    path = put(logs / "modbus.log", b"\n".join(lines[:12]) + b"\n")  # between request and reply
    take([logs], state)
    put(path, data)
    report = take([logs], state)
    assert totals(report)[3] == 0
    extra = sum(r["count"] for r in ledger(state)) - sum(r["count"] for r in expected)
    assert extra in (0, 1)
