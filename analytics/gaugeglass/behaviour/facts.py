"""The learned facts: which tables a baseline has, the SQL that fills them and the macros on them.

Every SELECT here reads ``learned``: the activity rows of the span that is learned from. Columns
that the ledger leaves NULL (no port, no unit) stay NULL, so compare with IS NOT DISTINCT FROM.

Objects are kept as merged ranges. ``holding_register:100-104`` and ``holding_register:105-109``
become one row ``holding_register:100-109``, so a read of any part of what was learned is not new.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


def learned_from(source: str) -> str:
    """``learned``: the rows of the view ``source``; placeholders are start, until."""
    return (
        f"WITH learned AS NOT MATERIALIZED (SELECT * FROM {source}"
        ' WHERE "window" >= ? AND "window" < ?)'
    )


LEARNED = learned_from("activity")

#: `holding_register:100-109` is space `holding_register:`, low 100, high 109. Whatever does not
#: end in a number or a range of at most 18 digits is a space of its own, with low = high = -1.
_RANGE = r"^(.*:)(\d{1,18})(?:-(\d{1,18}))?$"

MACROS: tuple[str, ...] = (
    rf"object_low(o) AS coalesce(try_cast(nullif(regexp_extract(o, '{_RANGE}', 2, 's'), '')"
    " AS BIGINT), -1)",
    rf"object_top(o) AS coalesce(try_cast(nullif(regexp_extract(o, '{_RANGE}', 3, 's'), '')"
    " AS BIGINT), object_low(o))",
    # A range that runs backwards is no range: it is taken as it stands.
    "object_space(o) AS CASE WHEN object_low(o) >= 0 AND object_top(o) >= object_low(o)"
    rf" THEN regexp_extract(o, '{_RANGE}', 1, 's') ELSE o END",
    "object_first(o) AS CASE WHEN object_top(o) >= object_low(o) THEN object_low(o) ELSE -1 END",
    "object_last(o) AS CASE WHEN object_top(o) >= object_low(o) THEN object_top(o) ELSE -1 END",
)

#: Needs known_object. True where every part of ``o`` was learned for this conduit and operation.
OBJECT_KNOWN = (
    "object_known(p_client, p_server, p_service, p_unit, p_operation, o) AS EXISTS ("
    "SELECT 1 FROM known_object k WHERE k.client = p_client AND k.server = p_server"
    " AND k.service = p_service AND k.operation = p_operation"
    " AND k.unit IS NOT DISTINCT FROM p_unit AND k.space = object_space(o)"
    " AND k.low <= object_first(o) AND k.high >= object_last(o))"
)


@dataclass(frozen=True)
class FactTable:
    """One table of a baseline. ``sql`` follows :data:`LEARNED`; its order is total."""

    name: str
    columns: tuple[tuple[str, str], ...]  # name, DuckDB type
    sql: str


_CONDUIT = (("client", "VARCHAR"), ("server", "VARCHAR"), ("service", "VARCHAR"))
_OPERATION = (*_CONDUIT, ("operation", "VARCHAR"))


def _distinct(name: str, *columns: tuple[str, str], where: str = "TRUE") -> FactTable:
    names = ", ".join(c for c, _ in columns)
    return FactTable(
        name, columns, f"SELECT DISTINCT {names} FROM learned WHERE {where} ORDER BY ALL"
    )


def merge_ranges(source: str) -> str:
    """SELECT of merged object ranges from ``source`` (raw rows: conduit, unit, operation, object).

    Ranges that overlap or touch become one; everything is exact, as addresses are whole numbers.
    """
    key = "client, server, service, unit, operation, space"
    return f"""
    SELECT client, server, service, unit, operation,
        CASE WHEN low < 0 THEN space WHEN low = high THEN space || low
             ELSE space || low || '-' || high END AS object,
        space, low, high
    FROM (
        SELECT {key}, island, min(low) AS low, max(high) AS high
        FROM (
            SELECT *, sum(starts) OVER (PARTITION BY {key} ORDER BY low, high
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
            FROM (
                SELECT *, CASE WHEN low <= 1 + max(high) OVER (PARTITION BY {key}
                    ORDER BY low, high ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                    THEN 0 ELSE 1 END AS starts
                FROM (SELECT DISTINCT client, server, service, unit, operation,
                        object_space(object) AS space, object_first(object) AS low,
                        object_last(object) AS high
                      FROM {source} WHERE object IS NOT NULL)
            )
        ) GROUP BY {key}, island
    ) ORDER BY ALL"""


TABLES: tuple[FactTable, ...] = (
    FactTable(
        "known_asset",
        (("address", "VARCHAR"), ("mac", "VARCHAR")),
        "SELECT DISTINCT address, mac FROM ("
        "SELECT client AS address, client_mac AS mac FROM learned"
        " UNION ALL SELECT server, server_mac FROM learned) ORDER BY ALL",
    ),
    _distinct("known_conduit", *_CONDUIT, ("port", "INTEGER")),
    _distinct("known_operation", *_OPERATION, ("action", "VARCHAR")),
    FactTable(
        "known_object",
        (
            *_CONDUIT,
            ("unit", "VARCHAR"),
            ("operation", "VARCHAR"),
            ("object", "VARCHAR"),
            ("space", "VARCHAR"),
            ("low", "BIGINT"),
            ("high", "BIGINT"),
        ),
        merge_ranges("learned"),
    ),
    _distinct("known_action", ("client", "VARCHAR"), ("service", "VARCHAR"), ("action", "VARCHAR")),
    _distinct("known_outcome", *_OPERATION, ("outcome", "VARCHAR")),
    FactTable(
        "known_value",
        (
            *_CONDUIT,
            ("unit", "VARCHAR"),
            ("operation", "VARCHAR"),
            ("object", "VARCHAR"),
            ("low", "DOUBLE"),
            ("high", "DOUBLE"),
            ("windows", "BIGINT"),
        ),
        "SELECT client, server, service, unit, operation, object, min(value_min) AS low,"
        ' max(value_max) AS high, count(DISTINCT "window") AS windows'
        " FROM learned WHERE value_min IS NOT NULL"
        " GROUP BY client, server, service, unit, operation, object ORDER BY ALL",
    ),
    FactTable(
        "known_hour",
        (("client", "VARCHAR"), ("service", "VARCHAR"), ("action", "VARCHAR"), ("hour", "INTEGER")),
        'SELECT DISTINCT client, service, action, hour("window")::INTEGER AS hour FROM learned'
        " ORDER BY ALL",
    ),
    # In how many hours (of all days) something was done, at how many hours of the day, and how many
    # of those saw it once.
    FactTable(
        "known_habit",
        (
            ("client", "VARCHAR"),
            ("service", "VARCHAR"),
            ("action", "VARCHAR"),
            ("hours", "BIGINT"),
            ("times", "BIGINT"),
            ("once", "BIGINT"),
        ),
        "SELECT client, service, action, sum(n)::BIGINT AS hours, count(*) AS times,"
        " count(*) FILTER (WHERE n = 1) AS once FROM (SELECT client, service, action,"
        ' hour("window") AS at, count(DISTINCT date_trunc(\'day\', "window")) AS n'
        " FROM learned GROUP BY ALL) GROUP BY ALL ORDER BY ALL",
    ),
    FactTable(
        "known_rate",
        (*_OPERATION, ("windows", "BIGINT"), ("mean", "DOUBLE"), ("max", "BIGINT")),
        "SELECT client, server, service, operation, count(*) AS windows,"
        ' sum(n)::DOUBLE / count(*) AS mean, max(n)::BIGINT AS "max" FROM ('
        'SELECT client, server, service, operation, "window", sum("count")::BIGINT AS n'
        " FROM learned GROUP BY ALL) GROUP BY client, server, service, operation ORDER BY ALL",
    ),
)


def create_macros(db: duckdb.DuckDBPyConnection, with_tables: bool = False) -> None:
    """Define the object macros; ``with_tables`` also those that need the known tables."""
    for macro in (*MACROS, *((OBJECT_KNOWN,) if with_tables else ())):
        db.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
