from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alerts.alertkit import alert

from gaugeglass.alerts import store
from gaugeglass.formats.render import FORMATS, header, render
from gaugeglass.sinks import Context, deliver, open_sink

CONTEXT = Context("north")
ALERTS = [alert(key=(str(i),), minute=i, summary="a\nb\u2028=x") for i in range(5)]


def put(path: Path, alerts=ALERTS, fmt: str = "ecs"):
    sink = open_sink(f"file:{path}?format={fmt}")
    try:
        return sink.send(alerts, CONTEXT)
    finally:
        sink.close()


def whole(fmt: str, alerts=ALERTS) -> str:
    lines = [header(fmt)] if header(fmt) else []
    return "".join(f"{x}\n" for x in [*lines, *(render(a, fmt, {}, "north") for a in alerts)])


@pytest.mark.parametrize("fmt", FORMATS)
def test_one_line_per_alert(tmp_path, fmt: str) -> None:
    path = tmp_path / "alerts"
    assert put(path, fmt=fmt).sent == tuple(a.id for a in ALERTS)
    assert path.read_text() == whole(fmt)
    assert path.stat().st_mode & 0o007 == 0
    put(path, [alert(key=("new",))], fmt)
    assert path.read_text().count("\n") == whole(fmt).count("\n") + 1


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_crash_at_any_byte_is_mended_and_nothing_is_repeated(tmp_path, fmt: str) -> None:
    path, text = tmp_path / "alerts", whole(fmt).encode()
    for cut in [*range(0, len(text), 397), len(text) - 1, len(text)]:
        path.write_bytes(text[:cut])
        assert len(put(path, fmt=fmt).sent) == 5
        assert path.read_bytes() == text, cut


def test_a_torn_line_of_an_alert_that_changed_since_leaves_no_broken_json(tmp_path) -> None:
    path = tmp_path / "alerts"
    line = whole("ecs", ALERTS[:1]).encode()
    path.write_bytes(line + line[:300])
    put(path, [alert(key=("0",), minute=0, count=9)])
    assert [json.loads(x)["gaugeglass"]["count"] for x in path.read_text().splitlines()] == [1, 9]
    for fmt in ("csv", "ecs"):
        ended = whole(fmt, ALERTS[:1]).rstrip("\n")  # whole, only its newline is missing
        path.write_text(ended)
        put(path, ALERTS[1:2], fmt)
        assert path.read_text().startswith(ended + "\n")
    path.write_text(whole("csv", ALERTS[:1])[:-20])
    put(path, ALERTS[1:2], "csv")
    rows = list(csv.reader(path.read_text().splitlines(), strict=True))
    assert {len(r) for r in rows} == {len(rows[0])}


def test_another_s_last_line_is_kept(tmp_path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine, without a newline")
    put(path)
    assert path.read_text() == "mine, without a newline\n" + whole("ecs")


def test_a_rotated_file_is_opened_anew(tmp_path) -> None:
    path = tmp_path / "alerts"
    sink = open_sink(f"file:{path}")
    sink.send(ALERTS[:1], CONTEXT)
    path.rename(tmp_path / "alerts.1")
    sink.send(ALERTS[1:2], CONTEXT)
    sink.close()
    assert path.read_text() == whole("ecs", ALERTS[1:2])
    assert (tmp_path / "alerts.1").read_text() == whole("ecs", ALERTS[:1])


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch) -> None:
    path = tmp_path / "alerts"
    put(path, ALERTS[:1])
    before = path.read_bytes()
    sink = open_sink(f"file:{path}")
    real, calls = os.write, []

    def write(fd: int, data: bytes) -> int:
        calls.append(1)
        if len(calls) == 1:
            return real(fd, bytes(data)[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", write)
    got = sink.send(ALERTS, CONTEXT)
    monkeypatch.undo()
    assert got.sent == ()
    assert got.failed == tuple(a.id for a in ALERTS)
    assert "No space left on device; free space" in (got.error or "")
    assert path.read_bytes() == before
    assert sink.send(ALERTS, CONTEXT).failed == ()
    sink.close()
    assert path.read_text() == whole("ecs")


def test_a_pipe_is_written_to_without_ado(tmp_path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert put(path, ALERTS[:1]).failed == ()
    assert json.loads(os.read(reader, 65536))["event"]["id"] == ALERTS[0].id
    os.close(reader)


KILLED = """
import os, signal, sqlite3, sys
sys.path.insert(0, sys.argv[2])
from gaugeglass.sinks import Context, deliver, open_sink
db = sqlite3.connect(sys.argv[1])
sink = open_sink("file:" + sys.argv[3])
left = int(sys.argv[4])
def commit():
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    db.commit()
deliver(db, sink, Context("north"), batch=2, after_batch=commit)
db.commit()
"""


def test_killed_between_write_and_commit_every_alert_is_there_once(tmp_path) -> None:
    manifest, path = tmp_path / "manifest.db", tmp_path / "alerts"
    db = sqlite3.connect(manifest)
    store.upsert(db, ALERTS)
    db.commit()
    here = str(Path(__file__).parents[1])
    run = [sys.executable, "-c", KILLED, str(manifest), here, str(path), "1"]
    assert subprocess.run(run, check=False).returncode == -signal.SIGKILL
    assert len(path.read_text().splitlines()) == 4  # two batches written, one committed
    assert len(store.pending(db, f"file:{path}")) == 3
    sink = open_sink(f"file:{path}")
    assert len(deliver(db, sink, CONTEXT).sent) == 3
    sink.close()
    assert path.read_text() == whole("ecs")
