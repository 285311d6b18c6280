"""Zeek's TSV header, and the kind of a log from its content.

Zeek's ASCII writer starts a log with ``#separator``, ``#set_separator``, ``#empty_field``,
``#unset_field``, ``#path``, ``#open``, ``#fields`` and ``#types`` lines and ends it with
``#close`` (Zeek manual, "Log Formats and Inspection").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace

HEAD = 1 << 16  # bytes of a log's start that are looked at
LOOK_AT = 64  # and lines
TIMELESS = frozenset({"loaded_scripts"})  # Zeek logs whose rows have no time

NO_LOG = "neither a Zeek header nor JSON lines"

_MARKS = tuple(
    b"#" + key
    for key in (b"separator", b"set_separator", b"empty_field", b"unset_field", b"path", b"fields")
)


@dataclass(frozen=True)
class Header:
    """What a Zeek TSV header says."""

    path: str = ""
    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def feed(self, line: bytes) -> Header:
        """The header after one more ``#`` line."""
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if text.startswith("#separator"):
            value = text[len("#separator") :].strip()
            value = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), value)
            return Header(separator=value or "\t")
        key, _, rest = text[1:].partition(self.separator)
        if key == "fields":
            return replace(self, fields=tuple(rest.split(self.separator)))
        if key == "types":
            return replace(self, types=tuple(rest.split(self.separator)))
        if key == "path":
            return replace(self, path=rest)
        if key == "set_separator":
            return replace(self, set_separator=rest)
        if key == "empty_field":
            return replace(self, empty=rest)
        return replace(self, unset=rest) if key == "unset_field" else self


@dataclass(frozen=True)
class Sniffed:
    """A log's format (``zeek_tsv``, ``zeek_json``, ``eve``, ``''``) and its Zeek kind if known."""

    format: str
    kind: str = ""
    header: Header = field(default_factory=Header)
    header_lines: int = 0
    header_bytes: int = 0
    mixed: bool = False  # JSON whose rows may be of several kinds
    problem: str = ""  # why format is ''


def sniff(head: bytes, name_kind: str) -> Sniffed:
    """Tell the kind of a log from its first bytes; the file's name is the last resort.

    A damaged line among the first ones costs that line, not the log: what follows is looked at.
    """
    if not head.strip():
        return Sniffed("", problem="empty file")
    lines = head.split(b"\n")[:LOOK_AT]
    marks = sum(line.startswith(_MARKS) for line in lines)
    if marks and marks >= sum(line.startswith(b"{") for line in lines):
        return _tsv(head, name_kind)
    return _json(head, lines, name_kind)


def _tsv(head: bytes, name_kind: str) -> Sniffed:
    header, lines, size = Header(), 0, 0
    position, unbroken = 0, True
    while position < len(head) and lines < LOOK_AT:
        end = head.find(b"\n", position) + 1 or len(head)
        line = head[position:end]
        position = end
        if line.startswith(b"#"):
            header = header.feed(line)
            if unbroken:
                lines, size = lines + 1, end
        elif header.fields:
            break
        else:
            unbroken = False  # a damaged header line, or rows before any header
    if unbroken and size >= HEAD:
        return Sniffed("", problem=f"Zeek header longer than {HEAD >> 10} KiB")
    return Sniffed("zeek_tsv", header.path or name_kind, header, lines, size)


def _json(head: bytes, lines: list[bytes], name_kind: str) -> Sniffed:
    rows = []
    for line in lines:
        if line.lstrip().startswith(b"{"):
            try:
                row = json.loads(line.decode("utf-8", "replace"), strict=False)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                rows.append(row)
    if any("event_type" in row and "timestamp" in row for row in rows):
        return Sniffed("eve", mixed=True)
    paths = [row["_path"] for row in rows if isinstance(row.get("_path"), str)]
    if paths:
        return Sniffed("zeek_json", paths[0], mixed=True)
    if any("ts" in row for row in rows) or (rows and name_kind in TIMELESS):
        return Sniffed("zeek_json", name_kind)
    if rows:
        return Sniffed("", problem="JSON rows have neither ts nor event_type")
    if head.lstrip().startswith(b"{"):  # no whole row yet, or one longer than the head
        if b'"event_type"' in head and b'"timestamp"' in head:
            return Sniffed("eve", mixed=True)
        if b'"ts"' in head:
            return Sniffed("zeek_json", name_kind, mixed=b'"_path"' in head)
        return Sniffed("", problem="no line of the file's start is a JSON object")
    if b"\0" in head[:256]:
        return Sniffed("", problem="not a text log")
    return Sniffed("", problem=NO_LOG)
