"""The baseline: what was normal in a span of time, as tables that detections ask.

``learn`` asks the ledger, ``Baseline.register`` puts the tables where a detection can join them,
``save`` and ``load`` keep them as Parquet with a manifest that says where they fit.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from gaugeglass.behaviour import completeness, polls
from gaugeglass.behaviour.completeness import Completeness
from gaugeglass.behaviour.facts import TABLES, create_macros, learned_from
from gaugeglass.behaviour.files import MisfitError, fingerprint, read_folder, write_folder
from gaugeglass.ledger.schema import ACTIVITY, WINDOW_SECONDS

FORMAT = 1

_SERIES = (polls.POLL, polls.VOICE)

#: Every table of a baseline: name -> columns (name, DuckDB type).
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    **{t.name: t.columns for t in TABLES},
    **{s.table: polls.columns(s) for s in _SERIES},
    "completeness": completeness.COLUMNS,
}

_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}
#: The Arrow schema of each table: what DuckDB, Parquet and Python call a list differs.
SHAPES: dict[str, pa.Schema] = {
    name: pa.schema([(c, _ARROW[t]) for c, t in columns]) for name, columns in COLUMNS.items()
}

#: A baseline fits where the ledger has these columns and the baseline these tables.
SCHEMA = fingerprint([[(c.name, c.type) for c in ACTIVITY], sorted(COLUMNS.items())])


def naive(moment: datetime) -> datetime:
    """``moment`` as the ledger writes it: UTC without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@dataclass(frozen=True)
class Baseline:
    """Facts learned from [start, until). ``tables`` holds one Arrow table per name in COLUMNS."""

    start: datetime
    until: datetime
    window_seconds: int
    tables: Mapping[str, pa.Table]

    @property
    def empty(self) -> bool:
        """Whether nothing was learned."""
        return bool(self.tables["known_asset"].num_rows == 0)

    @property
    def completeness(self) -> list[Completeness]:
        """How complete it is; the first entry is about everything."""
        return [Completeness(**row) for row in self.tables["completeness"].to_pylist()]

    def register(self, db: duckdb.DuckDBPyConnection) -> None:
        """Create the tables (temporary), ``learned_span`` and the object macros in ``db``."""
        for name in COLUMNS:
            db.register("_gaugeglass_learned", self.tables[name])
            try:
                db.execute(
                    f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM _gaugeglass_learned'
                )
            finally:
                db.unregister("_gaugeglass_learned")
        db.execute(
            "CREATE OR REPLACE TEMP TABLE learned_span AS SELECT"
            f" TIMESTAMP '{self.start}' AS start, TIMESTAMP '{self.until}' AS until"
        )
        create_macros(db, with_tables=True)

    def save(self, folder: Path) -> None:
        """Write the baseline to ``folder``, replacing what was there in one rename."""
        files = {f"{name}.parquet": _parquet(table) for name, table in self.tables.items()}
        manifest = {
            **_fit(self.window_seconds),
            "start": self.start.isoformat() + "Z",
            "until": self.until.isoformat() + "Z",
            "rows": {name: table.num_rows for name, table in self.tables.items()},
        }
        write_folder(folder, manifest, files)

    @classmethod
    def load(cls, folder: Path, window_seconds: int = WINDOW_SECONDS) -> Baseline:
        """Read ``folder``; :class:`MisfitError` (file and remedy) where it does not fit."""
        names = tuple(f"{name}.parquet" for name in COLUMNS)
        manifest, files = read_folder(folder, _fit(window_seconds), names)
        tables: dict[str, pa.Table] = {}
        for name in COLUMNS:
            path = folder / f"{name}.parquet"
            try:
                # Arrow's reader threads may outlive the interpreter beside an open database and
                # abort it; the tables are small, so they are read without threads.
                table = pq.ParquetFile(io.BytesIO(files[path.name]), pre_buffer=False).read(
                    use_threads=False
                )
            except (pa.ArrowException, OSError) as err:
                raise MisfitError(path, f"is not readable Parquet ({err})") from err
            rows = manifest.get("rows")
            if not isinstance(rows, dict) or rows.get(name) != table.num_rows:
                raise MisfitError(path, f"has {table.num_rows} rows, not as the manifest says")
            if table.column_names != [c for c, _ in COLUMNS[name]]:
                raise MisfitError(path, f"has other columns: {', '.join(table.column_names)}")
            try:
                tables[name] = table.cast(SHAPES[name])
            except pa.ArrowException as err:
                raise MisfitError(path, f"has columns of other types ({err})") from err
        try:
            span = [datetime.fromisoformat(str(manifest[k])) for k in ("start", "until")]
        except (KeyError, ValueError) as err:
            raise MisfitError(folder, f"the manifest has no valid span ({err})") from err
        return cls(naive(span[0]), naive(span[1]), window_seconds, tables)


def _fit(window_seconds: int) -> dict[str, Any]:
    """What must be the same where a baseline is used."""
    return {
        "kind": "baseline",
        "version": FORMAT,
        "schema": SCHEMA,
        "window_seconds": window_seconds,
    }


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _typed(name: str, select: str) -> str:
    """``select`` with the documented names, types and order of table ``name``."""
    columns = COLUMNS[name]
    casts = ", ".join(f'"{c}"::{t} AS "{c}"' for c, t in columns)
    return f"SELECT {casts} FROM ({select})"


def _fetch(db: duckdb.DuckDBPyConnection, name: str, sql: str, values: Any) -> pa.Table:
    table: pa.Table = db.sql(sql, params=values).to_arrow_table()
    return table.cast(SHAPES[name])


def learn(
    db: duckdb.DuckDBPyConnection,
    start: datetime,
    until: datetime,
    config: Mapping[str, Any] | Any = None,
    source: str = "activity",
) -> Baseline:
    """Learn the facts of [start, until) from ``db``'s view ``source``.

    ``config`` is a :class:`~gaugeglass.config.Config` or a mapping of sections; only
    ``ingest.window_seconds`` is read. A span without activity gives an empty baseline.
    """
    start, until = naive(start), naive(until)
    window = WINDOW_SECONDS
    if config is not None:
        window = int(config["ingest"]["window_seconds"])
    create_macros(db)
    tables: dict[str, pa.Table] = {}
    for fact in TABLES:
        sql = f"{learned_from(source)} {_typed(fact.name, fact.sql)}"
        tables[fact.name] = _fetch(db, fact.name, sql, [start, until])
    for series in _SERIES:
        sql = _typed(series.table, polls.learn_sql(series, source))
        values = {"start": start, "until": until, "window": window}
        tables[series.table] = _fetch(db, series.table, sql, values)
    rows = [
        {c: getattr(entry, c) for c, _ in completeness.COLUMNS}
        for entry in completeness.measure(db, start, until, window, source)
    ]
    tables["completeness"] = pa.Table.from_pylist(rows, schema=SHAPES["completeness"])
    return Baseline(start, until, window, tables)
