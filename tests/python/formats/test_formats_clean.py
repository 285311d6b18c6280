from __future__ import annotations

import json
import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from gaugeglass.formats.clean import LIMIT, clean, known, printable_ascii, tree
from gaugeglass.formats.jsonl import line, millis, rfc3339

ANY = st.text(st.characters(), max_size=200)
HOSTILE = [
    "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\nb\r\nc", "\x1b[31mred\x1b[0m",
    "\x9b31m", "nul\x00", "next\x85line", "ls\u2028ps\u2029", "rlo\u202etxt.exe", "\ud800",
    "\u2066iso\u2069", "\ufeffbom", "\x7f", "tag\U000e0041", "A" * 1_000_000, "\x1b" * 5000,
]  # fmt: skip


def is_harmless(text: str) -> bool:
    """Nothing that a terminal, a log or a reader's eye would be led by."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        # Signs of Arabic, Syriac, Kaithi, Egyptian and shorthand or music that do show.
        and not re.match("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]|[^\u0000-\uffff]", c)
        for c in text
    )


def test_controls_become_visible_and_text_stays() -> None:
    assert clean("PLC Süd – 泵 1") == "PLC Süd – 泵 1"
    assert clean("\x1b[31mred") == "\\x1b[31mred"
    assert clean("a\r\n\tb\x00\x85") == "a\\r\\n\\tb\\x00\\x85"
    assert clean("a\u2028b\u202ec\U000e0041") == "a\\u2028b\\u202ec\\U000e0041"
    assert clean(None) == ""
    assert clean(7) == "7"


def test_what_is_cut_is_marked_with_its_size() -> None:
    got = clean("A" * 1_000_000)
    assert LIMIT - 2 < len(got) <= LIMIT
    kept = got.index("…")
    assert got == "A" * kept + f"…[+{1_000_000 - kept}]"
    assert clean("A" * LIMIT) == "A" * LIMIT
    assert clean("\x00" * 10, 14) == "\\x00\\x00…[+8]"
    assert clean("\x00" * 10, 3) == "…"


@given(ANY, st.integers(1, 300))
@example("\x1b" * 300, 20)
def test_anything_is_one_harmless_bounded_line(text: str, limit: int) -> None:
    got = clean(text, limit)
    assert is_harmless(got)
    assert len(got) <= limit
    assert clean(got, limit) == got
    got.encode("utf-8")


def test_known_hostile_values() -> None:
    for value in HOSTILE:
        assert is_harmless(clean(value))
        assert len(clean(value)) <= LIMIT


def test_tree_and_known() -> None:
    assert tree({"a\n": ["\x00", ("b\x1b", 1, None)]}) == {"a\\n": ["\\x00", ["b\\x1b", 1, None]]}
    assert known({"a": None, "b": {"c": ""}, "d": 0, "e": False, "f": []}) == {"d": 0, "e": False}


@given(ANY, st.integers(1, 60))
def test_syslog_header_fields(text: str, limit: int) -> None:
    assert re.fullmatch(r"[!-~]+", printable_ascii(text, limit))
    assert len(printable_ascii(text, limit)) <= limit


@given(st.recursive(ANY | st.floats() | st.none(), lambda x: st.lists(x) | st.dictionaries(ANY, x)))
def test_a_json_line_is_one_ascii_line_that_html_cannot_break(doc: object) -> None:
    text = line(doc)
    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set("<>&")
    json.loads(text)


def test_times() -> None:
    from datetime import UTC, datetime, timedelta, timezone

    naive = datetime(2026, 11, 22, 8, 0, 0, 999999)  # noqa: DTZ001 - UTC by definition
    assert rfc3339(naive) == "2026-11-22T08:00:00.999999Z"
    assert millis(naive) == millis(naive.replace(tzinfo=UTC)) == 1795334400999
    east = naive.replace(tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(east) == "2026-11-22T06:00:00.999999Z"
