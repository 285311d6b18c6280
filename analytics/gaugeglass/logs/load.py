"""Segments to the DuckDB table ``rows``, columns typed and named by the log's own header.

Two ways in: *strict* hands the file to DuckDB's readers as it lies (fast; DuckDB names the rows it
rejects), *exact* goes through ``repair`` first (slow; taken for a segment that strict can't read).
Column names have their dots replaced (``id.orig_h`` is ``id_orig_h``); ``ts`` is a TIMESTAMP.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from gaugeglass.logs import repair
from gaugeglass.logs.account import Account
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.segment import CUT_OFF, MAX_LINE, Segment

TIME, LIST = "TIME", "VARCHAR[]"
BUFFER = 8 << 20  # bytes DuckDB reads at a time; it would take sixteen of the longest lines


class NeedsExact(Exception):
    """The strict reader can't take this segment; read it the exact way."""


class NeedsCutting(Exception):
    """The file holds more than one header: cut it into segments first."""


def quote(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """An SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def flat(column: str) -> str:
    """A native column's name in ``rows``."""
    return column.replace(".", "_")


_MICROS = "make_timestamp(CAST(round({0} * 1e6) AS BIGINT))"
_MICROS_OR_MILLIS = (
    "make_timestamp(CAST(round({0} * CASE WHEN abs({0}) > 1e11 THEN 1e3 ELSE 1e6 END) AS BIGINT))"
)


def _tsv_source(path: Path, columns: Mapping[str, str], header: Header, skip: int, more: str) -> str:
    """A read_csv call; ``columns`` maps every column of the file, in order, to its type."""
    spec = ", ".join(f"{quote(c)}: {quote(t)}" for c, t in columns.items())
    nulls = ", ".join(quote(n) for n in dict.fromkeys((header.unset, header.empty)))
    return (
        f"read_csv({quote(str(path))}, delim={quote(header.separator)}, header=false, quote='',"
        f" escape='', columns={{{spec}}}, nullstr=[{nulls}], auto_detect=false, skip={skip},"
        f" new_line='\\n', max_line_size={MAX_LINE}, buffer_size={BUFFER}{more})"
    )


def _unique(fields: tuple[str, ...]) -> list[str]:
    """Field names made unique, as a broken header may repeat one."""
    seen: dict[str, int] = {}
    out = []
    for field in fields:
        n = seen[field] = seen.get(field, 0) + 1
        out.append(field if n == 1 else f"{field}#{n}")
    return out


def tsv_strict(segment: Segment, wanted: Mapping[str, str]) -> str:
    """A SELECT over the segment as it lies. Rejected rows land in DuckDB's ``rejects``."""
    types = {"ts": "DOUBLE"}
    fields = _unique(segment.header.fields)
    for column, kind in wanted.items():
        types.setdefault(column, "VARCHAR" if kind in (LIST, TIME) else kind)
    have = {f: types.get(f, "VARCHAR") for f in fields}
    source = _tsv_source(
        segment.path, have, segment.header, segment.skip,
        ", store_rejects=true, rejects_table='rejects', rejects_scan='rejects_scan',"
        " rejects_limit=0",
    )  # fmt: skip
    return f"SELECT {_projection(wanted, have, segment.header.set_separator)} FROM {source}"


def _projection(wanted: Mapping[str, str], have: Mapping[str, str], separator: str) -> str:
    out = []
    for column, kind in wanted.items():
        alias = name(flat(column))
        if column not in have:
            sql_type = "TIMESTAMP" if kind == TIME else kind
            out.append(f"NULL::{sql_type} AS {alias}")
        elif kind == TIME:
            out.append(f"{_MICROS.format(name(column))} AS {alias}")
        elif kind == LIST:
            out.append(f"string_split({name(column)}, {quote(separator)}) AS {alias}")
        else:
            out.append(f"{name(column)} AS {alias}")
    return ", ".join(out)


def settle_rejects(
    con: duckdb.DuckDBPyConnection, segment: Segment, account: Account
) -> None:
    """Account for what the strict TSV reader rejected; raises where it must be read otherwise.

    Raises:
        NeedsCutting: a second ``#fields`` line stands inside.
        NeedsExact: a row is rejected for its encoding, which repair can keep.
    """
    rejected = con.execute(
        "SELECT line, any_value(csv_line), list(error_type::VARCHAR), list(error_message),"
        " list(column_name) FROM rejects GROUP BY line ORDER BY line"
    ).fetchall()
    clear_rejects(con)
    width = len(segment.header.fields)
    found = []
    for line, text, kinds, messages, columns in rejected:
        text = text or ""
        if text.startswith("#"):
            if text.startswith("#fields"):
                raise NeedsCutting
            continue
        if "INVALID ENCODING" in kinds or "INVALID STATE" in kinds:
            raise NeedsExact
        if "CAST" in kinds and "MISSING COLUMNS" not in kinds and "TOO MANY COLUMNS" not in kinds:
            value = _value_of(text, segment.header, columns[0])
            reason = f"column {columns[0]} has a value that is not a {_noun(columns[0])}"
            text = value or text
        elif "LINE SIZE OVER MAXIMUM" in kinds:
            reason = messages[0].splitlines()[0]
        else:
            n = text.count(segment.header.separator) + 1
            reason = f"{n} columns where the header names {width}" if text else "empty line"
        found.append((line, reason, text))
    for line, reason, text in found:
        account.reject(line, reason, text)


def clear_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the strict reader's rejects of an earlier scan."""
    con.execute("DROP TABLE IF EXISTS rejects")
    con.execute("DROP TABLE IF EXISTS rejects_scan")


def _value_of(text: str, header: Header, column: str | None) -> str | None:
    if column in header.fields:
        parts = text.split(header.separator)
        at = header.fields.index(column)
        return parts[at] if at < len(parts) else None
    return None


def _noun(column: str | None) -> str:
    if column == "ts":
        return "time"
    return "port number" if column and column.endswith("_p") else "number"


def json_strict(segment: Segment, wanted: Mapping[str, str], iso: bool, path: str = "") -> str:
    """A SELECT over JSON lines as they lie (of kind ``path``, where rows of several kinds mix).

    DuckDB's reader raises on the first fault.
    """
    types = {c: k for c, k in wanted.items() if k != TIME}
    types["ts"] = "TIMESTAMP" if iso else "DOUBLE"
    if path:
        types["_path"] = "VARCHAR"
    spec = ", ".join(f"{quote(c)}: {quote(t)}" for c, t in types.items())
    source = (
        f"read_json({quote(str(segment.path))}, format='newline_delimited',"
        f" columns={{{spec}}}, maximum_object_size={MAX_LINE})"
    )
    ts = '"ts"' if iso else _MICROS_OR_MILLIS.format('"ts"')
    out = [
        f"{ts} AS ts" if c == "ts" else f"{name(c)} AS {name(flat(c))}" for c in wanted
    ]
    where = f" WHERE _path = {quote(path)}" if path else ""
    return f"SELECT {', '.join(out)} FROM {source}{where}"


def json_paths(con: duckdb.DuckDBPyConnection, segment: Segment) -> list[str]:
    """The ``_path`` values of a JSON log in which kinds mix."""
    source = f"read_ndjson_objects({quote(str(segment.path))}, ignore_errors=true)"
    found = con.execute(
        f"SELECT DISTINCT json->>'$._path' AS p FROM {source} WHERE json_type(json) = 'OBJECT'"
        " ORDER BY p"
    ).fetchall()
    return [row[0] for row in found if row[0]]


def exact(
    con: duckdb.DuckDBPyConnection, segment: Segment, format: str, wanted: Mapping[str, str],
    scratch: Path, account: Account, path: str = "", tell: bool = True,
) -> None:  # fmt: skip
    """Create the temp table ``rows`` by way of ``repair``, with everything unsound accounted for.

    ``path`` picks one kind of a mixed JSON log; ``tell`` False leaves rows that belong to no kind
    to the account of another one.
    """
    target = scratch / "repaired.txt"
    if format == "zeek_tsv":
        kept = repair.tsv(segment, target, account)
        fields = _unique(segment.header.fields)
        have = {repair.LINE: "BIGINT", **dict.fromkeys(fields, "VARCHAR")}
        source = _tsv_source(target, have, segment.header, 0, "")
    else:
        kept = repair.json_lines(segment, target, account, wanted, path, tell)
        have = {repair.LINE: "BIGINT"}
        have |= {c: LIST if k == LIST else "VARCHAR" for c, k in wanted.items()}
        spec = ", ".join(f"{quote(c)}: {quote(t)}" for c, t in have.items())
        source = (
            f"read_json({quote(str(target))}, format='newline_delimited', columns={{{spec}}},"
            f" maximum_object_size={8 * MAX_LINE})"
        )
    if not kept:
        empty = ", ".join(
            f"NULL::{'TIMESTAMP' if k == TIME else k} AS {name(flat(c))}" for c, k in wanted.items()
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS SELECT {empty} WHERE false")
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE repaired AS SELECT * FROM {source}")
    target.unlink()
    _type(con, wanted, have, segment.header.set_separator, account)
    con.execute("DROP TABLE repaired")


def exact_or_strict(
    con: duckdb.DuckDBPyConnection, segment: Segment, sniffed: Sniffed,
    wanted: Mapping[str, str], scratch: Path, account: Account,
) -> None:  # fmt: skip
    """Create the temp table ``rows`` the fast way if possible, else the exact way."""
    if not segment.dirty:
        try:
            if sniffed.format == "zeek_tsv":
                clear_rejects(con)
                select = tsv_strict(segment, wanted)
            else:
                select = json_strict(segment, wanted, False, sniffed.kind if sniffed.mixed else "")
            con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {select}")
            if sniffed.format == "zeek_tsv":
                settle_rejects(con, segment, account)
            return
        except (NeedsExact, NeedsCutting, duckdb.Error):
            pass
    exact(con, segment, sniffed.format, wanted, scratch, account)


def _type(
    con: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], have: Mapping[str, str],
    separator: str, account: Account,
) -> None:  # fmt: skip
    """``repaired`` (all text) to ``rows`` (typed); values that do not fit reject their row."""
    casts: dict[str, str] = {}
    checks: list[tuple[str, str]] = []
    for column, kind in wanted.items():
        if column not in have:
            casts[column] = f"NULL::{'TIMESTAMP' if kind == TIME else kind}"
        elif kind == TIME:
            number = f"TRY_CAST({name(column)} AS DOUBLE)"
            ok = f"{number} BETWEEN -1e10 AND 1e11"  # what a TIMESTAMP in microseconds can hold
            casts[column] = f"CASE WHEN {ok} THEN {_MICROS.format(number)} END"
            checks.append((column, f"({casts[column]}) IS NULL"))
        elif kind == LIST:
            is_list = have[column] == LIST
            casts[column] = name(column) if is_list else (
                f"string_split({name(column)}, {quote(separator)})"
            )  # fmt: skip
        elif kind in ("VARCHAR", "JSON"):
            casts[column] = name(column)
        else:
            casts[column] = f"TRY_CAST({name(column)} AS {kind})"
            checks.append((column, f"{name(column)} IS NOT NULL AND {casts[column]} IS NULL"))
    fault = "CASE " + " ".join(f"WHEN {c} THEN {quote(n)}" for n, c in checks) + " END"
    fault = fault if checks else "NULL::VARCHAR"
    rejected = con.execute(
        f"SELECT {repair.LINE}, {fault} AS fault, repaired FROM repaired WHERE {fault} IS NOT NULL"
        f" ORDER BY 1"
    ).fetchall()
    for line, column, row in rejected:
        reason = f"column {column} has a value that is not a {_noun(column)}"
        account.reject(line, reason, str(row.get(column)))
    select = ", ".join(f"{sql} AS {name(flat(c))}" for c, sql in casts.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rows AS SELECT {select} FROM repaired WHERE {fault} IS NULL"
    )


_EVE = (
    '{"timestamp":"VARCHAR","event_type":"VARCHAR","flow_id":"VARCHAR","community_id":"VARCHAR",'
    '"src_ip":"VARCHAR","src_port":"INTEGER","dest_ip":"VARCHAR","dest_port":"INTEGER",'
    '"proto":"VARCHAR","app_proto":"VARCHAR","direction":"VARCHAR","_line":"BIGINT"}'
)


def eve(
    con: duckdb.DuckDBPyConnection, segment: Segment, scratch: Path, account: Account, exact: bool
) -> None:
    """Create the temp table ``eve`` with EVE's common columns and ``body``, the whole event.

    Raises:
        NeedsExact: a row is no sound event, and ``exact`` is False.
    """
    faulty = "event_type IS NULL OR ts IS NULL"
    if not exact:
        _eve_table(con, segment.path)
        if con.execute(f"SELECT 1 FROM eve WHERE {faulty} LIMIT 1").fetchone():
            raise NeedsExact
        return
    target = scratch / "repaired.txt"
    repair.json_lines(segment, target, account, None)
    _eve_table(con, target, 8 * MAX_LINE)  # escapes make a line longer
    target.unlink()
    faults = con.execute(
        "SELECT line, CASE WHEN event_type IS NULL THEN 'row without event_type'"
        f" ELSE 'column timestamp has a value that is not a time' END, body::VARCHAR"
        f" FROM eve WHERE {faulty} ORDER BY line"
    ).fetchall()
    for line, reason, text in faults:
        account.reject(line, reason, text)
    con.execute(f"DELETE FROM eve WHERE {faulty}")


def _eve_table(con: duckdb.DuckDBPyConnection, path: Path, limit: int = MAX_LINE) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE eve AS
        SELECT coalesce(try_strptime(e.timestamp, '%Y-%m-%dT%H:%M:%S.%f%z'),
                        TRY_CAST(e.timestamp AS TIMESTAMPTZ)) AT TIME ZONE 'UTC' AS ts,
               coalesce(e.community_id, e.flow_id) AS uid, e.flow_id, e.src_ip, e.src_port,
               e.dest_ip, e.dest_port, lower(e.proto) AS proto, e.app_proto, e.direction,
               e.event_type, e._line AS line, json AS body
        FROM (SELECT json_transform(json, {quote(_EVE)}) AS e, json
              FROM read_ndjson_objects({quote(str(path))}, maximum_object_size={limit}))
        """
    )


__all__ = [
    "CUT_OFF", "NeedsCutting", "NeedsExact", "clear_rejects", "eve", "exact", "exact_or_strict", "flat",
    "json_paths", "json_strict", "name", "quote", "settle_rejects", "tsv_strict",
]  # fmt: skip
