"""What an analyst decided about an alert, remembered until it is undone.

*Approved*: it was normal. The facts of the alert are known from then on, whatever is learned later,
and its time may be learned from. *Rejected*: it was not. It stays an alert: its time is never
learned from, nor is what came into the world with it, whenever that happens again; and where that
was learned before the decision, it counts as unknown.

A later decision on the same alert takes the place of an earlier one. Decisions lie in the manifest
with the facts as the ledger held them, so that they outlive versions of the baseline and old parts
of the ledger. Where decisions touch the same fact, the latest counts.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from gaugeglass.behaviour.upkeep import known, raised
from gaugeglass.behaviour.upkeep.known import Facts
from gaugeglass.behaviour.upkeep.raised import Raised, has_table, naive
from gaugeglass.errors import Told
from gaugeglass.ledger.manifest import Manifest

APPROVED, REJECTED = "approved", "rejected"

#: Detections of something that did not happen; approving one is to bear as long a pause again.
SILENT: tuple[str, ...] = ("asset_silent",)
PAUSE = "pause"

_DDL = (
    """CREATE TABLE IF NOT EXISTS decisions (
        number INTEGER PRIMARY KEY, alert TEXT NOT NULL, verdict TEXT NOT NULL, at TEXT NOT NULL,
        who TEXT NOT NULL, note TEXT NOT NULL, told TEXT NOT NULL, undone TEXT
    )""",
    """CREATE TABLE IF NOT EXISTS decision_facts (
        decision INTEGER NOT NULL REFERENCES decisions(number), fact TEXT NOT NULL,
        row TEXT NOT NULL
    )""",
)


class NoDecisionError(Told, LookupError):
    """There is nothing to undo; the message says where to look."""


@dataclass(frozen=True)
class Decision:
    """One decision. ``alert`` is the alert as it stood; times are UTC without zone."""

    number: int
    verdict: str
    at: datetime
    who: str
    note: str
    alert: Raised
    facts: int  # rows of facts that it made known or unknown
    undone: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is in force."""
        return self.undone is None


def approve(
    db: duckdb.DuckDBPyConnection, manifest: Manifest, alert: str, at: datetime, who: str = "",
    note: str = "",
) -> Decision:  # fmt: skip
    """Call the alert (its id, or how that begins) normal, at ``at``.

    Raises :class:`~gaugeglass.behaviour.upkeep.raised.UnknownAlertError`.
    """
    told = raised.find(manifest.db, alert)
    facts = known.take(db, *raised.scope(told))
    if told.detection in SILENT:
        seconds = math.ceil((told.last - told.first).total_seconds())
        pair = (told.client, told.server, told.service) if told.asset is None else (None,) * 3
        facts[PAUSE] = [[*pair, told.asset, seconds]]
    return _decide(manifest, told, APPROVED, facts, at, who, note)


def reject(
    db: duckdb.DuckDBPyConnection, manifest: Manifest, alert: str, at: datetime, who: str = "",
    note: str = "",
) -> Decision:  # fmt: skip
    """Say that the alert is right: its activity is never learned from. As :func:`approve`."""
    told = raised.find(manifest.db, alert)
    return _decide(manifest, told, REJECTED, born(db, told), at, who, note)


def undo(manifest: Manifest, what: str, at: datetime) -> Decision:
    """Take back the decision with the number ``what``, or the standing one on alert ``what``.

    The one it had replaced does not come back. Raises :class:`NoDecisionError`.
    """
    standing = [d for d in listed(manifest.db) if d.stands]
    mine = [d for d in standing if str(d.number) == what]
    mine = mine or [d for d in standing if what and d.alert.id.startswith(what)]
    if len(mine) != 1:
        count = "several decisions stand" if mine else "no decision stands"
        raise NoDecisionError(f"{count} on {what!r}; see them with `gaugeglass baseline decisions`")
    with manifest.transaction() as tx:
        _end(tx, mine[0].number, at)
    return next(d for d in listed(manifest.db) if d.number == mine[0].number)


def listed(db: sqlite3.Connection) -> list[Decision]:
    """Every decision ever taken, the first first. Never writes."""
    if not has_table(db, "decisions"):
        return []
    rows = db.execute(
        "SELECT number, verdict, at, who, note, told,"
        " (SELECT count(*) FROM decision_facts f WHERE f.decision = d.number), undone"
        " FROM decisions d ORDER BY number"
    )
    return [
        Decision(
            number, verdict, datetime.fromisoformat(at), who, note, raised.load(told), facts,
            datetime.fromisoformat(undone) if undone else None,
        )
        for number, verdict, at, who, note, told, facts, undone in rows
    ]  # fmt: skip


def standing(db: sqlite3.Connection) -> dict[str, Decision]:
    """The decision in force on each alert, by the alert's id."""
    return {d.alert.id: d for d in listed(db) if d.stands}


def facts_of(db: sqlite3.Connection, numbers: Iterable[int]) -> Facts:
    """The facts of the decisions ``numbers``."""
    out: Facts = {}
    for number in numbers:
        rows = db.execute(
            "SELECT fact, row FROM decision_facts WHERE decision = ? ORDER BY rowid", (number,)
        )
        for fact, row in rows:
            out.setdefault(fact, []).append(json.loads(row))
    return out


def apply(db: duckdb.DuckDBPyConnection, manifest: sqlite3.Connection | Manifest) -> list[Decision]:
    """Let the decisions in force change the registered baseline; give those that did.

    The baseline's tables (``Baseline.register``) must be in ``db``. Decisions count in the order
    in which they were taken, so the same decisions on the same baseline give the same tables.
    """
    source = manifest.db if isinstance(manifest, Manifest) else manifest
    found = [d for d in listed(source) if d.stands and d.facts]
    for decision in found:
        facts = facts_of(source, [decision.number])
        if decision.verdict == APPROVED:
            known.add(db, facts)
            known.bear(db, facts.get(PAUSE, []))
        else:
            known.remove(db, facts)
    return found


def accepted(db: sqlite3.Connection) -> list[tuple[frozenset[str], datetime, datetime]]:
    """Who did what was approved, and when (first, last): amounts there are no news either."""
    return [
        (frozenset(a for a in (d.alert.client, d.alert.server, *d.alert.assets) if a),
         d.alert.first, d.alert.last)
        for d in listed(db) if d.stands and d.verdict == APPROVED
    ]  # fmt: skip


def born(db: duckdb.DuckDBPyConnection, alert: Raised) -> Facts:
    """What the alert did that the ledger had not seen before; nothing where it has no before."""
    where, values = raised.scope(alert)
    before = '"last" < $first'
    earlier = db.execute(f"SELECT 1 FROM activity WHERE {before} LIMIT 1", {"first": alert.first})
    if where == "FALSE" or earlier.fetchone() is None:
        return {}
    facts = known.take(db, where, values, known.TOLD)
    seen = _seen(db, alert, {str(a) for r in facts.get("known_conduit", []) for a in r[:2]})
    new = known.less(facts, seen)
    present = {row[0] for row in seen.get("known_asset", [])}
    # An address without its card is no news where the address is none.
    assets = [r for r in new.get("known_asset", []) if r[1] is not None or r[0] not in present]
    new.pop("known_asset", None)
    moved = known.outside(facts, seen)
    return {
        **({"known_asset": assets} if assets else {}), **new,
        **({"known_value": moved} if moved else {}),
    }  # fmt: skip


def _seen(db: duckdb.DuckDBPyConnection, alert: Raised, who: set[str]) -> Facts:
    """What the ledger had seen of the addresses ``who`` before the alert, as far as it may be the
    same: of two alone no more than what they did to each other is read in full."""
    values: dict[str, Any] = {"first": alert.first, "who": sorted(who)}
    either = '"last" < $first AND (list_contains($who, client) OR list_contains($who, server))'
    if not (alert.client and alert.server):
        return known.take(db, either, values, known.TOLD)
    apart = ("known_asset", "known_action")
    rest = [name for name in known.TOLD if name not in apart]
    pair = {"first": alert.first, "client": alert.client, "server": alert.server}
    mine = '"last" < $first AND client = $client'
    return {
        **known.take(db, f"{mine} AND server = $server", pair, rest),
        **known.take(db, mine, {k: pair[k] for k in ("first", "client")}, ("known_action",)),
        **known.take(db, either, values, ("known_asset",)),
    }


def _decide(
    manifest: Manifest, alert: Raised, verdict: str, facts: Facts, at: datetime, who: str,
    note: str,
) -> Decision:  # fmt: skip
    at = naive(at)
    with manifest.transaction() as tx:
        for statement in _DDL:
            tx.execute(statement)
        for earlier in (d for d in listed(tx) if d.stands and d.alert.id == alert.id):
            _end(tx, earlier.number, at)
        number = tx.execute(
            "INSERT INTO decisions (alert, verdict, at, who, note, told) VALUES (?, ?, ?, ?, ?, ?)",
            (alert.id, verdict, at.isoformat(), who, note, alert.dump()),
        ).lastrowid
        tx.executemany(
            "INSERT INTO decision_facts VALUES (?, ?, ?)",
            [(number, name, json.dumps(row)) for name, rows in facts.items() for row in rows],
        )
    return next(d for d in listed(manifest.db) if d.number == number)


def _end(tx: sqlite3.Connection, number: int, at: datetime) -> None:
    tx.execute("UPDATE decisions SET undone = ? WHERE number = ?", (naive(at).isoformat(), number))
