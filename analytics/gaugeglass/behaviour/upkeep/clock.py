"""Stretches of the local week, as a person writes them: ``night 22:00-06:00``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.config import ConfigError

DAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 1440, 7 * 1440  # minutes
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_REMEDY = 'write it as "night 22:00-06:00", "weekend sat,sun" or "shift2 mon-fri 14:00-22:00"'


@dataclass(frozen=True)
class Mode:
    """A named part of the week. ``spans``: minutes [from, to) after Monday 00:00 local time."""

    name: str
    spans: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return f"{self.name} {describe(self.spans)}".strip()


def declared(text: str, origin: str = "behaviour.modes") -> Mode:
    """The mode that ``text`` declares; :class:`~gaugeglass.config.ConfigError` names the remedy."""
    name, _, rest = text.strip().partition(" ")
    days, hours = "", ""
    for word in rest.split():
        if _HOURS.fullmatch(word) and not hours:
            hours = word
        elif word[:1].isalpha() and not days:
            days = word
        else:
            raise ConfigError(f"{origin}: {text!r}: {word!r} is no days or hours; {_REMEDY}")
    if not name or not (days or hours):
        raise ConfigError(f"{origin}: {text!r} has no name, or no days and hours; {_REMEDY}")
    start, end = _hours(hours, text, origin)
    spans = [(d * DAY + start, d * DAY + end) for d in _days(days, text, origin)]
    return Mode(name, tuple(sorted(spans)))


def _days(text: str, whole: str, origin: str) -> list[int]:
    if not text:
        return list(range(7))
    found: list[int] = []
    for part in text.lower().split(","):
        first, _, last = part.partition("-")
        if first[:3] not in DAYS or (last or first)[:3] not in DAYS:
            raise ConfigError(f"{origin}: {whole!r}: {part!r} is no day; {_REMEDY}")
        start = DAYS.index(first[:3])
        length = (DAYS.index((last or first)[:3]) - start) % 7
        found += [(start + n) % 7 for n in range(length + 1)]
    return sorted(set(found))


def _hours(text: str, whole: str, origin: str) -> tuple[int, int]:
    match = _HOURS.fullmatch(text)
    if not text or match is None:
        return 0, DAY
    h1, m1, h2, m2 = (int(n) for n in match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if max(m1, m2) > 59 or start >= DAY or end > DAY or start == end:
        raise ConfigError(f"{origin}: {whole!r}: {text!r} are no hours of a day; {_REMEDY}")
    return start, end if end > start else end + DAY


def zone(name: str, origin: str = "behaviour.timezone") -> ZoneInfo:
    """The time zone ``name``; :class:`~gaugeglass.config.ConfigError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ConfigError(
            f"{origin}: no time zone {name!r}; write one of the tz database, as Europe/Berlin"
        ) from err


def minutes(moments: pd.Series, timezone: str) -> npt.NDArray[np.int64]:
    """Minute of the local week of each of ``moments`` (UTC without zone)."""
    local = pd.to_datetime(moments).dt.tz_localize("UTC").dt.tz_convert(zone(timezone))
    found = local.dt.day_of_week * DAY + local.dt.hour * 60 + local.dt.minute
    return np.asarray(found, dtype=np.int64)


def timetable(modes: Iterable[Mode], otherwise: str) -> npt.NDArray[np.object_]:
    """The mode of every minute of the week: the first that claims it, or ``otherwise``."""
    table = np.full(WEEK, otherwise, dtype=object)
    for mode in reversed(tuple(modes)):
        for start, end in mode.spans:
            table[np.arange(start, end) % WEEK] = mode.name
    return table


def describe(spans: Iterable[tuple[int, int]]) -> str:
    """``spans`` in words: ``sat,sun``, ``22:00-06:00``, ``mon-fri 06:00-14:00``."""
    by_day: dict[tuple[int, int], list[int]] = {}
    for start, end in spans:
        day = start // DAY
        by_day.setdefault((start - day * DAY, end - day * DAY), []).append(day)
    parts = []
    for (start, end), days in sorted(by_day.items()):
        words = [] if len(days) == 7 else [_run(sorted(days))]
        if (start, end) != (0, DAY):
            words.append(f"{_clock(start)}-{_clock(end)}")
        parts.append(" ".join(words))
    return "; ".join(p for p in parts if p)


def _run(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[d] for d in days)


def _clock(minute: int) -> str:
    minute = minute if minute == DAY else minute % DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"
