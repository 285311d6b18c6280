"""Sibling logs as tables, for sources that join them by link ids (OPC UA's)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from gaugeglass.logs import exact, strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.cut import Cutter
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Sniffed
from gaugeglass.logs.segment import Segment, in_place
from gaugeglass.logs.sql import ENGINE_FAULTS, flat, name, sql_type
from gaugeglass.protocols.base import Source


@contextmanager
def in_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Tables created meanwhile keep the file's order, so that ``rowid`` tells it."""
    con.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        con.execute("SET preserve_insertion_order = false")


def empty(con: duckdb.DuckDBPyConnection, source: Source, loaded: set[str]) -> None:
    """Empty tables for the siblings that ``source`` joins, except those that are ``loaded``."""
    for kind, columns in source.beside.items():
        if kind not in loaded:
            types = ", ".join(f"{name(flat(c))} {sql_type(t)}" for c, t in columns.items())
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name(kind)} ({types})")


def load(
    con: duckdb.DuckDBPyConnection, source: Source,
    siblings: Mapping[str, tuple[LogFile, Sniffed]], scratch: Path,
) -> tuple[set[str], list[str]]:  # fmt: skip
    """Load the siblings that exist; returns their kinds, and remarks on what can't be joined.

    Their own rows are accounted for where they are read for themselves.
    """
    loaded: set[str] = set()
    remarks: list[str] = []
    empty(con, source, loaded)
    for kind, columns in source.beside.items():
        if kind not in siblings:
            continue
        log, sniffed = siblings[kind]
        loaded.add(kind)
        for segment in _segments(log, sniffed, scratch / "beside"):
            try:
                _rows(con, segment, sniffed, kind, columns, scratch)
                con.execute(f"INSERT INTO {name(kind)} BY NAME FROM rows")
                con.execute("DROP TABLE rows")
            except ENGINE_FAULTS as err:
                why = type(err).__name__
                remarks.append(f"rows of {log.path.name} could not be joined ({why})")
            finally:
                if segment.temporary:
                    segment.path.unlink(missing_ok=True)
    return loaded, remarks


def _segments(log: LogFile, sniffed: Sniffed, scratch: Path) -> Iterator[Segment]:
    whole = in_place(log, sniffed)
    if whole is not None and sniffed.format != "zeek_tsv":
        yield whole
        return
    scratch.mkdir(exist_ok=True)
    yield from Cutter(log, sniffed, scratch, Account(str(log.path), "", sniffed.format))


def _rows(
    con: duckdb.DuckDBPyConnection, segment: Segment, sniffed: Sniffed, kind: str,
    wanted: Mapping[str, str], scratch: Path,
) -> None:  # fmt: skip
    """Create the temp table ``rows`` the fast way if possible, else the exact way."""
    aside = Account(str(segment.path), kind, sniffed.format)
    path = kind if sniffed.mixed else ""
    with in_order(con):
        if not segment.dirty:
            try:
                if sniffed.format == "zeek_tsv":
                    strict.clear_rejects(con)
                    select = strict.tsv(segment, wanted)
                else:
                    select = strict.json(segment, wanted, path)
                con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {select}")
                if sniffed.format == "zeek_tsv":
                    strict.settle_rejects(con, segment, aside)
                return
            except (strict.NeedsExact, strict.NeedsCutting, *ENGINE_FAULTS):
                pass
        exact.rows(con, segment, sniffed.format, wanted, scratch, aside, path)
