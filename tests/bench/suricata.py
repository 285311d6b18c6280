"""What the rules cost: packets per second with all of them against Suricata with none.

Usage: python tests/bench/suricata.py [--packets 1000000] [--runs 5] [--mode single --mode autofp]
       [--mix mixed|polls] [--ruleset NAME=PATH...] [--set KEY=VALUE...] [--by-file]
       [--suricata PATH] [--keep CAPTURE]

Polls are what the cases named ``*-polling`` say in each protocol: every session repeats its own,
several hundred side by side, for ever. ``mixed`` adds what else runs in a plant's network
(:mod:`tests.bench.mixed` says how much of what). The rulesets take turns within one invocation, in
changing order. Two figures per run: Suricata's own elapsed time from start to end of the packets,
and processor time less that of a run over an empty capture (it changes little with what else the
machine does). The ratio is of medians.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.mixed import TCP, UDP, Flow, Talk, mixed  # noqa: E402
from tests.suricata import engine  # noqa: E402

SESSIONS = 24  # a protocol
START = 1_795_500_000


def talks(capture: Path) -> list[Talk]:
    """The flows of a case's capture that carry something both ways."""
    data, at = capture.read_bytes(), 24
    flows: dict[tuple[int, bytes, int, bytes, int], Talk] = {}
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame, at = data[at + 16 : at + 16 + length], at + 16 + length
        if frame[12:14] != b"\x08\x00" or frame[23] not in (TCP, UDP):
            continue
        header = 14 + 4 * (frame[14] & 15)
        total = 14 + int.from_bytes(frame[16:18], "big")
        source, target = frame[26:30], frame[30:34]
        sport, dport = struct.unpack_from(">HH", frame, header)
        skip = 8 if frame[23] == UDP else 4 * (frame[header + 12] >> 4)
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


def sessions(pick: random.Random) -> list[Flow]:
    """Some sessions of every polling case."""
    made = []
    by_protocol: dict[str, list[Talk]] = defaultdict(list)
    for case in sorted(engine.ROOT.glob("tests/suricata/*-polling*/input.pcap")):
        by_protocol[case.parent.name] += talks(case)
    for number, found in enumerate(t for t in by_protocol.values() if t):
        for turn in range(SESSIONS):
            client = bytes((10, 10, number, 10 + turn % 4))
            server = bytes((10, 20, number, 10 + turn))
            made.append(Flow(pick.choice(found), client, server, 40000 + turn))
    return made


def polls(pick: random.Random) -> Iterator[list[bytes]]:
    """Every session's next poll, in changing order, for ever."""
    running = sessions(pick)
    while True:
        pick.shuffle(running)
        for session in running:
            yield session.step()


def write(path: Path, count: int, mix: str) -> int:
    """A capture of at least ``count`` packets, ``polls`` or ``mixed``; returns how many."""
    pick, number = random.Random(1), 0
    steps = polls(pick)
    if mix == "mixed":
        steps = mixed(pick, steps)
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for step in steps:
            for frame in step:
                seconds, micros = divmod(number * 700, 1_000_000)
                size = len(frame)
                out.write(struct.pack("<IIII", START + seconds, micros, size, size) + frame)
                number += 1
            if number >= count:
                break
    return number


@dataclass(frozen=True)
class Took:
    """Seconds of one run: by the clock, and of processors."""

    elapsed: float
    cpu: float


#: Settings of Suricata beside the overlay's, for every ruleset alike.
SETTINGS: list[str] = []


def run(suricata: str, rules: Path, capture: Path, mode: str) -> Took:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        line = [part for part in engine.command(suricata, rules, Path(name)) if part != "--runmode"]
        line = [part for part in line if part != "single"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        line += [part for setting in SETTINGS for part in ("--set", setting)]
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
    parser.add_argument(
        "--set", action="append", default=[], help="a setting of Suricata: KEY=VALUE"
    )
    parser.add_argument("--by-file", action="store_true", help="also each rules file alone")
    parser.add_argument("--mix", choices=("mixed", "polls"), default="mixed")
    parser.add_argument("--keep", type=Path, help="keep the capture there")
    parser.add_argument("--suricata", default=None)
    options = parser.parse_args()
    SETTINGS.extend(options.set)
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
        made = write(capture, options.packets, options.mix)
        if options.keep:
            shutil.copyfile(capture, options.keep)
        empty.write_bytes(capture.read_bytes()[: 24 + 16 + 54])
        size = capture.stat().st_size / 1e6
        print(
            f"Suricata {engine.version(suricata)}, {made:,} packets ({options.mix}), {size:.0f} MB"
        )
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
