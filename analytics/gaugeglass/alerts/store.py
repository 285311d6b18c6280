"""Alerts, incidents and the outbox in SQLite, inside whatever transaction the caller has open.

Nothing here commits. The outbox says what each sink already has, so that a delivery that was cut
off is repeated and one that was completed is not: send, :func:`mark`, commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from gaugeglass.alerts.build import combine, merge
from gaugeglass.alerts.codec import dump, load_alert, load_incident, news
from gaugeglass.alerts.incidents import group
from gaugeglass.alerts.model import Alert, Incident
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.inventory.model import Asset

# One statement at a time: executescript would commit the caller's transaction.
_TABLES = (
    """CREATE TABLE IF NOT EXISTS alerts (
        id TEXT PRIMARY KEY, detection TEXT NOT NULL, severity TEXT NOT NULL,
        severity_rank INTEGER NOT NULL, risk INTEGER NOT NULL, first TEXT NOT NULL,
        last TEXT NOT NULL, count INTEGER NOT NULL, incident TEXT NOT NULL, body TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS incidents (
        id TEXT PRIMARY KEY, severity TEXT NOT NULL, severity_rank INTEGER NOT NULL,
        risk INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, body TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS outbox (
        alert TEXT NOT NULL, sink TEXT NOT NULL, news TEXT NOT NULL,
        PRIMARY KEY (alert, sink)
    ) WITHOUT ROWID""",
)


def create(db: sqlite3.Connection) -> None:
    """Create the tables that are missing. Every writer here calls it."""
    for statement in _TABLES:
        db.execute(statement)


def upsert(db: sqlite3.Connection, alerts: Iterable[Alert]) -> list[Alert]:
    """Merge ``alerts`` (one pass's) into those stored; give them as they now stand."""
    create(db)
    stored = []
    for new in combine(alerts):
        row = db.execute("SELECT body FROM alerts WHERE id = ?", (new.id,)).fetchone()
        stored.append(merge(load_alert(row[0]), new) if row else new)
    _write(db, stored)
    return stored


def load(db: sqlite3.Connection, min_severity: str | None = None) -> list[Alert]:
    """Stored alerts of at least ``min_severity``, by first seen, then id. Never writes."""
    return [load_alert(body) for body in _bodies(db, "alerts", min_severity)]


def incidents(db: sqlite3.Connection, min_severity: str | None = None) -> list[Incident]:
    """Stored incidents of at least ``min_severity``, by first seen, then id. Never writes."""
    return [load_incident(body) for body in _bodies(db, "incidents", min_severity)]


def regroup(
    db: sqlite3.Connection, gap_minutes: float, assets: Mapping[str, Asset] | None = None
) -> list[Incident]:
    """Group every stored alert anew and store the incidents and each alert's place in them."""
    create(db)
    before = {a.id: a.incident for a in load(db)}
    placed, found = group(load(db), gap_minutes, assets)
    _write(db, [a for a in placed if before[a.id] != a.incident])
    db.execute("DELETE FROM incidents")
    db.executemany(
        "INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (i.id, i.severity, SEVERITIES.index(i.severity), i.risk,
             i.first.isoformat(), i.last.isoformat(), dump(i))
            for i in found
        ],
    )  # fmt: skip
    return found


def pending(db: sqlite3.Connection, sink: str, min_severity: str | None = None) -> list[Alert]:
    """Alerts that ``sink`` (its name, see ``sinks.base``) does not have, or not as news is now."""
    create(db)
    has = dict(db.execute("SELECT alert, news FROM outbox WHERE sink = ?", (sink,)).fetchall())
    return [a for a in load(db, min_severity) if has.get(a.id) != news(a)]


def mark(db: sqlite3.Connection, sink: str, alerts: Iterable[Alert]) -> None:
    """Note that ``sink`` has these alerts as they are."""
    create(db)
    db.executemany(
        "INSERT OR REPLACE INTO outbox VALUES (?, ?, ?)",
        [(a.id, sink, news(a)) for a in alerts],
    )


def _write(db: sqlite3.Connection, alerts: Iterable[Alert]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (a.id, a.detection, a.severity, SEVERITIES.index(a.severity), a.risk,
             a.first.isoformat(), a.last.isoformat(), a.count, a.incident, dump(a))
            for a in alerts
        ],
    )  # fmt: skip


def _bodies(db: sqlite3.Connection, table: str, min_severity: str | None) -> list[str]:
    known = db.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    if not known:
        return []
    rank = SEVERITIES.index(min_severity) if min_severity else 0
    rows = db.execute(
        f"SELECT body FROM {table} WHERE severity_rank >= ? ORDER BY first, id", (rank,)
    )
    return [row[0] for row in rows]
