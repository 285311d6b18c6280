"""``sids.md``: every rule in one table a protocol, made from the rules."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from gaugeglass.rules.parse import Rule

HEAD = """\
# The rules

{rules} rules in {files} files. Made by `gaugeglass rules sids`; a test compares.
Techniques are ids of MITRE ATT&CK for ICS v19.1, the primary one first.
"""


def table(rules: Iterable[Rule]) -> str:
    """The text of ``sids.md``."""
    ordered = sorted(rules, key=lambda rule: (rule.sid, rule.file.name))
    parts = [HEAD.format(rules=len(ordered), files=len({r.file.name for r in ordered}))]
    for name, group in groupby(ordered, key=lambda rule: rule.file.name):
        parts.append(f"\n## {name}\n\n| sid | rule | operation | severity | techniques |")
        parts.append("\n|---|---|---|---|---|\n")
        parts += [
            f"| {r.sid} | {_cell(r.msg)} | {r.operation or ''} | {r.severity or ''}"
            f" | {', '.join(r.techniques)} |\n"
            for r in group
        ]
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
