"""What the Zeek package costs: CPU time and log volume against stock Zeek, on one Modbus load.

Usage: python tests/bench/zeek_cost.py [--packets 143000] [--runs 5] [--analyzers DIR]
           [--icsnpp DIR] [--capture PCAP]

The capture is made here (``modbus_load``), or given. Every configuration runs once a round, in
changing order, and the figures are medians, and in the last column the least: whoever else uses the
machine can only add to it. CPU time is that of the whole process, start included;
beside it stands what is left when the time over a capture of three packets is taken off.

- ``stock``: Zeek as it comes, with ``modbus.log``
- ``kept``: the package beside it, nothing of Zeek's left out, with the compiled analyzer
  (``--analyzers``, built without ``DEBUG=1``)
- ``scripts``: the same without the compiled analyzer
- ``thin``: Zeek's rows of plain polls left out (``OTNativeLogs::fate``)
- ``drop``: no ``modbus.log``
- ``icsnpp``: stock Zeek with icsnpp-modbus, where its ``scripts`` folder is given
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

import modbus_load  # noqa: E402

SCRIPTS = ROOT / "zeek-scripts"
OURS = (SCRIPTS / "protocols" / "modbus.zeek", SCRIPTS / "common" / "native_logs.zeek")
FATE = "redef OTNativeLogs::fate = OTNativeLogs::{};"


@dataclass
class Side:
    """One configuration: what it loads, the CPU seconds of its runs, and its logs' bytes."""

    name: str
    arguments: list[str]
    seconds: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    logs: dict[str, int] = field(default_factory=dict)

    def run(self, capture: Path) -> tuple[float, dict[str, int]]:
        """CPU seconds (user and system) of one run, and the bytes of each log it wrote."""
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                ["zeek", "-C", "-r", capture, *self.arguments],
                cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"zeek failed as {self.name}")
            logs = {p.name: p.stat().st_size for p in Path(folder).glob("*.log")}
        return usage.ru_utime + usage.ru_stime, logs


def sides(analyzers: Path, icsnpp: Path | None) -> list[Side]:
    """The configurations, stock first."""
    compiled = analyzers.resolve() / "gaugeglass-modbus.hlto"
    if not compiled.exists():
        raise SystemExit(f"{compiled} is missing: make zeek")
    scripts = [str(path) for path in OURS]
    ours = [str(compiled), *scripts]
    found = [
        Side("stock", []),
        Side("kept", ours),
        Side("scripts", scripts),
        Side("thin", [*ours, "-e", FATE.format("THIN")]),
        Side("drop", [*ours, "-e", FATE.format("DROP")]),
    ]
    if icsnpp is not None:
        found.append(Side("icsnpp", [str(icsnpp)]))
    return found


def volume(side: Side, prefix: str) -> int:
    return sum(size for name, size in side.logs.items() if name.startswith(prefix))


def report(found: list[Side]) -> None:
    """The table: ratios of medians to stock, and log volumes."""
    stock = found[0]
    total = statistics.median(stock.seconds)
    work = total - statistics.median(stock.start)
    print(
        f"{'':8}{'CPU s':>8}{'/ stock':>9}{'less start':>12}{'ot_activity':>13}{'modbus*.log':>13}"
        f"{'least / stock':>15}"
    )
    for side in found:
        seconds = statistics.median(side.seconds)
        net = seconds - statistics.median(side.start)
        print(
            f"{side.name:8}{seconds:8.2f}{seconds / total:9.2f}{net / work:12.2f}"
            f"{volume(side, 'ot_activity'):13,}{volume(side, 'modbus'):13,}"
            f"{min(side.seconds) / min(stock.seconds):15.2f}"
        )
    ours = volume(found[1], "ot_activity")
    print(f"modbus.log / ot_activity.log = {volume(stock, 'modbus') / ours:.0f}")
    if found[-1].name == "icsnpp":
        theirs = volume(found[-1], "modbus") - volume(stock, "modbus")
        print(f"icsnpp's logs / ot_activity.log = {theirs / ours:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packets", type=int, default=143_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--analyzers", type=Path, default=ROOT / "build" / "spicy-modules")
    parser.add_argument("--icsnpp", type=Path, help="the scripts folder of icsnpp-modbus")
    parser.add_argument("--capture", type=Path, help="a capture in place of the one made here")
    options = parser.parse_args()
    if shutil.which("zeek") is None:
        raise SystemExit("zeek is not on PATH")
    found = sides(options.analyzers, options.icsnpp)
    with tempfile.TemporaryDirectory() as folder:
        capture, empty = Path(folder) / "load.pcap", Path(folder) / "empty.pcap"
        modbus_load.make(empty, 3)
        if options.capture:
            capture = options.capture.resolve()
        else:
            modbus_load.make(capture, options.packets)
        print(subprocess.check_output(["zeek", "--version"], text=True).strip())
        order = list(found)
        for _ in range(options.runs):
            random.shuffle(order)
            for side in order:
                side.start.append(side.run(empty)[0])
                seconds, side.logs = side.run(capture)
                side.seconds.append(seconds)
    report(found)


if __name__ == "__main__":
    main()
