"""Does ``ot_activity.log`` say what tshark says? Every capture, operation by operation.

    python -m tests.zeek.agree --captures DIR [--only modbus,s7comm] [--analyzers DIR]

Each capture goes through tshark and through Zeek with this package. What both saw, they must
count alike: by client, server, unit, operation and object. Rows count by their ``events``.
Prints a row a protocol and each difference. Exit code 1 where one agrees to less than --at-least.

A protocol is a file in ``tests/zeek/compare/``, whose interface is described there.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.zeek import compare, tshark
from tests.zeek.compare import Explained, Operation

ROOT = Path(__file__).resolve().parents[2]
#: Where the compiled analyzers are.
COMPILED = Path(os.environ.get("GAUGEGLASS_ANALYZERS", ROOT / "build" / "spicy-modules"))
SUFFIXES = (".pcap", ".pcapng", ".cap")


def comparers(only: Sequence[str]) -> dict[str, Any]:
    """The comparers of that name, or all. Raises SystemExit (2) for a name that has none."""
    names = [m.name for m in pkgutil.iter_modules(compare.__path__)]
    if unknown := [n for n in only if n not in names]:
        print(f"no comparer for {', '.join(unknown)}; there are {', '.join(names)}",
              file=sys.stderr)  # fmt: skip
        raise SystemExit(2)
    return {n: importlib.import_module(f"{compare.__name__}.{n}") for n in only or names}


@dataclass
class Sensor:
    """Zeek with the package's scripts and compiled analyzers."""

    scripts: list[str]

    @classmethod
    def of(cls, modules: Iterable[Any], analyzers: Path, package: Path) -> Sensor:
        """A sensor for these comparers.

        Raises SystemExit where an analyzer isn't compiled or Zeek can't load the scripts.
        """
        files: list[str] = []
        for module in modules:
            for name in module.ANALYZERS:
                path = analyzers / f"gaugeglass-{name}.hlto"
                if not path.exists():
                    raise SystemExit(f"{path} is missing: compile it first (see zeek-scripts/)")
                files.append(str(path))
            files += [str(package / s) for s in module.SCRIPTS]
        files = list(dict.fromkeys(files))
        trial = subprocess.run(["zeek", "-a", *files], capture_output=True, text=True)
        if trial.returncode:
            raise SystemExit(trial.stderr[:2000])
        return cls(files)

    def read(self, capture: Path, seconds: float = 300) -> tuple[list[dict[str, Any]], str]:
        """The rows of ``ot_activity.log`` of ``capture``, and what Zeek complained about."""
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                ["zeek", "-C", "-r", str(capture), *self.scripts, "LogAscii::use_json=T"],
                cwd=folder, capture_output=True, text=True, errors="replace", timeout=seconds,
            )  # fmt: skip
            complaints = run.stderr if run.returncode else ""
            for line in log_lines(Path(folder, "reporter.log")):
                complaints += f"{line.get('level')}: {line.get('message')}\n"
            return log_lines(Path(folder, "ot_activity.log")), complaints


def log_lines(log: Path) -> list[dict[str, Any]]:
    """The rows of a log in JSON; none where there is no such file."""
    if not log.exists():
        return []
    with log.open(encoding="utf-8", errors="replace") as text:
        return [json.loads(line) for line in text]


def ours(rows: Iterable[dict[str, Any]], services: Iterable[str]) -> Counter[Operation]:
    """The operations of ``services`` in rows of ``ot_activity.log``."""
    wanted = set(services)
    counted: Counter[Operation] = Counter()
    for row in rows:
        if row["service"] in wanted:
            key = Operation(
                row["client"], row["server"], row.get("unit", ""), row["operation"],
                row.get("object", ""),
            )  # fmt: skip
            counted[key] += row["events"]
    return counted


@dataclass
class Tally:
    """What one protocol's comparison came to."""

    expected: int = 0
    agreed: int = 0
    extra: int = 0
    explained: int = 0
    captures: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Agreed among all that either side counted and that isn't explained."""
        both = max(self.expected, self.agreed + self.extra)
        return self.agreed / both if both else 1.0

    def add(
        self, capture: str, theirs: Counter[Operation], mine: Counter[Operation],
        reasons: Iterable[Explained],
    ) -> None:  # fmt: skip
        """Count one capture."""
        if not theirs and not mine:
            return
        self.captures += 1
        self.expected += theirs.total()
        self.agreed += (theirs & mine).total()
        self.extra += (mine - theirs).total()
        differences = [("tshark only", o, n) for o, n in (theirs - mine).items()]
        differences += [("ours only", o, n) for o, n in (mine - theirs).items()]
        for side, operation, n in sorted(differences, key=lambda d: (str(d[1]), d[0])):
            why = next(
                (r.reason for r in reasons
                 if fnmatch.fnmatch(capture, r.capture) and re.search(r.about, str(operation))),
                "",
            )  # fmt: skip
            if why:
                self.explained += n
                if side == "ours only":
                    self.extra -= n
                else:
                    self.expected -= n
            suffix = f"  ({why})" if why else ""
            self.lines.append(f"  {capture}: {side} {n} x {operation}{suffix}")


def check(capture: Path, modules: dict[str, Any], sensor: Sensor) -> dict[str, Any]:
    """Both sides' operations of one capture, by comparer, and under "" what Zeek said."""
    options = [o for m in modules.values() for o in getattr(m, "OPTIONS", ())]
    try:
        known = tshark.headers(capture, options)
    except RuntimeError as error:
        return {"": f"tshark: {error}"}
    layers = {layer for frame in known.values() for layer in frame.layers.split(":")}
    rows, complaints = sensor.read(capture)
    result: dict[str, Any] = {"": complaints}
    for name, module in modules.items():
        theirs: Counter[Operation] = Counter()
        if layers & set(module.LAYERS):
            frames = tshark.dissect(capture, known, module.LAYERS, options)
            theirs.update(module.operations(frames))
        result[name] = (theirs, ours(rows, module.SERVICES))
    return result


def captures_in(folder: Path) -> list[Path]:
    """Every capture below ``folder``, or itself if it is one."""
    if folder.is_file():
        return [folder]
    return sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--captures", type=Path, required=True, help="folder or file")
    parser.add_argument("--only", default="", help="comparers, separated by commas")
    parser.add_argument(
        "--analyzers", type=Path, default=COMPILED,
        help="folder of the compiled analyzers (default: as make zeek has it)",
    )  # fmt: skip
    parser.add_argument(
        "--scripts", type=Path, default=ROOT / "zeek-scripts", help="the package's folder"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--at-least", type=float, default=0.999, help="ratio that is good enough")
    parser.add_argument("--differences", type=int, default=40, help="lines shown per protocol")
    args = parser.parse_args(argv)

    modules = comparers([n for n in args.only.split(",") if n])
    sensor = Sensor.of(modules.values(), args.analyzers.resolve(), args.scripts.resolve())
    args.captures = args.captures.resolve()
    files = captures_in(args.captures)
    base = args.captures if args.captures.is_dir() else args.captures.parent
    tallies = {name: Tally() for name in modules}
    complaints: list[str] = []
    with ThreadPoolExecutor(args.jobs) as pool:
        for path, result in zip(
            files, pool.map(lambda p: check(p, modules, sensor), files), strict=True
        ):
            capture = str(path.relative_to(base))
            if said := result.pop(""):
                complaints.append(f"  {capture}: {said.strip()[:500]}")
            for name, (theirs, mine) in result.items():
                reasons = getattr(modules[name], "EXPLAINED", ())
                tallies[name].add(capture, theirs, mine, reasons)

    for said in complaints:
        print(said, file=sys.stderr)
    for name, tally in tallies.items():
        for line in tally.lines[: args.differences]:
            print(line)
        if len(tally.lines) > args.differences:
            print(f"  {name}: {len(tally.lines) - args.differences} more")
    print(f"{'protocol':14} {'captures':>8} {'expected':>9} {'agreed':>9} {'ours only':>9}"
          f" {'explained':>9} {'ratio':>9}")  # fmt: skip
    for name, t in tallies.items():
        print(f"{name:14} {t.captures:8} {t.expected:9} {t.agreed:9} {t.extra:9}"
              f" {t.explained:9} {t.ratio:9.3%}")  # fmt: skip
    return int(bool(complaints) or any(t.ratio < args.at_least for t in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
