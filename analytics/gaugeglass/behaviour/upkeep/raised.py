"""What a stored alert is about, as far as learning must know: who, when, which rows of the ledger.

Alerts are read where they are stored, in the manifest; what they are and how they come about is
the business of rooms further down the flow.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from gaugeglass.errors import Told
from gaugeglass.ledger.schema import STATE_CHANGING

#: An alert names at most so many operations; one with as many may be about more of the same kind.
_NAMED = 3


class UnknownAlertError(Told, LookupError):
    """There is no such alert; the message says where to look."""


@dataclass(frozen=True)
class Raised:
    """One alert. Times are UTC without zone; ``assets`` are addresses, the actor first."""

    id: str
    detection: str
    severity: str
    summary: str
    first: datetime
    last: datetime
    client: str | None = None
    server: str | None = None
    service: str | None = None
    port: int | None = None
    operation: str | None = None
    assets: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations it names."""
        return tuple(p for p in (self.operation or "").split(", ") if p)

    @property
    def asset(self) -> str | None:
        """The asset it is about, where it is not about one client and one server."""
        if self.client and self.server:
            return None
        return self.client or self.server or (self.assets[0] if self.assets else None)

    def dump(self) -> str:
        """As JSON with sorted keys."""
        return json.dumps(asdict(self), default=datetime.isoformat, sort_keys=True)


def load(text: str) -> Raised:
    """From :meth:`Raised.dump`, or from the body of a stored alert."""
    body: dict[str, Any] = json.loads(text)
    values = {name: body[name] for name in Raised.__dataclass_fields__}
    for name in ("first", "last"):
        values[name] = naive(datetime.fromisoformat(values[name]))
    values["assets"] = tuple(values["assets"])
    return Raised(**values)


def naive(moment: datetime) -> datetime:
    """UTC without zone, as the ledger writes time."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def stored(db: sqlite3.Connection, severities: Iterable[str] = ()) -> list[Raised]:
    """The stored alerts (of ``severities`` only, where given), by first seen, then id."""
    if not has_table(db, "alerts"):
        return []
    wanted = tuple(severities)
    where = f"WHERE severity IN ({', '.join('?' * len(wanted))})" if wanted else ""
    rows = db.execute(f"SELECT body FROM alerts {where} ORDER BY first, id", wanted)
    return [load(body) for (body,) in rows]


def find(db: sqlite3.Connection, name: str) -> Raised:
    """The alert whose id is ``name`` or begins with it; raises :class:`UnknownAlertError`."""
    rows: list[Any] = []
    if has_table(db, "alerts") and name and name.isalnum():
        rows = db.execute(
            "SELECT body FROM alerts WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 2",
            (len(name), name),
        ).fetchall()
    if len(rows) != 1:
        what = "more than one alert" if rows else "no alert"
        raise UnknownAlertError(
            f"{what} has an id that begins with {name!r};"
            " see their ids with `gaugeglass alerts --format jsonl`"
        )
    return load(rows[0][0])


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Whether the manifest has a table ``name``."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return db.execute(sql, (name,)).fetchone() is not None


def scope(alert: Raised) -> tuple[str, dict[str, Any]]:
    """SQL condition on activity rows that the alert is about, and its named parameters.

    That is what its client and server (or its asset) did to each other while it lasted. Of what
    changes the process only the operations that it names belong to it: another change at the same
    time is another finding. With as many operations as an alert can name, all of the same actions.
    """
    values: dict[str, Any] = {"first": alert.first, "last": alert.last}
    if alert.client and alert.server:
        who = "client = $client AND server = $server"
        values |= {"client": alert.client, "server": alert.server}
        if alert.service:
            who += " AND (service = $service OR action = 'connect')"
            values["service"] = alert.service
    elif alert.asset:
        who = "$asset IN (client, server)"
        values["asset"] = alert.asset
    else:
        return "FALSE", {}
    during = f'"last" >= $first AND "first" <= $last AND {who}'
    changing = ", ".join(f"'{a}'" for a in STATE_CHANGING)
    values["named"] = list(alert.operations)
    named = "list_contains($named, operation)"
    if len(alert.operations) >= _NAMED:
        named += (
            " OR action IN (SELECT action FROM activity WHERE list_contains($named, operation)"
            f" AND {during})"
        )
    return f"({during} AND (action NOT IN ({changing}) OR {named}))", values
