"""The slow, exact path: check a segment line by line, keep what is sound, name what is not.

Used only where the strict reader met something it can't take. Kept rows go to a new scratch file
with their line number first, so that later faults (a value of the wrong type) are named too.
Stray control characters and bytes that are not UTF-8 are written as ``\\xNN``, as Zeek itself
does; they never cost a row. An empty line is no row.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gaugeglass.logs.account import Account, printable
from gaugeglass.logs.segment import CUT_OFF, MAX_LINE, TOO_LONG, Segment

LINE = "_line"
MAX_DEPTH = 256  # of JSON; what re-reads a row recurses
TOO_DEEP = f"JSON nested more than {MAX_DEPTH} deep"
_SURROGATE = re.compile("[\udc80-\udcff]")
_LONE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def tsv(segment: Segment, target: Path, account: Account) -> int:
    """Write ``line<TAB>row`` for every sound row to ``target``; returns how many.

    Whatever the log's separator, the columns written are separated by tabs.
    """
    separator = segment.header.separator
    width = len(segment.header.fields)
    kept = 0
    with segment.path.open("rb") as source, target.open("w", encoding="utf-8", newline="\n") as out:
        for number, raw in _lines(source, segment):
            if raw.startswith(b"#"):
                continue
            text = raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
            if not text:
                continue
            if len(raw) > MAX_LINE:
                account.reject(number, TOO_LONG, raw)
                continue
            values = text.split(separator)
            if len(values) != width:
                last = not raw.endswith(b"\n")
                why = CUT_OFF if last else f"{len(values)} columns where the header names {width}"
                account.reject(number, why, raw)
                continue
            if separator != "\t" or _CONTROL.search(text.replace("\t", "")):
                values = [printable(value) for value in values]
            out.write("\t".join((str(number), *values)) + "\n")
            kept += 1
    return kept


def _lines(source: Any, segment: Segment) -> Iterator[tuple[int, bytes]]:
    number = segment.line - segment.skip
    for raw in iter(lambda: source.readline(), b""):
        if number >= segment.line:
            yield number, raw
        number += 1


def objects(segment: Segment, account: Account | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every line that is a JSON object, with its number; the others are rejected in ``account``."""
    account = account or Account("", "", "")
    with segment.path.open("rb") as source:
        for number, raw in _lines(source, segment):
            if not raw.strip():
                continue
            if len(raw) > MAX_LINE:
                account.reject(number, TOO_LONG, raw)
                continue
            try:
                row = json.loads(_json_text(raw), strict=False)
            except (ValueError, RecursionError) as err:
                cut = not raw.rstrip().endswith(b"}")
                why = CUT_OFF if cut else _why(err)
                account.reject(number, why, raw)
                continue
            if not isinstance(row, dict):
                account.reject(number, "not a JSON object", raw)
            elif raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _deep(row):
                account.reject(number, TOO_DEEP, raw)
            else:
                yield number, row


def _deep(value: Any) -> bool:
    """Whether containers nest in each other more than ``MAX_DEPTH`` deep."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _why(err: Exception) -> str:
    return TOO_DEEP if isinstance(err, RecursionError) else f"not JSON: {str(err).split(':')[0]}"


def paths(segment: Segment, account: Account) -> Counter[str]:
    """Rows by their ``_path``, of a log in which kinds mix; what belongs to none is rejected."""
    found: Counter[str] = Counter()
    for number, row in objects(segment, account):
        path = row.get("_path")
        if isinstance(path, str) and path:
            found[path] += 1
        else:
            account.reject(number, "row without _path among rows of several kinds", str(row))
    return found


def json_lines(
    segment: Segment, target: Path, account: Account | None, columns: Mapping[str, str] | None,
    path: str = "",
) -> int:  # fmt: skip
    """Write every sound JSON object with ``_line`` added; returns how many.

    ``columns`` (name -> type) are reduced to scalars or lists of text; None keeps rows as they
    are (EVE). ``ts`` becomes epoch seconds. ``path`` keeps rows of that ``_path`` only. Without an
    ``account`` faulty lines are passed over in silence: :func:`paths` told of them.
    """
    kept = 0
    with target.open("wb") as out:
        for number, row in objects(segment, account):
            if path and row.get("_path") != path:
                continue
            if columns is not None:
                flat = {name: _plain(row.get(name), kind) for name, kind in columns.items()}
                if "ts" in columns:
                    flat["ts"] = epoch(row.get("ts"))
                row = flat
            row[LINE] = number
            text = json.dumps(row, ensure_ascii=False)
            out.write(_LONE.sub(_half_pair, text).encode() + b"\n")
            kept += 1
    return kept


def _half_pair(match: re.Match[str]) -> str:
    """Half of a UTF-16 pair, which is no character, as the JSON string content ``\\\\uNNNN``."""
    return f"\\\\u{ord(match[0]):04x}"


def _json_text(raw: bytes) -> str:
    """The line as text; a byte that is not UTF-8 becomes the JSON string content ``\\\\xNN``."""
    text = raw.decode("utf-8", "surrogateescape")
    return _SURROGATE.sub(lambda m: f"\\\\x{ord(m[0]) - 0xDC00:02x}", text)


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind.endswith("[]"):
        items = value if isinstance(value, list) else [value]
        return [_scalar(item) for item in items]
    return _scalar(value)


def _scalar(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value)


def epoch(value: Any) -> float | None:
    """Seconds since 1970 from Zeek's JSON timestamps (epoch, epoch millis, ISO 8601) or None."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value)
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(seconds):
        return None
    return seconds / 1e3 if abs(seconds) > 1e11 else seconds
