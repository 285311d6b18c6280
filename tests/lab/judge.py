"""An independent judge of a capture: tshark, which shares no code with the lab.

For each protocol it counts requests, replies and what it finds malformed; for
each attack, the packets inside its label that match the attack's EVIDENCE.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

from . import attacks

# (requests, replies) by protocol; one packet may carry several PDUs.
PROTOCOLS = {
    "modbus": ("modbus && tcp.dstport == 502", "modbus && tcp.srcport == 502"),
    "s7comm": ("s7comm && tcp.dstport == 102", "s7comm && tcp.srcport == 102"),
    "cip": ("cip && tcp.dstport == 44818", "cip && tcp.srcport == 44818"),
    "bacnet": ("bacapp.type == 0", "bacapp.type in {2, 3}"),
    "opcua": ("opcua && tcp.dstport == 4840", "opcua && tcp.srcport == 4840"),
    "iec104": ("iec60870_asdu && tcp.dstport == 2404", "iec60870_asdu && tcp.srcport == 2404"),
    "dnp3": ("dnp3 && tcp.dstport == 20000", "dnp3 && tcp.srcport == 20000"),
    "mqtt": ("mqtt && tcp.dstport == 1883", "mqtt && tcp.srcport == 1883"),
    "http": ("http.request", "http.response"),
    "dns": ("dns.flags.response == 0", "dns.flags.response == 1"),
    "ntp": ("ntp.flags.mode == 3", "ntp.flags.mode == 4"),
    "ssh": ("ssh && tcp.dstport == 22", "ssh && tcp.srcport == 22"),
}


def count(pcap: Path, wanted: str) -> int:
    """How many packets match a display filter."""
    command = ["tshark", "-n", "-r", str(pcap), "-Y", wanted, "-T", "fields", "-e", "frame.number"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"tshark: {wanted}: {result.stderr.strip()}")
    return len(result.stdout.splitlines())


def _epoch(text: str) -> float:
    return dt.datetime.fromisoformat(text).timestamp()


def judge(pcap: Path) -> bool:
    """Print both tables; true when nothing expected is missing."""
    complete = True
    print(f"{'protocol':26} {'requests':>9} {'replies':>9} {'malformed':>9}")
    for name, (asked, answered) in PROTOCOLS.items():
        broken = count(pcap, f"_ws.malformed && ({asked} || {answered})")
        row = count(pcap, asked), count(pcap, answered), broken
        complete &= row[0] > 0 and row[1] > 0
        print(f"{name:26} {row[0]:9} {row[1]:9} {row[2]:9}")
    names = json.loads(pcap.with_name("phases.json").read_text())["attacks"]
    with pcap.with_name("labels.csv").open() as file:
        labels = list(csv.DictReader(file))
    print(f"\n{'attack':26} {'in label':>9} {'outside':>9}")
    for name, label in zip(names, labels, strict=True):
        wanted = attacks.load(name).evidence
        start, end = _epoch(label["start"]), _epoch(label["end"])
        inside = count(
            pcap, f"frame.time_epoch >= {start} && frame.time_epoch <= {end} && ({wanted})"
        )
        complete &= inside > 0
        print(f"{name:26} {inside:9} {count(pcap, wanted) - inside:9}")
    if not complete:
        print("something expected is missing", file=sys.stderr)
    return complete
