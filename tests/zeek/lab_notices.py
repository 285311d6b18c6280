"""Which notices the sensor alone raises in a lab run, attack by attack:
``python -m tests.zeek.lab_notices captures/ --analyzers build/spicy-modules``.

The folder is one that ``tests.lab run`` made. Zeek runs twice: as it comes, and with the allowlist
that ``gaugeglass sensor allowlist`` writes after learning from the learning phase of the first
run's own logs. What a site would tell its sensor, which networks are its own, is told both times.
A notice is right if one of its techniques is one of the attack's. Exit code 1 if there is a notice
before the attacks.
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

PACKAGE = Path(__file__).parents[2] / "zeek-scripts"

#: What a site tells its sensor about its networks, as ``tests/lab/plant.toml`` says.
SITE = (
    "Site::private_address_space_is_local=F",  # the lab's outside has addresses of documentation
    "Site::local_nets={10.20.0.0/16}",
    "OTDetect::plant_nets={10.20.1.0/24,10.20.3.0/24}",
    # Every attack is judged as if it were the first.
    "OTDetect::suppress_for=5min",
)


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
    compiled = sorted(str(one) for one in analyzers.resolve().glob("*.hlto"))
    ran = subprocess.run(
        ["zeek", "-C", "-r", str(capture.resolve()), *compiled, str(PACKAGE),
         "LogAscii::use_json=T", *more],
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


def learned(logs: Path, until: str, folder: Path) -> Path:
    """The allowlist that ``gaugeglass`` makes of what happened before ``until``."""
    command = [Path(sys.executable).with_name("gaugeglass"), "--quiet", "--state", folder / "state"]
    output = folder / "allowlist"
    for words in (
        ["ingest", logs],
        ["learn", "--until", until],
        ["sensor", "allowlist", "--output", output],
    ):
        ran = subprocess.run(
            [*map(str, command), *map(str, words)], cwd=folder, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if ran.returncode:
            raise RuntimeError(ran.stderr)
    return output


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
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        capture = chosen.run / "plant.pcap"
        zeek(capture, chosen.analyzers, scratch / "first", *SITE, *chosen.more)
        allowed = learned(scratch / "first", phases["learn_until"], scratch)
        zeek(
            capture, chosen.analyzers, scratch / "second", *SITE, *chosen.more,
            f"OTDetect::allowlist_file={allowed}", "OTDetect::enforce_allowlist=T",
        )  # fmt: skip
        entries = len(allowed.read_text(encoding="utf-8").splitlines()) - 1
        without, found = notices(scratch / "first"), notices(scratch / "second")
    report(without, found, chosen.run, _time(phases["quiet_until"]))
    if chosen.tell:
        for n in found:
            print(f"{n.ts:.3f} {n.name} {','.join(n.techniques)}: {n.text}")
    calm = [n for n in (*without, *found) if n.ts < _time(phases["quiet_until"])]
    print(f"\nbefore the attacks ({entries} entries learned): {len(calm)} notices")
    for n in calm:
        print(f"  {n.name}: {n.text}")
    return 1 if calm else 0


def report(without: list[Notice], found: list[Notice], run: Path, quiet: float) -> None:
    """Attack by attack: which notices, and whether they are right without the allowlist and with.

    A notice with a star has none of the attack's techniques.
    """
    told: set[Notice] = set()
    right = Counter[str]()
    print(f"{'':70}  alone  listed  notices with the allowlist")
    for label in read(run / "labels.csv"):
        techniques = set(label.techniques)
        alone, during = (
            [n for n in some if _utc(label.start) <= n.ts <= _utc(label.end) + 60]
            for some in (without, found)
        )
        told |= set(during)
        said = Counter(n.name + ("" if techniques & set(n.techniques) else "*") for n in during)
        verdicts = [any(techniques & set(n.techniques) for n in some) for some in (alone, during)]
        right.update(k for k, yes in zip(("alone", "listed"), verdicts, strict=True) if yes)
        right["all"] += 1
        columns = "  ".join(f"{'yes' if yes else '-':6}" for yes in verdicts)
        text = ", ".join(f"{name} {n}" for name, n in sorted(said.items())) or "-"
        print(f"{label.description[:70]:70}  {columns} {text}")
    print(f"right: {right['alone']} alone, {right['listed']} listed, of {right['all']}")
    rest = Counter(n.name for n in found if n not in told and n.ts >= quiet)
    print(f"between attacks: {', '.join(f'{k} {v}' for k, v in rest.items()) or '-'}")


def _utc(when: datetime) -> float:
    return when.replace(tzinfo=UTC).timestamp()


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


if __name__ == "__main__":
    if shutil.which("zeek") is None:
        sys.exit("zeek is not on PATH")
    sys.exit(main())
