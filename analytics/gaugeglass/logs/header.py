"""Zeek's TSV header, and the kind of a log from its content.

Zeek's ASCII writer starts a log with ``#separator``, ``#set_separator``, ``#empty_field``,
``#unset_field``, ``#path``, ``#open``, ``#fields`` and ``#types`` lines and ends it with
``#close`` (Zeek manual, "Log Formats and Inspection").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace

HEAD = 1 << 16


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
        names = {"set_separator": "set_separator", "empty_field": "empty", "unset_field": "unset",
                 "path": "path"}  # fmt: skip
        return replace(self, **{names[key]: rest}) if key in names else self


@dataclass(frozen=True)
class Sniffed:
    """A log's format (``zeek_tsv``, ``zeek_json``, ``eve``, ``''``) and its Zeek kind if known."""

    format: str
    kind: str = ""
    header: Header = field(default_factory=Header)
    header_lines: int = 0
    mixed: bool = False  # JSON whose rows may be of several kinds
    problem: str = ""  # why format is ''


def sniff(head: bytes, name_kind: str) -> Sniffed:
    """Tell the kind of a log from its first bytes; the file's name is the last resort."""
    if not head.strip():
        return Sniffed("", problem="empty file")
    if head.startswith(b"#"):
        return _tsv(head, name_kind)
    first = head.lstrip()[:1]
    if first == b"{":
        return _json(head, name_kind)
    if b"\0" in head[:256] or first in (b"\x1f", b"\x28"):
        return Sniffed("", problem="not a text log")
    return Sniffed("", problem="neither a Zeek header nor JSON lines")


def _tsv(head: bytes, name_kind: str) -> Sniffed:
    header, count = Header(), 0
    for line in head.splitlines(keepends=True):
        if not line.startswith(b"#"):
            break
        header = header.feed(line)
        count += 1
    if not header.fields:
        return Sniffed("", problem="Zeek header without a #fields line")
    return Sniffed("zeek_tsv", header.path or name_kind, header, count)


def _json(head: bytes, name_kind: str) -> Sniffed:
    for line in head.splitlines()[:50]:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if not isinstance(row, dict):
            continue
        if "event_type" in row and "timestamp" in row:
            return Sniffed("eve", mixed=True)
        if "_path" in row:
            return Sniffed("zeek_json", str(row["_path"]), mixed=True)
        if "ts" in row:
            return Sniffed("zeek_json", name_kind)
        return Sniffed("", problem="JSON rows have neither ts nor event_type")
    if b'"event_type"' in head and b'"timestamp"' in head:
        return Sniffed("eve", mixed=True)
    if b'"ts"' in head:
        mixed = b'"_path"' in head
        return Sniffed("zeek_json", name_kind, mixed=mixed)
    return Sniffed("", problem="no line of the file's start is a JSON object")
