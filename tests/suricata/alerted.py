"""Which captures of a folder raise an alert: ``python -m tests.suricata.alerted DIR...``.

For scenarios that others script, a capture each. Counted by folder is whether any of our rules
alerts, and what techniques the alerts name; captures that raise none are listed. ``--by REGEX``
counts by what its group finds in a capture's name instead, as ``--by '__.*__([a-z0-9]+)_'``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gaugeglass.rules.parse import OURS, read

from . import engine

KINDS = {".pcap", ".pcapng", ".cap"}


def captures(folders: Iterable[Path]) -> list[Path]:
    """Captures under the folders, or the files themselves."""
    found = {p for f in folders for p in ([f] if f.is_file() else f.rglob("*"))}
    return sorted(p for p in found if p.suffix in KINDS)


def outcomes(suricata: str, wanted: Sequence[Path]) -> Iterator[tuple[Path, set[int]]]:
    """Each capture with the sids of ours that it raised."""
    with engine.engine(suricata) as running:
        for path, outcome in running.run(wanted):
            yield path, {sid for sid in outcome.alerts if sid in OURS}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.alerted")
    parser.add_argument("captures", nargs="+", type=Path, help="captures, or folders of them")
    parser.add_argument("--by", type=re.compile, help="a group of this, found in the name")
    parser.add_argument("--suricata", default=None, help="which (default: the first on PATH)")
    options = parser.parse_args(arguments)
    techniques = {rule.sid: rule.techniques for rule in read(engine.RULES)}
    alerted: dict[str, Counter[bool]] = defaultdict(Counter)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    silent = []
    found = captures(options.captures)
    if not found:
        print("no capture there", file=sys.stderr)
        return 2
    for path, sids in outcomes(options.suricata or engine.installed()[0], found):
        match = options.by.search(path.stem) if options.by else None
        key = match[1] if match else path.parent.name
        alerted[key][bool(sids)] += 1
        named[key].update({t for sid in sids for t in techniques.get(sid, ())})
        if not sids:
            silent.append(path)
    print("| captures | alerted | of | part | techniques most named |\n|---|---|---|---|---|")
    for key, counts in sorted(alerted.items()):
        most = ", ".join(t for t, _ in named[key].most_common(6))
        total = counts.total()
        print(f"| {key} | {counts[True]} | {total} | {counts[True] / total:.1%} | {most} |")
    for path in silent:
        print(f"silent: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
