"""Memory of the Zeek package: over a simulated month, and under a flood of invented addresses.

Usage: python tests/bench/zeek_memory.py [--days 30] [--addresses 1000000]

The month is a master that polls four controllers on the same connections from the first minute to
the last, and opens a new connection every hour. The flood is a Modbus request from another source
address each. Zeek itself reports its memory; stock Zeek over the same captures stands beside, so
what the package adds is the difference. Rows and sides are counted by the package's own ``sizes``.
"""

from __future__ import annotations

import argparse
import random
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from modbus_load import START, Session, adu, answer, header, record  # noqa: E402

MODBUS = ROOT / "zeek-scripts" / "protocols" / "modbus.zeek"
DAY = 86400.0

#: Prints time, memory in MiB, rows and sides at the end of each ``period`` of network time.
WATCH = """
event watch(first: bool)
    {{
    if ( ! first )
        print fmt("%.0f %d %s", time_to_double(network_time()),
                  get_proc_stats()$mem / 1048576, {sizes});
    schedule {period}sec {{ watch(F) }};
    }}
event zeek_init() {{ event watch(T); }}
event zeek_done() {{ print fmt("%.0f %d %s", time_to_double(network_time()),
                               get_proc_stats()$mem / 1048576, {sizes}); }}
"""
SIZES = 'fmt("%d %d", OTActivity::sizes()$rows, OTActivity::sizes()$sides)'

_READ = struct.pack(">BHH", 3, 0, 10)


def month(days: float, seed: int = 1) -> Iterator[tuple[float, bytes]]:
    """A poll a minute of four ranges each on lasting sessions; a short session every hour."""
    rng = random.Random(seed)
    plcs = [Session(bytes((10, 0, 0, 10)), bytes((10, 0, 1, 1 + i)), 40000 + i) for i in range(4)]
    for i, plc in enumerate(plcs):
        for j, frame in enumerate(plc.opening()):
            yield START + 0.01 * i + 0.001 * j, frame
    tid = 0
    for minute in range(1, int(days * 1440)):
        at = START + 60.0 * minute
        for plc in plcs:
            for first in (0, 100, 200, 300):
                tid += 1
                request = adu(tid, 1, struct.pack(">BHH", 3, first, 10))
                for delay, frame in plc.exchange(request, adu(tid, 1, answer(rng, 3, 10))):
                    yield at + delay, frame
                at += 0.05
        if minute % 60 == 0:
            short = Session(bytes((10, 0, 0, 11)), bytes((10, 0, 1, 1)), 10000 + minute // 60)
            for j, frame in enumerate(short.opening()):
                yield at + 0.001 * j, frame
            for delay, frame in short.exchange(adu(1, 1, _READ), adu(1, 1, answer(rng, 3, 10))):
                yield at + 0.01 + delay, frame
            yield at + 0.1, short.packet(True, 0x11)
            yield at + 0.11, short.packet(False, 0x11)


def flood(addresses: int, seed: int = 2) -> Iterator[tuple[float, bytes]]:
    """A session in its middle from each of many addresses: one request, no reply."""
    rng = random.Random(seed)
    for n in range(addresses):
        source = struct.pack(">I", 0x0B000000 + rng.randrange(1 << 24) + (n % 7 << 24))
        session = Session(source, bytes((10, 0, 1, 1)), 1024 + n % 60000)
        for j, frame in enumerate(session.opening()):
            yield START + n * 0.002 + j * 0.0001, frame
        yield START + n * 0.002 + 0.0005, session.packet(True, 0x18, adu(n, 1, _READ))


def watch(capture: Path, ours: list[Path], period: float) -> list[list[int]]:
    """Rows of time, MiB, rows, sides (the last two 0 for stock Zeek) while Zeek reads it."""
    script = WATCH.format(period=period, sizes=SIZES if ours else '"0 0"')
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(
            ["zeek", "-C", "-r", capture, *ours, "-e", script],
            cwd=folder, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    return [[int(n) for n in line.split()] for line in said.splitlines()]


def compare(
    name: str, frames: Iterator[tuple[float, bytes]], period: float, package: list[Path]
) -> None:
    """Print the memory of both sides at some moments of one capture."""
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "load.pcap"
        with capture.open("wb") as out:
            header(out)
            for ts, frame in frames:
                record(out, ts, frame)
        ours, stock = watch(capture, package, period), watch(capture, [], period)
    print(f"{name}: hours, MiB with the package, MiB of stock Zeek, rows, sides")
    step = max(1, len(ours) // 12)
    for row, plain in zip(ours[::step] + ours[-1:], stock[::step] + stock[-1:], strict=False):
        print(f"{(row[0] - START) / 3600:9.1f}{row[1]:8}{plain[1]:8}{row[2]:9}{row[3]:9}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--addresses", type=int, default=1_000_000)
    parser.add_argument("--analyzers", type=Path, default=ROOT / "build" / "spicy-modules")
    options = parser.parse_args()
    package = [options.analyzers.resolve() / "gaugeglass-modbus.hlto", MODBUS]
    if not package[0].exists():
        raise SystemExit(f"{package[0]} is missing: make zeek")
    if options.days:
        compare(f"{options.days:g} days", month(options.days), DAY, package)
    if options.addresses:
        compare(f"{options.addresses:,} addresses", flood(options.addresses), 60.0, package)


if __name__ == "__main__":
    main()
