"""The manifest: one SQLite file that says what was read, which ledger files count, and from when.

A ledger file that is not in the manifest does not exist: an ingest that dies leaves no trace but
scratch files, and nothing is read twice. WAL mode lets readers work during a commit.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaugeglass.errors import Told

SCHEMA_VERSION = 1

_DDL = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS logs(
    id INTEGER PRIMARY KEY,
    head_bytes INTEGER NOT NULL,        -- how many first bytes (decompressed) identify the log
    head_hash TEXT NOT NULL,
    path TEXT NOT NULL,                 -- where it was last seen
    sensor TEXT NOT NULL,
    kinds TEXT NOT NULL,                -- kinds found in it, comma-separated
    consumed INTEGER NOT NULL,          -- decompressed bytes of whole lines read
    line INTEGER NOT NULL,              -- number of the next line
    header TEXT NOT NULL,               -- TSV header in force there, JSON
    UNIQUE(head_hash, head_bytes)
);
CREATE TABLE IF NOT EXISTS accounts(
    run INTEGER NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL,
    used INTEGER NOT NULL, ignored TEXT NOT NULL, rejected TEXT NOT NULL, samples TEXT NOT NULL,
    remarks TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS parts(
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, run INTEGER NOT NULL, rows INTEGER NOT NULL,
    first TEXT, last TEXT
);
"""


class StateError(Told, RuntimeError):
    """The state folder can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class LogState:
    """How far a log was read."""

    id: int
    path: str
    consumed: int
    line: int
    header: dict[str, Any]
    kinds: tuple[str, ...]


class Manifest:
    """The state folder's SQLite file. Use ``with manifest.transaction():`` to change it."""

    def __init__(self, folder: Path, window_seconds: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "manifest.sqlite"
        try:
            self.db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA foreign_keys=ON")
            self.db.executescript(_DDL)
        except sqlite3.DatabaseError as err:
            raise StateError(f"{self.path}: not a usable state file ({err})") from err
        self._check("schema", str(SCHEMA_VERSION), "made by another version of gaugeglass")
        if window_seconds is not None:
            self._check("window_seconds", str(window_seconds), "made with another ingest.window_seconds")

    def _check(self, key: str, value: str, why: str) -> None:
        found = self.get(key)
        if found is None:
            self.set(key, value)
        elif found != value:
            raise StateError(
                f"{self.path}: {why} ({key} is {found}, not {value});"
                " give another --state folder or remove this one"
            )

    def get(self, key: str) -> str | None:
        """A value of ``meta``."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, key: str, value: str) -> None:
        """Set a value of ``meta``."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def transaction(self) -> _Transaction:
        """Commit at the end of the block, roll back on any exception."""
        return _Transaction(self.db)

    def head_sizes(self) -> list[int]:
        """The lengths of the heads by which logs are known, longest first."""
        rows = self.db.execute("SELECT DISTINCT head_bytes FROM logs ORDER BY 1 DESC").fetchall()
        return [int(r[0]) for r in rows]

    def find_log(self, head_bytes: int, head_hash: str) -> LogState | None:
        """The log known by this head."""
        row = self.db.execute(
            "SELECT id, path, consumed, line, header, kinds FROM logs"
            " WHERE head_bytes = ? AND head_hash = ?",
            (head_bytes, head_hash),
        ).fetchone()
        if row is None:
            return None
        kinds = tuple(row[5].split(",")) if row[5] else ()
        return LogState(row[0], row[1], row[2], row[3], json.loads(row[4]), kinds)

    def kinds_of(self, sensor: str) -> set[str]:
        """Log kinds ever read from ``sensor``."""
        rows = self.db.execute("SELECT kinds FROM logs WHERE sensor = ?", (sensor,)).fetchall()
        return {k for (kinds,) in rows for k in kinds.split(",") if k}

    def parts(self, kind: str) -> list[str]:
        """Ledger files of ``activity``, ``claims`` or ``notices``, in order of commit."""
        rows = self.db.execute(
            "SELECT path FROM parts WHERE kind = ? ORDER BY run, path", (kind,)
        ).fetchall()
        return [r[0] for r in rows]


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> sqlite3.Connection:
        self.db.execute("BEGIN IMMEDIATE")
        return self.db

    def __exit__(self, kind: object, *_: object) -> None:
        self.db.execute("ROLLBACK" if kind else "COMMIT")
