"""What every asset asked and answered: the activity view, aggregated once in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from gaugeglass.inventory.model import EARLIEST, LATEST
from gaugeglass.inventory.vocabulary import ADMIN, INDUSTRIAL

#: SQL: the server is known to have answered (or to have sent of its own accord). A connection
#: without payload from the server, a request without reply or of unknown end show no service.
ANSWERED = """
    CASE WHEN operation = 'connection'
         THEN coalesce(outcome, '') = 'ok'
              OR (bytes_to_client > 0 AND coalesce(outcome, '') NOT IN ('no_reply', 'rejected'))
         ELSE coalesce(outcome, 'ok') NOT IN ('no_reply', 'unknown', 'rejected', 'reset') END
"""


#: Services in which it matters whether a client belongs to a server or only visits it.
HABITUAL: frozenset[str] = INDUSTRIAL | ADMIN | {"mqtt"}


def quoted(words: Iterable[str]) -> str:
    """``words`` of our own vocabulary as a SQL list."""
    return ", ".join(f"'{w}'" for w in sorted(words))


@dataclass
class Contact:
    """How much of a dialogue was with one peer: answers, and time windows that had any."""

    count: int = 0
    windows: int = 0


@dataclass
class Dialogue:
    """One side's view of one service: with whom, and how often which action was answered."""

    contacts: dict[int, Contact] = field(default_factory=dict)  # by asset number
    ports: dict[int | None, int] = field(default_factory=dict)  # port -> count
    actions: dict[str, int] = field(default_factory=dict)  # answered, by action
    decoded: int = 0  # answered operations of the protocol itself, not mere connections
    connections: int = 0  # answered connections
    payload: int = 0  # bytes in them, both ways
    windows: int = 0  # time windows that had an answer; 0 where not counted
    first: datetime = LATEST
    last: datetime = EARLIEST

    def add(
        self, peer: int | None, port: int | None, action: str, decoded: bool, n: int,
        payload: int, first: datetime, last: datetime,
    ) -> None:  # fmt: skip
        """Count ``n`` answered events."""
        if peer is not None:
            self.contacts.setdefault(peer, Contact()).count += n
        self.ports[port] = self.ports.get(port, 0) + n
        if decoded:
            self.decoded += n
            self.actions[action] = self.actions.get(action, 0) + n
        else:
            self.connections += n
            self.payload += payload
        self.first, self.last = min(self.first, first), max(self.last, last)

    @property
    def peers(self) -> set[int]:
        """The asset numbers of those on the other side."""
        return set(self.contacts)

    def did(self, actions: Iterable[str]) -> int:
        """How often any of ``actions`` was done."""
        return sum(self.actions.get(a, 0) for a in actions)


@dataclass
class Profile:
    """What one asset was seen to do, by service."""

    serves: dict[str, Dialogue] = field(default_factory=dict)
    uses: dict[str, Dialogue] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)  # asked without answer


def profiles(db: duckdb.DuckDBPyConnection, assets: int, member: str) -> list[Profile]:
    """One :class:`Profile` per asset number in ``range(assets)``.

    ``member`` is a table (raw, start, stop, asset): who held an address as the ledger spells it,
    when.
    """
    rows = db.execute(
        f"""
        SELECT c.asset, s.asset, a.service, a.port, a.action, a.operation <> 'connection',
               ({ANSWERED}) AS answered, sum(a."count")::BIGINT,
               sum(coalesce(a.bytes_to_server, 0) + coalesce(a.bytes_to_client, 0))::BIGINT,
               min(a."first"), max(a."last")
        FROM activity a
        LEFT JOIN "{member}" c ON c.raw = a.client AND a."last" >= c.start AND a."last" < c.stop
        LEFT JOIN "{member}" s ON s.raw = a.server AND a."last" >= s.start AND a."last" < s.stop
        WHERE (c.asset IS NOT NULL OR s.asset IS NOT NULL)
        GROUP BY ALL
        """
    ).fetchall()
    out = [Profile() for _ in range(assets)]
    for client, server, service, port, action, decoded, answered, n, size, first, last in rows:
        name = service or "unknown"
        if not answered:
            if client is not None:
                out[client].tried[name] = out[client].tried.get(name, 0) + n
            continue
        if server is not None:
            side = out[server].serves.setdefault(name, Dialogue())
            side.add(client, port, action or "other", bool(decoded), n, size, first, last)
        if client is not None and client != server:
            side = out[client].uses.setdefault(name, Dialogue())
            side.add(server, port, action or "other", bool(decoded), n, size, first, last)
    _count_windows(db, out, member)
    return out


def _count_windows(db: duckdb.DuckDBPyConnection, out: list[Profile], member: str) -> None:
    """Fill in ``windows`` of what is served, in all and with each client, where roles ask for it.

    Sums of windows do not add up over operations, so they need a pass of their own.
    """
    rows = db.execute(
        f"""
        SELECT c.asset, s.asset, a.service, count(DISTINCT a."window")
        FROM (SELECT client, server, service, "window", max("last") AS "last" FROM activity
              WHERE service IN ({quoted(HABITUAL)}) AND ({ANSWERED}) GROUP BY ALL) a
        JOIN "{member}" c ON c.raw = a.client AND a."last" >= c.start AND a."last" < c.stop
        JOIN "{member}" s ON s.raw = a.server AND a."last" >= s.start AND a."last" < s.stop
        GROUP BY GROUPING SETS ((c.asset, s.asset, a.service), (s.asset, a.service))
        """
    ).fetchall()
    for client, server, service, windows in rows:
        served = out[server].serves.get(service)
        if served is None:
            continue
        if client is None:
            served.windows = windows
        elif client in served.contacts:
            served.contacts[client].windows = windows


def listed(dialogues: dict[str, Dialogue], most: int = 256) -> tuple[str, ...]:
    """``modbus/502`` for each service and port, the busiest ``most`` of them, sorted."""
    counts: dict[str, int] = {}
    for service, dialogue in dialogues.items():
        for port, n in dialogue.ports.items():
            name = service if port is None or service.endswith(f"/{port}") else f"{service}/{port}"
            counts[name] = counts.get(name, 0) + n
    busiest = sorted(counts, key=lambda name: (-counts[name], name))[:most]
    return tuple(sorted(busiest))
