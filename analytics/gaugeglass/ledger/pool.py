"""Do batches: here, in processes of this machine, or on any other executor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gaugeglass.errors import Told
from gaugeglass.ledger import worker
from gaugeglass.ledger.plan import Planned
from gaugeglass.ledger.worker import Batch, BatchResult

if TYPE_CHECKING:  # a run that needs no executor does not wait for its import
    from concurrent.futures import Executor, Future


class WorkerLost(Told, RuntimeError):
    """A process that read logs is gone; the message says what to do."""


def execute(
    batches: list[tuple[list[Planned], Batch]], cores: int, executor: Executor | None
) -> Iterator[tuple[list[Planned], BatchResult]]:
    """Batches and what they gave, as they are done.

    Raises:
        WorkerLost: the system killed a reading process.
    """
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
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(min(cores, len(small)), mp_context=get_context("spawn")) as pool:
            yield from _gather(small, pool)
    else:
        yield from _gather(small, executor)


def _gather(
    batches: list[tuple[list[Planned], Batch]], executor: Executor
) -> Iterator[tuple[list[Planned], BatchResult]]:
    from concurrent.futures import BrokenExecutor, as_completed

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
