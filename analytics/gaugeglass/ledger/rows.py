"""One log's rows, segment by segment: each by its kind's source, each accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from gaugeglass.ledger import beside
from gaugeglass.ledger.apply import Applier, one, streams
from gaugeglass.ledger.job import Job
from gaugeglass.logs import eve, exact, repair, strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.segment import Segment
from gaugeglass.logs.sql import IN_TIME, read_objects
from gaugeglass.protocols.base import Source
from gaugeglass.protocols.registry import ignoring, sources

UNKNOWN = "unknown log kind"
MAX_KINDS = 200  # unknown kinds told apart in one log; the rest is one


class Rows:
    """Takes a log's segments to the accumulators; ``loaded`` siblings stand beside it as tables."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, scratch: Path, apply: Applier, job: Job,
        loaded: set[str],
    ) -> None:  # fmt: skip
        self.con, self.scratch, self.apply = con, scratch, apply
        self.job, self.loaded = job, loaded

    def new(self, kind: str) -> Account:
        """An account of the log's rows of a kind."""
        mixed = self.job.sniffed.mixed
        return Account(str(self.job.log.path), kind, self.job.sniffed.format, withhold=mixed)

    def account(self, kind: str, accounts: dict[str, Account]) -> Account:
        """The account of a kind among ``accounts``, made where there is none."""
        kind = re.sub(r"[^\w:.-]", "?", kind[:64])  # as hostile as any other value
        if kind not in accounts:
            if len(accounts) >= MAX_KINDS and kind not in sources():
                kind = "(more kinds)"
            accounts.setdefault(kind, self.new(kind))
        return accounts[kind]

    def source(self, kind: str) -> Source:
        """What the log's rows of a kind become."""
        if kind in self.job.skip_kinds:
            return ignoring(kind, self.job.skip_kinds[kind])
        found = sources().get(kind) or ignoring(kind, UNKNOWN)
        span = self.job.covered.get(found.constants.get("service", ""))
        if span is None or found.summed or found.used == "FALSE" or not found.activities:
            return found
        since, until = (f"make_timestamp({us})" for us in span)
        return replace(found, spared=f"ts BETWEEN {since} AND {until}")

    def read(
        self, segment: Segment, accounts: dict[str, Account], exactly: bool, last: bool = False
    ) -> None:
        """Read one segment, the exact way or strictly; ``last``: no further rows follow.

        Raises:
            NeedsExact, NeedsCutting, ENGINE_FAULTS: not strictly; accounts and tables are spoilt.
        """
        self.apply.exactly, self.apply.last = exactly, last
        sniffed = self.job.sniffed
        if sniffed.format == "eve":
            self._eve(segment, accounts)
        elif sniffed.format == "zeek_json" and sniffed.mixed:
            self._mixed(segment, accounts)
        else:
            # after a second header the kind may be another one than at the file's start
            kind = segment.header.path or sniffed.kind
            self._rows(segment, self.source(kind), self.account(kind, accounts))

    def _mixed(self, segment: Segment, accounts: dict[str, Account]) -> None:
        """JSON rows of several kinds: one pass for each kind that says something."""
        if self.apply.exactly:
            faults = self.new(self.job.sniffed.kind)
            found: Mapping[str, int] = repair.paths(segment, faults)
            if faults.read:
                self.account(faults.kind, accounts).merge(faults)
        else:
            found = strict.json_paths(self.con, segment)
        for kind, count in sorted(found.items()):
            source, account = self.source(kind), self.account(kind, accounts)
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
        beside.empty(self.con, source, self.loaded)
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
                faults = self.new("eve")
                eve.exact(self.con, segment, self.scratch, faults)
                if faults.read:
                    self.account("eve", accounts).merge(faults)
            else:
                eve.strict(self.con, segment)
        kinds = self.con.execute(
            "SELECT event_type, count(*) FROM eve GROUP BY event_type ORDER BY 1"
        ).fetchall()
        for event, count in kinds:
            source = self.source(f"eve:{event}")
            account = self.account(f"eve:{event}", accounts)
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
