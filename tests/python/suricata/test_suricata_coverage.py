"""The comparison with tshark finds what is there, and says what was missed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.suricata import coverage
from tests.suricata.makers.wire import ATTACKER, PLC, C, S, pcap, tcp
from tests.suricata.operations import OPERATIONS, Operation

from gaugeglass.attack.table import is_current

WRITE = bytes.fromhex("000100000006010600640123")
READ = bytes.fromhex("000100000006010300640001"), bytes.fromhex("0001000000050103020001")


def event(technique: str, sport: int = 50000, at: str = "2026-11-24T06:00:00.0+00:00") -> dict:
    return {
        "timestamp": at, "proto": "TCP", "src_ip": ATTACKER, "src_port": sport, "dest_ip": PLC,
        "dest_port": 502, "alert": {"signature_id": 1920001, "signature": "x",
                                    "metadata": {"mitre_technique_id": [technique]}},
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not on PATH")
def test_tshark_names_a_write_and_no_read(tmp_path: Path) -> None:
    capture = tmp_path / "a.pcap"
    talk = [(C, READ[0]), (S, READ[1]), (C, WRITE), (S, WRITE)]
    capture.write_bytes(pcap(tcp(ATTACKER, PLC, 502, talk)))
    (one,) = coverage.seen(capture)
    assert (one.operation.protocol, one.operation.name) == ("modbus", "write single register")
    assert one.client == ATTACKER
    assert coverage.state(one, [event("T1692.001")]) == "flow"
    assert coverage.state(one, [event("T0836", 50001)]) == "source"
    assert coverage.state(one, [event("T0836", 50001, "2026-11-24T05:00:00.0+00:00")]) == "missed"
    assert coverage.state(one, [event("T0801")]) == "other"
    assert coverage.state(one, []) == "missed"
    result = coverage.Result(capture, [one, replace(one, client="10.0.0.9")], [event("T0801")])
    lines, misses, found, total = coverage.operations_table([result])
    assert lines[2] == "| modbus | write single register | 2 | 0 | 0 | 2 | 0 |"
    assert len(misses) == 2
    assert (found, total) == (0, 2)


def test_ipv6_is_one_address_however_written() -> None:
    long = event("T0836") | {"src_ip": "0000:0000:0000:0000:0000:0000:0000:0001", "dest_ip": "::1"}
    assert coverage.flow_of(long) == ("tcp", frozenset({("::1", 50000), ("::1", 502)}))


def test_operations_name_current_techniques_once() -> None:
    assert len({(o.protocol, o.name, o.filter) for o in OPERATIONS}) == len(OPERATIONS)
    assert {t for o in OPERATIONS for t in o.techniques if not is_current(t)} == set()
    child = Operation("x", "y", "z", ("T1692.001",))
    assert coverage.fits(event("T1692"), child)
    assert not coverage.fits(event("T0801"), child)
