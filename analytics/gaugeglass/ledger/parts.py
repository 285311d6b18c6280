"""Ledger files: a table's rows as Parquet, from an accumulator or straight from a query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gaugeglass.ledger.printable import unprintable
from gaugeglass.ledger.schema import keys
from gaugeglass.logs.sql import quote

#: Parts of up to this many rows are sorted.
SORT_ROWS = 200_000
#: Rows of a part that are read together, or passed over.
GROUP_ROWS = 30_720

#: Version 2's delta encodings suit times and uids: a tenth smaller and a third faster than version
#: 1 at zstd's usual level. Row groups are small enough to share between cores.
_PARQUET = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1,"
    f" ROW_GROUP_SIZE {GROUP_ROWS}"
)

#: The order of rows in a part: time first, then what tells rows apart soonest.
_SORT = (
    "window", "ts", "client", "server", "asset", "port", "attribute", "service", "operation",
    "object", "unit", "outcome", "name", "value", "source", "rule_id", "message", "action",
    "transport", "client_mac", "server_mac", "origin", "severity", "techniques", "sensor",
)  # fmt: skip


@dataclass
class Part:
    """A ledger file written but not committed. Times are ISO texts of its first and last row."""

    path: Path
    kind: str
    rows: int
    first: str | None
    last: str | None
    events: int = 0
    """The sum of its counts, where the part was written straight."""


def write(con: duckdb.DuckDBPyConnection, table: str, acc: str, rows: int, path: Path) -> Part:
    """The ``rows`` rows of the accumulator ``acc`` as a part of ``table``."""
    when = "ts" if table == "notices" else "first"
    # In time order, so that a question about an hour reads an hour. In a part of one large log
    # rows that are read together lie some hours apart; sorting it would cost a fifth of the ingest.
    order = ", ".join(f'"{k}"' for k in sorted(keys(table), key=_SORT.index))
    order = f" ORDER BY {order}" if rows <= SORT_ROWS else ""
    con.execute(f"COPY (FROM {acc}{order}) TO {quote(str(path))} ({_PARQUET})")
    span = con.execute(f'SELECT min("{when}")::VARCHAR, max("last")::VARCHAR FROM {acc}').fetchone()
    first, last = span or (None, None)
    return Part(path, table, rows, first, last)


def straight(
    con: duckdb.DuckDBPyConnection, grouped: str, sensor: str, path: Path,
    said: Collection[str], unplaced: str, hold: int,
) -> Part | None:  # fmt: skip
    """The activity rows that ``grouped`` gives as a part, without their being held in between.

    Holding them costs a large log a tenth of its time. None if they need more work: they are
    ``hold`` rows or fewer, text that the log ``said`` holds control characters, or some are
    ``unplaced`` (SQL condition). They are in ``acc_activity`` then, and no file is left.

    Raises:
        duckdb.Error: as the query does; no file is left.
    """
    source = f"read_parquet({quote(str(path))})"
    good = False
    try:
        con.execute(f"COPY ({grouped}) TO {quote(str(path))} ({_PARQUET})", {"sensor": sensor})
        row = con.execute(
            'SELECT count(*), coalesce(sum("count"), 0), min("first")::VARCHAR,'
            f' max("last")::VARCHAR, coalesce(bool_or({unplaced}), false) FROM {source}'
        ).fetchone()
        rows, events, first, last, faulty = row or (0, 0, None, None, True)
        good = rows > hold and not faulty and not _unprintable(con, source, said)
        if good:
            return Part(path, "activity", rows, first, last, int(events))
        con.execute(f"INSERT INTO acc_activity BY NAME FROM {source}")
        return None
    finally:
        if not good:
            path.unlink(missing_ok=True)


def _unprintable(con: duckdb.DuckDBPyConnection, source: str, said: Collection[str]) -> bool:
    """Whether there are control characters: uids one by one, the rest as often as it differs."""
    uids = {"uid_min", "uid_max"}.intersection(said)
    names = [k for k in keys("activity") if k in said and k != "window"]
    distinct = f"(SELECT DISTINCT {', '.join(names)} FROM {source})"
    for of, columns in ((source, uids), (distinct, names)):
        # no WHERE, which would be looked at before what is equal is made one
        query = f"SELECT coalesce(bool_or({unprintable(columns)}), false) FROM {of}"
        if columns and (con.execute(query).fetchone() or (True,))[0]:
            return True
    return False
