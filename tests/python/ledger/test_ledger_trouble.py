"""When engine, disk or a process fails, the other logs are read and nothing counts twice."""

from __future__ import annotations

import errno
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import duckdb
import pytest
from logkit import conn, gz, jsonl, put, take, totals, tsv, whole_ledger

from gaugeglass.ledger import ingest
from gaugeglass.ledger.read import Reader
from gaugeglass.logs import cut


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for i in range(4):
        put(tmp_path / f"logs/{i}/conn.log", tsv(conn(10, start=1000.0 * i)))
    return tmp_path / "logs"


@pytest.mark.parametrize(
    "kind", [duckdb.InternalException, duckdb.FatalException, duckdb.OutOfMemoryException,
             ValueError, OSError]
)  # fmt: skip
def test_one_log_takes_no_other_with_it(tmp_path: Path, logs: Path, monkeypatch, kind) -> None:
    take([logs], tmp_path / "truth")
    real = Reader.read

    def read(self, job):
        if job.log.path.parent.name == "2":
            if kind in (duckdb.InternalException, duckdb.FatalException):
                self.con.close()  # as lost as it is then
            raise kind("x")
        return real(self, job)

    state = tmp_path / "state"
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", read)
        report = take([logs], state)
    assert totals(report) == (30, 30, 0, 0)
    assert [Path(a.file).parent.name for a in report.unread] == ["2"]
    assert totals(take([logs], state)) == (10, 10, 0, 0)
    assert whole_ledger(state) == whole_ledger(tmp_path / "truth")


def test_a_full_disk_ends_a_log_early_and_only_once(tmp_path: Path, monkeypatch) -> None:
    logs, state = tmp_path / "logs", tmp_path / "state"
    rows = conn(400)
    put(logs / "conn.log.gz", gz(tsv(rows[:200]) + tsv(rows[200:])))
    take([logs], tmp_path / "truth")
    real, calls = cut.Cutter._append, []

    def append(self, data):
        calls.append(data)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(cut.Cutter, "_append", append)
        report = take([logs], state)
    assert totals(report)[1] == 200
    assert report.accounts[0].remarks[-1] == "not read to its end: No space left on device"
    report = take([logs], state)
    assert totals(report) == (200, 200, 0, 0)
    assert whole_ledger(state) == whole_ledger(tmp_path / "truth")


def test_a_lost_process_is_told(tmp_path: Path, logs: Path) -> None:
    class Lost(Executor):
        def submit(self, *args, **kwargs):
            future: Future = Future()
            future.set_exception(BrokenExecutor("gone"))
            return future

    with pytest.raises(ingest.WorkerLost, match=r"ingest\.workers = 1"):
        take([logs], tmp_path / "state", executor=Lost())
    assert totals(take([logs], tmp_path / "state"))[1] == 40


def test_any_executor_will_do(tmp_path: Path, logs: Path) -> None:
    class Here(Executor):
        def submit(self, work, *args, **kwargs):
            future: Future = Future()
            future.set_result(work(*args, **kwargs))
            return future

    take([logs], tmp_path / "truth")
    take([logs], tmp_path / "state", executor=Here())
    assert whole_ledger(tmp_path / "state") == whole_ledger(tmp_path / "truth")


def test_excerpts_of_other_kinds_are_withheld(tmp_path: Path) -> None:
    """A row of http among others may hold a password: neither format quotes it."""
    mixed = jsonl(conn(2), "conn") + b'{"_path":"http","ts":1,"password":"hunter2"'
    under = tsv(conn(2)) + b"#separator \\x09\n#path\thttp\n#fields\tts\tpassword\n1\thunter2"
    for name, data in (("all.log", mixed), ("conn.log", under)):
        put(tmp_path / name / name, data)
        report = take([tmp_path / name], tmp_path / f"{name}.state")
        assert report.rejected == 1
        assert "hunter2" not in repr(report)


def test_no_engine_writes_its_progress_where_data_goes() -> None:
    """DuckDB shows progress to whoever has no main file, as neither a worker has nor ``-c``."""
    asked = "execute(\"SELECT current_setting('enable_progress_bar')\").fetchone()[0]"
    code = (
        "import duckdb, pathlib, tempfile\n"
        "from gaugeglass.ledger.store import connect\n"
        "from gaugeglass.ledger.worker import engine\n"
        "with tempfile.TemporaryDirectory() as name:\n"
        "    folder = pathlib.Path(name)\n"
        f"    ours = [engine(folder, 1, 100).{asked}, connect(folder).{asked}]\n"
        f"    print(duckdb.connect().{asked}, *ours)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "False", "False"]
