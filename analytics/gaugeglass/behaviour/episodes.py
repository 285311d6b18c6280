"""Unusual windows that tell of one thing: what would be one alert.

Windows of one client (or of one server, where no client is named) that follow each other within
a quarter of an hour are one episode, whatever the way and length that found them. A server's
episode belongs to that of the client who talked to it at the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

HOLE = timedelta(minutes=15)


@dataclass
class Group:
    """Rows (numbers in the frame they came from) that are one episode."""

    focus: str  # the address it is about
    client: bool  # whether that is the one who asks
    start: datetime
    end: datetime
    rows: list[int] = field(default_factory=list)
    servers: set[str] = field(default_factory=set)

    def near(self, other: Group) -> bool:
        """Whether the two overlap in time, or nearly."""
        return self.start <= other.end + HOLE and other.start <= self.end + HOLE


def grouped(rows: pd.DataFrame) -> list[Group]:
    """The episodes of ``rows`` (:data:`~.ways.base.SCORED`), by start and focus."""
    order = rows.sort_values(["window", "length", "side", "address"], kind="stable")
    latest: dict[tuple[bool, str], Group] = {}
    found: list[Group] = []
    columns = ["window", "end", "client", "server"]
    for number, (window, until, client, server) in zip(
        order.index, order[columns].itertuples(index=False), strict=True
    ):
        asks = isinstance(client, str)
        focus = client if asks else str(server)
        start, end = (pd.Timestamp(edge).to_pydatetime() for edge in (window, until))
        group = latest.get((asks, focus))
        if group is None or start > group.end + HOLE:
            group = latest[asks, focus] = Group(focus, asks, start, end)
            found.append(group)
        group.end = max(group.end, end)
        group.rows.append(int(number))
        if asks and isinstance(server, str):
            group.servers.add(server)
    return _folded(found)


def _folded(found: list[Group]) -> list[Group]:
    """Servers' episodes go to those of the clients who talked to them."""
    clients = [g for g in found if g.client]
    kept = list(clients)
    for group in (g for g in found if not g.client):
        host = next((c for c in clients if group.focus in c.servers and c.near(group)), None)
        if host is None:
            kept.append(group)
            continue
        host.rows += group.rows
        host.start, host.end = min(host.start, group.start), max(host.end, group.end)
    return sorted(kept, key=lambda g: (g.start, g.focus, g.client))
