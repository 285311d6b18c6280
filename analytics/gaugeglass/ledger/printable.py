"""Control characters that a log's text holds, written out before the ledger keeps it."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from gaugeglass.ledger.schema import TABLES
from gaugeglass.logs.account import printable

_HIT = "regexp_matches({0}, '[\\x00-\\x1f\\x7f]')"


def unprintable(columns: Collection[str], table: str = "activity") -> str:
    """SQL: whether text in one of ``table``'s ``columns`` holds a control character."""
    names = [c.name for c in TABLES[table] if c.type == "VARCHAR" and c.name in columns]
    return _HIT.format("concat(" + ", ".join(f'"{c}"' for c in names) + ")")


def make_printable(
    con: duckdb.DuckDBPyConnection, table: str, name: str, said: Collection[str]
) -> bool:
    """Write control characters in ``name``'s text as ``\\xNN``, as Zeek's TSV does.

    So the ledger's text is the same whatever the log's format, and holds no line end, terminal
    escape or NUL. Returns whether there were any (rows may have become equal then). Only what logs
    ``said`` can hold some: looking at every column of millions of rows takes its time.
    """
    columns = [c.name for c in TABLES[table] if c.type == "VARCHAR"]
    hit = unprintable(said, table)
    if not con.execute(f"SELECT 1 FROM {name} WHERE {hit} LIMIT 1").fetchone():
        return False
    for column in (f'"{c}"' for c in columns):
        found = con.execute(
            f"SELECT DISTINCT {column} FROM {name} WHERE {_HIT.format(column)}"
        ).fetchall()
        if not found:
            continue
        raw = [text for (text,) in found]
        clean = [printable(text) for text in raw]
        con.execute(
            "CREATE OR REPLACE TEMP TABLE written AS SELECT unnest($raw::VARCHAR[]) AS raw,"
            " unnest($clean::VARCHAR[]) AS clean",
            {"raw": raw, "clean": clean},
        )
        con.execute(
            f"UPDATE {name} SET {column} = written.clean FROM written"
            f" WHERE {name}.{column} = written.raw"
        )
    return True
