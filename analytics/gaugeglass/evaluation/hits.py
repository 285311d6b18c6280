"""What a detector told, in one form whatever it was: who, and when somebody would have been told.

Windows that a detector flags become alerts in the same way for everybody: neighbours of one client
are one (:mod:`gaugeglass.behaviour.episodes`), and one that goes on is told again every hour, so
that a detector which never falls silent is not counted as one alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from gaugeglass.alerts.model import Alert
from gaugeglass.behaviour.episodes import grouped

#: An alert that goes on is told again after this long.
REPEAT = timedelta(hours=1)


@dataclass(frozen=True)
class Hit:
    """One alert. ``told`` are the moments at which something of it was known, ascending."""

    by: str  # which detector
    first: datetime
    last: datetime
    named: frozenset[str]
    told: tuple[datetime, ...]
    techniques: frozenset[str] = frozenset()


def of_alert(alert: Alert, window: timedelta, known: datetime | None = None) -> Hit:
    """An alert of a detection; it is known at the end of the window of its first event, or
    ``known`` where that is later."""
    moment = _floor(alert.first, window) + window
    moment = max(moment, known) if known else moment
    named = frozenset(a for a in (alert.client, alert.server, *alert.assets) if a)
    techniques = frozenset(t.id for t in alert.techniques)
    return Hit(alert.detection, alert.first, alert.last, named, (moment,), techniques)


def known(alert: Alert, rows: pd.DataFrame) -> datetime | None:
    """When the models could tell what ``alert`` says: the end of the first of the unusual windows
    ``rows`` about its hosts. None where there is none."""
    if not len(rows):
        return None
    named = {a for a in (alert.client, alert.server, *alert.assets) if a}
    about = rows["client"].isin(named) | rows["server"].isin(named)
    ends = rows.loc[about & (rows["end"] > alert.first) & (rows["window"] <= alert.last), "end"]
    return ends.min().to_pydatetime() if len(ends) else None


def of_windows(by: str, rows: pd.DataFrame) -> list[Hit]:
    """Alerts from flagged windows.

    ``rows`` has the columns length (s), window (start, UTC without zone), side, address, client and
    server of :data:`gaugeglass.behaviour.ways.base.SCORED`.
    """
    if not len(rows):
        return []
    rows = rows.reset_index(drop=True)
    starts = rows["window"].dt.to_pydatetime()
    lengths = rows["length"].to_numpy()
    ends = rows[["client", "server"]].to_numpy(dtype=object)
    out = []
    for group in grouped(rows):
        piece: list[int] = []
        for number in sorted(group.rows, key=lambda n: (starts[n], lengths[n])):
            if piece and starts[number] >= starts[piece[0]] + REPEAT:
                out.append(_piece(by, piece, starts, lengths, ends))
                piece = []
            piece.append(number)
        out.append(_piece(by, piece, starts, lengths, ends))
    return sorted(out, key=lambda hit: (hit.first, sorted(hit.named)))


def _piece(by: str, rows: list[int], starts, lengths, ends) -> Hit:  # type: ignore[no-untyped-def]
    known = sorted({starts[n] + timedelta(seconds=int(lengths[n])) for n in rows})
    named = {str(a) for n in rows for a in ends[n] if isinstance(a, str)}
    first = min(starts[n] for n in rows)
    return Hit(by, first, known[-1], frozenset(named), tuple(known))


def _floor(moment: datetime, step: timedelta) -> datetime:
    return moment - (moment - datetime(2000, 1, 1)) % step  # noqa: DTZ001 - UTC without zone
