"""Ingest: plan, read in parallel, commit. What is committed is complete; a kill loses nothing."""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from gaugeglass.errors import Told
from gaugeglass.ledger import worker
from gaugeglass.ledger.manifest import Manifest, StateError
from gaugeglass.ledger.plan import Plan, Planned, plan
from gaugeglass.ledger.worker import Batch, BatchResult
from gaugeglass.logs.account import Account

#: A log of this size has an engine with all cores for itself; smaller ones share batches.
LARGE = 64 << 20
#: Seconds whose microseconds still have a square that fits 64 bits.
MAX_WINDOW = 3000
BATCH_BYTES, BATCH_FILES = 32 << 20, 64


class WorkerLost(Told, RuntimeError):
    """A process that read logs is gone; the message says what to do."""


@dataclass
class Report:
    """What an ingest did."""

    accounts: list[Account] = field(default_factory=list)
    unchanged: int = 0
    passed_over: list[tuple[Path, str]] = field(default_factory=list)
    rows_written: dict[str, int] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """Rows rejected in all logs."""
        return sum(a.rejected.total() for a in self.accounts)

    @property
    def unread(self) -> list[Account]:
        """Logs of which something as a whole could not be read."""
        return [a for a in self.accounts if a.remarks]


Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what was read last."""


def ingest(
    paths: list[Path], state: Path, *, window_seconds: int = 60, workers: int = 0,
    memory_mb: int = 256, sensor: str = "", executor: Executor | None = None,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Read every log under ``paths`` into the ledger in ``state``.

    Raises:
        StateError: the state folder can't be used.
        WorkerLost: the system killed a reading process.
    """
    if not 1 <= window_seconds <= MAX_WINDOW:
        raise StateError(f"ingest.window_seconds must be between 1 and {MAX_WINDOW}")
    manifest = Manifest(state, window_seconds)
    try:
        with _alone(state):
            return _ingest(
                paths, state, manifest, window_seconds, workers, memory_mb, sensor, executor,
                progress,
            )  # fmt: skip
    finally:
        manifest.db.close()


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the state folder's lock: two ingests would take each other's parts for leftovers.

    The system releases the lock when the process ends, however it ends.
    """
    with (state / "ingest.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise StateError(f"{state}: another ingest into this state is running") from err
        yield


def _ingest(
    paths: list[Path], state: Path, manifest: Manifest, window_seconds: int, workers: int,
    memory_mb: int, sensor: str, executor: Executor | None, progress: Progress | None,
) -> Report:  # fmt: skip
    target = state / "ledger"
    target.mkdir(parents=True, exist_ok=True)
    _sweep(target, manifest)
    todo = plan(paths, manifest, sensor)
    report = Report(list(todo.unread), todo.unchanged, todo.passed_over)
    cores = workers or _cores()
    run = int(manifest.get("runs") or 0) + 1
    total = sum(_size(p) for p in todo.jobs)
    done = 0
    batches = list(_batches(todo, target, run, window_seconds, cores, memory_mb))
    for jobs, result in _execute(batches, cores, executor):
        _commit(manifest, run, jobs, result, report)
        done += sum(_size(p) for p in jobs)
        if progress:
            progress(done, total, jobs[-1].job.log.path.name)
    with manifest.transaction():
        manifest.set("runs", str(run))
        _save_accounts(manifest, run, todo.unread)
    report.accounts.sort(key=lambda a: (a.file, a.kind))
    return report


def _cores() -> int:
    """Cores this process may use: its affinity, or its container's share if that is less."""
    cores = len(os.sched_getaffinity(0))
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, min(cores, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no cgroup v2, or its quota is "max"
        return cores


def _size(planned: Planned) -> int:
    try:
        return planned.job.log.path.stat().st_size
    except OSError:
        return 0


def _batches(
    todo: Plan, target: Path, run: int, window: int, cores: int, memory_mb: int
) -> Iterator[tuple[list[Planned], Batch]]:
    """Large logs alone with all cores, small ones together with one."""
    token = uuid.uuid4().hex[:8]
    small: list[Planned] = []
    size = 0
    serial = 0

    def batch(jobs: list[Planned], threads: int) -> tuple[list[Planned], Batch]:
        nonlocal serial
        serial += 1
        name = f"{run:06d}-{serial:05d}-{token}"
        work = tuple(p.job for p in jobs)
        return jobs, Batch(work, target, name, window, threads, memory_mb)

    for planned in sorted(todo.jobs, key=_size, reverse=True):
        if _size(planned) >= LARGE:
            yield batch([planned], cores)
            continue
        small.append(planned)
        size += _size(planned)
        if size >= BATCH_BYTES or len(small) >= BATCH_FILES:
            yield batch(small, 1)
            small, size = [], 0
    if small:
        yield batch(small, 1)


def _execute(
    batches: list[tuple[list[Planned], Batch]], cores: int, executor: Executor | None
) -> Iterator[tuple[list[Planned], BatchResult]]:
    large = [b for b in batches if b[1].threads > 1]
    small = [b for b in batches if b[1].threads <= 1]
    for jobs, batch in large:
        if executor is None:
            yield jobs, worker.run(batch)
        else:
            small.append((jobs, batch))
    if executor is None and (len(small) <= 1 or cores == 1):
        for jobs, batch in small:
            yield jobs, worker.run(batch)
        return
    if executor is None:
        with ProcessPoolExecutor(min(cores, len(small)), mp_context=get_context("spawn")) as pool:
            yield from _gather(small, pool)
    else:
        yield from _gather(small, executor)


def _gather(
    batches: list[tuple[list[Planned], Batch]], executor: Executor
) -> Iterator[tuple[list[Planned], BatchResult]]:
    futures: dict[Future[BatchResult], list[Planned]] = {
        executor.submit(worker.run, batch): jobs for jobs, batch in batches
    }
    for future in as_completed(futures):
        try:
            result = future.result()
        except BrokenExecutor as err:
            raise WorkerLost(
                "a reading process died, most likely for want of memory; what was committed before"
                " is kept: run it again, with ingest.workers = 1 if need be"
            ) from err
        yield futures[future], result


def _commit(
    manifest: Manifest, run: int, jobs: list[Planned], result: BatchResult, report: Report
) -> None:
    """Parts and offsets in one transaction: either both count or neither."""
    for part in result.parts:
        _to_disk(part.path)
    if result.parts:
        _to_disk(result.parts[0].path.parent)
    with manifest.transaction() as db:
        for part in result.parts:
            db.execute(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)",
                (part.path.name, part.kind, run, part.rows, part.first, part.last),
            )
            report.rows_written[part.kind] = report.rows_written.get(part.kind, 0) + part.rows
        for planned, outcome in zip(jobs, result.outcomes, strict=True):
            kinds = sorted({*planned.kinds, *outcome.accounts})
            known = planned.identity
            values = (
                known.key, known.head_bytes, known.head_hash, str(planned.job.log.path),
                -1 if outcome.refused else planned.size, planned.job.sensor, ",".join(kinds),
                outcome.consumed, outcome.line, json.dumps(asdict(outcome.header)),
            )  # fmt: skip
            if planned.log_id is not None:  # it may have been known by fewer bytes
                db.execute("DELETE FROM logs WHERE id = ?", (planned.log_id,))
            db.execute(
                "INSERT OR REPLACE INTO logs(key, head_bytes, head_hash, path, size, sensor,"
                " kinds, consumed, line, header) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            accounts = list(outcome.accounts.values())
            report.accounts += accounts
            _save_accounts(manifest, run, accounts)


def _to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk: what the manifest knows outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _save_accounts(manifest: Manifest, run: int, accounts: list[Account]) -> None:
    manifest.db.executemany(
        "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (run, a.file, a.kind, a.format, a.used, json.dumps(a.ignored), json.dumps(a.rejected),
             json.dumps([asdict(s) for s in a.samples]), json.dumps(a.remarks))
            for a in accounts
        ],
    )  # fmt: skip


def _sweep(target: Path, manifest: Manifest) -> None:
    """Remove what an ingest that died left behind: files the manifest does not know."""
    known = {p for kind in ("activity", "claims", "notices") for p in manifest.parts(kind)}
    for path in target.glob("*.parquet"):
        if path.name not in known:
            path.unlink()
