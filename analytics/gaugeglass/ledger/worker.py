"""One unit of ingest: read a batch of logs with one engine, write one ledger part per table.

A batch is independent of every other, so batches run in this process, in local worker processes,
or on any other ``concurrent.futures`` executor.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import duckdb

from gaugeglass.ledger import aggregate, parts
from gaugeglass.ledger.job import Job, Outcome
from gaugeglass.ledger.parts import Part
from gaugeglass.ledger.printable import make_printable
from gaugeglass.ledger.read import FATAL, Reader
from gaugeglass.ledger.schema import TABLES, ddl
from gaugeglass.logs.account import Account
from gaugeglass.protocols import ports

#: Accumulated rows above which the accumulators are merged, and written out if that isn't enough.
MERGE_ROWS, WRITE_ROWS = 1_000_000, 500_000
#: Bytes of a log (as it lies) from which its groups may be written without being held.
LARGE = 8 << 20
#: Rows merged at a time.
SLICE_ROWS = 50_000
_SLICED = {"activity": "window", "claims": "asset", "notices": "ts"}


@dataclass(frozen=True)
class Batch:
    """Logs read by one engine. ``target`` is the ledger folder, ``name`` starts part names."""

    jobs: tuple[Job, ...]
    target: Path
    name: str
    window_seconds: int
    threads: int
    memory_mb: int


@dataclass
class BatchResult:
    """What a batch gave: an outcome per job (same order) and its parts."""

    outcomes: list[Outcome] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def engine(scratch: Path, threads: int, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that spills to ``scratch`` and never reaches for the network."""
    con = duckdb.connect()
    # DuckDB takes a worker, which has no main file, for a person at a prompt: its progress would go
    # to stdout, which is for data.
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET threads = {threads}")
    con.execute(f"SET memory_limit = '{memory_mb}MB'")
    con.execute(f"SET temp_directory = '{scratch}'")
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET TimeZone = 'UTC'")
    return con


def run(batch: Batch) -> BatchResult:
    """Read the batch. An error in one log is told in its account; the others go on."""
    try:
        return _run(batch)
    except duckdb.Error as err:  # the engine is lost with all that it held
        if len(batch.jobs) == 1:
            return BatchResult([_failed(batch.jobs[0], err)])
    result = BatchResult()
    for i, job in enumerate(batch.jobs):
        alone = run(replace(batch, jobs=(job,), name=f"{batch.name}-{i:03d}"))
        result.outcomes += alone.outcomes
        result.parts += alone.parts
    return result


def _run(batch: Batch) -> BatchResult:
    scratch = Path(tempfile.mkdtemp(prefix="gaugeglass-"))
    result = BatchResult()
    con = engine(scratch, batch.threads, batch.memory_mb)
    try:
        aggregate.create_accumulators(con)
        for statement in ports.SETUP:
            con.execute(statement)
        alone = len(batch.jobs) == 1 and _large(batch.jobs[0])
        place = partial(_straight, batch) if alone else None
        reader = Reader(con, scratch, batch.window_seconds, place=place)
        for job in batch.jobs:
            result.outcomes.append(_read(reader, job))
            _flush(con, batch, result, reader, final=False)
        _flush(con, batch, result, reader, final=True)
        result.parts += reader.apply.parts
    finally:
        con.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return result


def _read(reader: Reader, job: Job) -> Outcome:
    try:
        return reader.read(job)
    except FATAL:
        raise
    except Exception as err:  # one log must not take the others with it
        return _failed(job, err)


def _failed(job: Job, err: Exception) -> Outcome:
    account = Account(str(job.log.path), job.sniffed.kind, job.sniffed.format)
    first = str(err).splitlines()[0] if str(err) else type(err).__name__
    account.remark(f"not read: {first}")
    return Outcome({account.kind: account}, job.offset, job.line, job.header, True)


def _flush(
    con: duckdb.DuckDBPyConnection, batch: Batch, result: BatchResult, reader: Reader, final: bool
) -> None:
    for table in TABLES:
        acc = f"acc_{table}"
        rows = _count(con, acc)
        if rows == 0 or (rows <= MERGE_ROWS and not final):
            continue
        # what one statement grouped has no two rows of one key
        said = reader.apply.said[table]
        if make_printable(con, table, acc, said) or reader.inserts[table] > 1:
            rows = _merge(con, table, acc, rows)
            reader.inserts[table] = 1
        if final or rows > WRITE_ROWS:
            path = _path(batch, table, result)
            result.parts.append(parts.write(con, table, acc, rows, path))
            con.execute(ddl(table, acc))
            reader.inserts[table] = 0


def _merge(con: duckdb.DuckDBPyConnection, table: str, acc: str, rows: int) -> int:
    """Rows of equal keys added up; returns how many are left.

    Slice by slice of a key's hash: merging sorts whole rows, which are wide.
    """
    con.execute(ddl(table, "merged"))
    slices = rows // SLICE_ROWS + 1
    for i in range(slices):
        part = f'(SELECT * FROM {acc} WHERE hash("{_SLICED[table]}") % {slices} = {i})'
        con.execute(f"INSERT INTO merged BY NAME {aggregate.merge(table, part)}")
    con.execute(f"DROP TABLE {acc}")
    con.execute(f"ALTER TABLE merged RENAME TO {acc}")
    return _count(con, acc)


def _large(job: Job) -> bool:
    try:
        return job.log.path.stat().st_size >= LARGE
    except OSError:
        return False


def _straight(batch: Batch, serial: int) -> Path:
    return batch.target / f"{batch.name}-straight-{serial}.parquet"


def _path(batch: Batch, table: str, result: BatchResult) -> Path:
    serial = sum(p.kind == table for p in result.parts)
    return batch.target / f"{batch.name}-{table}-{serial}.parquet"


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
