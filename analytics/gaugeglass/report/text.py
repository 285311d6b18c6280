"""Values as a person reads them. What came from the wire is shown, never obeyed.

Every value a template prints goes through :func:`visible` (as Jinja's ``finalize``) and then
through autoescape, so that no template can forget either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from gaugeglass.formats.clean import clean

#: Characters of a value that a ``title`` keeps; a value may be a megabyte.
TITLE_MAX = 1000
PRINTED_MAX = 4000

# Combining marks in a row beyond two are drawn over the lines above and below.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0e31-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3,}"
)


def visible(text: str) -> str:
    r"""``text`` with what acts instead of showing spelt out, as ``\x1b`` or ``\u202e``; not cut."""
    if text.isascii() and text.isprintable():
        return text
    # An escape takes at most ten characters, so this limit never cuts.
    shown = clean(text, 10 * len(text) + 1)
    return _MARKS.sub(lambda m: "".join(f"\\u{ord(c):04x}" for c in m[0]), shown)


def finalize(value: Any) -> Any:
    """What Jinja prints for ``value``: nothing for None, :func:`visible` for what is not markup.

    No value is printed longer than PRINTED_MAX, should a template forget to shorten it.
    """
    if value is None:
        return ""
    if isinstance(value, (Markup, bool, int)):
        return value
    text = str(value)
    cut = "…" if len(text) > PRINTED_MAX else ""
    return visible(text[:PRINTED_MAX]) + cut


def short(value: object, limit: int = 60) -> Markup:
    """``value`` cut to ``limit`` characters, the whole of it (up to TITLE_MAX) in its title."""
    raw = "" if value is None else str(value)
    text = visible(raw[: TITLE_MAX + 1])
    if len(raw) <= TITLE_MAX and len(text) <= limit:
        return escape(text)
    full = visible(raw[:TITLE_MAX])
    if len(raw) > TITLE_MAX:
        full += f" ... ({len(raw) - TITLE_MAX:,} more characters)"
    return Markup('<span class="cut" title="{}">{}…</span>').format(full, text[: limit - 1])


def utc(when: datetime | None) -> datetime | None:
    """``when`` as aware UTC; what has no zone is UTC already (the ledger's convention)."""
    if when is None:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def rfc3339(when: datetime | None) -> str:
    """``2026-11-22T06:00:00Z``; nothing for None."""
    moment = utc(when)
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(when: datetime | None) -> Markup:
    """A ``<time>`` element a person can read, the machine's form in its attribute."""
    moment = utc(when)
    if moment is None:
        return Markup('<span class="dim">not known</span>')
    return Markup('<time datetime="{}">{}</time>').format(
        rfc3339(moment), moment.strftime("%Y-%m-%d %H:%M:%S")
    )


def lasting(length: timedelta) -> str:
    """``3 d 4 h``, ``12 min``, ``8 s``: the two largest units."""
    seconds = max(0, round(length.total_seconds()))
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def number(value: object) -> str:
    """``1,234,567``; nothing for what is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def size(value: object) -> str:
    """Bytes as ``1.5 MB`` (powers of 1000)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(amount) < 999.5 or unit == "TB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def words(value: object) -> str:
    """``engineering_workstation`` as ``engineering workstation``."""
    return str(value).replace("_", " ")


_SPELT = {"rtu": "RTU", "io": "I/O", "hmi": "HMI", "scada": "SCADA", "iot": "IoT", "it": "IT"}


def role(name: str, count: int = 1) -> str:
    """``io_device`` as ``I/O device``; in the plural where ``count`` is not 1."""
    text = " ".join(_SPELT.get(word, word) for word in name.split("_"))
    if count == 1 or name in ("unknown", "external"):
        return text
    return text + ("es" if text.endswith("ch") else "s")


def plural(count: int, one: str, many: str = "") -> str:
    """``1 incident``, ``3 incidents``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def total(value: object) -> int:
    """A count given as a number, or as a mapping of reason to number."""
    if isinstance(value, Mapping):
        return sum(int(n) for n in value.values())
    return int(value) if isinstance(value, (int, float)) else 0


def reasons(value: object) -> list[tuple[str, int]]:
    """A mapping of reason to number, largest first; nothing where only a number was given."""
    if not isinstance(value, Mapping):
        return []
    return sorted(((str(k), int(n)) for k, n in value.items()), key=lambda r: (-r[1], r[0]))


def listed(values: Iterable[object] | str | None) -> list[str]:
    """A sequence of words, whether given as one or as text joined by commas."""
    if values is None:
        return []
    if isinstance(values, str):
        return [v.strip() for v in values.split(",") if v.strip()]
    return [str(v) for v in values]


def tail(value: object, limit: int = 60) -> Markup:
    """As :func:`short`, but keeping the end: what tells two paths apart."""
    raw = "" if value is None else str(value)
    if len(raw) <= limit:
        return escape(visible(raw))
    full = visible(raw[-TITLE_MAX:])
    return Markup('<span class="cut" title="{}">…{}</span>').format(full, visible(raw[1 - limit :]))
