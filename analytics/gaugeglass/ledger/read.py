"""Read one log into the accumulators: choose the way in, and another where one fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from gaugeglass.ledger import beside
from gaugeglass.ledger.apply import Applier, streams
from gaugeglass.ledger.job import Job, Outcome
from gaugeglass.ledger.rows import Rows
from gaugeglass.logs import strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.cut import HELD_BYTES, SEGMENT_BYTES, Cutter
from gaugeglass.logs.segment import Segment, count_lines, halves, has_return, in_place
from gaugeglass.logs.sql import ENGINE_FAULTS
from gaugeglass.protocols.registry import sources

UNCOUNTED = 0
"""An outcome's ``line`` where nobody counted: whoever resumes there counts first."""

#: After these the engine answers nothing any more.
FATAL = (duckdb.FatalException, duckdb.InternalException)

MAX_UNREADABLE = 1000  # rows that no engine can read, found one by one in one log


class Reader:
    """Reads logs into the accumulator tables of one DuckDB connection."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, scratch: Path, window_seconds: int,
        segment_bytes: int = SEGMENT_BYTES, held_bytes: int = HELD_BYTES,
    ) -> None:  # fmt: skip
        self.con, self.scratch = con, scratch
        self.segment_bytes, self.held_bytes = segment_bytes, held_bytes
        self.apply = Applier(con, window_seconds)
        self.inserts = self.apply.inserts

    def read(self, job: Job) -> Outcome:
        """Read one log from where it was left to its end.

        An error of the system (a full disk) ends the reading early; what was read counts.

        Raises:
            FATAL: the engine is lost, with all that its accumulators held.
        """
        self.job = job
        self.accounts: dict[str, Account] = {}
        self._unreadable = 0
        own = sources().get(job.sniffed.kind)
        loaded, remarks = set[str](), list[str]()
        if own is not None and own.beside and own.kind not in job.skip_kinds:
            loaded, remarks = beside.load(self.con, own, job.beside, self.scratch)
        self.rows = Rows(self.con, self.scratch, self.apply, job, loaded)
        # A log whose rows must be held for joins or pairing is cut, so that memory stays flat.
        source = self.rows.source(job.sniffed.kind)
        # So is one whose gaps are measured: every event's time is kept until its window is summed.
        held = job.sniffed.mixed or not streams(source) or source.gaps
        limit = self.held_bytes if held else self.segment_bytes
        whole = in_place(job.log, job.sniffed) if job.offset == 0 else None
        if whole is not None and not (held and whole.path.stat().st_size > limit):
            outcome = self._whole(whole)
            if outcome is not None:
                return self._remarked(outcome, remarks)
        return self._remarked(self._cut(limit), remarks)

    def _remarked(self, outcome: Outcome, remarks: list[str]) -> Outcome:
        if remarks:
            account = self.rows.account(self.job.sniffed.kind, outcome.accounts)
            for remark in remarks:
                account.remark(remark)
        return outcome

    def _whole(self, whole: Segment) -> Outcome | None:
        """Read the file where it lies, all or nothing; None if it must be cut instead."""
        before = whole.path.stat()
        trial: dict[str, Account] = {}
        self.apply.begin(self.job.sensor, self.rows.loaded)
        self.con.begin()
        try:
            with ThreadPoolExecutor(1) as aside:  # looked at while the engine reads
                faulty = (
                    aside.submit(has_return, whole.path)
                    if self.job.sniffed.format == "zeek_tsv"
                    else None
                )
                self.rows.read(whole, trial, False, last=True)
            after = whole.path.stat()
            same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            if same and not (faulty and faulty.result()):
                self.con.commit()
                self.accounts = trial
                return Outcome(trial, after.st_size, UNCOUNTED, whole.header)
        except FATAL:
            raise
        except (strict.NeedsCutting, strict.NeedsExact, *ENGINE_FAULTS):
            pass
        except BaseException:
            self.con.rollback()
            raise
        self.con.rollback()  # a fault or a second header inside, or the sensor wrote while we read
        return None

    def _cut(self, limit: int) -> Outcome:
        """Read the log segment by segment."""
        job = self.job
        self.apply.begin(job.sensor, self.rows.loaded)
        line = job.line or count_lines(job.log, job.offset) + 1
        account = self.rows.new(job.sniffed.kind or job.sniffed.format)
        cutter = Cutter(
            job.log, job.sniffed, self.scratch, account,
            offset=job.offset, line=line, header=job.header, segment_bytes=limit,
        )  # fmt: skip
        consumed, header = job.offset, job.header
        refused = False
        try:
            for segment in cutter:
                try:
                    self._segment(segment)
                finally:
                    segment.path.unlink(missing_ok=True)
                consumed, line, header = cutter.consumed, cutter.line, cutter.header
            consumed, line, header = cutter.consumed, cutter.line, cutter.header
        except FATAL:
            raise
        except Exception as err:  # what was read until then counts
            why = getattr(err, "strerror", None) or repr(err)
            account.remark(f"not read to its end: {why}")
            refused = True
        self.apply.answer_open(lambda kind: self.rows.account(kind, self.accounts))
        if account.read or account.remarks or not self.accounts:
            self.rows.account(account.kind, self.accounts).merge(account)
        return Outcome(self.accounts, consumed, line, header, refused or cutter.refused)

    def _segment(self, segment: Segment) -> None:
        """Read one segment: strictly; if that fails for whatever reason, exactly; or in halves."""
        for exactly in (False, True) if not segment.dirty else (True,):
            trial: dict[str, Account] = {}
            self.con.begin()
            try:
                self.rows.read(segment, trial, exactly)
                self.con.commit()
            except FATAL:
                raise
            except (strict.NeedsExact, strict.NeedsCutting, *ENGINE_FAULTS) as err:
                self.con.rollback()
                fault = type(err).__name__
            except BaseException:
                self.con.rollback()
                raise
            else:
                for kind, account in trial.items():
                    self.rows.account(kind, self.accounts).merge(account)
                return
        self._isolate(segment, fault)

    def _isolate(self, segment: Segment, fault: str) -> None:
        """Corner the row that makes the engine fail, so that it costs no other row."""
        parts = halves(segment, self.scratch) if self._unreadable < MAX_UNREADABLE else None
        if parts is None:
            with segment.path.open("rb") as file:
                start = file.readline(1 << 16)
                file.seek(0)
                rows = sum(1 for row in file if row.strip(b"\r\n"))
            sniffed = self.job.sniffed
            kind = segment.header.path or sniffed.kind or sniffed.format
            reason = f"a value that cannot be worked with ({fault})"
            self.rows.account(kind, self.accounts).reject(segment.line, reason, start, rows=rows)
            self._unreadable += 1
            return
        for part in parts:
            try:
                self._segment(part)
            finally:
                part.path.unlink(missing_ok=True)
