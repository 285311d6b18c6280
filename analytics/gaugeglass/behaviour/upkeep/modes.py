"""Operating modes: night and day, weekend, batch and idle; declared, or found in what was learned.

Modes are found from the site's hourly activity alone, and only where they are plain: the hours fall
into clearly separate groups (silhouette), each of which came back several times. A group that
keeps to the clock becomes a part of the week; one that does not (a batch) is told from the activity
of the hour itself, and an hour unlike any learned one belongs to none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.features import has_table
from gaugeglass.behaviour.upkeep import clock, grouping
from gaugeglass.behaviour.upkeep.clock import Mode
from gaugeglass.ledger.schema import STATE_CHANGING

ORDINARY = "ordinary"
NAMES: dict[int, tuple[str, ...]] = {
    2: ("quiet", "busy"), 3: ("quiet", "middle", "busy"), 4: ("quiet", "low", "high", "busy"),
}  # fmt: skip

RECUR = 3  # times that each mode must have come back
_REACH = 1.5  # times the farthest learned hour's distance that an hour may lie from its mode

#: What of an hour tells the modes apart, as log1p.
MEASURES: tuple[str, ...] = ("events", "changes", "conduits")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Modes:
    """The modes of a site. ``kind``: ``declared``, ``clock`` or ``activity`` (found), ``none``."""

    kind: str = "none"
    timezone: str = "UTC"
    modes: tuple[Mode, ...] = ()
    centers: tuple[tuple[float, ...], ...] = ()  # of modes told by activity, in log units
    reach: float = 0.0

    def assign(self, windows: pd.Series, hours: pd.DataFrame | None = None) -> pd.Series:
        """The mode of each of ``windows`` (start, UTC without zone), ``ordinary`` where none holds.

        Modes told by activity need ``hours`` of :func:`site_hours` that cover the windows.
        """
        if self.kind == "activity":
            table = (
                {} if hours is None else dict(zip(hours["hour"], self._near(hours), strict=True))
            )
            found = [table.get(h, ORDINARY) for h in windows.dt.floor("h")]
        elif self.modes:
            table_of_week = clock.timetable(self.modes, ORDINARY)
            found = list(table_of_week[clock.minutes(windows, self.timezone)])
        else:
            found = [ORDINARY] * len(windows)
        return pd.Series(found, index=windows.index, dtype=object)

    def _near(self, hours: pd.DataFrame) -> list[str]:
        away = np.linalg.norm(_measures(hours)[:, None, :] - np.array(self.centers), axis=2)
        nearest = away.argmin(axis=1)
        return [
            self.modes[i].name if row[i] <= self.reach else ORDINARY
            for i, row in zip(nearest, away, strict=True)
        ]

    def sentences(self) -> list[str]:
        """What a person should know of them."""
        if not self.modes:
            return []
        how = {"declared": "declared", "clock": "found, by the clock",
               "activity": "found, by the hour's activity"}[self.kind]  # fmt: skip
        names = "; ".join(str(m) for m in self.modes)
        return [f"operating modes ({how}, {self.timezone}): {names}"]

    def dump(self) -> bytes:
        """As JSON: the same modes, the same bytes."""
        body = {
            "kind": self.kind, "timezone": self.timezone, "reach": self.reach,
            "modes": [[m.name, [list(s) for s in m.spans]] for m in self.modes],
            "centers": [list(c) for c in self.centers],
        }  # fmt: skip
        return (json.dumps(body, indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def load(cls, data: bytes) -> Modes:
        """From :meth:`dump`; ValueError, KeyError or TypeError where it is something else."""
        body = json.loads(data)
        return cls(
            str(body["kind"]), str(body["timezone"]),
            tuple(Mode(str(n), tuple((int(a), int(b)) for a, b in s)) for n, s in body["modes"]),
            tuple(tuple(float(x) for x in c) for c in body["centers"]), float(body["reach"]),
        )  # fmt: skip


def declared(settings: Mapping[str, Any]) -> Modes:
    """The modes of the section [behaviour]; raises :class:`~gaugeglass.config.ConfigError`."""
    timezone = str(settings.get("timezone", "UTC"))
    clock.zone(timezone)
    modes = tuple(clock.declared(str(text)) for text in settings.get("modes", ()))
    return Modes("declared" if modes else "none", timezone, modes)


def learn(
    db: duckdb.DuckDBPyConnection, since: datetime, until: datetime, settings: Mapping[str, Any],
    source: str = "activity",
) -> Modes:  # fmt: skip
    """The declared modes, else those found in ``source``'s rows of [since, until)."""
    given = declared(settings)
    if given.modes:
        return given
    seed = int(settings.get("seed", 0))
    return found(site_hours(db, since, until, source), given.timezone, seed)


def register(db: duckdb.DuckDBPyConnection, modes: Modes | None) -> None:
    """Put the modes beside the registered baseline, where a detection can ask for them."""
    body = (modes or Modes()).dump().decode()
    db.execute("CREATE OR REPLACE TEMP TABLE learned_modes AS SELECT $body AS body", {"body": body})


def registered(db: duckdb.DuckDBPyConnection) -> Modes:
    """The modes that :func:`register` put into ``db``; ``none`` where it did not."""
    if not has_table(db, "learned_modes"):
        return Modes()
    row = db.execute("SELECT body FROM learned_modes").fetchone()
    return Modes.load(row[0].encode()) if row else Modes()


def site_hours(
    db: duckdb.DuckDBPyConnection, since: datetime, until: datetime, source: str = "activity"
) -> pd.DataFrame:
    """Activity of the whole site by hour (UTC): ``hour`` and :data:`MEASURES`; dark hours absent.

    The first and the last hour may be seen only in part, and are left out.
    """
    changing = ", ".join(f"'{a}'" for a in STATE_CHANGING)
    frame: pd.DataFrame = db.execute(
        f"""SELECT time_bucket(INTERVAL 1 HOUR, "window") AS hour,
            sum("count")::BIGINT AS events,
            coalesce(sum("count") FILTER (WHERE action IN ({changing})), 0)::BIGINT AS changes,
            count(DISTINCT hash(client, server, service)) AS conduits
        FROM {source} WHERE "window" >= $since AND "window" < $until
        GROUP BY 1 HAVING hour >= $since AND hour + INTERVAL 1 HOUR <= $until ORDER BY 1""",
        {"since": since, "until": until},
    ).df()
    return frame


def found(hours: pd.DataFrame, timezone: str = "UTC", seed: int = 0) -> Modes:
    """The modes that ``hours`` (of :func:`site_hours`) plainly fall into; ``none`` where not."""
    none = Modes("none", timezone)
    if len(hours) < 8 * RECUR:
        return none
    values = _measures(hours)
    labels = grouping.groups(values, sorted(NAMES), seed)
    if labels is None or min(grouping.recurrences(hours["hour"], labels)) < RECUR:
        return none
    names = NAMES[int(labels.max()) + 1]
    spans = grouping.timetable(hours["hour"], labels, timezone)
    if spans is not None:
        modes = tuple(Mode(n, s) for n, s in zip(names, spans, strict=True) if s)
        return Modes("clock", timezone, modes)
    centers = np.stack([values[labels == i].mean(axis=0) for i in range(len(names))]).round(9)
    reach = float(np.linalg.norm(values - centers[labels], axis=1).max())
    return Modes(
        "activity", timezone, tuple(Mode(n, ()) for n in names),
        tuple(tuple(float(x) for x in c) for c in centers), round(_REACH * reach, 9),
    )  # fmt: skip


def _measures(hours: pd.DataFrame) -> Floats:
    values: Floats = np.log1p(hours.loc[:, list(MEASURES)].to_numpy(dtype=np.float64))
    return values
