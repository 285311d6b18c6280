"""Ingest: plan, read in parallel, commit. What is committed is complete; a kill loses nothing."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gaugeglass.ledger import commit
from gaugeglass.ledger.commit import Report
from gaugeglass.ledger.manifest import Manifest, StateError
from gaugeglass.ledger.plan import Plan, Planned, plan
from gaugeglass.ledger.pool import WorkerLost, execute
from gaugeglass.ledger.worker import Batch

if TYPE_CHECKING:  # a run that needs no executor does not wait for its import
    from concurrent.futures import Executor

__all__ = ["Report", "WorkerLost", "ingest"]

#: A log of this size has an engine with all cores for itself; smaller ones share batches.
LARGE = 64 << 20
#: Seconds whose microseconds still have a square that fits 64 bits.
MAX_WINDOW = 3000
BATCH_BYTES, BATCH_FILES = 32 << 20, 64


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
    commit.sweep(target, manifest)
    todo = plan(paths, manifest, sensor)
    report = Report(list(todo.unread), todo.unchanged, todo.passed_over)
    cores = workers or _cores()
    run = int(manifest.get("runs") or 0) + 1
    total = sum(_size(p) for p in todo.jobs)
    done = 0
    batches = list(_batches(todo, target, run, window_seconds, cores, memory_mb))
    for jobs, result in execute(batches, cores, executor):
        commit.commit(manifest, run, jobs, result, report)
        done += sum(_size(p) for p in jobs)
        if progress:
            progress(done, total, jobs[-1].job.log.path.name)
    with manifest.transaction():
        manifest.set("runs", str(run))
        commit.save_accounts(manifest, run, todo.unread)
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
    token = os.urandom(4).hex()
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
