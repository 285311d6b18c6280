"""Who polled steadily and then stopped: conduits, assets, or a whole sensor.

A series (see :mod:`~gaugeglass.behaviour.polls`) is steady if its longest pause while learning was
short against the time learned. It fell silent when it missed several times that pause, counted in
windows in which its sensor saw something. Where nearly everything that a sensor sees stops at
once, the sensor is told and not the assets; where a client stops, the servers that only it
talked to are not told, for they only speak when spoken to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import duckdb

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.polls import ENOUGH, POLL, VOICE, Series, gaps_sql
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Times the longest learned pause that is waited for, and the least number of windows.
FACTOR, FLOOR = 3.0, 5

_TOGETHER = 2  # windows within which stopping counts as at once
_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Silence:
    """One series that stopped. ``kind``: ``asset``, ``conduit`` or ``sensor``."""

    kind: str
    address: str | None  # the asset; of a conduit its server
    client: str | None
    server: str | None
    service: str | None
    sensors: tuple[str, ...]
    seen: datetime  # last seen
    overdue: datetime  # start of the window in which it had been silent for too long
    until: datetime  # when it came back, or the end of the data
    back: bool  # whether it came back
    missed: int  # windows without it, while its sensor saw others
    longest: int  # its longest learned pause, in such windows
    every: float  # windows from one sign of life to the next while learning, on the average
    expected: str  # in words
    observed: str  # in words
    conduits: tuple[tuple[str, str, str], ...] = ()  # client, server, service that stopped with it
    uids: tuple[str, ...] = ()  # of the last rows seen


def silent(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    window_seconds: int = WINDOW_SECONDS,
    factor: float = FACTOR,
    floor: int = FLOOR,
) -> list[Silence]:
    """What fell silent and became overdue in [since, until), sensors first, then by time.

    Needs the baseline registered in ``db``. What falls silent and comes back is told too.
    """
    span = (naive(since), naive(until))
    rows = {s.table: _gaps(db, s, span, window_seconds, factor, floor) for s in (POLL, VOICE)}
    conduits = [_silence("conduit", r, window_seconds) for r in rows[POLL.table]]
    assets = [_silence("asset", r, window_seconds) for r in rows[VOICE.table]]
    sensors = _outages(db, conduits, window_seconds)
    step = timedelta(seconds=window_seconds)
    dark = [(s.sensors, s.seen) for s in sensors]
    assets, conduits = (
        [x for x in found if not any(x.sensors == w and _near(x.seen, t, step) for w, t in dark)]
        for found in (assets, conduits)
    )
    assets = _explained_by_clients(db, assets, conduits)
    assets = [
        replace(a, conduits=tuple(sorted({_conduit(c) for c in conduits if _within(c, a)})))
        for a in assets
    ]
    alone = [c for c in conduits if not any(_within(c, a) for a in assets)]
    found = sensors + sorted(assets + alone, key=_order)
    return [replace(s, uids=_uids(db, s, step)) for s in found]


def _gaps(
    db: duckdb.DuckDBPyConnection,
    series: Series,
    span: tuple[datetime, datetime],
    window_seconds: int,
    factor: float,
    floor: int,
) -> list[dict[str, Any]]:
    cursor = db.execute(
        gaps_sql(series),
        {
            "since": span[0], "until": span[1], "window": window_seconds,
            "factor": factor, "floor": floor, "enough": ENOUGH,
        },
    )  # fmt: skip
    names = [d[0] for d in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _silence(kind: str, row: dict[str, Any], window_seconds: int) -> Silence:
    every = row["span_windows"] / row["windows"]
    pause = _duration(row["max_gap"] * window_seconds)
    missed = _duration(row["missed"] * window_seconds)
    back = row["back"] is not None
    said = "said something" if kind == "asset" else "polled"
    return Silence(
        kind=kind,
        address=row.get("address") or row.get("server"),
        client=row.get("client"),
        server=row.get("server"),
        service=row.get("service"),
        sensors=tuple(row["sensors"]),
        seen=row["seen"],
        overdue=row["overdue"],
        until=row["back"] if back else row["final_window"] + timedelta(seconds=window_seconds),
        back=back,
        missed=row["missed"],
        longest=row["max_gap"],
        every=every,
        expected=f"{said} about every {_duration(every * window_seconds)},"
        f" never pausing longer than {pause}",
        observed=f"silent for {missed}" + ("" if back else " and still silent"),
    )


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _near(one: datetime, other: datetime, step: timedelta) -> bool:
    return abs(one - other) <= _TOGETHER * step


def _order(silence: Silence) -> tuple[Any, ...]:
    return (
        silence.seen, silence.kind, silence.address or "", silence.client or "",
        silence.server or "", silence.service or "",
    )  # fmt: skip


def _conduit(silence: Silence) -> tuple[str, str, str]:
    return (silence.client or "", silence.server or "", silence.service or "")


def _within(conduit: Silence, asset: Silence) -> bool:
    """Whether the conduit's silence is a part of the asset's."""
    return (
        asset.address in (conduit.client, conduit.server)
        and conduit.seen < asset.until
        and (asset.seen < conduit.until)
    )


def _outages(
    db: duckdb.DuckDBPyConnection, conduits: list[Silence], window_seconds: int
) -> list[Silence]:
    """Sensors for which nearly every steady conduit, of several clients, stopped at once."""
    step = timedelta(seconds=window_seconds)
    steady = db.execute(
        "SELECT sensors, count(*) FROM known_poll WHERE windows >= ? AND max_gap_seconds > 0"
        " AND span_windows * ? >= 20 * max_gap_seconds"
        " AND windows * max_gap_seconds <= 10 * span_windows * ? GROUP BY sensors",
        [ENOUGH, window_seconds, window_seconds],
    ).fetchall()
    found: list[Silence] = []
    for sensors, count in sorted((tuple(s), n) for s, n in steady):
        mine = sorted((c for c in conduits if c.sensors == sensors), key=_order)
        while mine:
            first = mine[0]
            together = [c for c in mine if _near(c.seen, first.seen, step)]
            mine = [c for c in mine if c not in together]
            several = (
                len({c.client for c in together}) > 1 and len({c.server for c in together}) > 1
            )
            if several and len(together) >= max(_NEARLY_ALL * count, 4):
                found.append(_outage(together, int(count)))
    return found


def _outage(together: list[Silence], count: int) -> Silence:
    first = together[0]
    return replace(
        first,
        kind="sensor", address=None, client=None, server=None, service=None,
        seen=max(c.seen for c in together),
        expected=f"{count} steady conduits",
        observed=f"{len(together)} of {count} steady conduits stopped at once: the sensor or its"
        " tap lost them, not the assets",
        conduits=tuple(sorted(_conduit(c) for c in together)),
    )  # fmt: skip


def _explained_by_clients(
    db: duckdb.DuckDBPyConnection, assets: list[Silence], conduits: list[Silence]
) -> list[Silence]:
    """Leave out servers whose every client stopped asking because the client itself fell silent."""
    partners: dict[str, set[str]] = {}
    asks: set[str] = set()
    for client, server in db.execute("SELECT DISTINCT client, server FROM known_poll").fetchall():
        partners.setdefault(server, set()).add(client)
        asks.add(client)
    stopped = {(c.client, c.server) for c in conduits}
    quiet = {a.address: a for a in assets}

    def explained(asset: Silence) -> bool:
        if asset.address is None or asset.address in asks:
            return False
        return all(
            client in quiet
            and (client, asset.address) in stopped
            and quiet[client].seen < asset.until
            and asset.seen < quiet[client].until
            for client in partners.get(asset.address, {""})
        )

    return [a for a in assets if not explained(a)]


def _uids(db: duckdb.DuckDBPyConnection, silence: Silence, step: timedelta) -> tuple[str, ...]:
    """Evidence: the last rows seen of what stopped."""
    if silence.kind == "sensor":
        return ()
    if silence.kind == "asset":
        who, values = "? IN (client, server)", [silence.address]
    else:
        who = "client = ? AND server = ? AND service = ?"
        values = [silence.client, silence.server, silence.service]
    rows = db.execute(
        f'SELECT DISTINCT uid_max FROM activity WHERE {who} AND "window" > ? AND "window" <= ?'
        " AND uid_max IS NOT NULL ORDER BY uid_max LIMIT 5",
        [*values, silence.seen - step, silence.seen],
    ).fetchall()
    return tuple(uid for (uid,) in rows)
