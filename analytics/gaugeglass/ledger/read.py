"""Read one log file into the accumulators: choose the way in, run its protocol, account for rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gaugeglass.ledger import aggregate
from gaugeglass.logs import load
from gaugeglass.logs.account import Account
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import Header, Sniffed
from gaugeglass.logs.segment import HELD_BYTES, SEGMENT_BYTES, Cutter, Segment, in_place
from gaugeglass.protocols.base import Needs, Source
from gaugeglass.protocols.registry import ignoring, sources

UNKNOWN = "unknown log kind"


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


class Reader:
    """Reads logs into the accumulator tables of one DuckDB connection."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, scratch: Path, window_seconds: int,
        segment_bytes: int = SEGMENT_BYTES, held_bytes: int = HELD_BYTES,
    ) -> None:  # fmt: skip
        self.con, self.scratch, self.window = con, scratch, window_seconds
        self.segment_bytes, self.held_bytes = segment_bytes, held_bytes
        self.inserts = dict.fromkeys(("activity", "claims", "notices"), 0)
        """Statements that added to each accumulator since it was last merged."""

    def read(self, job: Job) -> Outcome:
        """Read one log from where it was left to its end."""
        self.job = job
        self.accounts: dict[str, Account] = {}
        self.con.execute("DROP TABLE IF EXISTS carry")
        self._load_beside()
        # A log whose rows must be held for joins or pairing is cut, so that memory stays flat.
        source = self._source(job.sniffed.kind)
        held = job.sniffed.mixed or not _streams(source)
        limit = self.held_bytes if held else self.segment_bytes
        whole = in_place(job.log, job.sniffed) if job.offset == 0 else None
        if whole is not None and not (held and whole.path.stat().st_size > limit):
            outcome = self._whole(whole)
            if outcome is not None:
                return outcome
        account = Account(str(job.log.path), job.sniffed.kind or job.sniffed.format, job.sniffed.format)
        cutter = Cutter(
            job.log, job.sniffed, self.scratch, account,
            offset=job.offset, line=job.line, header=job.header, segment_bytes=limit,
        )  # fmt: skip
        for segment in cutter:
            try:
                self._segment(segment)
            finally:
                segment.path.unlink(missing_ok=True)
        if account.read or account.remarks or not self.accounts:
            self._account(account.kind, self.accounts).merge(account)
        return Outcome(self.accounts, cutter.consumed, cutter.line, cutter.header)

    def _whole(self, whole: Segment) -> Outcome | None:
        """Read the file where it lies, all or nothing; None if it must be cut instead."""
        before = whole.path.stat()
        trial: dict[str, Account] = {}
        self.con.begin()
        try:
            self._run(whole, trial, exact=False)
            after = whole.path.stat()
            if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
                self.con.commit()
                self.accounts = trial
                lines = sum(a.read for a in trial.values())
                return Outcome(trial, after.st_size, whole.line + lines, whole.header)
        except (load.NeedsCutting, load.NeedsExact, duckdb.Error):
            pass
        except BaseException:
            self.con.rollback()
            raise
        self.con.rollback()  # a fault or a second header inside, or the sensor wrote while we read
        return None

    def _segment(self, segment: Segment) -> None:
        """Read one segment: strictly, and if that fails for whatever reason, exactly."""
        for exact in (False, True) if not segment.dirty else (True,):
            trial: dict[str, Account] = {}
            self.con.begin()
            try:
                self._run(segment, trial, exact)
                self.con.commit()
            except (load.NeedsExact, duckdb.Error):
                self.con.rollback()
                if exact:
                    raise
            except BaseException:
                self.con.rollback()
                raise
            else:
                for kind, account in trial.items():
                    self._account(kind, self.accounts).merge(account)
                return

    def _account(self, kind: str, accounts: dict[str, Account]) -> Account:
        if kind not in accounts:
            accounts[kind] = Account(str(self.job.log.path), kind, self.job.sniffed.format)
        return accounts[kind]

    def _source(self, kind: str) -> Source:
        if kind in self.job.skip_kinds:
            return ignoring(kind, self.job.skip_kinds[kind])
        return sources().get(kind) or ignoring(kind, UNKNOWN)

    def _run(self, segment: Segment, accounts: dict[str, Account], exact: bool) -> None:
        sniffed = self.job.sniffed
        if sniffed.format == "eve":
            self._eve(segment, accounts, exact)
        elif sniffed.format == "zeek_json" and sniffed.mixed:
            kinds = load.json_paths(self.con, segment) or [sniffed.kind]
            for i, kind in enumerate(kinds):
                account = self._account(kind, accounts)
                self._rows(segment, self._source(kind), account, exact, kind, tell=i == 0)
        else:
            # after a second header the kind may be another one than at the file's start
            kind = segment.header.path or sniffed.kind
            self._rows(segment, self._source(kind), self._account(kind, accounts), exact)

    def _rows(
        self, segment: Segment, source: Source, account: Account, exact: bool, path: str = "",
        tell: bool = True,
    ) -> None:  # fmt: skip
        have = set(segment.header.fields) if self.job.sniffed.format == "zeek_tsv" else None
        wanted = dict(source.columns)
        if "ts" not in wanted and (have is None or "ts" in have):
            wanted["ts"] = "TIME"
        self._empty_beside(source)
        if not exact:
            self._strict(segment, source, account, wanted, have, path)
            return
        with self._in_order():
            load.exact(
                self.con, segment, self.job.sniffed.format, wanted, self.scratch, account, path,
                tell,
            )  # fmt: skip
        used, ignored = self._materialised(source, have, segment.last)
        account.used += used
        account.ignore(ignored, source.ignored)

    def _strict(
        self, segment: Segment, source: Source, account: Account, wanted: dict[str, str],
        have: set[str] | None, path: str,
    ) -> None:  # fmt: skip
        tsv = self.job.sniffed.format == "zeek_tsv"
        if tsv:
            load.clear_rejects(self.con)
            select = load.tsv_strict(segment, wanted)
        else:
            select = load.json_strict(segment, wanted, _iso(segment), path)
        if _streams(source, have):
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW rows_stream AS {select}")
            sql = source.activities[0].replace("FROM rows", "FROM rows_stream")
            used, ignored = self._accumulate_activity(sql, source, segment.last), 0
            self.con.execute("DROP VIEW rows_stream")
        else:
            with self._in_order():
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {select}")
            used, ignored = self._materialised(source, have, segment.last)
        if tsv:
            load.settle_rejects(self.con, segment, account)
        account.used += used
        account.ignore(ignored, source.ignored)

    def _materialised(self, source: Source, have: set[str] | None, last: bool) -> tuple[int, int]:
        """Run the source's SELECTs over the table ``rows``; returns rows used and ignored."""
        con = self.con
        total = _one(con, "SELECT count(*) FROM rows")
        if source.used != "TRUE":
            con.execute(f"DELETE FROM rows WHERE NOT coalesce(({source.used}), false)")
        used = _one(con, "SELECT count(*) FROM rows")
        if used or source.activities:
            for sql in source.activities:
                self._accumulate_activity(sql, source, last)
        if used:
            self._claims_and_notices(source, have)
        con.execute("DROP TABLE rows")
        return used, total - used

    def _accumulate_activity(self, sql: str, source: Source, last: bool) -> int:
        have, fixed = aggregate.describe(self.con, sql), source.constants
        if "pair" in have:
            prepared = aggregate.pair(self.con, sql, have, fixed, last)
        else:
            prepared = aggregate.events(sql, have, fixed)
        varying = aggregate.describe(self.con, prepared)
        grouped = aggregate.activity(
            prepared, self.window, source.gaps, varying, fixed, source.raw_service
        )
        before = _one(self.con, 'SELECT coalesce(sum("count"), 0) FROM acc_activity')
        self.con.execute(
            f"INSERT INTO acc_activity BY NAME {grouped}", {"sensor": self.job.sensor}
        )
        self.inserts["activity"] += 1
        return _one(self.con, 'SELECT coalesce(sum("count"), 0) FROM acc_activity') - before

    def flush_nameless(self) -> int:
        """Drop activity rows that name no host (a broken row's); returns the events in them."""
        n = _one(
            self.con,
            'SELECT coalesce(sum("count"), 0) FROM acc_activity WHERE client IS NULL OR server IS NULL',
        )
        if n:
            self.con.execute("DELETE FROM acc_activity WHERE client IS NULL OR server IS NULL")
        return n

    def _claims_and_notices(self, source: Source, have: set[str] | None) -> None:
        sensor = {"sensor": self.job.sensor}
        for claim in source.claims:
            if isinstance(claim, Needs):
                if have is not None and claim.column not in have:
                    continue
                claim = claim.sql
            sql = aggregate.claims(claim, source.kind, aggregate.describe(self.con, claim))
            self.con.execute(f"INSERT INTO acc_claims BY NAME {sql}", sensor)
            self.inserts["claims"] += 1
        for notice in source.notices:
            sql = aggregate.notices(notice, self.window, aggregate.describe(self.con, notice))
            self.con.execute(f"INSERT INTO acc_notices BY NAME {sql}", sensor)
            self.inserts["notices"] += 1

    def _eve(self, segment: Segment, accounts: dict[str, Account], exact: bool) -> None:
        faults = self._account("eve", accounts)
        load.eve(self.con, segment, self.scratch, faults, exact)
        if not faults.read:
            del accounts["eve"]
        kinds = self.con.execute("SELECT DISTINCT event_type FROM eve ORDER BY 1").fetchall()
        for (event,) in kinds:
            source = self._source(f"eve:{event}")
            account = self._account(f"eve:{event}", accounts)
            self.con.execute(
                "CREATE OR REPLACE TEMP TABLE rows AS SELECT * EXCLUDE (event_type, line)"
                " FROM eve WHERE event_type = ?",
                [event],
            )
            used, ignored = self._materialised(source, None, segment.last)
            account.used += used
            account.ignore(ignored, source.ignored)
        self.con.execute("DROP TABLE eve")

    @contextmanager
    def _in_order(self) -> Iterator[None]:
        """Tables created meanwhile keep the file's order, so that ``rowid`` tells it."""
        self.con.execute("SET preserve_insertion_order = true")
        try:
            yield
        finally:
            self.con.execute("SET preserve_insertion_order = false")

    def _empty_beside(self, source: Source) -> None:
        """Tables for the siblings that ``source`` joins, where none was loaded."""
        for kind, columns in source.beside.items():
            if kind in self._beside:
                continue
            types = ", ".join(
                f"{load.name(load.flat(c))} {'TIMESTAMP' if t == 'TIME' else t}"
                for c, t in columns.items()
            )
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {load.name(kind)} ({types})")

    def _load_beside(self) -> None:
        """The log's siblings as tables, for joins; their own rows are accounted for elsewhere."""
        self._beside: set[str] = set()
        source = sources().get(self.job.sniffed.kind)
        if source is None or self.job.sniffed.kind in self.job.skip_kinds:
            return
        self._empty_beside(source)
        for kind, columns in source.beside.items():
            if kind not in self.job.beside:
                continue
            log, sniffed = self.job.beside[kind]
            aside = Account(str(log.path), kind, sniffed.format)
            for segment in _segments(log, sniffed, self.scratch / "beside", aside):
                try:
                    with self._in_order():
                        load.exact_or_strict(
                            self.con, segment, sniffed, columns, self.scratch, aside
                        )
                        self.con.execute(f"INSERT INTO {load.name(kind)} BY NAME FROM rows")
                finally:
                    if segment.temporary:
                        segment.path.unlink(missing_ok=True)
            self._beside.add(kind)


def _segments(log: LogFile, sniffed: Sniffed, scratch: Path, aside: Account) -> Iterator[Segment]:
    whole = in_place(log, sniffed)
    if whole is not None and sniffed.format != "zeek_tsv":
        yield whole
        return
    scratch.mkdir(exist_ok=True)
    yield from Cutter(log, sniffed, scratch, aside)


def _streams(source: Source, have: set[str] | None = None) -> bool:
    """Whether one pass over the file is enough, so that nothing need be held."""
    claims = [c for c in source.claims if not isinstance(c, Needs) or have is None or c.column in have]
    return (
        len(source.activities) == 1
        and not claims
        and not source.notices
        and source.used == "TRUE"
        and not source.beside
        and " AS pair" not in source.activities[0]
        and " AS n" not in source.activities[0]
        and " AS objects" not in source.activities[0]
    )


def _iso(segment: Segment) -> bool:
    """Whether the first row's ts is an ISO 8601 text."""
    with segment.path.open("rb") as file:
        line = file.readline(1 << 20)
    at = line.find(b'"ts":')
    return at >= 0 and line[at + 5 :].lstrip().startswith(b'"')


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
