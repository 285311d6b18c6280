"""A protocol's SELECTs over a log's rows, into the accumulators, and what they made of each row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb

from gaugeglass.ledger import aggregate, beside, events, parts, summed
from gaugeglass.ledger.parts import Part
from gaugeglass.ledger.schema import keys
from gaugeglass.logs import strict
from gaugeglass.logs.account import Account
from gaugeglass.logs.sql import EARLIEST, LATEST, empty_rows
from gaugeglass.protocols.base import EVE, Needs, Source
from gaugeglass.protocols.registry import sources

UNPLACED = "names no host, or no time that the ledger can hold"
TOLD = "ot_activity tells the same"

_EVENTS = 'SELECT coalesce(sum("count"), 0) FROM acc_activity'
_UNPLACED = f"""
    (client IS NULL OR server IS NULL OR "window" IS NULL OR "first" < {EARLIEST}
     OR coalesce("last", {LATEST}) >= {LATEST})
"""
_UNSUMMED = f"""
    client IS NULL OR server IS NULL OR service IS NULL OR operation IS NULL OR ts IS NULL
    OR ts < {EARLIEST} OR ts >= {LATEST} OR coalesce("last" >= {LATEST}, false)
"""
_EVENTS_AND_FAULTS = f"""
    SELECT coalesce(sum("count"), 0), coalesce(sum("count") FILTER ({_UNPLACED}), 0)
    FROM acc_activity
"""


def streams(source: Source, have: set[str] | None = None) -> bool:
    """Whether one pass over the file is enough, so that nothing need be held."""
    claims = [
        c for c in source.claims if not isinstance(c, Needs) or have is None or c.column in have
    ]
    return (
        len(source.activities) == 1
        and not claims
        and not source.notices
        and source.used == "TRUE"
        and source.spared == "FALSE"
        and not source.summed
        and not source.beside
        and " AS pair" not in source.activities[0]
        and not re.search(r"\bAS (n|objects)\b", source.activities[0])
    )


class Applier:
    """Applies sources to ``rows`` or ``rows_stream`` of one engine, one log after the other.

    ``exactly``: the rows were read the exact way, and what is wrong with them now is final;
    ``last``: no further rows of this log will follow.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, window_seconds: int,
        place: Callable[[int], Path] | None = None,
    ) -> None:  # fmt: skip
        self.con, self.window = con, window_seconds
        self.place = place
        self.parts: list[Part] = []
        """What was written straight, past the accumulators, where ``place`` said."""
        self.hold = parts.SORT_ROWS
        """Groups of up to this many rows are not written straight."""
        self.exactly = self.last = False
        self.inserts = dict.fromkeys(("activity", "claims", "notices"), 0)
        """Statements that added to each accumulator since it was last merged."""
        self.said = {"activity": {"sensor"}, "claims": {*keys("claims"), "uid_min"},
                     "notices": {*keys("notices"), "uid_min"}}  # fmt: skip
        """Columns of each accumulator whose text is not all our own."""
        self._columns: dict[tuple[str, str, str], set[str]] = {}

    def begin(self, sensor: str, loaded: set[str]) -> None:
        """Turn to the next log, whose siblings ``loaded`` stand beside it as tables."""
        self._sensor, self._loaded = sensor, loaded
        self._carries: dict[tuple[str, str], str] = {}
        self._newest: dict[str, int] = {}

    def discard(self, keep: int) -> None:
        """Drop what was written straight but for the first ``keep`` parts: it was for nothing."""
        for part in self.parts[keep:]:
            part.path.unlink(missing_ok=True)
        del self.parts[keep:]

    def stream(self, source: Source, have: set[str] | None, account: Account) -> None:
        """Run a source's only SELECT over the view ``rows_stream``; see :func:`streams`."""
        sql = source.activities[0].replace("FROM rows", "FROM rows_stream")
        # gaps between events of two segments are bridged where both are held
        straight = None if source.gaps or not self.place else self.place(len(self.parts))
        used, unplaced = self._activity(sql, source, have, straight)
        account.used += used
        account.reject(0, UNPLACED, rows=unplaced)

    def materialised(self, source: Source, have: set[str] | None, account: Account) -> None:
        """Run the source's SELECTs over the table ``rows`` and account for them."""
        con = self.con
        total = one(con, "SELECT count(*) FROM rows")
        if source.used != "TRUE":
            con.execute(f"DELETE FROM rows WHERE NOT coalesce(({source.used}), false)")
        used = total if source.used == "TRUE" else one(con, "SELECT count(*) FROM rows")
        account.ignore(total - used, source.ignored)
        unplaced = 0
        if used:
            self._claims_and_notices(source, have)
            if source.spared != "FALSE":
                con.execute(f"DELETE FROM rows WHERE coalesce(({source.spared}), false)")
                left = one(con, "SELECT count(*) FROM rows")
                account.ignore(used - left, TOLD)
                used = left
            for sql in source.activities:
                unplaced += self._activity(sql, source, have)[1]
        con.execute("DROP TABLE rows")
        unplaced = min(unplaced, used)  # a row may have become several events
        account.used += used - unplaced
        account.reject(0, UNPLACED, rows=unplaced)

    def answer_open(self, account_of: Callable[[str], Account]) -> None:
        """Requests still open at the log's end: they wait for no reply any more."""
        self.last = self.exactly = True
        for (kind, sql), carry in self._carries.items():
            if not events.exists(self.con, carry):
                continue
            source = sources()[kind]
            wanted = EVE if kind.startswith("eve:") else {"ts": "TIME", **source.columns}
            beside.empty(self.con, source, self._loaded)
            empty_rows(self.con, wanted)
            unplaced = self._activity(sql, source, None)[1]
            self.con.execute("DROP TABLE rows")
            account = account_of(kind)
            unplaced = min(unplaced, account.used)
            account.used -= unplaced
            account.reject(0, UNPLACED, rows=unplaced)
        self._carries.clear()

    def _claims_and_notices(self, source: Source, have: set[str] | None) -> None:
        sensor = {"sensor": self._sensor}
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

    def _activity(
        self, sql: str, source: Source, columns: set[str] | None, straight: Path | None = None
    ) -> tuple[int, int]:
        """Add what ``sql`` makes of ``rows``; returns the events added, and those left out.

        ``columns`` are the log's own, where they are known before its rows are read. With
        ``straight`` it may be written there and not added.
        """
        have, fixed = self._described(sql, (source.kind, sql, "source")), source.constants
        if source.summed:
            return self._summed(sql, have)
        if "pair" in have:
            carry = self._carries.setdefault((source.kind, sql), f"carry_{len(self._carries)}")
            prepared = events.pair(self.con, sql, have, fixed, self.last, carry, self._newest)
            varying = self._described(prepared, (source.kind, sql, "events"))
        else:
            absent = sorted(
                event for event, natives in source.comes_from.items()
                if columns is not None and columns.isdisjoint(natives)
            )  # fmt: skip
            prepared, varying = events.events(sql, have, fixed, absent=absent)
        grouped = aggregate.activity(
            prepared, self.window, source.gaps, varying, fixed, source.raw_service
        )
        before = one(self.con, _EVENTS)
        uids = {"uid_min", "uid_max"} if source.gaps else {"uid_min"}
        said = {"sensor"} | varying | (uids if "uid" in varying else set())
        if straight:
            part = parts.straight(
                self.con, grouped, self._sensor, straight, said, _UNPLACED, self.hold
            )
            if part:
                self.parts.append(part)
                return part.events, 0
        else:
            self.con.execute(
                f"INSERT INTO acc_activity BY NAME {grouped}", {"sensor": self._sensor}
            )
        self.inserts["activity"] += 1
        self.said["activity"] |= said
        after, unplaced = self.con.execute(_EVENTS_AND_FAULTS).fetchone() or (0, 0)
        if unplaced:
            if not self.exactly and {"id.orig_h", "src_ip"} & source.columns.keys():
                raise strict.NeedsExact  # which can say where
            self.con.execute(f"DELETE FROM acc_activity WHERE {_UNPLACED}")
        return int(after - before - unplaced), int(unplaced)

    def _summed(self, sql: str, have: set[str]) -> tuple[int, int]:
        """The same for rows that are sums: these are counted, not what they sum up."""
        con = self.con
        con.execute(f"CREATE OR REPLACE TEMP TABLE summed AS {sql}")
        total = one(con, "SELECT count(*) FROM summed")
        con.execute(f"DELETE FROM summed WHERE {_UNSUMMED}")
        left = one(con, "SELECT count(*) FROM summed")
        grouped = summed.activity("FROM summed", self.window, have)
        con.execute(f"INSERT INTO acc_activity BY NAME {grouped}", {"sensor": self._sensor})
        con.execute("DROP TABLE summed")
        self.inserts["activity"] += 1
        self.said["activity"] |= have | {"uid_min", "uid_max"}
        return left, total - left

    def _described(self, sql: str, key: tuple[str, str, str]) -> set[str]:
        """The columns that ``sql`` gives: for a source always the same, whatever the log has."""
        if key not in self._columns:
            self._columns[key] = events.describe(self.con, sql)
        return self._columns[key]


def one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a query gives."""
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
