"""What the rules cost: packets per second with all of them against Suricata with none.

Usage: python tests/bench/suricata.py [--packets 1000000] [--runs 5] [--mode single --mode autofp]
       [--ruleset NAME=PATH...] [--by-file] [--suricata PATH]

The capture is a plant of long sessions, made here from what the cases named ``*-polling`` say in
each protocol: every session repeats its own polls, several hundred side by side. The rulesets take
turns within one invocation, in changing order. Two figures per run: Suricata's own elapsed time
from start to end of the packets, and processor time less that of a run over an empty capture (it
does not change with what else the machine does). The ratio is of medians.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.suricata import engine  # noqa: E402

SESSIONS = 24  # a protocol
PORTS_UDP, PORTS_TCP = 17, 6
START = 1_795_500_000


@dataclass
class Talk:
    """What was said on one flow of a case: datagrams or pieces of a stream, by direction."""

    protocol: int
    port: int
    pieces: list[tuple[bool, bytes]] = field(default_factory=list)  # (from the client, payload)


def talks(capture: Path) -> list[Talk]:
    """The flows of a case's capture that carry something both ways."""
    data, at = capture.read_bytes(), 24
    flows: dict[tuple[int, bytes, int, bytes, int], Talk] = {}
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame, at = data[at + 16 : at + 16 + length], at + 16 + length
        if frame[12:14] != b"\x08\x00" or frame[23] not in (PORTS_TCP, PORTS_UDP):
            continue
        header = 14 + 4 * (frame[14] & 15)
        total = 14 + int.from_bytes(frame[16:18], "big")
        source, target = frame[26:30], frame[30:34]
        sport, dport = struct.unpack_from(">HH", frame, header)
        skip = 8 if frame[23] == PORTS_UDP else 4 * (frame[header + 12] >> 4)
        payload = frame[header + skip : total]
        key = (frame[23], source, sport, target, dport)
        back = (frame[23], target, dport, source, sport)
        client = back not in flows
        talk = flows.setdefault(
            key if client else back, Talk(frame[23], dport if client else sport)
        )
        if payload:
            talk.pieces.append((client, payload))
    return [t for t in flows.values() if {up for up, _ in t.pieces} == {True, False}]


class Session:
    """One long session: the same talk again and again, as packets."""

    def __init__(self, talk: Talk, client: bytes, server: bytes, sport: int) -> None:
        self.talk, self.at = talk, 0
        ends = ((client, sport), (server, talk.port))
        self.seq = [1000, 5000]
        self.heads = []
        for (source, one), (target, two) in (ends, ends[::-1]):
            ethernet = b"\x02\0" + target + b"\x02\0" + source + b"\x08\0"
            tail = struct.pack(">BBH", 64, talk.protocol, 0) + source + target
            self.heads.append((ethernet, tail, struct.pack(">HH", one, two)))

    def packet(self, up: bool, flags: int, payload: bytes) -> bytes:
        side = 0 if up else 1
        ethernet, tail, ports = self.heads[side]
        if self.talk.protocol == PORTS_UDP:
            layer = ports + struct.pack(">HH", 8 + len(payload), 0)
        else:
            layer = ports + struct.pack(
                ">IIBBHHH", self.seq[side] & 0xFFFFFFFF,
                self.seq[1 - side] & 0xFFFFFFFF if flags & 16 else 0, 0x50, flags, 64240, 0, 0,
            )  # fmt: skip
            self.seq[side] += len(payload) + (flags & 3 != 0)
        size = 20 + len(layer) + len(payload)
        return ethernet + struct.pack(">BBHHH", 0x45, 0, size, 0, 0x4000) + tail + layer + payload

    def opening(self) -> list[bytes]:
        if self.talk.protocol == PORTS_UDP:
            return []
        return [self.packet(True, 2, b""), self.packet(False, 18, b""), self.packet(True, 16, b"")]

    def step(self) -> list[bytes]:
        """The next request with its replies, and the acknowledgement of the last of them."""
        made: list[bytes] = []
        while True:
            up, payload = self.talk.pieces[self.at]
            if made and up:
                break
            self.at = (self.at + 1) % len(self.talk.pieces)
            for cut in range(0, len(payload), 1460):
                made.append(self.packet(up, 24, payload[cut : cut + 1460]))
            if self.at == 0:
                break
        if self.talk.protocol == PORTS_TCP:
            made.append(self.packet(True, 16, b""))
        return made


def sessions(pick: random.Random) -> list[Session]:
    """Some sessions of every polling case."""
    made = []
    by_protocol: dict[str, list[Talk]] = defaultdict(list)
    for case in sorted(engine.ROOT.glob("tests/suricata/*-polling*/input.pcap")):
        by_protocol[case.parent.name] += talks(case)
    for number, found in enumerate(t for t in by_protocol.values() if t):
        for turn in range(SESSIONS):
            client = bytes((10, 10, number, 10 + turn % 4))
            server = bytes((10, 20, number, 10 + turn))
            made.append(Session(pick.choice(found), client, server, 40000 + turn))
    return made


def packets(count: int) -> Iterator[bytes]:
    pick = random.Random(1)
    running = sessions(pick)
    opening = [packet for session in running for packet in session.opening()]
    yield from opening
    made = len(opening)
    while made < count:
        pick.shuffle(running)
        for session in running:
            step = session.step()
            made += len(step)
            yield from step


def write(path: Path, count: int) -> int:
    """A capture of at least ``count`` packets; returns how many."""
    number = 0
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for frame in packets(count):
            seconds, micros = divmod(number * 700, 1_000_000)
            out.write(struct.pack("<IIII", START + seconds, micros, len(frame), len(frame)) + frame)
            number += 1
    return number


@dataclass(frozen=True)
class Took:
    """Seconds of one run: by the clock, and of processors."""

    elapsed: float
    cpu: float


def run(suricata: str, rules: Path, capture: Path, mode: str) -> Took:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        line = [part for part in engine.command(suricata, rules, Path(name)) if part != "--runmode"]
        line = [part for part in line if part != "single"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([*line, "--runmode", mode, "-v", "-r", str(capture)],
                              capture_output=True, text=True, check=True)  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = re.search(r"time elapsed ([\d.]+)s", done.stdout + done.stderr)
    if said is None:
        raise SystemExit(f"{suricata} does not say how long it took:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(float(said[1]), cpu)


def count_rules(path: Path) -> int:
    return sum(line.startswith("alert") for line in path.read_text("utf-8").splitlines())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mode", action="append", help="single, autofp (default: both)")
    parser.add_argument("--ruleset", action="append", default=[], help="another one: NAME=PATH")
    parser.add_argument("--by-file", action="store_true", help="also each rules file alone")
    parser.add_argument("--suricata", default=None)
    options = parser.parse_args()
    suricata = options.suricata or engine.installed()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "none.rules").write_text("")
        sets = {"none": folder / "none.rules",
                "all": engine.joined(engine.rule_files(), folder / "all.rules")}  # fmt: skip
        sets.update((n, Path(p)) for n, _, p in (given.partition("=") for given in options.ruleset))
        if options.by_file:
            sets.update((path.stem, path) for path in engine.rule_files())
        capture, empty = folder / "plant.pcap", folder / "empty.pcap"
        made = write(capture, options.packets)
        empty.write_bytes(capture.read_bytes()[: 24 + 16 + 54])
        size = capture.stat().st_size / 1e6
        print(f"Suricata {engine.version(suricata)}, {made:,} packets, {size:.0f} MB")
        for mode in options.mode or ["single", "autofp"]:
            table(suricata, sets, capture, empty, mode, options.runs, made)
    return 0


def table(
    suricata: str,
    sets: dict[str, Path],
    capture: Path,
    empty: Path,
    mode: str,
    runs: int,
    made: int,
) -> None:
    """Measure all rulesets in turns and print a line for each."""
    loading = {name: run(suricata, path, empty, mode).cpu for name, path in sets.items()}
    took: dict[str, list[Took]] = defaultdict(list)
    order = list(sets)
    for _ in range(runs):
        for name in order:
            took[name].append(run(suricata, sets[name], capture, mode))
        order = order[1:] + order[:1]
    base = {kind: statistics.median(getattr(t, kind) for t in took["none"])
            for kind in ("elapsed", "cpu")}  # fmt: skip
    print(f"| {mode} | rules | packets/s | of none | CPU s | of none | runs (s) |")
    print("|---|---|---|---|---|---|---|")
    for name in sets:
        elapsed = statistics.median(t.elapsed for t in took[name])
        cpu = statistics.median(t.cpu for t in took[name]) - loading[name]
        each = " ".join(f"{t.elapsed:.2f}" for t in took[name])
        print(
            f"| {name} | {count_rules(sets[name])} | {made / elapsed:,.0f} |"
            f" {base['elapsed'] / elapsed:.3f} | {cpu:.2f} |"
            f" {(base['cpu'] - loading['none']) / cpu:.3f} | {each} |"
        )


if __name__ == "__main__":
    sys.exit(main())
