"""Series of one operation on one object: how often it comes and which values it carries, by window.

Entities are the sum of many such series, and a sum hides what one of them does: a poll that stays
away among ten that come, a measurement that stands still, a setpoint that wanders. A series is
named by conduit, unit, operation and object; object ``*`` is the operation whatever it is done to.

How often is counted per *lit* minute, one in which the conduit said anything: that all of it fell
silent is :mod:`~gaugeglass.behaviour.polls`' part, and a window that the sensor saw half of shows
half of its events in half of its minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from gaugeglass.behaviour.norms import ENOUGH

KEYS: tuple[str, ...] = ("client", "server", "service", "unit", "operation", "object")
ALL = "*"

#: A series that came in this share of its conduit's windows is missed where it does not come.
_STEADY = 0.98
#: A window counts where its conduit spoke in this share of the minutes that it usually does.
_LIT = 0.5

_K = ", ".join(KEYS)
_CONDUIT = "client, server, service"


def _seen(source: str, length: int) -> str:
    """``rows`` (those with the bucket each falls in), ``lit`` and ``said``."""
    bucket = f'time_bucket(to_seconds({length}), "window")'
    which = """min(action) AS action, sum("count") AS n, min(value_min) AS low,
        max(value_max) AS high"""
    return f"""rows AS NOT MATERIALIZED (
        SELECT {_CONDUIT}, coalesce(unit, '') AS unit, operation, object, action, "window",
            "count", value_min, value_max, {bucket} AS bucket
        FROM {source} WHERE "window" >= $since AND "window" < $until AND client IS NOT NULL
            AND server IS NOT NULL AND service IS NOT NULL AND operation IS NOT NULL
            AND action <> 'connect'),
    lit AS MATERIALIZED (SELECT {_CONDUIT}, bucket, count(DISTINCT "window") AS minutes
        FROM rows GROUP BY ALL),
    said AS (
        SELECT {_K}, bucket, {which} FROM rows WHERE object IS NOT NULL GROUP BY {_K}, bucket
        UNION ALL
        SELECT {_CONDUIT}, '' AS unit, operation, '{ALL}' AS object, bucket, {which} FROM rows
        GROUP BY ALL)"""


def series(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime, length: int
) -> pd.DataFrame:
    """The series of [since, until) with enough windows of ``length`` seconds for a range.

    Columns: :data:`KEYS`, action, least (lit minutes that a window needs) and steady.
    """
    frame: pd.DataFrame = db.execute(
        f"""WITH {_seen(source, length)},
        usual AS (SELECT {_CONDUIT}, greatest(ceil(median(minutes) * {_LIT}), 1)::BIGINT AS least
            FROM lit GROUP BY ALL),
        asked AS (SELECT l.*, u.least FROM lit l JOIN usual u USING ({_CONDUIT})
            WHERE l.minutes >= u.least),
        total AS (SELECT {_CONDUIT}, count(*) AS windows FROM asked GROUP BY ALL)
        SELECT {_K}, min(s.action) AS action, any_value(a.least) AS least,
            count(*) >= {_STEADY} * any_value(t.windows) AS steady
        FROM said s JOIN asked a USING ({_CONDUIT}, bucket) JOIN total t USING ({_CONDUIT})
        GROUP BY {_K} HAVING count(*) >= {ENOUGH} ORDER BY {_K}""",
        {"since": since, "until": until},
    ).df()
    return frame


def _points(source: str, length: int) -> str:
    """``points``: the windows of the series in the table ``_series``, and their measures.

    Pace is ln of events per lit minute; low and high are the smallest and the largest value
    (inverse hyperbolic sine), span how far apart those lie, NULL where a window carried none.
    """
    return f"""{_seen(source, length)},
    asked AS (SELECT r.*, l.bucket, l.minutes FROM _series r JOIN lit l USING ({_CONDUIT})
        WHERE l.minutes >= r.least),
    points AS NOT MATERIALIZED (
        SELECT {_K}, a.action, a.steady, a.bucket, ln((coalesce(s.n, 0) + 0.5) / a.minutes) AS pace,
            asinh(s.low) AS low, asinh(s.high) AS high, s.high - s.low AS span,
            coalesce(s.n, 0) AS n, a.minutes, s.low AS least_value, s.high AS most_value
        FROM asked a LEFT JOIN said s USING ({_K}, bucket) WHERE s.n IS NOT NULL OR a.steady)"""


def ranges(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime, length: int,
    which: pd.DataFrame, cuts: Sequence[datetime] = (),
) -> pd.DataFrame:  # fmt: skip
    """What the series ``which`` did in each block of [since, until).

    Columns: :data:`KEYS`, block, windows, told (those with values), pace_low and pace_high, low and
    high, span_low, span_high and span_usual (the median).
    """
    sql = f"""WITH {_points(source, length)}
        SELECT {_K}, len(list_filter($cuts::TIMESTAMP[], lambda c: c <= bucket)) AS block,
            count(*) AS windows, count(low) AS told, min(pace) AS pace_low, max(pace) AS pace_high,
            min(low) AS low, max(high) AS high, min(span) AS span_low, max(span) AS span_high,
            median(span) AS span_usual
        FROM points GROUP BY {_K}, block ORDER BY {_K}, block"""
    values = {"since": since, "until": until, "cuts": list(cuts)}
    return _asked(db, which, sql, values)


def joined(blocks: pd.DataFrame) -> pd.DataFrame:
    """The ranges of all ``blocks`` together, of series with enough windows."""
    how = {
        "windows": "sum", "told": "sum", "pace_low": "min", "pace_high": "max", "low": "min",
        "high": "max", "span_low": "min", "span_high": "max", "span_usual": "median",
    }  # fmt: skip
    whole = blocks.groupby(list(KEYS), sort=True, as_index=False).agg(how)
    whole = whole[whole["windows"] >= ENOUGH].reset_index(drop=True)
    few = whole["told"] < ENOUGH
    whole.loc[few, ["low", "high", "span_low", "span_high", "span_usual"]] = np.nan
    return whole


def others_of(blocks: pd.DataFrame) -> pd.DataFrame:
    """For each block the ranges of the others."""
    parts = [
        joined(blocks[blocks["block"] != number]).assign(block=number)
        for number in sorted(blocks["block"].unique())
    ]
    return pd.concat(parts, ignore_index=True) if parts else blocks


def beyond(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime, length: int,
    which: pd.DataFrame, limits: pd.DataFrame, cuts: Sequence[datetime] = (),
) -> pd.DataFrame:  # fmt: skip
    """Windows of the series ``which`` that lie outside their ``limits``, which come with them.

    ``limits`` has the columns of :func:`ranges`, for each block those its windows are held to.
    """
    db.register("_limits", limits)
    try:
        on = " AND ".join(f"p.{k} = m.{k}" for k in KEYS)
        sql = f"""WITH {_points(source, length)}
        SELECT p.* RENAME (low AS value_low, high AS value_high, span AS value_span),
            m.* EXCLUDE ({_K}) FROM (SELECT *, len(list_filter($cuts::TIMESTAMP[],
                lambda c: c <= bucket)) AS part FROM points) p
        JOIN _limits m ON {on} AND m.block = p.part
        WHERE p.pace > m.pace_high OR (p.steady AND p.pace < m.pace_low)
            OR p.low < m.low OR p.high > m.high OR p.span < m.span_low
        ORDER BY p.bucket, {", ".join(f"p.{k}" for k in KEYS)}"""
        values = {"since": since, "until": until, "cuts": list(cuts)}
        rows = _asked(db, which, sql, values)
    finally:
        db.unregister("_limits")
    return rows


def _asked(
    db: duckdb.DuckDBPyConnection, which: pd.DataFrame, sql: str, values: dict[str, Any]
) -> pd.DataFrame:
    db.register("_series", which[[*KEYS, "action", "least", "steady"]])
    try:
        frame: pd.DataFrame = db.execute(sql, values).df()
    finally:
        db.unregister("_series")
    return frame
