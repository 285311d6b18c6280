"""The slow way in: a segment read by way of ``repair``, with everything unsound accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from gaugeglass.logs import repair
from gaugeglass.logs.account import NO_HOST, Account
from gaugeglass.logs.segment import MAX_LINE, Segment
from gaugeglass.logs.sql import (
    IN_TIME,
    LIST,
    MICROS,
    TIME,
    empty_rows,
    flat,
    name,
    quote,
    read_csv,
    read_json,
    sql_type,
    unescaped,
    unique,
)  # fmt: skip
from gaugeglass.logs.strict import unfit

_HOSTS = ("id.orig_h", "id.resp_h")
_FETCH = 10_000


def rows(
    con: duckdb.DuckDBPyConnection, segment: Segment, format: str, wanted: Mapping[str, str],
    scratch: Path, account: Account, path: str = "", hosts: bool = False,
) -> None:  # fmt: skip
    """Create the temp table ``rows``; a row whose values do not fit is rejected.

    ``path`` picks one kind of a mixed JSON log, whose faulty lines ``repair.paths`` has told of.
    With ``hosts`` a row without both of its hosts is rejected too.
    """
    target = scratch / "repaired.txt"
    if format == "zeek_tsv":
        kept = repair.tsv(segment, target, account)
        fields = unique(segment.header.fields, taken=repair.LINE)
        have = {repair.LINE: "BIGINT", **dict.fromkeys(fields, "VARCHAR")}
        source = read_csv(target, have, "\t", segment.header, 0, "")
    else:
        kept = repair.json_lines(segment, target, None if path else account, wanted, path)
        have = {repair.LINE: "BIGINT"}
        have |= {c: LIST if k == LIST else "VARCHAR" for c, k in wanted.items()}
        source = read_json(target, have, 8 * MAX_LINE)  # escapes make a line longer
    if not kept:
        target.unlink()
        empty_rows(con, wanted)
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE repaired AS SELECT * FROM {source}")
    target.unlink()
    checked = [h for h in _HOSTS if hosts and h in wanted]
    tsv = format == "zeek_tsv"
    _type(con, wanted, have, segment.header.set_separator, account, checked, tsv)
    con.execute("DROP TABLE repaired")


def _type(
    con: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], have: Mapping[str, str],
    separator: str, account: Account, hosts: list[str], tsv: bool,
) -> None:  # fmt: skip
    """``repaired`` (all text) to ``rows`` (typed)."""
    casts: dict[str, str] = {}
    checks: list[tuple[str, str]] = []  # a column, and when it is at fault
    for column, kind in wanted.items():
        text = name(column)
        if column not in have:
            casts[column] = f"NULL::{sql_type(kind)}"
            if kind == TIME or column in hosts:
                checks.append((column, "TRUE"))
        elif kind == TIME:
            number = f"TRY_CAST({text} AS DOUBLE)"
            ok = f"{number} BETWEEN -1e12 AND 1e12"  # the conversion can't fail
            ts = f"CASE WHEN {ok} THEN {MICROS.format(number)} END"
            casts[column] = f"CASE WHEN {ts} {IN_TIME} THEN {ts} END"
            checks.append((column, f"({casts[column]}) IS NULL"))
        elif kind == LIST and have[column] != LIST:
            casts[column] = f"string_split({unescaped(column)}, {quote(separator)})"
        elif kind in (LIST, "VARCHAR", "JSON"):
            casts[column] = unescaped(column) if tsv and kind == "VARCHAR" else text
            if column in hosts:
                checks.append((column, f"{text} IS NULL"))
        else:
            cast = casts[column] = f"TRY_CAST({text} AS {kind})"
            if kind == "DOUBLE":
                cast = f"CASE WHEN isfinite({cast}) THEN {cast} END"
            checks.append((column, f"{text} IS NOT NULL AND {cast} IS NULL"))
    fault = "CASE " + " ".join(f"WHEN {c} THEN {quote(n)}" for n, c in checks) + " END"
    fault = fault if checks else "NULL::VARCHAR"
    value = " ".join(f"WHEN {quote(n)} THEN {name(n)}" for n, _ in checks if n in have)
    value = f"CASE fault {value} END" if value else "NULL"
    rejected = con.execute(
        f"SELECT {repair.LINE}, fault, left({value}, 1000) FROM"
        f" (SELECT *, {fault} AS fault FROM repaired) WHERE fault IS NOT NULL ORDER BY 1"
    )
    while found := rejected.fetchmany(_FETCH):
        for line, column, text in found:
            account.reject(line, NO_HOST if column in hosts else unfit(column), text or "")
    select = ", ".join(f"{sql} AS {name(flat(c))}" for c, sql in casts.items()) or "1 AS _"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rows AS SELECT {select} FROM repaired WHERE {fault} IS NULL"
    )
