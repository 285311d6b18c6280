"""Ledger tables from a few dictionaries, for tests that ask questions of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb

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
    columns = [c.name for c in TABLES[table]]
    for row in rows:
        full = {**DEFAULTS[table], **row}
        when = at(full.pop("minute", 0))
        start = when.replace(second=0, microsecond=0)
        for key, value in (("window", start), ("first", when), ("last", when), ("ts", when)):
            full.setdefault(key, value)
        marks = ", ".join("?" for _ in columns)
        db.execute(f'INSERT INTO "{name}" VALUES ({marks})', [full.get(c) for c in columns])


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
