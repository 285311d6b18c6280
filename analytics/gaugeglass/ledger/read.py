"""Read one log into the accumulators: choose the way in, and another where one fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from gaugeglass.ledger import beside, parts
from gaugeglass.ledger.apply import Applier, streams
from gaugeglass.ledger.job import Job, Outcome
from gaugeglass.ledger.rows import Rows
from gaugeglass.logs import strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.cut import HELD_BYTES, SEGMENT_BYTES, Cutter
from gaugeglass.logs.segment import HasReturn, Segment, count_lines, halves, in_place
from gaugeglass.logs.slices import JSON_TIMES, WHOLE_BYTES, Slices
from gaugeglass.logs.sql import ENGINE_FAULTS
from gaugeglass.protocols.registry import sources

UNCOUNTED = 0
"""An outcome's ``line`` where nobody counted: whoever resumes there counts first."""

#: After these the engine answers nothing any more.
FATAL = (duckdb.FatalException, duckdb.InternalException)

MAX_UNREADABLE = 1000  # rows that no engine can read, found one by one in one log


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of change: of a log that a sensor writes, another one each time."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


class Reader:
    """Reads logs into the accumulator tables of one DuckDB connection, or past them.

    ``place`` names the file for the n-th part that is written straight (see ``parts``); without it
    none is.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, scratch: Path, window_seconds: int,
        segment_bytes: int = SEGMENT_BYTES, held_bytes: int = HELD_BYTES,
        whole_bytes: int = WHOLE_BYTES, place: Callable[[int], Path] | None = None,
    ) -> None:  # fmt: skip
        self.con, self.scratch = con, scratch
        self.segment_bytes, self.held_bytes = segment_bytes, held_bytes
        self.whole_bytes = whole_bytes
        self.apply = Applier(con, window_seconds, place)
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
        size = whole.path.stat().st_size if whole else 0
        outcome, start = None, job.offset
        self.apply.begin(job.sensor, self.rows.loaded)
        if whole is not None and not (held and size > limit):
            times = JSON_TIMES if job.sniffed.format == "zeek_json" else 1
            if size <= times * self.whole_bytes:
                outcome = self._whole(whole)
            else:
                outcome, start = self._sliced(Slices(whole, size, self.scratch, times * limit))
        return self._remarked(outcome or self._cut(limit, start), remarks)

    def _remarked(self, outcome: Outcome, remarks: list[str]) -> Outcome:
        if remarks:
            account = self.rows.account(self.job.sniffed.kind, outcome.accounts)
            for remark in remarks:
                account.remark(remark)
        return outcome

    def _whole(self, whole: Segment) -> Outcome | None:
        """Read the file where it lies, all or nothing; None if it must be cut instead."""
        before = _stamp(whole.path)
        self.apply.hold = parts.SORT_ROWS
        if not self._strictly(whole, lambda: _stamp(whole.path) == before, last=True):
            return None
        return Outcome(self.accounts, before[0], UNCOUNTED, whole.header)

    def _sliced(self, slices: Slices) -> tuple[Outcome | None, int]:
        """Read the file slice by slice; returns no outcome, and how far it went, if it must be cut
        from there on."""
        self.apply.hold = parts.GROUP_ROWS
        done = 0
        try:
            for piece in slices:
                if not self._strictly(piece, last=slices.end == slices.size):
                    break
                done = slices.end
        except OSError:
            pass  # whoever goes on there meets it too, and tells it
        if done < slices.size:
            return None, done
        return Outcome(self.accounts, done, UNCOUNTED, self.job.sniffed.header), done

    def _strictly(
        self, segment: Segment, same: Callable[[], bool] = lambda: True, last: bool = False
    ) -> bool:
        """Read plain rows as they lie, all or nothing: whether they could be read so.

        Not if there's a fault or a second header inside, nor if the file is not the ``same``
        afterwards.
        """
        aside = HasReturn(segment.path) if self.job.sniffed.format == "zeek_tsv" else None

        def sound() -> bool:
            return same() and not (aside and aside.result())

        return not self._attempt(segment, False, last, sound)

    def _attempt(
        self, segment: Segment, exactly: bool, last: bool = False,
        sound: Callable[[], bool] = lambda: True,
    ) -> str:  # fmt: skip
        """Read a segment, all or nothing; returns what was in the way, if anything was.

        What was read counts only if it is ``sound`` afterwards.
        """
        kept = len(self.apply.parts)
        trial: dict[str, Account] = {}
        fault = "Unsound"
        self.con.begin()
        try:
            self.rows.read(segment, trial, exactly, last)
            if sound():
                self.con.commit()
                self._merge(trial)
                return ""
        except FATAL:
            raise
        except (strict.NeedsCutting, strict.NeedsExact, *ENGINE_FAULTS) as err:
            fault = type(err).__name__
        except BaseException:
            self.con.rollback()
            self.apply.discard(kept)
            raise
        self.con.rollback()
        self.apply.discard(kept)
        return fault

    def _cut(self, limit: int, start: int) -> Outcome:
        """Read the log segment by segment, from the place ``start`` on, under its last header."""
        job = self.job
        self.apply.begin(job.sensor, self.rows.loaded)
        self.apply.hold = parts.GROUP_ROWS
        line = (job.line if start == job.offset else 0) or count_lines(job.log, start) + 1
        header = job.header if start == job.offset else job.sniffed.header
        account = self.rows.new(job.sniffed.kind or job.sniffed.format)
        cutter = Cutter(
            job.log, job.sniffed, self.scratch, account,
            offset=start, line=line, header=header, segment_bytes=limit,
        )  # fmt: skip
        consumed = start
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
            fault = self._attempt(segment, exactly)
            if not fault:
                return
        self._isolate(segment, fault)

    def _merge(self, trial: dict[str, Account]) -> None:
        for kind, account in trial.items():
            self.rows.account(kind, self.accounts).merge(account)

    def _isolate(self, segment: Segment, fault: str) -> None:
        """Corner the row that makes the engine fail, so that it costs no other row."""
        pieces = halves(segment, self.scratch) if self._unreadable < MAX_UNREADABLE else None
        if pieces is None:
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
        for piece in pieces:
            try:
                self._segment(piece)
            finally:
                piece.path.unlink(missing_ok=True)
