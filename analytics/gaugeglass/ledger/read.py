"""Read one log into the accumulators: choose the way in, run its protocol, account for rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gaugeglass.ledger import aggregate, beside
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
from gaugeglass.logs.sql import (
    EARLIEST,
    ENGINE_FAULTS,
    IN_TIME,
    LATEST,
    empty_rows,
    read_objects,
)
from gaugeglass.protocols.base import EVE, Needs, Source
from gaugeglass.protocols.registry import ignoring, sources

UNKNOWN = "unknown log kind"
UNPLACED = "names no host, or no time that the ledger can hold"
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
        self.con, self.scratch, self.window = con, scratch, window_seconds
        self.segment_bytes, self.held_bytes = segment_bytes, held_bytes
        self._columns: dict[tuple[str, str, str], set[str]] = {}
        self.inserts = dict.fromkeys(("activity", "claims", "notices"), 0)
        """Statements that added to each accumulator since it was last merged."""

    def read(self, job: Job) -> Outcome:
        """Read one log from where it was left to its end.

        An error of the system (a full disk) ends the reading early; what was read counts.

        Raises:
            FATAL: the engine is lost, with all that its accumulators held.
        """
        self.job = job
        self.accounts: dict[str, Account] = {}
        self._carries: dict[tuple[str, str], str] = {}
        self._newest: dict[str, int] = {}
        self._unreadable = 0
        own = sources().get(job.sniffed.kind)
        self._beside, remarks = set[str](), list[str]()
        if own is not None and own.beside and own.kind not in job.skip_kinds:
            self._beside, remarks = beside.load(self.con, own, job.beside, self.scratch)
        # A log whose rows must be held for joins or pairing is cut, so that memory stays flat.
        source = self._source(job.sniffed.kind)
        # So is one whose gaps are measured: every event's time is kept until its window is summed.
        held = job.sniffed.mixed or not _streams(source) or source.gaps
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
        self._answer_open()
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
        self._exactly, self._last = exactly, last
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
        if self._exactly:
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
        if self._exactly:
            with beside.in_order(self.con):
                exact.rows(
                    self.con, segment, self.job.sniffed.format, wanted, self.scratch, account,
                    path, hosts,
                )  # fmt: skip
            self._materialised(source, have, account)
            return
        if tsv:
            strict.clear_rejects(self.con)
            select = strict.tsv(segment, wanted)
        else:
            select = strict.json(segment, wanted, path)
        if _streams(source, have):
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW rows_stream AS {select}")
            sql = source.activities[0].replace("FROM rows", "FROM rows_stream")
            used, unplaced = self._accumulate_activity(sql, source)
            self.con.execute("DROP VIEW rows_stream")
            account.used += used
            account.reject(0, UNPLACED, rows=unplaced)
        else:
            with beside.in_order(self.con):
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {select}")
            faults = [f"NOT coalesce(ts {IN_TIME}, false)"] if "ts" in wanted else []
            faults += [f"{h} IS NULL" for h in ("id_orig_h", "id_resp_h") if hosts
                       and h.replace("_", ".", 1) in wanted]  # fmt: skip
            if faults and _one(
                self.con, f"SELECT count(*) FROM rows WHERE {' OR '.join(faults)}"
            ):
                raise strict.NeedsExact
            self._materialised(source, have, account)
        if tsv:
            strict.settle_rejects(self.con, segment, account)

    def _count(self, segment: Segment, source: Source, account: Account) -> None:
        """JSON rows that are ignored by design are only counted."""
        if self._exactly:
            account.ignore(sum(1 for _ in repair.objects(segment, account)), source.ignored)
            return
        other = "count(*) FILTER (json_type(json) <> 'OBJECT')"
        row = self.con.execute(f"SELECT count(*), {other} FROM {read_objects(segment.path)}")
        total, others = row.fetchone() or (0, 0)
        if others:
            raise strict.NeedsExact
        account.ignore(total, source.ignored)

    def _materialised(self, source: Source, have: set[str] | None, account: Account) -> None:
        """Run the source's SELECTs over the table ``rows`` and account for them."""
        con = self.con
        total = _one(con, "SELECT count(*) FROM rows")
        if source.used != "TRUE":
            con.execute(f"DELETE FROM rows WHERE NOT coalesce(({source.used}), false)")
        used = total if source.used == "TRUE" else _one(con, "SELECT count(*) FROM rows")
        account.ignore(total - used, source.ignored)
        unplaced = 0
        if used:
            for sql in source.activities:
                unplaced += self._accumulate_activity(sql, source)[1]
            self._claims_and_notices(source, have)
        con.execute("DROP TABLE rows")
        unplaced = min(unplaced, used)  # a row may have become several events
        account.used += used - unplaced
        account.reject(0, UNPLACED, rows=unplaced)

    def _accumulate_activity(self, sql: str, source: Source) -> tuple[int, int]:
        """Add what ``sql`` makes of ``rows``; returns the events added, and those left out."""
        have, fixed = self._described(sql, (source.kind, sql, "source")), source.constants
        if "pair" in have:
            carry = self._carries.setdefault((source.kind, sql), f"carry_{len(self._carries)}")
            prepared = aggregate.pair(self.con, sql, have, fixed, self._last, carry, self._newest)
        else:
            prepared = aggregate.events(sql, have, fixed)
        varying = self._described(prepared, (source.kind, sql, "events"))
        grouped = aggregate.activity(
            prepared, self.window, source.gaps, varying, fixed, source.raw_service
        )
        before = _one(self.con, _EVENTS)
        self.con.execute(f"INSERT INTO acc_activity BY NAME {grouped}", {"sensor": self.job.sensor})
        self.inserts["activity"] += 1
        after, unplaced = self.con.execute(_EVENTS_AND_FAULTS).fetchone() or (0, 0)
        if unplaced:
            if not self._exactly and {"id.orig_h", "src_ip"} & source.columns.keys():
                raise strict.NeedsExact  # which can say where
            self.con.execute(f"DELETE FROM acc_activity WHERE {_UNPLACED}")
        return int(after - before - unplaced), int(unplaced)

    def _described(self, sql: str, key: tuple[str, str, str]) -> set[str]:
        """The columns that ``sql`` gives: for a source always the same, whatever the log has."""
        if key not in self._columns:
            self._columns[key] = aggregate.describe(self.con, sql)
        return self._columns[key]

    def _answer_open(self) -> None:
        """Requests still open at the log's end: they wait for no reply any more."""
        self._last = self._exactly = True
        for (kind, sql), carry in self._carries.items():
            if not aggregate.exists(self.con, carry):
                continue
            source = sources()[kind]
            wanted = EVE if kind.startswith("eve:") else {"ts": "TIME", **source.columns}
            beside.empty(self.con, source, self._beside)
            empty_rows(self.con, wanted)
            unplaced = self._accumulate_activity(sql, source)[1]
            self.con.execute("DROP TABLE rows")
            account = self._account(kind, self.accounts)
            unplaced = min(unplaced, account.used)
            account.used -= unplaced
            account.reject(0, UNPLACED, rows=unplaced)
        self._carries.clear()

    def _claims_and_notices(self, source: Source, have: set[str] | None) -> None:
        sensor = {"sensor": self.job.sensor}
        for claim in source.claims:
            if isinstance(claim, Needs):
                if have is not None and claim.column not in have:
                    continue
                claim = claim.sql
            gives = self._described(claim, (source.kind, claim, "claims"))
            sql = aggregate.claims(claim, source.kind, gives)
            self.con.execute(f"INSERT INTO acc_claims BY NAME {sql}", sensor)
            self.inserts["claims"] += 1
        for notice in source.notices:
            gives = self._described(notice, (source.kind, notice, "notices"))
            sql = aggregate.notices(notice, self.window, gives)
            self.con.execute(f"INSERT INTO acc_notices BY NAME {sql}", sensor)
            self.inserts["notices"] += 1

    def _eve(self, segment: Segment, accounts: dict[str, Account]) -> None:
        with beside.in_order(self.con):
            if self._exactly:
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
            if self._exactly and source.used == "TRUE" and source.activities:
                eve.reject_hostless(self.con, event, account)
            with beside.in_order(self.con):
                self.con.execute(
                    "CREATE OR REPLACE TEMP TABLE rows AS SELECT * EXCLUDE (event_type, line)"
                    " FROM eve WHERE event_type = ?",
                    [event],
                )
            self._materialised(source, None, account)
        self.con.execute("DROP TABLE eve")


def _streams(source: Source, have: set[str] | None = None) -> bool:
    """Whether one pass over the file is enough, so that nothing need be held."""
    claims = [
        c for c in source.claims if not isinstance(c, Needs) or have is None or c.column in have
    ]
    return (
        len(source.activities) == 1
        and not claims
        and not source.notices
        and source.used == "TRUE"
        and not source.beside
        and " AS pair" not in source.activities[0]
        and not re.search(r"\bAS (n|objects)\b", source.activities[0])
        and " AS objects" not in source.activities[0]
    )


_EVENTS = 'SELECT coalesce(sum("count"), 0) FROM acc_activity'
_UNPLACED = f"""
    (client IS NULL OR server IS NULL OR "window" IS NULL OR "first" < {EARLIEST}
     OR coalesce("last", {LATEST}) >= {LATEST})
"""
_EVENTS_AND_FAULTS = f"""
    SELECT coalesce(sum("count"), 0), coalesce(sum("count") FILTER ({_UNPLACED}), 0)
    FROM acc_activity
"""


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
