"""From the alert store to a sink: each alert, and each piece of news about it, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from gaugeglass.alerts.store import mark, pending
from gaugeglass.sinks.base import Context, Delivery, Sink


def deliver(
    db: sqlite3.Connection,
    sink: Sink,
    context: Context,
    min_severity: str | None = None,
    *,
    batch: int = 500,
    after_batch: Callable[[], object] | None = None,
) -> Delivery:
    """Send what ``sink`` does not have yet and mark what arrived, in the caller's transaction.

    ``after_batch`` is called when a batch is marked: pass ``db.commit`` so that a crash repeats
    one batch at most. Stops at the first batch with a failure; what it left is due next time.
    """
    due = pending(db, sink.name, min_severity)
    sent: tuple[str, ...] = ()
    for start in range(0, len(due), batch):
        part = due[start : start + batch]
        result = sink.send(part, context)
        arrived = set(result.sent)
        mark(db, sink.name, [a for a in part if a.id in arrived])
        if after_batch is not None:
            after_batch()
        sent += result.sent
        if result.failed:
            later = tuple(a.id for a in due[start + batch :])
            return Delivery(sent, result.failed + later, result.error)
    return Delivery(sent)
