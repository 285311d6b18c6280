"""Planned work, as ``[behaviour] maintenance`` declares it, and what it excuses.

A declared window names when, and the assets that are worked on (none: the whole site). Facts that
first came inside it are a planned change, known from then on; but what only maintenance does
(programs, modes, firmware, restarts, alarms switched off) is excused for the window alone. A
stranger is never part of the plan: whoever deals with a declared asset must be declared too, or
have been there before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import duckdb

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.polls import GROUP
from gaugeglass.behaviour.upkeep import known
from gaugeglass.behaviour.upkeep.known import Facts
from gaugeglass.config import ConfigError

#: Actions that are planned inside the window, and as strange as ever after it.
PASSING: tuple[str, ...] = ("program", "mode", "firmware", "restart", "suppress")

_REMEDY = (
    "write START/END [ASSET,ASSET...] [note], as"
    ' "2026-11-22T10:00Z/2026-11-22T12:00Z 10.20.1.50,10.20.1.11 new HMI"'
)
_ADDRESS = re.compile(r"[0-9A-Fa-f]+([.:][0-9A-Fa-f]*)+")


@dataclass(frozen=True)
class Window:
    """Planned work in [start, end), UTC without zone, on ``assets`` (addresses; none: all)."""

    start: datetime
    end: datetime
    assets: tuple[str, ...] = ()
    note: str = ""


class Finding(Protocol):
    """What of a finding or an alert says who and when."""

    @property
    def client(self) -> str | None: ...
    @property
    def server(self) -> str | None: ...
    @property
    def assets(self) -> tuple[str, ...]: ...
    @property
    def first(self) -> datetime: ...
    @property
    def last(self) -> datetime: ...


def declared(settings: Mapping[str, Any]) -> tuple[Window, ...]:
    """The windows of the section [behaviour], by start; raises ConfigError with the remedy."""
    found = [_window(str(text)) for text in settings.get("maintenance", ())]
    return tuple(sorted(found, key=lambda w: (w.start, w.end, w.assets)))


def settling(settings: Mapping[str, Any]) -> timedelta:
    """How long after a window its new amounts take to settle; raises ConfigError below 0."""
    minutes = int(settings.get("settle_minutes", 60))
    if minutes < 0:
        raise ConfigError(f"behaviour.settle_minutes must be 0 or more, not {minutes}")
    return timedelta(minutes=minutes)


def _window(text: str, origin: str = "behaviour.maintenance") -> Window:
    words = text.split()
    edges = words[0].split("/") if words else []
    if len(edges) != 2:
        raise ConfigError(f"{origin}: {text!r} does not begin with START/END; {_REMEDY}")
    try:
        start, end = (naive(datetime.fromisoformat(edge)) for edge in edges)
    except ValueError as err:
        raise ConfigError(f"{origin}: {text!r}: {err}; {_REMEDY}") from err
    if start >= end:
        raise ConfigError(f"{origin}: {text!r} ends before it begins; {_REMEDY}")
    assets: tuple[str, ...] = ()
    rest = words[1:]
    if rest and all(_ADDRESS.fullmatch(a) for a in rest[0].split(",")):
        assets = tuple(dict.fromkeys(a.lower() for a in rest.pop(0).split(",")))
    elif rest and "," in rest[0] and _ADDRESS.fullmatch(rest[0].split(",")[0]):
        raise ConfigError(f"{origin}: {text!r}: {rest[0]!r} are no addresses; {_REMEDY}")
    return Window(start, end, assets, " ".join(rest))


def planned(
    db: duckdb.DuckDBPyConnection, windows: Iterable[Window], since: datetime, until: datetime
) -> Facts:
    """Facts first seen inside one of ``windows`` that began in [since, until)."""
    out: Facts = {}
    for window in windows:
        if naive(since) <= window.start < naive(until):
            for name, rows in born(db, window).items():
                mine = out.setdefault(name, [])
                mine += [row for row in rows if row not in mine]
    return out


def admit(
    db: duckdb.DuckDBPyConnection, windows: Iterable[Window], since: datetime, until: datetime
) -> Facts:
    """Make the planned facts known in the registered baseline; give them."""
    facts = planned(db, windows, since, until)
    known.add(db, facts)
    return facts


def born(db: duckdb.DuckDBPyConnection, window: Window) -> Facts:
    """Facts first seen inside ``window``, of what is part of its plan."""
    where, values = _inside(window)
    passing = ", ".join(f"'{a}'" for a in PASSING)
    during = f'"window" >= $start AND "window" < $end AND {where} AND action NOT IN ({passing})'
    facts = known.take(db, during, {**values, "end": window.end})
    ends = sorted({a for r in facts.get("known_conduit", []) for a in r[:2]})
    seen = known.take(
        db, '"window" < $start AND (list_contains($who, client) OR list_contains($who, server))',
        {"start": window.start, "who": ends},
    )  # fmt: skip
    fresh = known.less(facts, seen)
    for name in ("known_hour", "known_value"):  # the details of a planned deed are as planned
        if fresh and name in facts:
            fresh[name] = facts[name]
    return fresh


def _inside(window: Window) -> tuple[str, dict[str, Any]]:
    """SQL condition for rows of the plan: declared ends, or such as were there before."""
    values: dict[str, Any] = {"start": window.start}
    if not window.assets:
        return "TRUE", values
    before = (
        "list_contains((SELECT list(DISTINCT x) FROM (SELECT unnest([client, server]) AS x FROM"
        ' activity WHERE "window" < $start)), {end})'
    )
    ends = [
        f"(list_contains($assets, {end}) OR coalesce({before.format(end=end)}, FALSE)"
        + (f" OR regexp_matches(lower(server), '{GROUP}'))" if end == "server" else ")")
        for end in ("client", "server")
    ]
    some = "(list_contains($assets, client) OR list_contains($assets, server))"
    return f"{some} AND {' AND '.join(ends)}", {**values, "assets": list(window.assets)}


def excused(
    db: duckdb.DuckDBPyConnection, windows: Iterable[Window], found: Finding
) -> Window | None:
    """The declared window whose plan ``found`` belongs to; None where it is news.

    It lies in the window, names a declared asset, and nobody who was never there before.
    """
    first, last = naive(found.first), naive(found.last)
    who = sorted({a for a in (found.client, found.server, *found.assets) if a})
    for window in windows:
        if not window.start <= first <= last <= window.end:
            continue
        if not window.assets:
            return window
        others = [a for a in who if a.lower() not in window.assets]
        strangers = [a for a in others if not re.search(GROUP, a.lower())]
        if len(others) < len(who) and _present(db, strangers, window.start):
            return window
    return None


def _present(db: duckdb.DuckDBPyConnection, addresses: list[str], moment: datetime) -> bool:
    """Whether all of ``addresses`` were seen before ``moment``."""
    seen = db.execute(
        "SELECT count(DISTINCT x) FROM (SELECT unnest([client, server]) AS x FROM activity"
        ' WHERE "window" < $moment) WHERE list_contains($who, x)',
        {"moment": moment, "who": addresses},
    ).fetchone()
    return seen is not None and seen[0] == len(addresses)
