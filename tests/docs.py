"""The README's generated parts: ``python tests/docs.py --write`` renews them, a test compares."""

from __future__ import annotations

import sys
from pathlib import Path

from gaugeglass.attack.table import technique
from gaugeglass.detections.registry import all_detections

README = Path(__file__).resolve().parent.parent / "README.md"


def detections() -> str:
    """A table of all detections, worst first."""
    order = ("critical", "high", "medium", "low", "info")
    rows = ["| detection | severity | techniques |", "|---|---|---|"]
    for d in sorted(all_detections(), key=lambda d: (order.index(d.severity), d.name)):
        ids = ", ".join(f"{t} {technique(t).name}" for t in d.techniques) or "the sensor's own"
        rows.append(f"| {d.title} (`{d.name}`) | {d.severity} | {ids} |")
    return "\n".join(rows)


def renewed(text: str) -> str:
    """The README's text with its generated parts as they should be."""
    start = "<!-- detections -->"
    end = "<!-- /detections -->"
    head, rest = text.split(start, 1)
    tail = rest.split(end, 1)[1] if end in rest else rest
    return f"{head}{start}\n{detections()}\n{end}{tail}"


if __name__ == "__main__":
    current = README.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        README.write_text(renewed(current), encoding="utf-8")
    sys.exit(0 if README.read_text(encoding="utf-8") == renewed(current) else 1)
