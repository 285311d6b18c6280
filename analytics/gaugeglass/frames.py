"""A Zeek log as a pandas frame, for analysts and notebooks.

zat knows how Zeek's types map to pandas; it is used for that. Reading is ours: zat's own reader
drops what follows a ``#`` in a value, hangs on an empty or JSON log and reads no ``.zst``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pandas as pd
from zat.log_to_dataframe import LogToDataFrame

from gaugeglass.errors import Told
from gaugeglass.logs import exact
from gaugeglass.logs.account import Account
from gaugeglass.logs.cut import Cutter
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import HEAD, sniff
from gaugeglass.logs.sql import flat
from gaugeglass.logs.stream import head


class NotZeekError(Told, ValueError):
    """The file is not a Zeek log in TSV; the message says what it is."""


def read(path: Path) -> tuple[pd.DataFrame, Account]:
    """All rows of a Zeek TSV log (plain, .gz or .zst), typed, and what was rejected.

    Columns are the log's own, in its order, with zat's pandas types: time as datetime64 (UTC,
    without zone), interval as timedelta64, count as UInt64, int as Int32, port as UInt16, bool and
    short texts as category. Rows of a second header with other columns are left out and counted.

    Raises:
        NotZeekError: no Zeek TSV header.
    """
    compression = path.suffix if path.suffix in (".gz", ".zst") else ""
    start, broken = head(path, compression, HEAD)
    sniffed = sniff(start, path.name.split(".")[0])
    if sniffed.format != "zeek_tsv":
        raise NotZeekError(f"{path}: {broken or sniffed.problem or 'not a Zeek TSV log'}")
    fields, types = list(sniffed.header.fields), list(sniffed.header.types)
    log = LogFile(path, path, sniffed.kind, "", compression)
    account = Account(str(path), sniffed.kind, sniffed.format)
    parts: list[pd.DataFrame] = []
    wanted = dict.fromkeys(fields, "VARCHAR")
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")  # it would go to stdout
        for segment in Cutter(log, sniffed, Path(scratch), account):
            if segment.header.fields != sniffed.header.fields:
                rows = segment.path.read_bytes().count(b"\n")
                account.reject(segment.line, "under another header", rows=rows)
                continue
            exact.rows(con, segment, "zeek_tsv", wanted, Path(scratch), account)
            parts.append(con.execute("FROM rows").df())
    empty = pd.DataFrame(columns=[flat(f) for f in fields], dtype=object)
    frame = pd.concat(parts, ignore_index=True) if parts else empty
    frame.columns = pd.Index(fields)
    account.used = len(frame)
    return _typed(frame, fields, types), account


def _typed(frame: pd.DataFrame, fields: list[str], types: list[str]) -> pd.DataFrame:
    kinds = LogToDataFrame().pd_column_types(fields, types, True)
    for field, kind in zip(fields, types, strict=False):
        column = frame[field]
        if kind in ("time", "interval", "double"):
            number = pd.to_numeric(column, errors="coerce")
            if kind == "time":
                number = pd.to_datetime(number, unit="s", errors="coerce")
            elif kind == "interval":
                number = pd.to_timedelta(number, unit="s", errors="coerce")
            frame[field] = number
        elif kind in ("count", "int", "port"):
            # exact up to 2^64, which a detour over floats is not
            number = pd.to_numeric(column.fillna("0"), errors="coerce")
            dtype = pd.api.types.pandas_dtype("UInt64" if kind == "count" else kinds[field])
            frame[field] = number.astype(dtype).mask(column.isna())
        else:
            frame[field] = column.astype(kinds.get(field, "object"))
    return frame
