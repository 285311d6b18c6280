"""The slow, exact path: check a segment line by line, keep what is sound, name what is not.

Used only where the strict reader met something it can't take. Kept rows go to a new scratch file
with their line number first, so that later faults (a value of the wrong type) are named too.
Stray control characters and bytes that are not UTF-8 are written as ``\\xNN``, as Zeek itself
does; they never cost a row.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gaugeglass.logs.account import Account
from gaugeglass.logs.segment import CUT_OFF, MAX_LINE, TOO_LONG, Segment

LINE = "_line"
_SURROGATE = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


def tsv(segment: Segment, target: Path, account: Account) -> int:
    """Write ``line<TAB>row`` for every sound row to ``target``; returns how many."""
    separator = segment.header.separator
    width = len(segment.header.fields)
    kept = 0
    with segment.path.open("rb") as source, target.open("w", encoding="utf-8", newline="\n") as out:
        for number, raw in _lines(source, segment):
            if raw.startswith(b"#"):
                continue
            if len(raw) > MAX_LINE:
                account.reject(number, TOO_LONG, raw)
                continue
            text = raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
            if not text:
                account.reject(number, "empty line")
                continue
            columns = text.count(separator) + 1
            if columns != width:
                last = not raw.endswith(b"\n")
                reason = CUT_OFF if last else f"{columns} columns where the header names {width}"
                account.reject(number, reason, raw)
                continue
            if _CONTROL.search(text):
                text = _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)
            out.write(f"{number}{separator}{text}\n")
            kept += 1
    return kept


def _lines(source: Any, segment: Segment) -> Iterator[tuple[int, bytes]]:
    number = segment.line - segment.skip
    for raw in iter(lambda: source.readline(), b""):
        if number >= segment.line:
            yield number, raw
        number += 1


def json_lines(
    segment: Segment, target: Path, account: Account, columns: Mapping[str, str] | None,
    path: str = "", tell: bool = True,
) -> int:  # fmt: skip
    """Write every sound JSON object with ``_line`` added; returns how many.

    ``columns`` (name -> type) are reduced to scalars or lists of text; None keeps rows as they
    are (EVE). ``ts`` becomes epoch seconds. ``path`` keeps rows of that ``_path`` only; ``tell``
    False leaves faulty lines to another account.
    """
    if not tell:
        account = Account(account.file, account.kind, account.format)
    kept = 0
    with segment.path.open("rb") as source, target.open("w", encoding="ascii") as out:
        for number, raw in _lines(source, segment):
            if not raw.strip():
                account.reject(number, "empty line")
                continue
            if len(raw) > MAX_LINE:
                account.reject(number, TOO_LONG, raw)
                continue
            try:
                row = json.loads(_json_text(raw), strict=False)
            except (ValueError, RecursionError) as err:
                cut = not raw.endswith(b"\n") or not raw.rstrip().endswith(b"}")
                why = CUT_OFF if cut else f"not JSON: {str(err).split(':')[0]}"
                account.reject(number, why, raw)
                continue
            if not isinstance(row, dict):
                account.reject(number, "not a JSON object", raw)
                continue
            if path and row.get("_path") != path:
                if "_path" not in row:
                    account.reject(number, "row without _path among rows of several kinds", raw)
                continue
            if columns is not None:
                flat = {name: _plain(row.get(name), kind) for name, kind in columns.items()}
                if "ts" in columns:
                    flat["ts"] = epoch(row.get("ts"))
                row = flat
            row[LINE] = number
            try:
                out.write(json.dumps(row, allow_nan=False) + "\n")
            except ValueError:
                account.reject(number, "a number is not finite", raw)
                continue
            kept += 1
    return kept


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
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return None
        return value / 1e3 if abs(value) > 1e11 else float(value)
    if isinstance(value, str):
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            return None
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    return None
