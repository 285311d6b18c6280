"""Ask the ledger: a DuckDB connection whose views are the committed parts, and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb

from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.schema import TABLES


def connect(state: Path, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the views ``activity``, ``claims`` and ``notices``."""
    manifest = Manifest(state)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")  # it would go to stdout, which is for data
    con.execute("SET autoinstall_known_extensions = false")
    if threads:
        con.execute(f"SET threads = {threads}")
    for table, columns in TABLES.items():
        empty = "SELECT " + ", ".join(f'NULL::{c.type} AS "{c.name}"' for c in columns)
        parts = [str(state / "ledger" / name) for name in manifest.parts(table)]
        source = f"{empty} WHERE false"
        if parts:
            files = ", ".join("'" + p.replace("'", "''") + "'" for p in parts)
            source = f"SELECT * FROM read_parquet([{files}])"
        if parts and table == "notices":
            # Parts written before notices had an `operation` lack it
            source = f"SELECT * FROM read_parquet([{files}], union_by_name = true)"
            source = f"{empty} WHERE false UNION ALL BY NAME {source}"
        if table == "activity":
            source = f"SELECT * REPLACE (coalesce(uid_max, uid_min) AS uid_max) FROM ({source})"
        con.execute(f"CREATE VIEW {table} AS {source}")
    manifest.db.close()
    return con


def lock_down(con: duckdb.DuckDBPyConnection, state: Path) -> None:
    """For a person's SQL: no file but the ledger's can be reached, no setting changed, no write."""
    con.execute(f"SET allowed_directories = ['{(state / 'ledger').resolve()}']")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
