"""Read one log into the accumulators: choose the way in, run its protocol, account for rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gaugeglass.ledger import beside
from gaugeglass.ledger.apply import Applier, one, streams
from gaugeglass.logs import eve, exact, repair, strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.segment import (
    HELD_BYTES,
    SEGMENT_BYTES,
    Cutter,
    Segment,
    count_lines,
    halves,
    in_place,
)  # fmt: skip
from gaugeglass.logs.sql import ENGINE_FAULTS, IN_TIME, read_objects
from gaugeglass.protocols.base import Source
from gaugeglass.protocols.registry import ignoring, sources

UNKNOWN = "unknown log kind"
UNCOUNTED = 0
"""An outcome's ``line`` where nobody counted: whoever resumes there counts first."""

#: After these the engine answers nothing any more.
FATAL = (duckdb.FatalException, duckdb.InternalException)

MAX_KINDS = 200  # unknown kinds told apart in one log; the rest is one
MAX_UNREADABLE = 1000  # rows that no engine can read, found one by one in one log


@dataclass(frozen=True)
class Job:
    """One log to read."""

    log: LogFile
    sniffed: Sniffed
    sensor: str
    offset: int = 0
    line: int = 1
    header: Header = field(default_factory=Header)
    skip_kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds whose rows are ignored by design, and why (superseded or covered)."""
    beside: Mapping[str, tuple[LogFile, Sniffed]] = field(default_factory=dict)
    """Sibling logs by kind, for sources that join them."""


@dataclass
class Outcome:
    """What became of a log: accounts per kind, and where a later run resumes."""

    accounts: dict[str, Account]
    consumed: int
    line: int
    header: Header
    refused: bool = False  # the system did not let it be read to its end: worth another try


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
        self._beside, remarks = set[str](), list[str]()
        if own is not None and own.beside and own.kind not in job.skip_kinds:
            self._beside, remarks = beside.load(self.con, own, job.beside, self.scratch)
        # A log whose rows must be held for joins or pairing is cut, so that memory stays flat.
        source = self._source(job.sniffed.kind)
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
            account = self._account(self.job.sniffed.kind, outcome.accounts)
            for remark in remarks:
                account.remark(remark)
        return outcome

    def _whole(self, whole: Segment) -> Outcome | None:
        """Read the file where it lies, all or nothing; None if it must be cut instead."""
        before = whole.path.stat()
        trial: dict[str, Account] = {}
        self.apply.begin(self.job.sensor, self._beside)
        self.con.begin()
        try:
            self._run(whole, trial, False, last=True)
            after = whole.path.stat()
            if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
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
        self.apply.begin(job.sensor, self._beside)
        line = job.line or count_lines(job.log, job.offset) + 1
        account = self._new(job.sniffed.kind or job.sniffed.format)
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
        self.apply.answer_open(lambda kind: self._account(kind, self.accounts))
        if account.read or account.remarks or not self.accounts:
            self._account(account.kind, self.accounts).merge(account)
        return Outcome(self.accounts, consumed, line, header, refused or cutter.refused)

    def _segment(self, segment: Segment) -> None:
        """Read one segment: strictly; if that fails for whatever reason, exactly; or in halves."""
        for exactly in (False, True) if not segment.dirty else (True,):
            trial: dict[str, Account] = {}
            self.con.begin()
            try:
                self._run(segment, trial, exactly)
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
                    self._account(kind, self.accounts).merge(account)
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
            self._account(kind, self.accounts).reject(segment.line, reason, start, rows=rows)
            self._unreadable += 1
            return
        for part in parts:
            try:
                self._segment(part)
            finally:
                part.path.unlink(missing_ok=True)

    def _new(self, kind: str) -> Account:
        mixed = self.job.sniffed.mixed
        return Account(str(self.job.log.path), kind, self.job.sniffed.format, withhold=mixed)

    def _account(self, kind: str, accounts: dict[str, Account]) -> Account:
        kind = re.sub(r"[^\w:.-]", "?", kind[:64])  # as hostile as any other value
        if kind not in accounts:
            if len(accounts) >= MAX_KINDS and kind not in sources():
                kind = "(more kinds)"
            accounts.setdefault(kind, self._new(kind))
        return accounts[kind]

    def _source(self, kind: str) -> Source:
        if kind in self.job.skip_kinds:
            return ignoring(kind, self.job.skip_kinds[kind])
        return sources().get(kind) or ignoring(kind, UNKNOWN)

    def _run(
        self, segment: Segment, accounts: dict[str, Account], exactly: bool, last: bool = False
    ) -> None:
        self.apply.exactly, self.apply.last = exactly, last
        sniffed = self.job.sniffed
        if sniffed.format == "eve":
            self._eve(segment, accounts)
        elif sniffed.format == "zeek_json" and sniffed.mixed:
            self._mixed(segment, accounts)
        else:
            # after a second header the kind may be another one than at the file's start
            kind = segment.header.path or sniffed.kind
            self._rows(segment, self._source(kind), self._account(kind, accounts))

    def _mixed(self, segment: Segment, accounts: dict[str, Account]) -> None:
        """JSON rows of several kinds: one pass for each kind that says something."""
        if self.apply.exactly:
            faults = self._new(self.job.sniffed.kind)
            found: Mapping[str, int] = repair.paths(segment, faults)
            if faults.read:
                self._account(faults.kind, accounts).merge(faults)
        else:
            found = strict.json_paths(self.con, segment)
        for kind, count in sorted(found.items()):
            source, account = self._source(kind), self._account(kind, accounts)
            if source.used == "FALSE":
                account.ignore(count, source.ignored)
            else:
                self._rows(segment, source, account, kind)

    def _rows(self, segment: Segment, source: Source, account: Account, path: str = "") -> None:
        tsv = self.job.sniffed.format == "zeek_tsv"
        if source.used == "FALSE" and not tsv:
            self._count(segment, source, account)
            return
        have = set(segment.header.fields) if tsv else None
        wanted = dict(source.columns)
        if "ts" not in wanted and (have is None or "ts" in have) and source.used != "FALSE":
            wanted["ts"] = "TIME"
        beside.empty(self.con, source, self._beside)
        hosts = source.used == "TRUE" and bool(source.activities)
        if self.apply.exactly:
            with beside.in_order(self.con):
                exact.rows(
                    self.con, segment, self.job.sniffed.format, wanted, self.scratch, account,
                    path, hosts,
                )  # fmt: skip
            self.apply.materialised(source, have, account)
            return
        if tsv:
            strict.clear_rejects(self.con)
            select = strict.tsv(segment, wanted)
        else:
            select = strict.json(segment, wanted, path)
        if streams(source, have):
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW rows_stream AS {select}")
            self.apply.stream(source, have, account)
            self.con.execute("DROP VIEW rows_stream")
        else:
            with beside.in_order(self.con):
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {select}")
            faults = [f"NOT coalesce(ts {IN_TIME}, false)"] if "ts" in wanted else []
            faults += [f"{h} IS NULL" for h in ("id_orig_h", "id_resp_h") if hosts
                       and h.replace("_", ".", 1) in wanted]  # fmt: skip
            if faults and one(self.con, f"SELECT count(*) FROM rows WHERE {' OR '.join(faults)}"):
                raise strict.NeedsExact
            self.apply.materialised(source, have, account)
        if tsv:
            strict.settle_rejects(self.con, segment, account)

    def _count(self, segment: Segment, source: Source, account: Account) -> None:
        """JSON rows that are ignored by design are only counted."""
        if self.apply.exactly:
            account.ignore(sum(1 for _ in repair.objects(segment, account)), source.ignored)
            return
        other = "count(*) FILTER (json_type(json) <> 'OBJECT')"
        row = self.con.execute(f"SELECT count(*), {other} FROM {read_objects(segment.path)}")
        total, others = row.fetchone() or (0, 0)
        if others:
            raise strict.NeedsExact
        account.ignore(total, source.ignored)

    def _eve(self, segment: Segment, accounts: dict[str, Account]) -> None:
        with beside.in_order(self.con):
            if self.apply.exactly:
                faults = self._new("eve")
                eve.exact(self.con, segment, self.scratch, faults)
                if faults.read:
                    self._account("eve", accounts).merge(faults)
            else:
                eve.strict(self.con, segment)
        kinds = self.con.execute(
            "SELECT event_type, count(*) FROM eve GROUP BY event_type ORDER BY 1"
        ).fetchall()
        for event, count in kinds:
            source = self._source(f"eve:{event}")
            account = self._account(f"eve:{event}", accounts)
            if source.used == "FALSE":
                account.ignore(count, source.ignored)
                continue
            if self.apply.exactly and source.used == "TRUE" and source.activities:
                eve.reject_hostless(self.con, event, account)
            with beside.in_order(self.con):
                self.con.execute(
                    "CREATE OR REPLACE TEMP TABLE rows AS SELECT * EXCLUDE (event_type, line)"
                    " FROM eve WHERE event_type = ?",
                    [event],
                )
            self.apply.materialised(source, None, account)
        self.con.execute("DROP TABLE eve")
