"""The public Modbus data set of Lemay and Fernandez (CSET 2016), event by event.

    git clone https://github.com/antoine-lemay/Modbus_dataset DIR
    python tests/bench/lemay.py DIR

The set is not part of this project. Each ``X.pcap`` has an ``X_labeled.csv`` of ``packet;label``
lines. Suricata turns the captures into EVE logs, behaviour is learned from the quiet beginning of
one of them (there is hardly more: the long quiet captures are missing from some mirrors), and the
rest is judged. The accepted number of false alerts is BUDGET a day, one in a quarter of an hour:
in minutes of traffic, one a day would mean none; ``--budget`` sets another. Marked packets are
joined to their conversations; those that follow each other within MERGE seconds are one event.
Windows are 5 s, since the captures last for a minute or so.
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dpkt

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.lab.sense import suricata

from gaugeglass.behaviour.judge import Episode, judge
from gaugeglass.config import load
from gaugeglass.pipeline import Site

LEARN = "send_a_fake_command_modbus_6RTU_with_operate"
LEARN_SECONDS, WINDOW, MERGE, BUDGET = 280, 5, 30.0, 96.0
SLACK = timedelta(seconds=30)
CLEAN = 30.0  # seconds without a mark that make a stretch worth counting


@dataclass(frozen=True)
class Event:
    """Marked packets that belong together: when, and between whom."""

    start: datetime
    end: datetime
    hosts: frozenset[str]


@dataclass(frozen=True)
class Capture:
    """One capture and its events."""

    name: str
    start: datetime
    end: datetime
    events: tuple[Event, ...]

    def clean(self) -> list[tuple[datetime, datetime]]:
        """The stretches without marks, but for SLACK after each event."""
        edges = [self.start, *(t for e in self.events for t in (e.start, e.end + SLACK)), self.end]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [(a, b) for a, b in pairs if (b - a).total_seconds() >= CLEAN]


def moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)


def hosts(frame: bytes) -> frozenset[str]:
    """The two IP addresses of a packet."""
    packet = dpkt.ethernet.Ethernet(frame).data
    if not isinstance(packet, dpkt.ip.IP):
        return frozenset()
    return frozenset((socket.inet_ntoa(packet.src), socket.inet_ntoa(packet.dst)))


def read(pcap: Path) -> Capture:
    """A capture's span and events. The nth line of the label file is about the nth packet."""
    lines = pcap.with_name(f"{pcap.stem}_labeled.csv").read_text().split()
    marked = {int(n) for n, label in (line.split(";") for line in lines) if label == "1"}
    with pcap.open("rb") as file:
        packets = [(float(t), frame) for t, frame in dpkt.pcap.Reader(file)]
    events: list[tuple[float, float, set[str]]] = []
    for number, (t, frame) in enumerate(packets, start=1):
        if number not in marked:
            continue
        if not events or t - events[-1][1] > MERGE:
            events.append((t, t, set()))
        start, _, who = events[-1]
        events[-1] = (start, t, who | hosts(frame))
    return Capture(
        pcap.stem, moment(packets[0][0]), moment(packets[-1][0]),
        tuple(Event(moment(a), moment(b), frozenset(w)) for a, b, w in events),
    )  # fmt: skip


def tells(episode: Episode, event: Event) -> bool:
    return (
        episode.start <= event.end + SLACK
        and episode.end >= event.start
        and bool(set(episode.addresses) & event.hosts)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--budget", type=float, default=BUDGET, help="false alerts a day")
    options = parser.parse_args()
    folder = options.folder
    whole = [p for p in sorted(folder.glob("*.pcap")) if p.stat().st_size > 24]
    missing = sorted({p.name for p in folder.glob("*.pcap")} - {p.name for p in whole})
    captures = [read(p) for p in whole if p.with_name(f"{p.stem}_labeled.csv").exists()]
    print("missing or empty here:", ", ".join(missing) or "none")
    config = load()
    config.set("ingest", "window_seconds", WINDOW, "this benchmark")
    config.set("behaviour", "false_alerts_per_day", options.budget, "this benchmark")
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        logs, state = Path(directory) / "logs", Path(directory) / "state"
        for pcap in whole:
            suricata(pcap, logs / pcap.stem)
        site = Site(state, config)
        site.ingest([logs])
        db = site.connect()
        site.inventory(db)
        source = next(c for c in captures if c.name == LEARN)
        until = source.start + timedelta(seconds=LEARN_SECONDS)
        learned = site.learn(db, source.start, until)
        print(f"learned {LEARN_SECONDS} s of {LEARN}; {learned.models.promise.sentence()}")
        print(f"{'capture':52} {'events':>6} {'found':>5} {'clean s':>7} {'false':>5}")
        for capture in captures:
            learned.baseline.register(db)
            since = until if capture.name == LEARN else capture.start
            found = judge(db, learned.models, since, capture.end + timedelta(seconds=WINDOW))
            hits = [any(tells(e, event) for e in found.episodes) for event in capture.events]
            stretches = [(max(a, since), b) for a, b in capture.clean() if b > since]
            false = [
                [e for e in found.episodes if e.start < b and e.end > a
                 and not any(tells(e, event) for event in capture.events)]
                for a, b in stretches
            ]  # fmt: skip
            seconds = sum((b - a).total_seconds() for a, b in stretches)
            worst = max((len(f) for f in false), default=0)
            print(f"{capture.name:52} {len(hits):6} {sum(hits):5} {seconds:7.0f} {worst:5}")
            for e in (e for f in false for e in f):
                print(f"    false: {e.start:%H:%M:%S} {e.way} {e.entity}: {e.observed[:90]}")
            failed += not any(hits) or worst > 1
    print("every attack capture found, at most one false alert on a clean stretch"
          if not failed else f"{failed} captures fall short")  # fmt: skip
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
