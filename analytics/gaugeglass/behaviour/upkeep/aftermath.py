"""Whom planned work touched, and from when on their amounts are normal again.

Amounts, rhythms and silences of whoever was touched are held back until they have settled, and are
then held to the norms of the time after the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.upkeep.maintenance import Window, born

_BEFORE = timedelta(hours=4)  # what amounts are compared with
_RATIO, _SURE = 1.25, 4.0  # a change of amount: this factor, and so many standard deviations


def touched(
    db: duckdb.DuckDBPyConnection, window: Window, settle: timedelta = timedelta(hours=1)
) -> frozenset[str]:
    """The addresses that the planned work touched.

    Those declared, and both ends of every conduit (of a declared asset, where there are some) that
    shows new facts inside the window, or other amounts inside it or until it settled.
    """
    facts = born(db, window)
    found = set(window.assets)
    for name in ("known_conduit", "known_operation", "known_object"):
        found |= {str(a) for row in facts.get(name, []) for a in row[:2]}
    where = "TRUE"
    values: dict[str, Any] = {
        "before": window.start - max(_BEFORE, settle), "start": window.start, "end": window.end,
        "settled": window.end + settle,
    }  # fmt: skip
    if window.assets:
        where = "(list_contains($assets, client) OR list_contains($assets, server))"
        values["assets"] = list(window.assets)
    rows = db.execute(
        f"""WITH rows AS (SELECT CASE WHEN "window" < $start THEN 0 WHEN "window" < $end THEN 1
                ELSE 2 END AS part, * FROM activity
            WHERE "window" >= $before AND "window" < $settled),
        lit AS (SELECT part, count(DISTINCT "window") AS n FROM rows GROUP BY part)
        SELECT client, server, list([part, n] ORDER BY part),
            (SELECT list([part, n] ORDER BY part) FROM lit)
        FROM (SELECT client, server, service, part, sum("count")::BIGINT AS n FROM rows
            WHERE client IS NOT NULL AND server IS NOT NULL AND {where} GROUP BY ALL)
        GROUP BY client, server, service ORDER BY client, server, service""",
        values,
    ).fetchall()
    for client, server, counts, lit in rows:
        if _changed(dict(counts), dict(lit)):
            found |= {client, server}
    return frozenset(found)


def _changed(counts: Mapping[int, int], lit: Mapping[int, int]) -> bool:
    """Whether a conduit's events per window inside (1) or after (2) differ from before (0)."""
    if not lit.get(0):
        return False
    was, base = counts.get(0, 0), lit[0]
    for part in (1, 2):
        if not lit.get(part):
            continue
        now, spans = counts.get(part, 0), lit[part]
        a, b = now / spans, was / base
        spread = ((now + 1) / spans**2 + (was + 1) / base**2) ** 0.5
        if max(a, b) > _RATIO * min(a, b) and abs(a - b) > _SURE * spread:
            return True
    return False


def changes(
    db: duckdb.DuckDBPyConnection,
    windows: Iterable[Window],
    since: datetime,
    until: datetime,
    settle: timedelta,
) -> tuple[Change, ...]:
    """What the windows that began in [since, until) changed, for the judge to hold back."""
    return tuple(
        Change(touched(db, w, settle), w.start, w.end, settle)
        for w in windows
        if naive(since) <= w.start < naive(until)
    )


def renorm_spans(
    db: duckdb.DuckDBPyConnection,
    windows: Iterable[Window],
    since: datetime,
    until: datetime,
    settle: timedelta,
) -> list[tuple[frozenset[str], datetime, datetime]]:
    """Whose norms to learn anew, and from which time: the settling time of each window.

    Only windows that began in [since, until) and have settled by ``until``.
    """
    made = changes(db, windows, since, until, settle)
    return [(c.addresses, c.end, c.end + settle) for c in made if c.end + settle <= naive(until)]
