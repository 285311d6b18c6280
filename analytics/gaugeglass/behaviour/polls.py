"""How steadily each conduit and each asset spoke, in windows that the sensor could see.

A gap is counted in *lit* windows: windows in which the sensors that see this series saw anything
at all. A sensor that is off, a capture that ends or two captures with a year between them thus
make no gap, neither while learning nor while judging.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Windows with events that a series needs to count as steady.
ENOUGH = 20


@dataclass(frozen=True)
class Series:
    """A kind of series. ``seen`` selects its keys, ``extra``, sensor, window and last."""

    table: str
    keys: tuple[str, ...]
    extra: tuple[str, ...]  # constant for a key
    seen: str  # SELECT over `rows`
    again: str  # condition on `seen` (alias s) and the learned table (alias k) when judging


#: Connections only count where nothing else is known of a conduit: a connection's row is written
#: when it ends, which says little about when it was alive.
POLL = Series(
    "known_poll",
    ("client", "server", "service"),
    ("connects",),
    """SELECT client, server, service, coalesce(sensor, '') AS sensor, "window",
        least("last", "window" + to_seconds($window)) AS "last", action = 'connect' AS connects
        FROM rows""",
    "k.connects OR NOT s.connects",
)

#: Broadcast and multicast addresses do not speak.
GROUP = (
    r"^(22[4-9]|23[0-9])\.|\.255$|^0\.0\.0\.0$|^ff[0-9a-f]{2}:"
    r"|^[0-9a-f][13579bdf](:[0-9a-f]{2}){5}$"
)

#: An asset speaks when it asks and when it answers.
VOICE = Series(
    "known_voice",
    ("address",),
    (),
    f"""SELECT client AS address, coalesce(sensor, '') AS sensor, "window",
        least("last", "window" + to_seconds($window)) AS "last" FROM rows
        UNION ALL
        SELECT server, coalesce(sensor, ''), "window",
        least("last", "window" + to_seconds($window)) FROM rows
        WHERE coalesce(outcome, 'ok') NOT IN ('no_reply', 'partial', 'half_open')
        AND NOT regexp_matches(lower(server), '{GROUP}')""",
    "TRUE",
)

_TYPES = {"connects": "BOOLEAN"}


def columns(series: Series) -> tuple[tuple[str, str], ...]:
    """Names and DuckDB types of the series' learned table."""
    return (
        *((k, "VARCHAR") for k in series.keys),
        ("windows", "BIGINT"),
        ("span_windows", "BIGINT"),
        ("max_gap_seconds", "BIGINT"),
        ("last", "TIMESTAMP"),
        ("sensors", "VARCHAR[]"),
        *((e, _TYPES[e]) for e in series.extra),
    )


#: One numbered axis of lit windows for each set of sensors. Needs `sets(sensors)` and `rows`.
AXIS = """axis AS MATERIALIZED (
    SELECT sensors, "window", row_number() OVER (PARTITION BY sensors ORDER BY "window") AS tick
    FROM (SELECT DISTINCT t.sensors, l."window"
          FROM (SELECT DISTINCT sensors FROM sets) t
          JOIN (SELECT DISTINCT coalesce(sensor, '') AS sensor, "window" FROM rows) l
            ON list_contains(t.sensors, l.sensor)))"""


#: Learned from this view, a series has a gap only where it may be learned from: windows that the
#: table `unlearnable` takes out for its assets are not on its own axis.
LEARNABLE = "learnable"
_MATCH = {
    "known_poll": "(u.client IS NULL OR u.client = t.client) AND (u.server IS NULL OR"
    " u.server = t.server) AND (u.service IS NULL OR u.service = t.service) AND (u.asset IS NULL"
    " OR u.asset IN (t.client, t.server))",
    "known_voice": "(t.address IN (u.client, u.server, u.asset)"
    " OR coalesce(u.client, u.server, u.asset) IS NULL)",
}


def _dark(series: Series, source: str) -> str:
    """``dark``: windows that are not on a series' own axis, numbered. Needs ``sets``, ``axis``."""
    keys = ", ".join(series.keys)
    if source != LEARNABLE:
        none = ", ".join(f"NULL::VARCHAR AS {k}" for k in series.keys)
        return f"""dark AS (SELECT {none}, NULL::TIMESTAMP AS "window" WHERE FALSE)"""
    named = ", ".join(f"t.{k}" for k in series.keys)
    return f"""dark AS MATERIALIZED (SELECT {keys}, "window" FROM (
        SELECT DISTINCT {named}, a."window" FROM sets t JOIN axis a ON a.sensors = t.sensors
        JOIN unlearnable u ON u.spell AND {_MATCH[series.table]}
            AND a."window" >= u.start AND a."window" < u.stop))"""


def _before(series: Series, alias: str, moment: str = "") -> str:
    """How many dark windows the series of ``alias`` has, before ``moment`` where given."""
    on = " AND ".join(f"d.{k} = {alias}.{k}" for k in series.keys)
    cut = f' AND d."window" < {moment}' if moment else ""
    return f"(SELECT count(*) FROM dark d WHERE {on}{cut})"


def steady(windows: int, span_windows: int, max_gap: int) -> bool:
    """Whether a series spoke often enough, and with short enough pauses, to be missed."""
    return (
        windows >= ENOUGH
        and span_windows >= 20 * max_gap
        and windows * max_gap <= 10 * span_windows
    )


def ticks_sql(series: Series, source: str) -> str:
    """SELECT of the windows in which each series spoke: keys, window, tick, final.

    ``tick`` numbers the windows in which its sensors saw anything; ``final`` is the last one's.
    Parameters: $start, $until, $window (seconds).
    """
    keys = ", ".join(series.keys)
    on = " AND ".join(f"s.{k} = t.{k}" for k in series.keys)
    keep = "WHERE NOT s.connects OR t.connects" if series.extra else ""
    extra = "".join(f", bool_and({e}) AS {e}" for e in series.extra)
    return f"""
    WITH rows AS NOT MATERIALIZED
        (SELECT * FROM {source} WHERE "window" >= $start AND "window" < $until),
    seen AS MATERIALIZED (SELECT {keys}, sensor, "window"
        {"".join(f", {e}" for e in series.extra)} FROM ({series.seen}) GROUP BY ALL),
    sets AS MATERIALIZED (SELECT {keys}, list_sort(list(DISTINCT sensor)) AS sensors{extra}
        FROM seen GROUP BY {keys}),
    {AXIS}, {_dark(series, source)},
    ends AS (SELECT sensors, max(tick) AS final FROM axis GROUP BY sensors)
    SELECT DISTINCT {", ".join(f"s.{k}" for k in series.keys)}, a."window",
        a.tick - {_before(series, "s", 'a."window"')} AS tick,
        e.final - {_before(series, "s")} AS final
    FROM seen s JOIN sets t ON {on} JOIN axis a ON a.sensors = t.sensors
        AND a."window" = s."window" JOIN ends e ON e.sensors = t.sensors
    {keep} ORDER BY ALL"""


def learn_sql(series: Series, source: str = "activity") -> str:
    """SELECT of the learned table. Parameters: $start, $until, $window (seconds)."""
    keys = ", ".join(series.keys)
    qualified = ", ".join(f"s.{k}" for k in series.keys)
    extra = "".join(f", bool_and({e}) AS {e}" for e in series.extra)
    keep = "NOT s.connects OR t.connects" if series.extra else "TRUE"
    constant = "".join(f", any_value({e}) AS {e}" for e in series.extra)
    carried = "".join(f", t.{e}" for e in series.extra)
    return f"""
    WITH rows AS NOT MATERIALIZED
        (SELECT * FROM {source} WHERE "window" >= $start AND "window" < $until),
    seen AS MATERIALIZED (SELECT {keys}, sensor, "window", max("last") AS "last"
        {"".join(f", {e}" for e in series.extra)} FROM ({series.seen}) GROUP BY ALL),
    sets AS MATERIALIZED (SELECT {keys}, list_sort(list(DISTINCT sensor)) AS sensors{extra}
        FROM seen GROUP BY {keys}),
    {AXIS}, {_dark(series, source)},
    ends AS (SELECT sensors, max(tick) AS final FROM axis GROUP BY sensors),
    ticks AS (SELECT {qualified}, t.sensors,
        a.tick - {_before(series, "s", 'a."window"')} AS tick, max(s."last") AS "last"{carried}
        FROM seen s JOIN sets t ON {" AND ".join(f"s.{k} = t.{k}" for k in series.keys)}
        JOIN axis a ON a.sensors = t.sensors AND a."window" = s."window"
        WHERE {keep} GROUP BY ALL),
    gaps AS (SELECT *, tick - lag(tick) OVER (PARTITION BY {keys} ORDER BY tick) AS gap,
        {_before(series, "ticks")} AS hidden FROM ticks)
    SELECT {keys}, count(*) AS windows,
        any_value(final - hidden) - min(tick) + 1 AS span_windows,
        greatest(coalesce(max(gap), 0), any_value(final - hidden) - max(tick)) * $window
            AS max_gap_seconds,
        max("last") AS "last", any_value(g.sensors) AS sensors{constant}
    FROM gaps g JOIN ends ON ends.sensors = g.sensors GROUP BY {keys} ORDER BY {keys}"""


def gaps_sql(series: Series) -> str:
    """SELECT of the gaps of steady learned series that became overdue in [$since, $until).

    Parameters: $since, $until, $window, $factor, $floor (windows), $enough (windows).
    The last window of the data may be cut short, so it does not count as missed.
    """
    keys = ", ".join(series.keys)
    on = " AND ".join(f"s.{k} = k.{k}" for k in series.keys)
    kept = "".join(f", {e}" for e in series.extra)
    return f"""
    WITH steady AS MATERIALIZED (
        SELECT *, max_gap_seconds // $window AS max_gap FROM {series.table}
        WHERE windows >= $enough AND max_gap_seconds > 0
          AND span_windows >= 20 * (max_gap_seconds // $window)
          AND windows * (max_gap_seconds // $window) <= 10 * span_windows),
    sets AS (SELECT sensors FROM steady),
    rows AS NOT MATERIALIZED (SELECT * FROM activity
        WHERE "window" < $until AND "window" >= (SELECT time_bucket(to_seconds($window),
            min("last") - INTERVAL 1 MICROSECOND) FROM steady)),
    {AXIS},
    ends AS (SELECT sensors, max(tick) AS final, max("window") AS final_window
        FROM axis GROUP BY sensors),
    seen AS (SELECT {keys}{kept}, "window", max("last") AS "last" FROM ({series.seen})
        GROUP BY ALL),
    ticks AS (SELECT {", ".join(f"k.{x}" for x in series.keys)}, k.sensors, a.tick,
            max(s."last") AS "last"
        FROM seen s JOIN steady k ON {on} AND ({series.again})
        JOIN axis a ON a.sensors = k.sensors AND a."window" = s."window" GROUP BY ALL
        UNION ALL
        SELECT {keys}, sensors, (SELECT count(*) FROM axis a WHERE a.sensors = k.sensors
            AND a."window" < k."last"), "last" FROM steady k),
    gaps AS (SELECT *, lead(tick) OVER (PARTITION BY {keys} ORDER BY tick, "last") AS next
        FROM ticks),
    judged AS (
        SELECT g.*, k.windows, k.span_windows, k.max_gap, final_window,
            greatest(ceil($factor * k.max_gap), $floor)::BIGINT AS patience,
            coalesce(next, final) - g.tick - 1 AS missed
        FROM gaps g JOIN steady k ON {on.replace("s.", "g.")} JOIN ends e ON e.sensors = g.sensors)
    SELECT {", ".join(f"j.{x}" for x in series.keys)}, j.sensors, j."last" AS seen,
        j.missed, j.patience, j.windows, j.span_windows, j.max_gap,
        o."window" AS overdue, b."window" AS back, j.final_window
    FROM judged j JOIN axis o ON o.sensors = j.sensors AND o.tick = j.tick + j.patience
    LEFT JOIN axis b ON b.sensors = j.sensors AND b.tick = j.next
    WHERE j.missed >= j.patience AND o."window" >= $since AND o."window" < $until
    ORDER BY {", ".join(f"j.{x}" for x in series.keys)}, j.tick"""
