"""CPU and log volume of our analyzers against the ICSNPP packages, on the same captures.

Usage: python tests/bench/zeek_icsnpp.py --package s7comm=BUILD --package bacnet=BUILD
           [--analyzers DIR] [--rounds 5] [--capture s7comm=PCAP]

``BUILD`` is the folder of a built ICSNPP plugin (what ``ZEEK_PLUGIN_PATH`` takes). Protocols are
``s7comm``, ``enip``, ``bacnet`` and ``opcua``; each is measured on polls made here (BACnet on polls
in one connection of Zeek's, and on polls slower than its UDP timeout, each a connection of its own)
and on the captures that are given. Ours is the protocol's file alone with its compiled analyzer
(``--analyzers``, built without ``DEBUG=1``). Stock Zeek, ours and theirs take turns, and the figure
is the least user and system time of all rounds: whoever else uses the machine can only add to it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.suricata.makers.wire import Exchange, Packet, merged, pcap, tcp, udp  # noqa: E402
from tests.zeek.make import bacnet, enip, opcua, s7comm  # noqa: E402

#: What the plugins' scripts are called.
THEIRS = {"s7comm": "s7comm", "enip": "enip", "bacnet": "bacnet", "opcua": "opcua-binary"}
SESSIONS = 4
POLLS = 4000
SLOW_CLIENTS = 200
SLOW_POLLS = 60
#: Seconds between slow polls: more than Zeek's ``udp_inactivity_timeout`` of one minute.
SLOW_PERIOD = 90.0


def sessions(port: int, said: Exchange) -> bytes:
    """The same exchange on several TCP connections at once."""
    flows = [
        tcp(f"10.1.0.{k + 1}", f"10.2.0.{k + 1}", port, said, sport=40000 + k, start=k * 0.001)
        for k in range(SESSIONS)
    ]
    return pcap(merged(*flows))


def opcua_polls() -> Exchange:
    """A session that reads one and ten values in turn."""
    talk = opcua.Talk().open()
    opcua.session(talk)
    nodes = [opcua.value_id(opcua.node(f"Line.Unit.Point{i}", 2)) for i in range(10)]
    for n in range(POLLS // 4):
        asked = nodes[: 1 if n % 2 else 10]
        values = opcua.array(*[opcua.data(opcua.double(n + i)) for i in range(len(asked))])
        talk.ask(631, opcua.read(*asked), values + opcua.NULL, 1000 + n)
    return talk.close().said


def slow_polls() -> bytes:
    """BACnet polls so far apart that each is a connection of its own to Zeek."""
    pair = bacnet.polls(1)

    def packets() -> Iterator[Packet]:
        for n in range(SLOW_POLLS):
            for k in range(SLOW_CLIENTS):
                ends = (f"10.1.0.{k + 1}", f"10.2.0.{k + 1}", bacnet.PORT)
                start = n * SLOW_PERIOD + k * 0.01
                yield from udp(*ends, pair, sport=bacnet.PORT, start=start, step=0.004)

    return pcap(list(packets()))


def bacnet_polls() -> bytes:
    ends = [(f"10.1.0.{k + 1}", f"10.2.0.{k + 1}", bacnet.PORT) for k in range(SESSIONS)]
    polls = bacnet.polls(POLLS)
    flows = [udp(*e, polls, sport=bacnet.PORT, start=k * 0.001) for k, e in enumerate(ends)]
    return pcap(merged(*flows))


LOADS: dict[str, dict[str, Callable[[], bytes]]] = {
    "s7comm": {
        "polls": lambda: sessions(s7comm.PORT, [*s7comm.opened(), *s7comm.polls(POLLS)]),
    },
    "enip": {"polls": lambda: sessions(enip.PORT, [*enip.opened(), *enip.polled(POLLS)])},
    "bacnet": {"polls": bacnet_polls, "slow polls": slow_polls},
    "opcua": {"polls": lambda: sessions(opcua.PORT, opcua_polls())},
}


@dataclass
class Side:
    """One configuration, and the least CPU seconds and log bytes that it took."""

    arguments: list[str]
    plugins: str = ""
    seconds: float = float("inf")
    logs: int = 0

    def run(self, capture: Path) -> None:
        environment = os.environ | ({"ZEEK_PLUGIN_PATH": self.plugins} if self.plugins else {})
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                ["zeek", "-C", "-r", capture, *self.arguments], cwd=folder, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"zeek failed with {self.arguments}")
            self.seconds = min(self.seconds, usage.ru_utime + usage.ru_stime)
            self.logs = sum(path.stat().st_size for path in Path(folder).glob("*.log"))


def measure(protocol: str, capture: Path, package: str, analyzer: Path, rounds: int) -> list[Side]:
    """Stock Zeek, ours and theirs over one capture, in changing order."""
    script = ROOT / "zeek-scripts" / "protocols" / f"{protocol}.zeek"
    sides = [
        Side([]),
        Side([str(analyzer), str(script)]),
        Side([f"icsnpp/{THEIRS[protocol]}"], package),
    ]
    for _ in range(rounds):
        for side in random.sample(sides, len(sides)):
            side.run(capture)
    return sides


def named(text: str) -> tuple[str, Path]:
    protocol, _, path = text.partition("=")
    if protocol not in THEIRS or not path:
        raise argparse.ArgumentTypeError(f"PROTOCOL=PATH with one of {', '.join(THEIRS)}")
    return protocol, Path(path).resolve()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=named, action="append", required=True)
    parser.add_argument("--capture", type=named, action="append", default=[])
    parser.add_argument("--analyzers", type=Path, default=ROOT / "build" / "spicy-modules")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{'':32}{'stock s':>9}{'ours s':>9}{'icsnpp s':>9}{'ours/icsnpp':>12}{'logs':>8}")
    for protocol, package in options.package:
        analyzer = options.analyzers.resolve() / f"gaugeglass-{protocol}.hlto"
        captures = [(path.name, path) for name, path in options.capture if name == protocol]
        with tempfile.TemporaryDirectory() as folder:
            for name, load in LOADS[protocol].items():
                captures.append((name, Path(folder) / f"{name}.pcap"))
                captures[-1][1].write_bytes(load())
            for name, capture in captures:
                sides = measure(protocol, capture, str(package), analyzer, options.rounds)
                stock, ours, theirs = sides
                print(
                    f"{protocol + ', ' + name:32}{stock.seconds:9.2f}{ours.seconds:9.2f}"
                    f"{theirs.seconds:9.2f}{ours.seconds / theirs.seconds:12.2f}"
                    f"{ours.logs / theirs.logs:8.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
