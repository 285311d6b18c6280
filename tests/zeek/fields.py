"""The logs' fields and the package's options, read from the scripts' own comments.

``python -m tests.zeek.fields`` writes ``zeek-scripts/fields.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "zeek-scripts"
PAGE = SCRIPTS / "fields.md"

_STREAM = re.compile(
    r"Log::create_stream\(\s*(?:\w+::)?\w+,\s*Log::Stream\((?P<stream>.*?)\)\s*\)", re.S
)
_RECORD = re.compile(r"^\ttype (?P<name>\w+): record \{\n(?P<body>.*?)^\t\}", re.S | re.M)
_ADDED = re.compile(r"^redef record (?P<name>[\w:]+) \+= \{\n(?P<body>.*?)^\}", re.S | re.M)
_FIELD = re.compile(r"^\s*(?P<name>\w+): (?P<type>[^;&]+?)\s*(?P<attributes>&[^;]*)?;$")
_OPTION = re.compile(r"^\t(?:option|const) (?P<name>\w+)(?:: (?P<type>[^=&]+?))?\s*(?:=|&)")


@dataclass(frozen=True)
class Entry:
    """A field or an option, with the comment before it."""

    name: str
    type: str
    comment: str


def commented(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Each line with the ``##`` comment right before it."""
    comment: list[str] = []
    for line in lines:
        text = line.strip()
        if text.startswith("##"):
            comment.append(text.removeprefix("##").removeprefix("<").strip())
        else:
            yield line, " ".join(part for part in comment if part)
            comment = []


def fields(body: str) -> list[Entry]:
    """The logged fields of a record's body."""
    found = []
    for line, comment in commented(body.splitlines()):
        if (match := _FIELD.match(line)) and "&log" in (match["attributes"] or ""):
            found.append(Entry(match["name"], match["type"].strip(), comment))
    return found


def logs() -> dict[str, list[Entry]]:
    """The fields of each log that the package writes, or adds fields to, by its path."""
    found: dict[str, list[Entry]] = {}
    for script in sorted(SCRIPTS.rglob("*.zeek")):
        text = script.read_text(encoding="utf-8")
        records = {match["name"]: match["body"] for match in _RECORD.finditer(text)}
        for match in _STREAM.finditer(text):
            columns = re.search(r"\$columns=(\w+)", match["stream"])
            path = re.search(r'\$path="(\w+)"', match["stream"])
            if columns and path and columns[1] in records:
                found[path[1]] = fields(records[columns[1]])
        for match in _ADDED.finditer(text):
            more = fields(match["body"])
            if more:
                found.setdefault(match["name"], []).extend(more)
    return found


def options() -> dict[str, list[Entry]]:
    """What can be set, by module."""
    found: dict[str, list[Entry]] = {}
    for script in sorted(SCRIPTS.rglob("*.zeek")):
        text = script.read_text(encoding="utf-8")
        module = re.search(r"^module (\w+);", text, re.M)
        if module is None:
            continue
        for line, comment in commented(text.splitlines()):
            if comment and (match := _OPTION.match(line)):
                kind = (match["type"] or "").strip()
                found.setdefault(module[1], []).append(Entry(match["name"], kind, comment))
    return dict(sorted(found.items()))


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def page() -> str:
    """The page."""
    out = [
        "# Fields and options",
        "",
        "Made from the scripts' comments by `python -m tests.zeek.fields`; a test compares.",
        "",
    ]
    for path, entries in sorted(logs().items()):
        title = f"`{path}`, added" if "::" in path else f"`{path}.log`"
        out += [f"## {title}", "", "| field | type | meaning |", "|---|---|---|"]
        out += [f"| `{e.name}` | {_cell(e.type)} | {_cell(e.comment)} |" for e in entries]
        out.append("")
    out += ["## Options", "", "Set with `redef MODULE::name = ...;`.", ""]
    for module, entries in options().items():
        out += [f"### {module}", "", "| option | meaning |", "|---|---|"]
        out += [f"| `{e.name}` | {_cell(e.comment)} |" for e in entries]
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
