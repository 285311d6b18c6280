"""Mutated captures through the analyzers: nothing may crash, hang, grow or complain.

    python -m tests.zeek.fuzz --captures DIR [--only s7comm,goose] [--count 10000] [--seed 1]

Conversations of a protocol are taken from captures and mutated; many go into one Zeek process,
each between addresses of its own. A process that dies, exceeds its time or memory, or writes
errors is halved until one capture is found that does it alone; that one is kept in --keep.
TriStation takes part where it is named, with captures of nothing else.
Prints a row a protocol; exit code 1 where there was a fault.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.zeek import mutate, tshark
from tests.zeek.agree import COMPILED, ROOT, Sensor, captures_in, comparers, log_lines
from tests.zeek.mutate import Session

ADDRESS_SPACE = 4 << 30

#: Protocols that tshark can't judge, so that there is no comparer: whatever their captures say in
#: these layers is mutated.
UNJUDGED = {
    "tristation": SimpleNamespace(
        ANALYZERS=("tristation",), SCRIPTS=("protocols/tristation.zeek",), LAYERS=("udp",)
    )
}


@dataclass
class Outcome:
    """How one Zeek process ended: what is wrong with it, its peak memory and its rows."""

    faults: list[str] = field(default_factory=list)
    peak: int = 0
    rows: int = 0


def run(sensor: Sensor, capture: Path, seconds: float, memory: int) -> Outcome:
    """Zeek on ``capture``: limits in seconds of wall time and bytes of resident memory."""
    result = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder, "stderr")
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                ["zeek", "-C", "-r", str(capture), *sensor.scripts, "LogAscii::use_json=T"],
                cwd=folder, stdout=stderr, stderr=stderr,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE)
                ),
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                _, status, usage = os.wait4(process.pid, 0)
                result.faults.append(f"no end after {seconds:.0f} s")
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not result.faults:
            result.faults.append(_death(process.returncode))
        result.peak = usage.ru_maxrss * 1024
        if result.peak > memory:
            result.faults.append(f"{result.peak >> 20} MiB resident")
        said = errors.read_text(errors="replace").strip()
        if said:
            result.faults.append(said[:500])
        for line in log_lines(Path(folder, "reporter.log")):
            result.faults.append(f"{line.get('level')}: {line.get('message')}"[:500])
        result.rows = len(log_lines(Path(folder, "ot_activity.log")))
    return result


def _death(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class Fuzzer:
    """Runs batches of mutated captures and finds the one that a fault is due to."""

    def __init__(self, sensor: Sensor, seconds: float, memory: int, keep: Path | None) -> None:
        self.sensor, self.seconds, self.memory, self.keep = sensor, seconds, memory, keep
        self.peak = self.rows = 0
        self.faults: list[str] = []

    def batch(self, mutated: list[tuple[int, Session]]) -> None:
        """Run one process over all of ``mutated``."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "mutated.pcap")
            mutate.write(path, mutated)
            outcome = run(self.sensor, path, self.seconds, self.memory)
            self.peak = max(self.peak, outcome.peak)
            if not outcome.faults:
                self.rows += outcome.rows
            elif len(mutated) == 1 or len(self.faults) >= 10:
                name = f"{mutated[0][0]}.pcap"
                self.faults.append(f"{name}: " + "; ".join(outcome.faults)[:500])
                if self.keep:
                    self.keep.mkdir(parents=True, exist_ok=True)
                    path.replace(self.keep / name)
            else:
                before = len(self.faults)
                half = len(mutated) // 2
                self.batch(mutated[:half])
                self.batch(mutated[half:])
                if len(self.faults) == before:
                    self.faults.append("only together: " + "; ".join(outcome.faults)[:500])


def seeds(module: Any, captures: Sequence[Path]) -> list[Session]:
    """Conversations of a comparer's protocol in ``captures``."""
    found: list[Session] = []
    for capture in captures:
        try:
            known = tshark.headers(capture, getattr(module, "OPTIONS", ()))
        except RuntimeError:
            continue
        # All packets of a conversation in which the protocol occurs, handshakes too.
        names = {n: f.stream if f.sport else f"{f.layers}{f.src}" for n, f in known.items()}
        spoken = {
            names[n] for n, f in known.items() if set(f.layers.split(":")) & set(module.LAYERS)
        }
        found += mutate.sessions(capture, {n: s for n, s in names.items() if s in spoken})
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--captures", type=Path, required=True, nargs="+", help="where seeds are")
    parser.add_argument("--only", default="", help="protocols, separated by commas")
    parser.add_argument("--count", type=int, default=10000, help="mutated captures a protocol")
    parser.add_argument("--batch", type=int, default=500, help="of them in one process")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=120, help="time limit of a process")
    parser.add_argument("--memory", type=int, default=1024, help="limit in MiB resident")
    parser.add_argument("--keep", type=Path, help="folder for captures that do harm")
    parser.add_argument("--analyzers", type=Path, default=COMPILED)
    parser.add_argument("--scripts", type=Path, default=ROOT / "zeek-scripts")
    args = parser.parse_args(argv)

    bad = False
    files = [f for folder in args.captures for f in captures_in(folder.resolve())]
    print(f"{'protocol':14} {'seeds':>6} {'mutated':>8} {'rows':>8} {'peak MiB':>8} {'s':>6}"
          " faults")  # fmt: skip
    only = [n for n in args.only.split(",") if n]
    modules: dict[str, Any] = {n: UNJUDGED[n] for n in only if n in UNJUDGED}
    if not only or len(modules) < len(only):
        modules |= comparers([n for n in only if n not in UNJUDGED])
    for name, module in modules.items():
        sensor = Sensor.of([module], args.analyzers.resolve(), args.scripts.resolve())
        pool = seeds(module, files)
        if not pool:
            print(f"{name:14} no capture speaks it")
            bad = True
            continue
        start = time.monotonic()
        rng = random.Random(f"{args.seed} {name}")
        fuzzer = Fuzzer(sensor, args.seconds, args.memory << 20, args.keep and args.keep / name)
        for first in range(0, args.count, args.batch):
            numbers = range(first, min(first + args.batch, args.count))
            fuzzer.batch([(n, mutate.mutate(rng.choice(pool), rng)) for n in numbers])
        print(f"{name:14} {len(pool):6} {args.count:8} {fuzzer.rows:8} {fuzzer.peak >> 20:8}"
              f" {time.monotonic() - start:6.0f} {len(fuzzer.faults)}", flush=True)  # fmt: skip
        for fault in fuzzer.faults:
            print(f"  {fault}")
        bad = bad or bool(fuzzer.faults)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
