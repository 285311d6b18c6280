"""The fast way in: a segment handed to DuckDB's readers as it lies.

DuckDB names the TSV rows it rejects and raises on a faulty JSON row. Where it can't take a segment,
``exact`` reads it. Columns are named and typed by the log's own header, with dots replaced
(``id.orig_h`` is ``id_orig_h``); ``ts`` is a TIMESTAMP.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from gaugeglass.logs.account import Account
from gaugeglass.logs.header import Header
from gaugeglass.logs.segment import TOO_LONG, Segment
from gaugeglass.logs.sql import (
    LIST,
    MICROS,
    MICROS_OR_MILLIS,
    TIME,
    flat,
    name,
    quote,
    read_csv,
    read_json,
    read_objects,
    sql_type,
    unescaped,
    unique,
)  # fmt: skip

_FETCH = 10_000


class NeedsExact(Exception):
    """The strict reader can't take this segment; read it the exact way."""


class NeedsCutting(Exception):
    """The file holds more than one header: cut it into segments first."""


def tsv(segment: Segment, wanted: Mapping[str, str]) -> str:
    """A SELECT over the segment as it lies. Rejected rows land in DuckDB's ``rejects``."""
    types = {"ts": "DOUBLE"}
    for column, kind in wanted.items():
        types.setdefault(column, "VARCHAR" if kind in (LIST, TIME) else kind)
    have = {f: types.get(f, "VARCHAR") for f in unique(segment.header.fields)}
    source = read_csv(
        segment.path, have, segment.header.separator, segment.header, segment.skip,
        ", store_rejects=true, rejects_table='rejects', rejects_scan='rejects_scan',"
        " rejects_limit=0",
    )  # fmt: skip
    return f"SELECT {_projection(wanted, have, segment.header.set_separator)} FROM {source}"


def _projection(wanted: Mapping[str, str], have: Mapping[str, str], separator: str) -> str:
    out = []
    for column, kind in wanted.items():
        alias = name(flat(column))
        if column not in have:
            out.append(f"NULL::{sql_type(kind)} AS {alias}")
        elif kind == TIME:
            out.append(f"{MICROS.format(name(column))} AS {alias}")
        elif kind == LIST:
            out.append(f"string_split({unescaped(column)}, {quote(separator)}) AS {alias}")
        elif kind == "VARCHAR":
            out.append(f"{unescaped(column)} AS {alias}")
        else:
            out.append(f"{name(column)} AS {alias}")
    return ", ".join(out) or "1 AS _"


def clear_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the strict reader's rejects of an earlier scan."""
    con.execute("DROP TABLE IF EXISTS rejects")
    con.execute("DROP TABLE IF EXISTS rejects_scan")


def settle_rejects(con: duckdb.DuckDBPyConnection, segment: Segment, account: Account) -> None:
    """Account for what the strict TSV reader rejected; raises where it must be read otherwise.

    Raises:
        NeedsCutting: a second ``#fields`` line stands inside.
        NeedsExact: a row is rejected for its encoding, which repair can keep.
    """
    rejected = con.execute(
        "SELECT line, any_value(csv_line), list(error_type::VARCHAR ORDER BY column_idx),"
        " list(column_name ORDER BY column_idx)"
        " FROM rejects GROUP BY line ORDER BY line"
    )
    width = len(segment.header.fields)
    before: int | None = None  # lines of the log before this file's first
    while found := rejected.fetchmany(_FETCH):
        for line, text, kinds, columns in found:
            text = (text or "").lstrip("\n")  # empty lines before it
            if text.startswith("#"):
                if text.startswith("#fields"):
                    raise NeedsCutting
                continue
            if before is None:
                before = segment.first_line() - segment.skip - 1
            line += before
            if "INVALID ENCODING" in kinds or "INVALID STATE" in kinds:
                raise NeedsExact
            if "LINE SIZE OVER MAXIMUM" in kinds:
                account.reject(line, TOO_LONG)
            elif "MISSING COLUMNS" in kinds or "TOO MANY COLUMNS" in kinds:
                n = text.count(segment.header.separator) + 1
                account.reject(line, f"{n} columns where the header names {width}", text)
            elif set(kinds) == {"CAST"}:
                value = _value_of(text, segment.header, columns[0])
                account.reject(line, unfit(columns[0]), text if value is None else value)
            else:
                raise NeedsExact
    clear_rejects(con)


def unfit(column: str | None) -> str:
    """The reason for which a row is rejected whose value of ``column`` has another type."""
    if column == "ts":
        return "column ts has a value that is not a time"
    is_port = bool(column and column.endswith("_p"))
    return f"column {column} has a value that is not a {'port ' if is_port else ''}number"


def _value_of(text: str, header: Header, column: str | None) -> str | None:
    fields = unique(header.fields)
    if column in fields:
        parts = text.split(header.separator)
        at = fields.index(column)
        return parts[at] if at < len(parts) else None
    return None


def json(segment: Segment, wanted: Mapping[str, str], path: str = "") -> str:
    """A SELECT over JSON lines as they lie (of kind ``path``, where rows of several kinds mix).

    DuckDB's reader raises on the first fault.
    """
    iso = _iso(segment)
    types = {c: k for c, k in wanted.items() if k != TIME}
    types["ts"] = "TIMESTAMPTZ" if iso else "DOUBLE"
    if path:
        types["_path"] = "VARCHAR"
    ts = "make_timestamp(epoch_us(ts))" if iso else MICROS_OR_MILLIS.format("ts")
    out = [f"{ts} AS ts" if c == "ts" else f"{name(c)} AS {name(flat(c))}" for c in wanted]
    where = f" WHERE _path = {quote(path)}" if path else ""
    return f"SELECT {', '.join(out)} FROM {read_json(segment.path, types)}{where}"


def _iso(segment: Segment) -> bool:
    """Whether the first row's ts is an ISO 8601 text."""
    with segment.path.open("rb") as file:
        line = file.readline(1 << 20)
    at = line.find(b'"ts":')
    return at >= 0 and line[at + 5 :].lstrip().startswith(b'"')


def json_paths(con: duckdb.DuckDBPyConnection, segment: Segment) -> dict[str, int]:
    """Rows by their ``_path``, of a JSON log in which kinds mix.

    Raises:
        NeedsExact: a row has none.
    """
    found = con.execute(
        "SELECT CASE WHEN json_type(json, '$._path') = 'VARCHAR' THEN json->>'$._path' END AS p,"
        f" count(*) FROM {read_objects(segment.path)} GROUP BY p ORDER BY p"
    ).fetchall()
    if not all(path for path, _ in found):
        raise NeedsExact
    return dict(found)
