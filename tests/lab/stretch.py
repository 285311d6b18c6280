"""Minutes of lab time become hours of plant time, without slowing conversations.

Stretching every gap alike would turn a 1 ms reply into 60 ms and a 40 ms
delayed acknowledgement into 2.4 s. So only idle time is stretched:

- packets of one pair of hosts that follow each other within BURST_GAP form a
  burst;
- a burst starts at `START + (t - t0) * scale`, and inside it the captured gaps
  stay as they were.

Hence no packet is later than the plain linear map of its time, each pair of
hosts keeps its order, and a burst never leaves the phase it began in. A label's
bounds take the linear map, so a label holds every burst begun inside it. Rates
inside a burst (a scan, a flood, a download) stay true; the pause between polls
is what grows.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import dpkt

from .run import write_labels

START = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
BURST_GAP = 0.2  # seconds; shorter than any poll interval, longer than a delayed acknowledgement
ETHERNET = 1


def stamp(epoch: float) -> str:
    """RFC 3339 in UTC with milliseconds."""
    moment = dt.datetime.fromtimestamp(epoch, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def pair(frame: bytes) -> frozenset[bytes]:
    """The two hosts of a frame: IP addresses where there are any, else MACs."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and len(frame) >= 34:
        return frozenset((frame[26:30], frame[30:34]))
    if kind == b"\x08\x06" and len(frame) >= 42:
        # ARP belongs to the conversation it precedes.
        return frozenset((frame[28:32], frame[38:42]))
    return frozenset((frame[0:6], frame[6:12]))


class Clock:
    """The map from captured to stretched time."""

    def __init__(self, t0: float, scale: int) -> None:
        """Fix the origin and the factor."""
        self.t0, self.scale, self.base = t0, scale, START.timestamp()
        self.bursts: dict[frozenset[bytes], tuple[float, float]] = {}

    def linear(self, t: float) -> float:
        """Where a moment goes if nothing holds it."""
        return self.base + (t - self.t0) * self.scale

    def packet(self, t: float, frame: bytes) -> float:
        """Where a packet goes."""
        key = pair(frame)
        last, mapped = self.bursts.get(key, (float("-inf"), 0.0))
        mapped = mapped + (t - last) if t - last < BURST_GAP else self.linear(t)
        self.bursts[key] = (t, mapped)
        return mapped


def packets(path: Path) -> Iterator[tuple[float, bytes]]:
    """Time and bytes of every packet of a capture."""
    with path.open("rb") as file:
        yield from ((float(t), frame) for t, frame in dpkt.pcap.Reader(file))


def write_pcap(path: Path, rows: list[tuple[float, int, bytes]]) -> None:
    """A microsecond pcap of rows sorted by time."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, ETHERNET))
        for t, _, frame in rows:
            micro = round(t * 1_000_000)
            file.write(
                struct.pack("<IIII", micro // 1_000_000, micro % 1_000_000, len(frame), len(frame))
            )
            file.write(frame)


def stretch_run(out: Path, scale: int | None = None) -> None:
    """raw.pcap and raw.json become plant.pcap, labels.csv and phases.json."""
    facts = json.loads((out / "raw.json").read_text())
    factor = scale or facts["scale"]
    clock = Clock(facts["t0"], factor)
    rows = [
        (clock.packet(t, frame), number, frame)
        for number, (t, frame) in enumerate(packets(out / "raw.pcap"))
        if t >= facts["t0"]
    ]
    rows.sort(key=lambda row: row[:2])
    write_pcap(out / "plant.pcap", rows)
    labels = []
    for label in facts["labels"]:
        start, end = (stamp(clock.linear(label[edge])) for edge in ("start", "end"))
        labels.append({**label, "start": start, "end": end})
    write_labels(out / "labels.csv", labels)
    phases = {
        "start": stamp(clock.base),
        "learn_until": stamp(clock.linear(facts["learn_until"])),
        "quiet_until": stamp(clock.linear(facts["quiet_until"])),
        "end": stamp(clock.linear(facts["end"])),
        "seed": facts["seed"],
        "time_scale": factor,
        "note": f"Idle time is stretched by {factor}; gaps under {BURST_GAP} s between packets "
        "of one pair of hosts are as captured. Made in a lab by real protocol stacks.",
        "attacks": [label["attack"] for label in facts["labels"]],
    }
    (out / "phases.json").write_text(json.dumps(phases, indent=1) + "\n")
