"""The runner of the cases tells the truth: nothing leaks, nothing is overlooked."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.suricata import engine
from tests.suricata.clock import DAY, START, Clock
from tests.suricata.makers.wire import ATTACKER, PLC, C, S, pcap, tcp
from tests.suricata.run import Case, cases, differences, failures

WRITE, ECHO = "000100000006010600640123", "000100000006010600640123"
RULES = """\
alert tcp any any -> any 502 (msg:"limited"; flow:established,to_server; \
content:"|00 06 01 06|"; offset:4; depth:4; \
threshold:type limit, track by_src, count 1, seconds 600; sid:1949001; rev:1;)
alert tcp any any -> any 502 (msg:"often"; flow:established,to_server; \
content:"|00 06 01 06|"; offset:4; depth:4; \
threshold:type both, track by_both, count 4, seconds 60; sid:1949002; rev:1;)
alert tcp any any -> any 502 (msg:"marked"; flow:established,to_server; \
content:"|00 06 01 06|"; offset:4; depth:4; \
xbits:isset,seen,track ip_src; sid:1949003; rev:1;)
alert tcp any any -> any 502 (msg:"marks"; flow:established,to_server; \
content:"|00 06 01 06|"; offset:4; depth:4; \
xbits:set,seen,track ip_src,expire 600; noalert; sid:1949004; rev:1;)
"""
SURICATAS = engine.installed()
needs = pytest.mark.skipif(not SURICATAS, reason="suricata is not on PATH")


def capture(path: Path, writes: int) -> Path:
    talk = [(C, bytes.fromhex(WRITE)), (S, bytes.fromhex(ECHO))] * writes
    path.write_bytes(pcap(tcp(ATTACKER, PLC, 502, talk)))
    return path


@needs
@pytest.mark.suricata
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_each_capture_starts_from_nothing(suricata: str, tmp_path: Path) -> None:
    rules = tmp_path / "x.rules"
    rules.write_text(RULES)
    two, four = capture(tmp_path / "two.pcap", 2), capture(tmp_path / "four.pcap", 4)
    with engine.engine(suricata, [rules]) as running:
        seen = [dict(sorted(o.alerts.items())) for _, o in running.run([two, four] * 5)]
    # the mark is set by the first write and found by the later ones, within one capture only
    assert seen[0::2] == [seen[0]] * 5
    assert seen[1::2] == [seen[1]] * 5
    assert seen[0][1949001] == 1
    assert 1949002 not in seen[0]
    assert seen[1][1949002] == 1


@needs
@pytest.mark.suricata
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_the_order_of_cases_changes_nothing(suricata: str) -> None:
    chosen = cases()[::6]
    with engine.engine(suricata, lenient=True) as running:
        forward = failures(running, chosen)
        assert failures(running, list(reversed(chosen))) == forward


@needs
@pytest.mark.suricata
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_a_rule_that_does_not_load_is_told(suricata: str, tmp_path: Path) -> None:
    rules = tmp_path / "x.rules"
    rules.write_text('alert tcp any any -> any 502 (msg:"x"; no_such_thing; sid:1949009;)\n')
    with pytest.raises(engine.EngineError, match="no_such_thing"), engine.engine(suricata, [rules]):
        pass


def test_an_alert_that_is_not_listed_fails_a_case(tmp_path: Path) -> None:
    case = Case("x", tmp_path, {1920001: 1, 1920002: 0})
    fine = engine.Outcome({1920001: 1, 2000001: 5}, {1920001: "a", 2000001: "not ours"})
    assert differences(case, fine) == []
    other = engine.Outcome({1920001: 2, 1920003: 1}, {1920001: "a", 1920003: "c"})
    assert differences(case, other) == [
        "sid 1920001: wanted 1, got 2 a",
        "sid 1920003: wanted 0, got 1 (not listed) c",
    ]
    assert differences(case, engine.Outcome()) == ["sid 1920001: wanted 1, got 0"]


def test_a_check_of_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(
        "checks:\n  - filter: {count: 1, match: {event_type: flow, dest_port: 502}}\n"
    )
    with pytest.raises(ValueError, match="does not know"):
        Case.read(tmp_path)


def test_captures_are_laid_a_day_apart_and_keep_their_own_times(tmp_path: Path) -> None:
    data = capture(tmp_path / "a.pcap", 2).read_bytes()
    clock = Clock()
    first, second = times(clock.lay(data)), times(clock.lay(data))
    assert first[0] == START
    assert second[0] == first[-1] + DAY
    shift = second[0] - first[0]
    assert [t - shift for t in second] == first
    assert [t - times(data)[0] for t in times(data)] == [t - first[0] for t in first]
    with pytest.raises(ValueError, match="pcap"):
        clock.lay(b"\x0a\x0d\x0d\x0a")


def times(data: bytes) -> list[int]:
    out, at = [], 24
    while at < len(data):
        seconds, _, length, _ = struct.unpack_from("<IIII", data, at)
        out.append(seconds)
        at += 16 + length
    return out
