"""Ledger tables from a few dictionaries, for tests that ask questions of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from gaugeglass.ledger.schema import TABLES, ddl

T0 = datetime(2026, 11, 22)  # noqa: DTZ001 - the ledger's timestamps are UTC without zone

DEFAULTS: dict[str, dict[str, Any]] = {
    "activity": {
        "sensor": "s", "transport": "tcp", "port": 502, "service": "modbus",
        "operation": "read_holding_registers", "action": "read", "outcome": "ok", "count": 1,
        "bytes_to_server": 0, "bytes_to_client": 0, "gap_count": 0, "gap_sum": 0, "gap_sq": 0,
        "uid_min": "C1", "uid_max": "C1",
    },
    "claims": {"sensor": "s", "source": "test", "count": 1, "uid_min": "C1"},
    "notices": {"sensor": "s", "origin": "zeek_notice", "count": 1, "severity": "medium"},
}  # fmt: skip


_ARROW = {
    "TIMESTAMP": pa.timestamp("us"), "VARCHAR": pa.string(), "INTEGER": pa.int32(),
    "BIGINT": pa.int64(), "DOUBLE": pa.float64(),
}  # fmt: skip


def at(minutes: float) -> datetime:
    """T0 plus ``minutes``."""
    return T0 + timedelta(minutes=minutes)


def fill(
    db: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]], name: str = ""
) -> None:
    """Create ``name`` (default ``table``) holding ``rows``; absent columns get sane defaults.

    A row may give ``minute`` instead of window/first/last/ts.
    """
    name = name or table
    db.execute(ddl(table, name))
    append(db, table, rows, name)


def append(
    db: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]], name: str = ""
) -> None:
    """Add ``rows`` (as for :func:`fill`) to what ``name`` already holds, in one statement."""
    filled = []
    for row in rows:
        full = {**DEFAULTS[table], **row}
        when = at(full.pop("minute", 0))
        start = when.replace(second=0, microsecond=0)
        for key, value in (("window", start), ("first", when), ("last", when), ("ts", when)):
            full.setdefault(key, value)
        filled.append(full)
    if not filled:
        return
    schema = pa.schema([(c.name, _ARROW[c.type]) for c in TABLES[table]])
    batch = pa.Table.from_pylist(filled, schema=schema)
    db.register("_kit_rows", batch)
    db.execute(f'INSERT INTO "{name or table}" SELECT * FROM _kit_rows')
    db.unregister("_kit_rows")


def ledger(
    activity: Iterable[Mapping[str, Any]] = (),
    claims: Iterable[Mapping[str, Any]] = (),
    notices: Iterable[Mapping[str, Any]] = (),
) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the three tables."""
    db = duckdb.connect()
    for table, rows in (("activity", activity), ("claims", claims), ("notices", notices)):
        fill(db, table, rows)
    return db
