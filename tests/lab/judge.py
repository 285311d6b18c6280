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

EDGES = ("start", "end")
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


def times(pcap: Path, wanted: str) -> list[float]:
    """When the packets were that match a display filter."""
    command = ["tshark", "-n", "-r", str(pcap), "-Y", wanted, "-T", "fields", "-e"]
    result = subprocess.run(
        [*command, "frame.time_epoch"], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(f"tshark: {wanted}: {result.stderr.strip()}")
    return [float(line) for line in result.stdout.splitlines()]


def judge_protocols(pcap: Path) -> bool:
    """Requests and replies of each protocol; true when all are there."""
    complete = True
    print(f"{'protocol':26} {'requests':>9} {'replies':>9}")
    for name, filters in PROTOCOLS.items():
        asked, answered = (len(times(pcap, wanted)) for wanted in filters)
        complete &= asked > 0 and answered > 0
        print(f"{name:26} {asked:9} {answered:9}")
    print(f"{'malformed':26} {len(times(pcap, '_ws.malformed')):9}")
    return complete


def judge_attacks(pcap: Path) -> bool:
    """The evidence of each attack inside its label and outside; true when all have some."""
    complete = True
    names = json.loads(pcap.with_name("phases.json").read_text())["attacks"]
    with pcap.with_name("labels.csv").open() as file:
        labels = list(csv.DictReader(file))
    print(f"\n{'attack':26} {'in label':>9} {'outside':>9}")
    for name, label in zip(names, labels, strict=True):
        start, end = (dt.datetime.fromisoformat(label[edge]).timestamp() for edge in EDGES)
        found = times(pcap, attacks.load(name).evidence)
        inside = sum(start <= moment <= end for moment in found)
        complete &= inside > 0
        print(f"{name:26} {inside:9} {len(found) - inside:9}")
    return complete


def judge(pcap: Path) -> bool:
    """Print both tables; true when nothing expected is missing."""
    complete = all([judge_protocols(pcap), judge_attacks(pcap)])
    if not complete:
        print("something expected is missing", file=sys.stderr)
    return complete
