"""One run of the lab: build the plant, learn, be quiet, attack, clean up.

Whatever happens, including Ctrl-C, every process ends and every namespace is
removed. Processes end by themselves too: at their own deadline, or when this
one dies.
"""

from __future__ import annotations

import contextlib
import csv
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import attacks, netns
from .capture import capture
from .node import LAB, die_with_parent
from .plant import Plant, load

SERVERS_FIRST_SECONDS = 12.0  # servers get this long to start before any client
ATTACK_LIMIT_SECONDS = 45.0
LABEL_COLUMNS = ("start", "end", "technique", "description", "entities")


@dataclass
class Settings:
    """What one run is asked to do; times are real seconds."""

    out: Path
    learn: float = 360.0
    quiet: float = 180.0
    gap: float = 4.0
    seed: int = 1
    scale: int = 60
    shuffle: bool = False
    only: tuple[str, ...] = ()
    held_out: bool = False
    verbose: bool = False


@dataclass
class Run:
    """The running processes, and what the attacks reported."""

    plant: Plant
    settings: Settings
    t0: float = 0.0
    until: float = 0.0
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    labels: list[dict[str, object]] = field(default_factory=list)

    def start(self, module: str, host: str) -> subprocess.Popen[str]:
        """Start one module for one host, inside its namespace."""
        command = [
            sys.executable,
            "-m",
            f"{__package__}.node",
            module,
            host,
            "--t0",
            repr(self.t0),
            "--until",
            repr(self.until),
            "--seed",
            str(self.settings.seed),
            "--scale",
            str(self.settings.scale),
        ]
        if host != LAB:
            command = netns.inside(host, command)
        errors = None if self.settings.verbose else subprocess.DEVNULL
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, preexec_fn=die_with_parent
        )
        self.processes.append(process)
        return process

    def start_all(self, room: str) -> None:
        """Start every module of a room (devices or clients)."""
        for host in self.plant.hosts.values():
            for module in host.runs:
                if module.startswith(room + "."):
                    self.start(module, host.name)

    def attack(self, name: str) -> None:
        """Perform one attack and keep its label."""
        attack = attacks.load(name)
        if attack.origin != LAB and not self.plant.host(attack.origin).plugged:
            netns.plug(self.plant, attack.origin)
        process = self.start(f"attacks.{name}", attack.origin)
        facts: dict[str, float] = {}
        killer = threading.Timer(ATTACK_LIMIT_SECONDS, process.kill)
        killer.start()
        begun = time.time()
        for line in process.stdout or ():
            with contextlib.suppress(ValueError):
                facts.update(json.loads(line))
        code = process.wait()
        killer.cancel()
        entities = [self.plant.ip(host) for host in attack.entities]
        self.labels.append(
            {
                "attack": name,
                "start": facts.get("started", begun),
                "end": facts.get("ended", time.time()),
                "technique": ";".join(attack.techniques),
                "description": attack.title,
                "entities": ";".join(entities),
                "exit": code,
            }
        )
        last = self.labels[-1]
        print(f"{name}: {last['end'] - last['start']:.1f} s, exit {code}", file=sys.stderr)  # type: ignore[operator]

    def stop(self) -> None:
        """End every process we started, by its id."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        time.sleep(0.5)
        for process in self.processes:
            if process.poll() is None:
                process.kill()


@contextlib.contextmanager
def plant_up(plant: Plant) -> Iterator[None]:
    """The plant's network, removed again whatever happens."""
    netns.destroy()  # what a killed earlier run may have left
    try:
        netns.build(plant)
        yield
    finally:
        netns.destroy()


def order(settings: Settings) -> list[str]:
    """Which attacks, in which order: the listed one, or shuffled by the seed."""
    known = attacks.HELD_OUT if settings.held_out else attacks.ORDER
    names = [name for name in known if not settings.only or name in settings.only]
    if settings.shuffle:
        # The last attacks leave devices off or addresses poisoned, so they stay last.
        movable = [name for name in names if name not in attacks.LAST]
        random.Random(settings.seed).shuffle(movable)
        names = movable + [name for name in names if name in attacks.LAST]
    return names


def perform(settings: Settings) -> Path:
    """Do one run and write raw.pcap and raw.json (real times) into the directory."""
    netns.require_root()
    # A polite kill must clean up as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings.out.mkdir(parents=True, exist_ok=True)
    pcap = settings.out / "raw.pcap"
    pcap.unlink(missing_ok=True)
    names = order(settings)
    for name in names:
        attacks.load(name)  # a broken attack shows before the run, not after ten minutes
    run = Run(load(), settings)
    chance = random.Random(settings.seed)
    with plant_up(run.plant):
        try:
            run.t0 = time.time() + SERVERS_FIRST_SECONDS
            run.until = (
                run.t0
                + settings.learn
                + settings.quiet
                + len(names) * (ATTACK_LIMIT_SECONDS + settings.gap * 2)
                + 10
            )
            run.start_all("devices")
            time.sleep(max(0.0, run.t0 - time.time()))
            with capture(pcap):
                run.t0 = time.time()
                run.start_all("clients")
                phase(run.t0 + settings.learn, "learning")
                phase(run.t0 + settings.learn + settings.quiet, "quiet")
                for name in names:
                    run.attack(name)
                    time.sleep(settings.gap * chance.uniform(0.7, 1.5))
                end = time.time()
        finally:
            run.stop()
    facts = {
        "t0": run.t0,
        "learn_until": run.t0 + settings.learn,
        "quiet_until": run.t0 + settings.learn + settings.quiet,
        "end": end,
        "seed": settings.seed,
        "scale": settings.scale,
        "labels": run.labels,
    }
    (settings.out / "raw.json").write_text(json.dumps(facts, indent=1))
    return pcap


def phase(end: float, name: str) -> None:
    """Let the plant run until a moment."""
    print(f"{name}: {end - time.time():.0f} s", file=sys.stderr)
    time.sleep(max(0.0, end - time.time()))


def write_labels(path: Path, labels: list[dict[str, object]]) -> None:
    """Write the label file with exactly its columns."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, LABEL_COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(labels)
