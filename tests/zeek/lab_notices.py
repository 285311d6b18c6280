"""Which notices the sensor alone raises in a lab run, attack by attack:
``python -m tests.zeek.lab_notices captures/ --analyzers build/spicy-modules``.

The folder is one that ``tests.lab run`` made. The allowlist is learned from the learning phase, as
a site would after its approval: who changed what until then. Exit code 1 if the quiet phase has a
notice.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gaugeglass.labels import read
from gaugeglass.ledger.schema import STATE_CHANGING

PACKAGE = Path(__file__).parents[2] / "zeek-scripts"
COLUMNS = ("client", "server", "service", "operation", "object")


@dataclass(frozen=True)
class Notice:
    """One notice: when, its type, its techniques and its text."""

    ts: float
    name: str
    techniques: tuple[str, ...]
    text: str


def zeek(capture: Path, analyzers: Path, folder: Path, *more: str) -> None:
    """Run the package over a capture, logs as JSON into ``folder``.

    Raises:
        RuntimeError: Zeek failed, or said something.
    """
    folder.mkdir()
    path = subprocess.run(["zeek-config", "--zeekpath"], capture_output=True, text=True, check=True)
    ran = subprocess.run(
        ["zeek", "-C", "-r", str(capture.resolve()), *map(str, sorted(analyzers.glob("*.hlto"))),
         str(PACKAGE), "LogAscii::use_json=T", *more],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "ZEEKPATH": f"{PACKAGE}:{path.stdout.strip()}"},
    )  # fmt: skip
    said = [x for x in ran.stderr.splitlines() if x and "processing " not in x]
    if ran.returncode or said:
        raise RuntimeError("\n".join(said[-20:]) or f"zeek ended with {ran.returncode}")


def rows(log: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON log; none if it wasn't written."""
    if log.exists():
        for line in log.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def learned(logs: Path, until: float) -> set[tuple[str, ...]]:
    """Allowlist entries for what changed devices before ``until``."""
    return {
        (r["client"], r["server"], r["service"], r["operation"], "*")
        for r in rows(logs / "ot_activity.log")
        if r["action"] in (*STATE_CHANGING, "time") and r["last"] < until and r["outcome"] == "ok"
    }


def notices(logs: Path) -> list[Notice]:
    """What the package's detections said."""
    return [
        Notice(r["ts"], r["note"].removeprefix("OTDetect::"), tuple(r.get("ot_techniques", ())),
               r["msg"])
        for r in rows(logs / "notice.log")
        if r["note"].startswith("OTDetect::")
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder with plant.pcap, labels.csv, phases.json")
    parser.add_argument("--analyzers", type=Path, required=True, help="folder with *.hlto")
    parser.add_argument("--tell", action="store_true", help="print every notice")
    parser.add_argument("--more", nargs="*", default=[], help="further scripts for Zeek")
    chosen = parser.parse_args()
    phases = json.loads((chosen.run / "phases.json").read_text(encoding="utf-8"))
    learn, quiet = (_time(phases[k]) for k in ("learn_until", "quiet_until"))
    with tempfile.TemporaryDirectory() as scratch:
        first, second = Path(scratch) / "first", Path(scratch) / "second"
        capture = chosen.run / "plant.pcap"
        zeek(capture, chosen.analyzers, first, *chosen.more)
        allowed = Path(scratch) / "allowlist"
        entries = ["#fields\t" + "\t".join(COLUMNS)]
        entries += sorted("\t".join(entry) for entry in learned(first, learn))
        allowed.write_text("\n".join(entries) + "\n", encoding="utf-8")
        zeek(
            capture, chosen.analyzers, second, *chosen.more,
            f"OTDetect::allowlist_file={allowed}", "OTDetect::enforce_allowlist=T",
            # Every attack is judged as if it were the first.
            "OTDetect::suppress_for=5min",
        )  # fmt: skip
        found = notices(second)
    report(found, chosen.run, quiet)
    if chosen.tell:
        for n in found:
            print(f"{n.ts:.3f} {n.name} {','.join(n.techniques)}: {n.text}")
    calm = [n for n in found if n.ts < quiet]
    print(f"\nbefore the attacks ({len(entries) - 1} entries learned): {len(calm)} notices")
    for n in calm:
        print(f"  {n.name}: {n.text}")
    return 1 if calm else 0


def report(found: list[Notice], run: Path, quiet: float) -> None:
    """Attack by attack: which notices, and how many."""
    told: set[Notice] = set()
    for label in read(run / "labels.csv"):
        during = [n for n in found if _utc(label.start) <= n.ts <= _utc(label.end) + 60]
        told |= set(during)
        names = Counter(n.name for n in during)
        text = ", ".join(f"{name} {n}" for name, n in sorted(names.items())) or "-"
        print(f"{label.description[:70]:70}  {text}")
    rest = Counter(n.name for n in found if n not in told and n.ts >= quiet)
    print(f"{'(between attacks)':70}  {', '.join(f'{k} {v}' for k, v in rest.items()) or '-'}")


def _utc(when: datetime) -> float:
    return when.replace(tzinfo=UTC).timestamp()


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


if __name__ == "__main__":
    if shutil.which("zeek") is None:
        sys.exit("zeek is not on PATH")
    sys.exit(main())
