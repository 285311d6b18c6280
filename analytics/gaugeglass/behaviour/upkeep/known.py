"""Facts as plain rows: taken from the ledger, added to what is known and taken out of it again.

A set of facts maps a table of the baseline to its rows, each a list of values in the order of the
table's columns. Times never stand in one, so that a set is the same whenever it is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from gaugeglass.behaviour.baseline import COLUMNS, SHAPES
from gaugeglass.behaviour.facts import TABLES, create_macros, merge_ranges
from gaugeglass.behaviour.news import value_slack

Rows = list[list[Any]]
Facts = dict[str, Rows]

#: The tables whose rows say that something was ever done; the others say how much of it.
DEEDS: tuple[str, ...] = (
    "known_asset", "known_conduit", "known_operation", "known_object", "known_action",
    "known_outcome",
)  # fmt: skip

#: The same, and values that were never carried: of those a row has the range that was known.
TOLD: tuple[str, ...] = (*DEEDS, "known_value")

#: The columns of activity that each needs: few of many, for the alerts to ask about may be many.
_DID = ("client", "server", "service", "operation")
_READ: dict[str, tuple[str, ...]] = {
    "known_asset": ("client", "server", "client_mac", "server_mac"),
    "known_conduit": ("client", "server", "service", "port"),
    "known_operation": (*_DID, "action"),
    "known_object": (*_DID, "unit", "object"),
    "known_action": ("client", "service", "action"),
    "known_outcome": (*_DID, "outcome"),
    "known_value": (*_DID, "unit", "object", "value_min", "value_max", '"window"'),
}

_OBJECT = [c for c, _ in COLUMNS["known_object"]]
_KEY, _LOW, _HIGH = slice(0, 5), _OBJECT.index("low"), _OBJECT.index("high")
_VALUED = [c for c, _ in COLUMNS["known_value"]].index("low")
_SPACE, _NAME = _OBJECT.index("space"), _OBJECT.index("object")


def take(
    db: duckdb.DuckDBPyConnection, where: str, values: Mapping[str, Any],
    tables: Collection[str] | None = None,
) -> Facts:  # fmt: skip
    """All facts (of ``tables`` only, where given) of the activity rows that meet ``where``."""
    create_macros(db)
    asked = [t for t in TABLES if tables is None or t.name in tables]
    few = all(t.name in _READ for t in asked)
    read = ", ".join(sorted({c for t in asked for c in _READ[t.name]})) if few else "*"
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE _upkeep_rows AS SELECT {read} FROM activity WHERE {where}",
        dict(values),
    )
    try:
        found: Facts = {}
        for table in asked:
            names = ", ".join(f'"{c}"::{t} AS "{c}"' for c, t in table.columns)
            sql = f"WITH learned AS NOT MATERIALIZED (SELECT * FROM _upkeep_rows) SELECT {names}"
            rows = db.execute(f"{sql} FROM ({table.sql}) ORDER BY ALL").fetchall()
            if rows:
                found[table.name] = [list(row) for row in rows]
    finally:
        db.execute("DROP TABLE _upkeep_rows")
    return found


def less(facts: Facts, others: Facts, tables: Iterable[str] = DEEDS) -> Facts:
    """The facts of ``tables`` that ``others`` do not have; of object ranges what is left."""
    out: Facts = {}
    for name in tables:
        if name == "known_object":
            rows = subtract(facts.get(name, []), others.get(name, []))
        elif name == "known_value":
            moved = {tuple(r[:_VALUED]) for r in others.get(name, [])}
            rows = [r for r in facts.get(name, []) if tuple(r[:_VALUED]) not in moved]
        else:
            known = {tuple(r) for r in others.get(name, [])}
            rows = [r for r in facts.get(name, []) if tuple(r) not in known]
        if rows:
            out[name] = rows
    return out


def outside(facts: Facts, others: Facts) -> Rows:
    """The rows of known_value of ``others`` that ``facts`` leave by far, with the bounds by which
    they do: what carries a value beyond those is as new as the values of ``facts``."""
    seen = {tuple(r[:_VALUED]): r for r in others.get("known_value", [])}
    out: Rows = []
    for row in facts.get("known_value", []):
        before = seen.get(tuple(row[:_VALUED]))
        if before is None:
            continue  # then the object or the operation is new, and says so
        low, high, windows = before[_VALUED : _VALUED + 3]
        slack = value_slack(windows) * (high - low)
        if row[_VALUED] < low - slack or row[_VALUED + 1] > high + slack:
            out.append([*row[:_VALUED], low - slack, high + slack])
    return out


def subtract(rows: Iterable[Sequence[Any]], others: Iterable[Sequence[Any]]) -> Rows:
    """Rows of known_object without the points that ``others`` cover."""
    cover: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for other in others:
        key = (*other[_KEY], other[_SPACE])
        cover.setdefault(_place(key), []).append((other[_LOW], other[_HIGH]))
    out: Rows = []
    for row in rows:
        spans = sorted(cover.get(_place((*row[_KEY], row[_SPACE])), []))
        out += [_range(row, low, high) for low, high in _left(row[_LOW], row[_HIGH], spans)]
    return out


def _place(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((value is None, value) for value in key)


def _left(low: int, high: int, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        if end < low or start > high:
            continue
        if start > low:
            yield low, start - 1
        low = end + 1
    if low <= high:
        yield low, high


def _range(row: Sequence[Any], low: int, high: int) -> list[Any]:
    out = list(row)
    space = row[_SPACE]
    name = space if low < 0 else f"{space}{low}" if low == high else f"{space}{low}-{high}"
    out[_NAME], out[_LOW], out[_HIGH] = name, low, high
    return out


def add(db: duckdb.DuckDBPyConnection, facts: Facts) -> None:
    """Make ``facts`` known: the registered tables hold them as if they had been learned."""
    create_macros(db)
    for name in (t.name for t in TABLES if facts.get(t.name)):
        with _Given(db, name, facts[name]):
            if name == "known_object":
                raw = "client, server, service, unit, operation, object"
                source = f"(SELECT {raw} FROM known_object UNION ALL SELECT {raw} FROM _upkeep)"
                sql = merge_ranges(source)
            elif name == "known_value":
                keys = "client, server, service, unit, operation, object"
                sql = f"SELECT {keys}, min(low) AS low, max(high) AS high,"
                sql += f" max(windows) AS windows FROM {_both(name)}"
                sql += f" GROUP BY {keys} ORDER BY ALL"
            elif name == "known_rate":
                keys = "client, server, service, operation"
                sql = (
                    f"SELECT {keys}, sum(windows)::BIGINT AS windows, sum(windows * mean) /"
                    f' sum(windows) AS mean, max("max") AS "max" FROM {_both(name)}'
                    f" GROUP BY {keys} ORDER BY ALL"
                )
            else:
                sql = f"SELECT DISTINCT * FROM {_both(name)} ORDER BY ALL"
            db.execute(f"CREATE OR REPLACE TEMP TABLE _upkeep_made AS {sql}")
            db.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM _upkeep_made')
            db.execute("DROP TABLE _upkeep_made")
    create_macros(db, with_tables=True)


def bear(db: duckdb.DuckDBPyConnection, pauses: Rows) -> None:
    """Let series pause as long: rows of client, server, service, asset (NULL: any), seconds.

    A series that may pause for long against the time learned is no longer missed at all.
    """
    for client, server, service, asset, seconds in pauses:
        values = {"c": client, "s": server, "p": service, "a": asset, "n": seconds}
        longer = "SET max_gap_seconds = greatest(max_gap_seconds, $n)"
        db.execute(
            f"UPDATE known_poll {longer} WHERE coalesce(client = $c AND server = $s AND"
            " ($p IS NULL OR service = $p), $a IN (client, server))",
            values,
        )
        if asset is not None:
            one = {"a": asset, "n": seconds}
            db.execute(f"UPDATE known_voice {longer} WHERE address = $a", one)


def remove(db: duckdb.DuckDBPyConnection, facts: Facts) -> None:
    """Make ``facts`` unknown again, and with a deed all that is known of how it was done. Of values
    (:func:`outside`) those within their bounds stay known."""
    for name in DEEDS:
        rows = facts.get(name, [])
        if not rows:
            continue
        if name == "known_object":
            kept = subtract(db.execute("SELECT * FROM known_object").fetchall(), rows)
            with _Given(db, name, kept):
                db.execute("CREATE OR REPLACE TEMP TABLE known_object AS FROM _upkeep ORDER BY ALL")
            continue
        columns = [c for c, _ in COLUMNS[name]]
        with _Given(db, name, rows):
            for table in (name, *_DETAILS.get(name, ())):
                same = " AND ".join(
                    f'k."{c}" IS NOT DISTINCT FROM u."{c}"' for c in columns if c in _names(table)
                )
                db.execute(f'DELETE FROM "{table}" k WHERE EXISTS (FROM _upkeep u WHERE {same})')
    keys = " AND ".join(
        f'"{c}" IS NOT DISTINCT FROM ?' for c, _ in COLUMNS["known_value"][:_VALUED]
    )
    for *who, least, most in facts.get("known_value", []):
        within = "low = greatest(low, ?), high = least(high, ?)"
        db.execute(f"UPDATE known_value SET {within} WHERE {keys}", [least, most, *who])
        db.execute(f"DELETE FROM known_value WHERE low > high AND {keys}", who)
    create_macros(db, with_tables=True)


#: What goes with a deed that is no longer known.
_DETAILS: dict[str, tuple[str, ...]] = {
    "known_conduit": ("known_poll",),
    "known_operation": ("known_outcome", "known_rate", "known_value"),
    "known_action": ("known_hour", "known_habit"),
}


def _names(table: str) -> list[str]:
    return [c for c, _ in COLUMNS[table]]


def _both(name: str) -> str:
    return f'(FROM "{name}" UNION ALL FROM _upkeep)'


class _Given:
    """``rows`` as the view ``_upkeep`` with the columns of table ``name``."""

    def __init__(self, db: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Sequence[Any]]):
        self.db = db
        shape = SHAPES[name]
        columns = [pa.array([row[i] for row in rows], field.type) for i, field in enumerate(shape)]
        self.table = pa.Table.from_arrays(columns, schema=shape)

    def __enter__(self) -> None:
        self.db.register("_upkeep", self.table)

    def __exit__(self, *_: object) -> None:
        self.db.unregister("_upkeep")
