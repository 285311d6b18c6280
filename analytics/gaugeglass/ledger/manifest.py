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

SCHEMA_VERSION = 2

_DDL = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS logs(
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,                  -- hash of its header and first row
    head_bytes INTEGER NOT NULL,        -- how many first bytes (decompressed) identify it
    head_hash TEXT NOT NULL,
    path TEXT NOT NULL,                 -- where it was last seen
    size INTEGER NOT NULL,              -- the file's size there, as it lies
    sensor TEXT NOT NULL,
    kinds TEXT NOT NULL,                -- kinds found in it, comma-separated
    consumed INTEGER NOT NULL,          -- decompressed bytes of whole lines read
    line INTEGER NOT NULL,              -- number of the next line; 0: nobody counted
    header TEXT NOT NULL,               -- TSV header in force there, JSON
    UNIQUE(key, head_hash, head_bytes)
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
    size: int
    head_bytes: int
    head_hash: str
    consumed: int
    line: int
    header: dict[str, Any]


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
            why = "made with another ingest.window_seconds"
            self._check("window_seconds", str(window_seconds), why)

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

    def transaction(self) -> Transaction:
        """Commit at the end of the block, roll back on any exception."""
        return Transaction(self.db)

    def candidates(self, key: str) -> list[LogState]:
        """Logs that may be the one with this identity key, the best known first."""
        rows = self.db.execute(
            "SELECT id, path, size, head_bytes, head_hash, consumed, line, header FROM logs"
            " WHERE key = ? ORDER BY head_bytes DESC, id",
            (key,),
        ).fetchall()
        return [LogState(*(*row[:-1], json.loads(row[-1]))) for row in rows]

    def kinds_of(self, sensor: str) -> frozenset[str]:
        """Log kinds ever read from ``sensor``."""
        rows = self.db.execute("SELECT kinds FROM logs WHERE sensor = ?", (sensor,)).fetchall()
        return frozenset(k for (kinds,) in rows for k in kinds.split(",") if k)

    def parts(self, kind: str) -> list[str]:
        """Ledger files of ``activity``, ``claims`` or ``notices``, in order of commit."""
        rows = self.db.execute(
            "SELECT path FROM parts WHERE kind = ? ORDER BY run, path", (kind,)
        ).fetchall()
        return [r[0] for r in rows]


class Transaction:
    """A block of statements that all count or none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> sqlite3.Connection:
        self.db.execute("BEGIN IMMEDIATE")
        return self.db

    def __exit__(self, kind: object, *_: object) -> None:
        self.db.execute("ROLLBACK" if kind else "COMMIT")
