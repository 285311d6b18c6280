"""What every process of the lab is given: who it is, the clock, and a way to stop.

One process runs one module for one host, inside that host's namespace:

    python -m tests.lab.node clients.hmi_modbus hmi --t0 ... --until ... --seed 1

The module has `main(node)`, plain or async. A process ends at `until` whatever
happens, and also when its parent does, so nothing of the lab can linger.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import importlib
import inspect
import json
import logging
import math
import os
import random
import signal
import socket
import sys
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from . import netns
from .plant import Host, Plant, load

LAB = "@lab"  # the "host" of an attack that is a hand on a cable, not a packet
DAY_SWING = 0.08  # how much slower than on average the plant is polled at night


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


@dataclass
class Node:
    """One process of one host: identity, clock, chance and measure."""

    plant: Plant
    name: str
    t0: float
    until: float
    seed: int = 1
    scale: int = 60
    label: str = ""
    rng: random.Random = field(default_factory=random.Random)

    @property
    def host(self) -> Host:
        """The host this process belongs to."""
        return self.plant.host(self.name)

    @property
    def ip(self) -> str:
        """The address of this host."""
        return self.host.ip

    def peer(self, name: str) -> str:
        """The address of another host."""
        return self.plant.ip(name)

    @property
    def running(self) -> bool:
        """Whether there is time left."""
        return time.time() < self.until

    def hours(self) -> float:
        """The plant's own time of day in hours, after stretching."""
        return max(0.0, time.time() - self.t0) * self.scale / 3600.0

    def rhythm(self) -> float:
        """A mild daily rhythm around 1: night (0 h) above, midday below."""
        return 1.0 + DAY_SWING * math.cos(2 * math.pi * self.hours() / 24.0)

    def measure(self, name: str, low: float, high: float) -> float:
        """A process value: a slow wave of its own period and phase, with noise."""
        key = zlib.crc32(name.encode())
        period, phase = 1.5 + key % 7, (key >> 8) % 628 / 100
        wave = 0.5 + 0.4 * math.sin(2 * math.pi * self.hours() / period + phase)
        noise = self.rng.gauss(0, 0.02)
        return low + (high - low) * min(1.0, max(0.0, wave + noise))

    def pause(self, seconds: float) -> None:
        """Sleep, but never past the end of the run."""
        time.sleep(max(0.0, min(seconds, self.until - time.time())))

    def _beats(self, period: float, jitter: float) -> Iterator[float]:
        due = time.time() + self.rng.random() * period
        while self.running:
            yield max(0.0, due - time.time())
            # Due times do not drift with the work done, as in a real poll cycle.
            step = period * self.rhythm() * max(0.3, self.rng.gauss(1.0, jitter))
            due = max(due + step, time.time())

    def every(self, period: float, jitter: float = 0.06) -> Iterator[int]:
        """Count beats of a period, with jitter and the daily rhythm."""
        for count, wait in enumerate(self._beats(period, jitter)):
            self.pause(wait)
            if self.running:
                yield count

    async def every_async(self, period: float, jitter: float = 0.06) -> AsyncIterator[int]:
        """The same for asyncio."""
        for count, wait in enumerate(self._beats(period, jitter)):
            await asyncio.sleep(max(0.0, min(wait, self.until - time.time())))
            if self.running:
                yield count

    def wait_for(self, name: str, port: int, timeout: float = 20.0) -> bool:
        """Whether a TCP server answers before the timeout."""
        end = min(self.until, time.time() + timeout)
        while time.time() < end:
            try:
                socket.create_connection((self.peer(name), port), 1.0).close()
            except OSError:
                time.sleep(0.3)
            else:
                return True
        return False

    def plug(self, name: str, up: bool) -> None:
        """Pull or plug a host's cable (only for the lab itself)."""
        netns.plug(self.plant, name, up)


def report(**facts: object) -> None:
    """Tell run.py something, as one line of JSON on stdout."""
    print(json.dumps(facts), flush=True)


def run(node: Node, module_name: str) -> None:
    """Run one module's main (a device or client) or run (an attack)."""
    module = importlib.import_module(f"{__package__}.{module_name}")
    entry = getattr(module, "main", None)
    if entry is None:
        entry = module.run
        # An attack's label does not include the time its libraries took to load.
        report(started=time.time())
    try:
        result = entry(node)
        if inspect.iscoroutine(result):
            asyncio.run(result)
    finally:
        report(ended=time.time())


def main() -> None:
    """Parse the command line of one process and run its module."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("module")
    parser.add_argument("host")
    parser.add_argument("--t0", type=float, required=True, help="start of the run, epoch")
    parser.add_argument("--until", type=float, required=True, help="hard end, epoch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=int, default=60)
    options = parser.parse_args()
    die_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.alarm(max(1, int(options.until - time.time()) + 3))
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    own = zlib.crc32(f"{options.module} {options.host}".encode())
    node = Node(
        plant=load(),
        name=options.host,
        t0=options.t0,
        until=options.until,
        seed=options.seed,
        scale=options.scale,
        label=options.module,
        rng=random.Random(options.seed * 1_000_003 + own),
    )
    run(node, options.module)


if __name__ == "__main__":
    main()
