"""Pieces of SQL that the readers share. Names and values of a log are always quoted here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from gaugeglass.logs.header import Header
from gaugeglass.logs.segment import MAX_LINE

#: What DuckDB raises on a value it can't take; a message cut inside a character can't be decoded.
ENGINE_FAULTS = (duckdb.Error, UnicodeError)

TIME, LIST = "TIME", "VARCHAR[]"
BUFFER = 8 << 20  # bytes DuckDB reads at a time; it would take sixteen of the longest lines

#: Epoch seconds (a DOUBLE) to a TIMESTAMP.
MICROS = "make_timestamp(CAST(round({0} * 1e6) AS BIGINT))"
MICROS_OR_MILLIS = (
    "make_timestamp(CAST(round({0} * CASE WHEN abs({0}) > 1e11 THEN 1e3 ELSE 1e6 END) AS BIGINT))"
)

#: Times that are believed (1970 to 5138), far within what Python's datetime can hold. An analyzer
#: that does not know the time writes -1.
LATEST_US = 100_000_000_000_000_000
EARLIEST, LATEST = "make_timestamp(0)", f"make_timestamp({LATEST_US})"
IN_TIME = f"BETWEEN {EARLIEST} AND {LATEST}"

#: The file is what it is: no guess from its name at how it is compressed or partitioned.
_AS_IT_LIES = "compression='none', hive_partitioning=false"


def quote(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """An SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


#: Columns whose text never holds a backslash.
_PLAIN = frozenset({
    "uid", "id.orig_h", "id.resp_h", "source_h", "destination_h", "proto", "service",
    "conn_state", "orig_l2_addr", "resp_l2_addr", "unit", "func", "pdu_type",
})  # fmt: skip


def unescaped(column: str) -> str:
    """SQL: a TSV column's text, where Zeek doubles each backslash, as its JSON would have it."""
    text = name(column)
    return text if column in _PLAIN else f"replace({text}, '\\\\', '\\')"


def flat(column: str) -> str:
    """A native column's name in ``rows``."""
    return column.replace(".", "_")


def sql_type(kind: str) -> str:
    """DuckDB's name of a source column's type."""
    return "TIMESTAMP" if kind == TIME else kind


def unique(fields: tuple[str, ...], taken: str = "") -> list[str]:
    """Field names made unique to DuckDB (which ignores case), as a broken header may repeat one.

    Of equal names the first keeps it, but one in lower case (as Zeek's are) before any other.
    """
    lower = {field for field in fields if field == field.lower()}
    seen = {taken.lower()}
    out = []
    for i, field in enumerate(fields):
        fold = field.lower()
        free = field and fold not in seen and (field == fold or fold not in lower)
        new = field if free else f"{field}#{i + 1}"
        seen.add(new.lower())
        out.append(new)
    return out


def read_csv(
    path: Path, columns: Mapping[str, str], separator: str, header: Header, skip: int, more: str
) -> str:
    """A read_csv call; ``columns`` maps every column of the file, in order, to its type."""
    spec = ", ".join(f"{quote(c)}: {quote(t)}" for c, t in columns.items())
    markers = [n for n in dict.fromkeys((header.unset, header.empty)) if separator not in n]
    nulls = ", ".join(map(quote, markers))
    return (
        f"read_csv({quote(str(path))}, delim={quote(separator)}, header=false, quote='',"
        f" escape='', columns={{{spec}}}, nullstr=[{nulls}], auto_detect=false, skip={skip},"
        f" new_line='\\n', max_line_size={MAX_LINE}, buffer_size={BUFFER}, {_AS_IT_LIES}{more})"
    )


def read_json(path: Path, columns: Mapping[str, str], limit: int = MAX_LINE) -> str:
    """A read_json call over lines of JSON objects."""
    spec = ", ".join(f"{quote(c)}: {quote(t)}" for c, t in columns.items())
    return (
        f"read_json({quote(str(path))}, format='newline_delimited', columns={{{spec}}},"
        f" maximum_object_size={limit}, {_AS_IT_LIES})"
    )


def read_objects(path: Path, limit: int = MAX_LINE) -> str:
    """A call that reads lines of JSON objects as they are, as the column ``json``."""
    return f"read_ndjson_objects({quote(str(path))}, maximum_object_size={limit}, {_AS_IT_LIES})"


def empty_rows(con: duckdb.DuckDBPyConnection, wanted: Mapping[str, str]) -> None:
    """Create the temp table ``rows`` with the columns ``wanted`` and no row."""
    columns = ", ".join(f"NULL::{sql_type(k)} AS {name(flat(c))}" for c, k in wanted.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS SELECT {columns or '1 AS _'} WHERE false")
