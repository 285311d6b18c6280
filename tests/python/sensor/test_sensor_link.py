"""The link to a sensor: what is sent, what comes back, and what is said when it doesn't."""

from __future__ import annotations

import builtins
import json
import socket
from typing import Any

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("zeekpy")

from fakesensor import Fake, event, running
from websockets.sync.server import ServerConnection

from gaugeglass.cli import sensor as commands
from gaugeglass.cli.main import cli
from gaugeglass.response.allowlist import Entry
from gaugeglass.sensor import ask, link
from gaugeglass.sensor.tail import FIELDS, tail

ENTRIES = [Entry("10.0.0.1", "10.0.0.9", "modbus", "write_single_register"),
           Entry("10.0.0.2", "10.0.0.9", "s7comm", "plc_stop")]  # fmt: skip
NOTICE = [1795305600.5, "worker-1", "OTDetect::Forced", "forced", None, "a|b", None, "10.0.0.1",
          "10.0.0.9", ["T0836"]]  # fmt: skip


def health(node: str = "zeek", nodes: int = 1) -> list[Any]:
    return [node, nodes, "8.0.10", 61.5, 1000, 7, 0, 400, 2, {"modbus": 3}, 11, 5, 2, True]


def answering(name: str, *answers: list[Any]) -> Fake:
    fake = Fake()

    def answer(ws: ServerConnection, topic: str, asked: str, args: list[Any]) -> None:
        for one in answers:
            ws.send(event(topic, name, one))

    fake.answer = answer
    return fake


def invoke(*args: str) -> Result:
    return CliRunner().invoke(cli, ["sensor", *args])


def test_push_sends_every_entry_and_waits_for_every_node() -> None:
    fake = answering("OTLink::allowlist_taken", ["worker-1", 2, 2, 5, True],
                     ["manager", 2, 2, 5, True])  # fmt: skip
    with running(fake) as to:
        taken = ask.push(to, ENTRIES)
    assert [one.node for one in taken] == ["manager", "worker-1"]
    assert ask.missing(taken) == 0
    name, (asker, entries) = fake.published[0]
    assert name == "OTLink::allowlist_pushed"
    assert fake.subscribed == [[ask.REPLIES + asker["data"]]]
    assert [[v["data"] for v in e["data"]] for e in entries["data"]] == [
        ["10.0.0.1", "10.0.0.9", "modbus", "write_single_register", "*"],
        ["10.0.0.2", "10.0.0.9", "s7comm", "plc_stop", "*"],
    ]


def test_a_list_that_is_taken_in_part_is_an_error() -> None:
    fake = answering("OTLink::allowlist_taken", ["zeek", 1, 1, 1, True])
    with running(fake) as to, pytest.raises(link.LinkError, match="zeek took 1 of 2"):
        ask.push(to, ENTRIES)


def test_push_command_tells_what_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "approved", lambda app: ENTRIES)
    with running(answering("OTLink::allowlist_taken", ["zeek", 1, 2, 9, False])) as to:
        done = invoke("push", "--sensor", str(to))
    assert done.exit_code == 0, done.output
    assert "zeek took 2 entries; 9 in force" in done.stderr
    assert "set OTDetect::enforce_allowlist = T" in done.stderr


def test_an_empty_list_is_pushed_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "approved", lambda app: [])
    fake = answering("OTLink::allowlist_taken", ["zeek", 1, 0, 0, True])
    with running(fake) as to:
        refused = invoke("push", "--sensor", str(to))
        assert "--empty" in str(refused.exception)
        assert fake.published == []
        assert invoke("push", "--empty", "--sensor", str(to)).exit_code == 0


@pytest.mark.parametrize("fmt", ["table", "json", "jsonl", "csv"])
def test_status_in_every_format(fmt: str) -> None:
    with running(answering("OTLink::status_told", [health()])) as to:
        done = invoke("status", "--sensor", str(to), "--format", fmt)
    assert done.exit_code == 0, done.output
    if fmt in ("json", "jsonl"):
        found = json.loads(done.stdout)
        found = found[0] if fmt == "json" else found
        assert (found["packets_received"], found["packets_dropped"]) == (1000, 7)
        assert found["violations"] == {"modbus": 3}
        assert found["capture_loss_percent"] == 0.5
    else:
        assert "malformed PDUs: modbus" in done.stdout
        assert "not told by this capture" in done.stdout


def test_a_silent_node_is_a_failure_after_the_rest_is_shown() -> None:
    with running(answering("OTLink::status_told", [health("manager", 3)])) as to:
        done = invoke("status", "--sensor", str(to), "--timeout", "0.5")
    assert "manager" in done.stdout
    assert done.exit_code == 1
    assert f"{to}: 2 nodes of the sensor did not answer" in str(done.exception)


def test_no_answer_names_the_script_to_load() -> None:
    with running(Fake(), timeout=0.3) as to, pytest.raises(link.LinkError) as told:
        ask.status(to)
    assert f"{to}: no answer within 0.3 s" in str(told.value)
    assert "link.zeek loaded" in str(told.value)


def test_another_versions_words() -> None:
    fake = answering("OTLink::status_told", [["zeek", 1]])
    wanted = r"load zeek-scripts/link\.zeek of version"
    with running(fake) as to, pytest.raises(link.Misunderstood, match=wanted):
        ask.status(to)


def test_a_refused_message_is_told_in_zeeks_words() -> None:
    fake = Fake()
    refusal = {"type": "error", "code": "deserialization_failed", "context": "no such event"}
    fake.answer = lambda ws, topic, name, args: ws.send(json.dumps(refusal))
    with running(fake) as to, pytest.raises(link.LinkError, match="no such event") as told:
        ask.status(to)
    assert str(to) in str(told.value)


def test_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        done = invoke("status", "--sensor", f"127.0.0.1:{port}")
    assert done.exit_code == 1
    for part in (f"127.0.0.1:{port}", "link.zeek", "ssh -L"):
        assert part in str(done.exception)


def test_something_else_listens() -> None:
    fake = Fake()
    fake.ack = {"type": "hello"}
    with running(fake) as to, pytest.raises(link.LinkError, match="not Zeek's WebSocket API"):
        ask.status(to)


def test_tls_where_there_is_none() -> None:
    with running(Fake()) as to:
        done = invoke("status", "--tls", "--sensor", str(to))
    assert "TLS failed" in str(done.exception)
    assert "--ca" in str(done.exception)


def test_without_zeekpy(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "zeekpy":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    done = invoke("status", "--sensor", "192.0.2.1:27759")
    assert "192.0.2.1:27759" in str(done.exception)
    assert "pip install 'gaugeglass[sensor]'" in str(done.exception)


def test_no_proxy_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    with running(answering("OTLink::status_told", [health()])) as to:
        assert ask.status(to)[0].node == "zeek"


@pytest.mark.parametrize(("text", "shown"), [
    ("sensor", "sensor:27759"), ("sensor:9", "sensor:9"), ("[fd00::1]:9", "[fd00::1]:9"),
    ("[::1]", "[::1]:27759"),
])  # fmt: skip
def test_addresses(text: str, shown: str) -> None:
    assert str(link.address(text)) == shown


@pytest.mark.parametrize("text", ["", "a:b", "a:0", "a:65536", "fd00::1", "a/b", "u@h:1"])
def test_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="is no address such as"):
        link.address(text)
    assert invoke("status", "--sensor", text).exit_code == 2


def test_tail_links_again_by_itself() -> None:
    fake = Fake()
    links = 0

    def linked(ws: ServerConnection) -> None:
        nonlocal links
        links += 1
        if links == 2:
            ws.close()  # the sensor goes before it has told anything
            return
        ws.send(event("/gaugeglass/sensor/notices/", "OTLink::notice_told", [NOTICE]))
        if links == 1:
            ws.close()

    fake.linked = linked
    told: list[dict[str, Any]] = []
    said: list[str] = []
    pauses: list[float] = []
    with running(fake) as to:
        tail(to, told.append, said.append, count=2, pause=pauses.append)
        assert [one["sensor"] for one in told] == [str(to)] * 2
    assert links == 3
    assert len(pauses) == 2
    assert {"note", "techniques"} < set(told[0])
    assert any("linked again" in line for line in said)
    assert any("trying again in 1 s" in line for line in said)


def test_tail_pauses_longer_while_nobody_listens() -> None:
    class Enough(Exception):
        pass

    fake = Fake()
    fake.linked = lambda ws: ws.close()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 1:
            server.__exit__(None, None, None)
        if len(pauses) == 9:
            raise Enough

    server = running(fake)
    with pytest.raises(Enough):
        tail(server.__enter__(), lambda notice: None, lambda line: None, pause=pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_tail_ends_where_nothing_was_ever_linked() -> None:
    with pytest.raises(link.LinkError, match="no connection"):
        tail(link.Address("127.0.0.1", 1), lambda notice: None, lambda line: None)


def test_tail_command_writes_one_line_a_notice() -> None:
    hostile = dict(zip(FIELDS, NOTICE, strict=True))
    hostile["msg"] = "a\nb\x1b[31m\u2028<script>"
    fake = Fake()
    fake.linked = lambda ws: ws.send(event("t", "OTLink::notice_told", [list(hostile.values())]))
    with running(fake) as to:
        done = invoke("tail", "--count", "1", "--sensor", str(to))
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["ts"] == "2026-11-22T00:00:00.500000Z"
    assert json.loads(line)["msg"] == hostile["msg"]
    assert line.isascii()
    assert "\x1b" not in line


def test_what_a_reader_of_the_tail_does_wrong_is_not_the_links_fault() -> None:
    fake = Fake()
    fake.linked = lambda ws: ws.send(event("t", "OTLink::notice_told", [NOTICE]))

    def gone(notice: dict[str, Any]) -> None:
        raise BrokenPipeError

    with running(fake) as to, pytest.raises(BrokenPipeError):
        tail(to, gone, lambda line: None)
