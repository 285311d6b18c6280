"""Kill ingests at any point and see that the ledger ends up as if nothing had happened.

``python tests/python/crashkit.py [KILLS] [SEED]`` runs a long schedule; ``make crash`` calls it.
The short one is part of the tests.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from logkit import DETAILED, conn, detailed, events, gz, jsonl, put, take, tsv, whole_ledger, zst

from gaugeglass.ledger.manifest import Manifest

RUN = """
import sys
from pathlib import Path
from gaugeglass.ledger.ingest import ingest
if __name__ == "__main__":
    print("ready", flush=True)
    ingest([Path(sys.argv[1])], Path(sys.argv[2]), workers=int(sys.argv[3]))
    print("done", flush=True)
"""


def stages(rows: int = 400) -> list[dict[str, bytes]]:
    """What a log folder holds at successive times: logs grow, are rotated and compressed."""
    a, b = tsv(conn(rows), close=True), tsv(conn(rows // 2, start=rows * 8.0))
    m = tsv(detailed(rows), "modbus_detailed", DETAILED)
    e = jsonl(events(rows))
    mixed = jsonl(conn(rows // 4, start=1e6), "conn") + jsonl(detailed(5), "modbus_detailed")
    archive = {f"old/conn.{h:02}:00:00.log.zst": zst(tsv(conn(40, start=-7200.0 - 600 * h)))
               for h in range(8)}  # fmt: skip
    return [
        {"current/conn.log": a[: len(a) // 3], "eve.json": e[: len(e) // 2], **archive},
        {"current/conn.log": a[: len(a) * 2 // 3], "current/modbus_detailed.log": m[:3000],
         "eve.json": e, **archive},
        {"done/conn.10:00:00-11:00:00.log.gz": gz(a), "current/conn.log": b[:900],
         "current/modbus_detailed.log": m, "eve.json.1.gz": gz(e), "all.log": mixed, **archive},
        {"done/conn.10:00:00-11:00:00.log.gz": gz(a), "current/conn.log": b,
         "current/modbus_detailed.log": m, "eve.json.1.gz": gz(e), "all.log": mixed, **archive},
    ]  # fmt: skip


def show(folder: Path, files: dict[str, bytes]) -> None:
    """Make ``folder`` hold exactly ``files``."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, data in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            put(path, data)


def expected(folder: Path, some: list[dict[str, bytes]]) -> dict[str, list[dict[str, object]]]:
    """The ledger of the same stages without a kill."""
    for files in some:
        show(folder / "logs", files)
        take([folder / "logs"], folder / "state")
    return whole_ledger(folder / "state")


def killed_after(logs: Path, state: Path, seconds: float, workers: int) -> bool:
    """Start an ingest and kill it; False if it was done before."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(logs), str(state), str(workers)],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.read()
    process.stdout.close()
    process.wait()
    return "done" not in rest


def sound(state: Path) -> None:
    """What a reader may find at any moment: every committed part is there and readable."""
    if (state / "manifest.sqlite").exists():
        whole_ledger(state)


def schedule(folder: Path, kills: int, seed: int, workers: int = 1, rows: int = 400) -> int:
    """Kill ``kills`` ingests at random moments while logs change; returns how many were hit."""
    chance = random.Random(seed)
    some = stages(rows)
    truth = expected(folder / "truth", some)
    logs, state = folder / "logs", folder / "state"
    hit = 0
    started = time.monotonic()
    show(logs, some[0])
    take([logs], folder / "timed")
    usual = time.monotonic() - started + 0.1
    for i, files in enumerate(some):
        show(logs, files)
        for _ in range(kills // len(some) + (i < kills % len(some))):
            hit += killed_after(logs, state, chance.uniform(0, usual), workers)
            sound(state)
        take([logs], state)
    assert whole_ledger(state) == truth, f"seed {seed}: the ledger differs"
    manifest = Manifest(state)
    known = {p for kind in truth for p in manifest.parts(kind)}
    manifest.db.close()
    assert {p.name for p in (state / "ledger").glob("*.parquet")} == known
    return hit


if __name__ == "__main__":
    number, first = (int(x) for x in (*sys.argv[1:], *("200", "1")[len(sys.argv) - 1 :]))
    for round_ in range(max(1, number // 20)):
        with tempfile.TemporaryDirectory() as name:
            n = schedule(Path(name), 20, first + round_, workers=1 + round_ % 2, rows=4000)
        print(f"seed {first + round_}: {n} of 20 ingests killed in the middle, the ledger is whole")
