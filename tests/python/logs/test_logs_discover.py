"""Logs are found whatever the rotation scheme, once each, and what is passed over is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from logkit import put

from gaugeglass.logs.discover import find, parse_name


@pytest.mark.parametrize(
    ("name", "kind", "stamp", "compression"),
    [
        ("conn.log", "conn", "", ""),
        ("conn.log.gz", "conn", "", ".gz"),
        ("conn.10:00:00-11:00:00.log.gz", "conn", "10:00:00-11:00:00", ".gz"),
        ("conn.2026-11-22-10-00-00.log", "conn", "2026-11-22-10-00-00", ""),
        ("conn_20261122_10:00:00-11:00:00-0500.log.zst", "conn",
         "20261122_10:00:00-11:00:00-0500", ".zst"),
        ("conn-20261122.log", "conn", "20261122", ""),
        ("modbus_detailed.log", "modbus_detailed", "", ""),
        ("modbus_detailed.10:00:00-11:00:00.log", "modbus_detailed", "10:00:00-11:00:00", ""),
        ("s7comm_read_szl.log", "s7comm_read_szl", "", ""),
        ("c1222_summary.log", "c1222_summary", "", ""),
        ("eve.json", "eve", "", ""),
        ("eve.json.1", "eve", "1", ""),
        ("eve.json.2.gz", "eve", "2", ".gz"),
        ("eve.json-20261122.gz", "eve", "20261122", ".gz"),
        ("eve.json-20261122-1763805600.zst", "eve", "20261122-1763805600", ".zst"),
        ("eve-2026-11-22.json", "eve", "2026-11-22", ""),
        ("eve.3.json", "eve", "3", ""),
        ("all.ndjson", "all", "", ""),
    ],
)  # fmt: skip
def test_names(name: str, kind: str, stamp: str, compression: str) -> None:
    log = parse_name(Path("/logs", name), Path("/logs"))
    assert log is not None
    assert (log.kind, log.stamp, log.compression) == (kind, stamp, compression)


@pytest.mark.parametrize(
    "name",
    ["stdout.log", "stderr.log", "suricata.log", "fast.log", "conn-summary.log", ".state", "x.pcap",
     "conn.log.tmp", "README", "conn.log.swp", "eve.json.bak"],
)  # fmt: skip
def test_what_is_not_named_like_a_log(name: str) -> None:
    assert parse_name(Path("/logs", name), Path("/logs")) is None


def test_a_tree_is_searched_in_a_stable_order(tmp_path: Path) -> None:
    names = [
        "2026-11-22/conn.10:00:00-11:00:00.log.gz", "2026-11-22/dns.10:00:00-11:00:00.log.gz",
        "2026-11-23/conn.10:00:00-11:00:00.log.gz", "current/conn.log", "eve.json",
    ]  # fmt: skip
    for i, name in enumerate(reversed(names)):
        put(tmp_path / name, b"%d" % i)
    put(tmp_path / "notes.txt", b"x")
    found, skipped = find([tmp_path])
    assert [str(f.path.relative_to(tmp_path)) for f in found] == names
    assert skipped == [(tmp_path / "notes.txt", "not named like a log")]
    assert found[0].siblings == found[1].siblings
    assert len({f.siblings for f in found}) == 4


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    real = put(tmp_path / "logs" / "conn.log", b"x")
    (tmp_path / "logs" / "current").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "a.log").symlink_to(real)
    os.link(real, tmp_path / "logs" / "z.log")
    found, skipped = find([tmp_path, tmp_path / "logs", real])
    assert len(found) == 1
    assert skipped == []


def test_symlink_loops_and_dangling_links_end(tmp_path: Path) -> None:
    put(tmp_path / "a" / "conn.log", b"x")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "gone.log").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.log")
    found, _ = find([tmp_path])
    assert [f.path.name for f in found] == ["conn.log"]


def test_a_named_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = put(tmp_path / "export.txt.gz", b"x")
    found, _ = find([path])
    assert [(f.kind, f.compression) for f in found] == [("", ".gz")]


def test_what_cannot_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "open" / "conn.log", b"x")
    put(tmp_path / "closed" / "conn.log", b"x")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found, skipped = find([tmp_path, tmp_path / "missing"])
    assert [f.path.parent.name for f in found] == ["open"]
    assert skipped == [
        (tmp_path / "closed", "cannot be read: Permission denied"),
        (tmp_path / "missing", "no such file or folder"),
    ]


def test_a_name_that_is_no_text_is_told_not_tried(tmp_path: Path) -> None:
    put(tmp_path / "conn.log", b"x")
    (tmp_path / os.fsdecode(b"dns.\xff.log")).write_bytes(b"x")
    found, skipped = find([tmp_path])
    assert [f.path.name for f in found] == ["conn.log"]
    assert [(p.name, why) for p, why in skipped] == [("dns.\\xff.log", "its name is not UTF-8")]
