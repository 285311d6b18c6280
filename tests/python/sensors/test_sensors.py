"""Real sensors over a capture made here: what they write today is what the readers read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet
from scapy.utils import wrpcap

from gaugeglass.ledger.ingest import ingest
from gaugeglass.ledger.store import connect

ROOT = Path(__file__).resolve().parents[3]
CLIENT, SERVER, ROGUE = "10.9.0.10", "10.9.0.20", "02:00:00:00:00:66"
START = 1_795_305_600.0


def session(mid: bool) -> list[Packet]:
    """A Modbus session: two reads, a write, a write that is refused; ``mid``: no handshake."""
    client = Ether(src="02:00:00:00:00:10", dst="02:00:00:00:00:20") / IP(src=CLIENT, dst=SERVER)
    server = Ether(src="02:00:00:00:00:20", dst="02:00:00:00:00:10") / IP(src=SERVER, dst=CLIENT)
    here, there = 1000, 5000
    out: list[Packet] = []
    at = START

    def add(packet: Packet) -> None:
        nonlocal at
        at += 0.01
        packet.time = at
        out.append(packet)

    ports, back = {"sport": 40000, "dport": 502}, {"sport": 502, "dport": 40000}
    if not mid:
        add(client / TCP(**ports, flags="S", seq=here))
        add(server / TCP(**back, flags="SA", seq=there, ack=here + 1))
        here, there = here + 1, there + 1
        add(client / TCP(**ports, flags="A", seq=here, ack=there))
    for tid, (ask, answer) in enumerate(
        [
            ("0300000002", "03040001000a"), ("0300000002", "03040001000b"),
            ("0600640123", "0600640123"), ("06ffff0001", "8602"),
        ], start=1,
    ):  # fmt: skip
        for pdu, up in ((ask, True), (answer, False)):
            body = bytes.fromhex(pdu)
            frame = (
                tid.to_bytes(2, "big")
                + b"\0\0"
                + (len(body) + 1).to_bytes(2, "big")
                + b"\x01"
                + body
            )
            if up:
                add(client / TCP(**ports, flags="PA", seq=here, ack=there) / frame)
                here += len(frame)
            else:
                add(server / TCP(**back, flags="PA", seq=there, ack=here) / frame)
                there += len(frame)
    add(client / TCP(**ports, flags="FA", seq=here, ack=there))
    add(server / TCP(**back, flags="FA", seq=there, ack=here + 1))
    add(client / TCP(**ports, flags="A", seq=here + 1, ack=there + 1))
    for mac in ("02:00:00:00:00:20", ROGUE):
        add(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=2, hwsrc=mac, psrc=SERVER,
            hwdst="ff:ff:ff:ff:ff:ff", pdst=SERVER))  # fmt: skip
    return out


def ledger(tmp_path: Path, logs: Path) -> duckdb.DuckDBPyConnection:
    report = ingest([logs], tmp_path / "state", workers=1)
    for account in report.accounts:
        assert not account.rejected, (account.file, account.samples)
    return connect(tmp_path / "state")


def asked(db: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Who did what, with which outcome, how often."""
    return db.execute(
        "SELECT client, server, port, operation, action, outcome, sum(count)::INT FROM activity"
        " WHERE action IN ('read', 'write') GROUP BY ALL ORDER BY ALL"
    ).fetchall()


@pytest.mark.zeek
@pytest.mark.skipif(shutil.which("zeek") is None, reason="zeek is not on PATH")
def test_zeek_and_our_scripts(tmp_path: Path) -> None:
    logs = tmp_path / "zeek"
    logs.mkdir()
    wrpcap(str(tmp_path / "a.pcap"), session(mid=False))
    done = subprocess.run(
        ["zeek", "-C", "-r", str(tmp_path / "a.pcap"), str(ROOT / "zeek-scripts")],
        cwd=logs, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "error" not in done.stderr.lower()
    db = ledger(tmp_path, logs)
    assert asked(db) == [
        (CLIENT, SERVER, 502, "read_holding_registers", "read", "ok", 2),
        (CLIENT, SERVER, 502, "write_single_register", "write", "illegal_data_address", 1),
        (CLIENT, SERVER, 502, "write_single_register", "write", "ok", 1),
    ]
    macs = db.execute(
        "SELECT value FROM claims WHERE asset = ? AND attribute = 'mac' ORDER BY 1", [SERVER]
    ).fetchall()
    assert macs == [("02:00:00:00:00:20",), (ROGUE,)]


@pytest.mark.zeek
@pytest.mark.skipif(shutil.which("zeek") is None, reason="zeek is not on PATH")
def test_zeek_scripts_load_silently(tmp_path: Path) -> None:
    done = subprocess.run(
        ["zeek", "--parse-only", str(ROOT / "zeek-scripts")],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout + done.stderr == ""


@pytest.mark.suricata
@pytest.mark.skipif(shutil.which("suricata") is None, reason="suricata is not on PATH")
@pytest.mark.parametrize("mid", [False, True])
def test_suricata_eve(tmp_path: Path, mid: bool) -> None:
    logs = tmp_path / "suricata"
    logs.mkdir()
    wrpcap(str(tmp_path / "a.pcap"), session(mid))
    config = tmp_path / "suricata.yaml"
    config.write_text(
        "%YAML 1.1\n---\noutputs:\n  - eve-log:\n      enabled: yes\n      filetype: regular\n"
        "      filename: eve.json\n      community-id: true\n      types: [modbus, flow]\n"
        "app-layer:\n  protocols:\n    modbus:\n      enabled: yes\n"
        "      detection-ports:\n        dp: 502\n      stream-depth: 0\n"
        "stream:\n  midstream: true\n  async-oneside: true\n"
        "vars:\n  address-groups:\n    HOME_NET: any\n"
        "classification-file: /dev/null\nreference-config-file: /dev/null\n"
    )
    subprocess.run(
        ["suricata", "-c", str(config), "-r", str(tmp_path / "a.pcap"), "-l", str(logs), "-k",
         "none", "-S", "/dev/null"],
        capture_output=True, check=True,
    )  # fmt: skip
    db = ledger(tmp_path, logs)
    found = asked(db)
    assert (CLIENT, SERVER, 502, "write_single_register", "write", "ok", 1) in found
    assert {(row[0], row[1]) for row in found} == {(CLIENT, SERVER)}, "client and server by role"
    flows = db.execute(
        "SELECT client, server, port, outcome FROM activity WHERE action = 'connect'"
    ).fetchall()
    assert (CLIENT, SERVER, 502, "ok") in flows
