"""Text from the network made harmless: one neutraliser, used by every output.

Names, banners and objects are written by whoever sends the packets. What a terminal, a log line
or a spreadsheet would act upon instead of showing is replaced by its visible escape (``\\x1b``),
so that it can still be read and searched for. Markup (``<``, ``&``) is not touched here: that is
the HTML template's to escape.
"""

from __future__ import annotations

import re
from typing import Any

#: Characters kept of one value.
LIMIT = 1024

# C0, DEL, C1 (with U+0085), soft hyphen, the marks and overrides of bidirectional text, what is
# invisible, the separators U+2028 and U+2029, interlinear and tag characters, lone surrogates,
# noncharacters.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def clean(value: object, limit: int = LIMIT) -> str:
    """``value`` as one line of at most ``limit`` characters that does nothing but show.

    None is "". What is cut off is marked: ``…[+1047552]`` says how many characters are missing.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    shown = _UNSAFE.sub(_escape, text[: limit + 1])
    if len(text) <= limit and len(shown) <= limit:
        return shown
    room = limit - len(f"…[+{len(text)}]")
    if room < 0:
        return "…"[:limit]
    kept: list[str] = []
    for char in text[:room]:
        piece = _UNSAFE.sub(_escape, char)
        if len(piece) > room:
            break
        room -= len(piece)
        kept.append(piece)
    return f"{''.join(kept)}…[+{len(text) - len(kept)}]"


def tree(value: Any, limit: int = LIMIT) -> Any:
    """``value`` with every string in its dictionaries and lists cleaned."""
    if isinstance(value, str):
        return clean(value, limit)
    if isinstance(value, dict):
        return {clean(k, limit): tree(v, limit) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [tree(v, limit) for v in value]
    return value


def known(value: Any) -> Any:
    """``value`` without what is unknown: None, "", and what is left empty by that."""
    if isinstance(value, dict):
        kept = {k: known(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None and v not in ("", [], {})}
    return [known(v) for v in value] if isinstance(value, list) else value


def printable_ascii(value: object, limit: int, default: str = "-") -> str:
    """``value`` for a field that takes ASCII 33 to 126 only (RFC 5424 headers); others are _."""
    text = re.sub(r"[^!-~]", "_", str(value if value is not None else "")[:limit])
    return text or default


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
