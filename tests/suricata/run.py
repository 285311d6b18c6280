"""Run the cases: ``python -m tests.suricata.run [CASE-GLOB...] [--suricata PATH]``.

A case is a folder with a capture and a ``test.yaml`` in suricata-verify's form. All our rules are
loaded; a case fails if a listed rule fires another number of times, or one of ours that is not
listed fires at all. A rule that does not load fails the run.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import yaml

from gaugeglass.rules.parse import OURS

from . import engine as suricata
from .engine import Engine, Outcome

CASES = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A capture and the count of alerts wanted by sid."""

    name: str
    capture: Path
    wanted: dict[int, int]
    made_by: str = "scapy"

    @classmethod
    def read(cls, folder: Path) -> "Case":
        said = yaml.safe_load((folder / "test.yaml").read_text(encoding="utf-8"))
        wanted = {}
        for check in said.get("checks") or []:
            rule = check["filter"]
            match = rule["match"]
            if set(match) != {"event_type", "alert.signature_id"} or match["event_type"] != "alert":
                raise ValueError(f"{folder.name}: a check that this runner does not know: {match}")
            wanted[int(match["alert.signature_id"])] = int(rule["count"])
        return cls(folder.name, folder / "input.pcap", wanted, said.get("made-by", "scapy"))


def cases(globs: Sequence[str] = (), folder: Path = CASES) -> list[Case]:
    """The cases whose folder matches one of the globs; all, without one."""
    found = sorted(path.parent for path in folder.glob("*/test.yaml"))
    return [Case.read(f) for f in found if not globs or any(fnmatch(f.name, g) for g in globs)]


def differences(case: Case, outcome: Outcome) -> list[str]:
    """One line per sid whose count is not the wanted one; empty for a case that passes."""
    lines = []
    for sid in sorted(set(case.wanted) | {sid for sid in outcome.alerts if sid in OURS}):
        wanted, got = case.wanted.get(sid, 0), outcome.alerts.get(sid, 0)
        if wanted != got:
            unlisted = "" if sid in case.wanted else " (not listed)"
            text = outcome.texts.get(sid, "")
            lines.append(f"sid {sid}: wanted {wanted}, got {got}{unlisted} {text}".rstrip())
    return lines


def failures(running: Engine, wanted: Iterable[Case]) -> dict[str, list[str]]:
    """What differs, for every case; the empty list is a pass."""
    by_capture = {case.capture: case for case in wanted}
    return {
        by_capture[capture].name: differences(by_capture[capture], outcome)
        for capture, outcome in running.run(by_capture)
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.run", description=__doc__)
    parser.add_argument("case", nargs="*", help="globs of case names; all, when none is given")
    parser.add_argument(
        "--suricata",
        action="append",
        help="which Suricata, may be repeated (default: GAUGEGLASS_SURICATA, or all on PATH)",
    )
    parser.add_argument("--cases", type=Path, default=CASES, help="folder of the cases")
    parser.add_argument("--quiet", action="store_true", help="failures only")
    options = parser.parse_args(arguments)
    chosen = cases(options.case, options.cases)
    if not chosen:
        print("no such case", file=sys.stderr)
        return 2
    failed = 0
    for path in options.suricata or suricata.installed():
        started = time.monotonic()
        try:
            label = f"{Path(path).name} {suricata.version(path)}"
            with suricata.engine(path, lenient=True) as running:
                loaded = time.monotonic() - started
                result = failures(running, chosen)
                errors = running.errors
        except suricata.EngineError as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed += 1
            continue
        for name, lines in result.items():
            if lines or not options.quiet:
                print(f"{'FAIL' if lines else 'pass'} {label} {name}")
            for line in lines:
                print(f"     {line}")
        for error in errors:
            print(f"LOAD {label} {error}")
        bad = sum(bool(lines) for lines in result.values())
        failed += bad + len(errors)
        seconds = time.monotonic() - started
        print(
            f"{label}: {len(result) - bad} of {len(result)} cases pass, {len(errors)} load errors, "
            f"{seconds:.1f} s ({loaded:.1f} s to load)"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
