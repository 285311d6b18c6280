"""The view ``learnable``: the activity that a baseline may be learned from.

What is left out, and why, is told by :mod:`~gaugeglass.behaviour.upkeep.doubts`; each case is a row
of the table ``unlearnable``: NULL stands for anything, times are those of windows. ``spell`` rows
take whole windows from somebody, so that :mod:`~gaugeglass.behaviour.polls` does not take the hole
for a pause; the others name a ``deed`` (the table of facts it is from).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from gaugeglass.behaviour.facts import create_macros
from gaugeglass.behaviour.upkeep import doubts
from gaugeglass.behaviour.upkeep.raised import naive
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Names and DuckDB types of the table ``unlearnable``.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("reason", "VARCHAR"), ("client", "VARCHAR"), ("server", "VARCHAR"), ("asset", "VARCHAR"),
    ("mac", "VARCHAR"), ("service", "VARCHAR"), ("operation", "VARCHAR"), ("action", "VARCHAR"),
    ("outcome", "VARCHAR"), ("unit", "VARCHAR"), ("space", "VARCHAR"), ("low", "BIGINT"),
    ("high", "BIGINT"), ("object", "VARCHAR"), ("least", "DOUBLE"), ("most", "DOUBLE"),
    ("deed", "VARCHAR"), ("spell", "BOOLEAN"), ("start", "TIMESTAMP"), ("stop", "TIMESTAMP"),
)  # fmt: skip


@dataclass(frozen=True)
class LeftOut:
    """What may not be learned from: rows and events of the span, and why."""

    rows: int = 0
    events: int = 0
    of: int = 0  # rows in the span
    reasons: Mapping[str, int] = field(default_factory=dict)  # how many alerts, findings, windows
    lost: tuple[str, ...] = ()  # addresses of which nothing is left to learn from

    def sentence(self) -> str:
        """The same in words; empty where everything may be learned from."""
        if not self.rows:
            return ""
        why = ", ".join(f"{n} {r}{'' if n == 1 else 's'}"
                        for r, n in sorted(self.reasons.items()))  # fmt: skip
        text = f"left out {self.rows:,} of {self.of:,} rows ({self.events:,} events): {why}"
        if doubts.OPEN in self.reasons:
            text += " (decide: gaugeglass baseline approve or reject)"
        if self.lost:
            more = f" and {len(self.lost) - 5} more" if len(self.lost) > 5 else ""
            text += f"; nothing is left to learn of {', '.join(self.lost[:5])}{more}"
        return text


def create(
    db: duckdb.DuckDBPyConnection,
    manifest: Manifest | None,
    since: datetime,
    until: datetime,
    config: Mapping[str, Any] | Any = None,
) -> LeftOut:
    """Make the view ``learnable`` of [since, until) in ``db``, and the table ``unlearnable``.

    ``config`` is a :class:`~gaugeglass.config.Config` or a mapping of sections. Raises
    :class:`~gaugeglass.config.ConfigError` for settings that cannot be read.
    """
    since, until = naive(since), naive(until)
    settings: Mapping[str, Any] = {} if config is None else config["behaviour"]
    window = WINDOW_SECONDS if config is None else int(config["ingest"]["window_seconds"])
    step = timedelta(seconds=window)
    found = [
        (name, {**dict.fromkeys(c for c, _ in COLUMNS), **row})
        for name, row in doubts.found(db, manifest, settings, until, step)
    ]
    rows = [row for _, row in found]
    for row in rows:
        if row["start"] is not None:
            row["start"] = _floor(row["start"], window)
        row["start"], row["stop"] = row["start"] or since, row["stop"] or until
    frame = pd.DataFrame(rows, columns=[c for c, _ in COLUMNS])
    casts = ", ".join(f'"{c}"::{t} AS "{c}"' for c, t in COLUMNS)
    create_macros(db)
    db.register("_upkeep_unlearnable", frame.astype(object).where(frame.notna(), None))
    try:
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE unlearnable AS SELECT {casts} FROM _upkeep_unlearnable"
        )
    finally:
        db.unregister("_upkeep_unlearnable")
    span = f"\"window\" >= TIMESTAMP '{since}' AND \"window\" < TIMESTAMP '{until}'"
    tests = " AND ".join(f"NOT EXISTS ({test})" for test in _tests(db, rows, span))
    kept = f"SELECT * FROM activity a WHERE {span}"
    db.execute(f"CREATE OR REPLACE TEMP VIEW learnable AS {kept}{' AND ' if tests else ''}{tests}")
    if not tests:
        return LeftOut()
    total, left = (
        db.execute(f'SELECT count(*), coalesce(sum("count"), 0)::BIGINT FROM {x}').fetchone()
        for x in (f"(SELECT * FROM activity WHERE {span})", "learnable")
    )
    assert total is not None
    assert left is not None
    reasons: dict[str, set[str]] = {}
    for name, row in found:
        if row["start"] < until and row["stop"] > since:
            reasons.setdefault(str(row["reason"]), set()).add(name)
    counted = {reason: len(names) for reason, names in reasons.items()}
    ends = "SELECT client AS x FROM {0} UNION SELECT server FROM {0}"
    lost = db.execute(
        f"SELECT x FROM ({ends.format(f'(SELECT * FROM activity WHERE {span})')} EXCEPT"
        f" ({ends.format('learnable')})) WHERE x IS NOT NULL ORDER BY x"
    ).fetchall()
    gone = tuple(str(x) for (x,) in lost)
    return LeftOut(total[0] - left[0], total[1] - left[1], total[0], counted, gone)


def _floor(moment: datetime, seconds: int) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    whole = int((moment - day).total_seconds()) // seconds * seconds
    return day + timedelta(seconds=whole)


#: What a deed (u) and a row of activity (a) must share, by the table of facts the deed is from.
_CONDUIT = "u.client = a.client AND u.server = a.server AND u.service = a.service"
_DEEDS: dict[str, tuple[str, ...]] = {
    "known_asset": tuple(
        f"u.asset = a.{end} AND (u.mac IS NULL OR u.mac = a.{end}_mac)"
        for end in ("client", "server")
    ),
    "known_conduit": (_CONDUIT,),
    "known_operation": (f"{_CONDUIT} AND u.operation = a.operation",),
    "known_action": ("u.client = a.client AND u.service = a.service AND u.action = a.action",),
    "known_outcome": (f"{_CONDUIT} AND u.operation = a.operation AND u.outcome = a.outcome",),
    "known_object": (
        f"{_CONDUIT} AND u.operation = a.operation AND a.object IS NOT NULL"
        " AND u.unit IS NOT DISTINCT FROM a.unit AND u.space = object_space(a.object)"
        " AND object_first(a.object) <= u.high AND object_last(a.object) >= u.low",
    ),
    "known_value": (
        f"{_CONDUIT} AND u.operation = a.operation AND u.unit IS NOT DISTINCT FROM a.unit"
        " AND u.object = a.object AND (a.value_min < u.least OR a.value_max > u.most)",
    ),
}

#: Spells window by window, so that leaving them out is a join of equals: name -> its columns.
_SPELLS: dict[str, tuple[str, ...]] = {
    "unlearnable_pair": ("client", "server"), "unlearnable_asset": ("asset",),
    "unlearnable_site": (),
}  # fmt: skip


def _tests(db: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], span: str) -> list[str]:
    """A condition for each way in which a row of activity is left out that has cases here."""
    tests = []
    for name, keys in _SPELLS.items():
        others = {"client", "server", "asset"} - set(keys)
        mine = [f"u.{k} IS NOT NULL" for k in keys] + [f"u.{k} IS NULL" for k in sorted(others)]
        listed = ", ".join([*(f"u.{k}" for k in keys), 'w."window"'])
        made = db.execute(
            f"""CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT {listed} FROM unlearnable u
            JOIN (SELECT DISTINCT "window" FROM activity WHERE {span}) w
                ON w."window" >= u.start AND w."window" < u.stop
            WHERE u.spell AND {" AND ".join(mine)}"""
        ).fetchone()
        if made is not None and made[0]:
            ends = ("client", "server") if "asset" in keys else ("",)
            tests += [
                f'FROM {name} u WHERE u."window" = a."window"'
                + "".join(f" AND u.{k} = a.{end or k}" for k in keys)
                for end in ends
            ]
    for deed, ways in _DEEDS.items():
        if any(r["deed"] == deed for r in rows):
            tests += [f"FROM unlearnable u WHERE u.deed = '{deed}' AND {way}" for way in ways]
    return tests
