"""The live link against a real Zeek that has no interface: push, status and tail."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from zeekkit import SCRIPTS

pytest.importorskip("zeekpy", reason="zeekpy is not installed")

from gaugeglass.cli import sensor as commands
from gaugeglass.cli.main import cli
from gaugeglass.response.allowlist import Entry
from gaugeglass.sensor import ask, link
from gaugeglass.sensor.tail import tail

#: A malformed PDU, and a notice that quotes bytes of the network, every half second.
FIRE = r"""
event fire()
    {
    NOTICE(Notice::Info($note=OTDetect::Change_Not_Allowed, $msg="by \xff\x00",
        $identifier=cat(current_time()), $ts=double_to_time(1795305600.0),
        $ot_techniques=vector("T0836")));
    NOTICE(Notice::Info($note=Weird::Activity, $msg="not ours", $identifier="x"));
    event analyzer_violation_info(Analyzer::ANALYZER_MODBUS,
        AnalyzerViolationInfo($reason="odd", $aid=1));
    schedule 0.5sec { fire() };
    }

event zeek_init()
    {
    event fire();
    }
"""


@pytest.fixture(scope="module")
def sensor(zeek: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[link.Address]:
    """Where a Zeek without interface listens."""
    folder = tmp_path_factory.mktemp("sensor")
    (folder / "fire.zeek").write_text(FIRE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [zeek, SCRIPTS / "link.zeek", folder / "fire.zeek", "exit_only_after_terminate=T",
         f"OTLink::listen_port={port}/tcp", "OTDetect::enforce_allowlist=T"],
        cwd=folder,
    )  # fmt: skip
    to = link.Address("127.0.0.1", port, timeout=30.0)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert running.poll() is None, "Zeek ended"
                assert time.monotonic() < until, "Zeek does not listen"
                time.sleep(0.2)
        yield to
    finally:
        running.terminate()
        running.wait(60)


def entries(n: int) -> list[Entry]:
    return [Entry(f"10.0.{i // 256}.{i % 256}", "10.1.0.1", "modbus", "write") for i in range(n)]


@pytest.mark.zeek
def test_what_is_pushed_replaces_what_was(sensor: link.Address) -> None:
    for n in (300, 2, 5000, 0):
        assert ask.push(sensor, entries(n)) == [ask.Taken("zeek", 1, n, n, True)]
        assert ask.status(sensor)[0].allowlist == n


@pytest.mark.zeek
def test_commands(sensor: link.Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "approved", lambda app: entries(3))
    where = ["--sensor", str(sensor), "--timeout", "30"]
    pushed = CliRunner().invoke(cli, ["sensor", "push", *where])
    assert pushed.exit_code == 0, pushed.output
    assert "zeek took 3 entries; 3 in force" in pushed.stderr
    asked = CliRunner().invoke(cli, ["sensor", "status", *where, "--format", "jsonl"])
    told = json.loads(asked.stdout)
    assert (told["allowlist"], told["enforced"], told["packets_received"]) == (3, True, 0)
    assert told["violations"]["modbus"] >= 1
    assert told["uptime"] > 0


@pytest.mark.zeek
def test_only_ot_notices_are_told(sensor: link.Address) -> None:
    found: list[dict[str, object]] = []
    tail(sensor, found.append, pytest.fail, count=2)
    assert {one["note"] for one in found} == {"OTDetect::Change_Not_Allowed"}
    assert found[0]["msg"] == r"by \xff\x00"
    assert found[0]["techniques"] == ["T0836"]
    assert str(found[0]["ts"]) == "2026-11-22 00:00:00+00:00"
