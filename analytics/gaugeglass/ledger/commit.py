"""Commit what a batch gave: its parts and how far its logs were read, or neither."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.plan import Planned
from gaugeglass.ledger.worker import BatchResult
from gaugeglass.logs.account import Account


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


def commit(
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
            save_accounts(manifest, run, accounts)


def _to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk: what the manifest knows outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save_accounts(manifest: Manifest, run: int, accounts: list[Account]) -> None:
    """Keep what became of each log's rows in this run; within a transaction."""
    manifest.db.executemany(
        "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (run, a.file, a.kind, a.format, a.used, json.dumps(a.ignored), json.dumps(a.rejected),
             json.dumps([asdict(s) for s in a.samples]), json.dumps(a.remarks))
            for a in accounts
        ],
    )  # fmt: skip


def sweep(target: Path, manifest: Manifest) -> None:
    """Remove what an ingest that died left behind: files the manifest does not know."""
    known = {p for kind in ("activity", "claims", "notices") for p in manifest.parts(kind)}
    for path in target.glob("*.parquet"):
        if path.name not in known:
            path.unlink()
