"""Anomalies: windows above the alert line, joined, with their reasons and their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.explain import Reason, explain
from gaugeglass.behaviour.features import SIDED, features
from gaugeglass.behaviour.forest import Models
from gaugeglass.behaviour.registry import BY_NAME

#: Windows between two alerts of one entity that still make one anomaly.
_HOLE = 1
_UIDS = 10


@dataclass(frozen=True)
class Anomaly:
    """One entity's stretch of unusual windows. Reasons are those of its worst window."""

    side: str  # client or server
    address: str
    role: str
    group: str  # the model that judged it
    first: datetime  # first and last event in the unusual windows
    last: datetime
    windows: int
    score: float  # of the worst window, 0.5..1
    reasons: tuple[Reason, ...]  # most telling first
    observed: str
    normal: str
    peer: str | None  # the other end with most of the contributing events
    service: str | None  # of those
    operation: str | None
    events: int  # events that contributed
    uids: tuple[str, ...]  # evidence


def anomalies(
    db: duckdb.DuckDBPyConnection, models: Models, since: datetime, until: datetime
) -> list[Anomaly]:
    """Anomalies of the windows in [since, until), worst first."""
    frame = features(db, naive(since), naive(until), models.window_seconds)
    scored = models.score(frame)
    hit = np.flatnonzero(scored["alert"].to_numpy())
    if not len(hit):
        return []
    chosen = scored.iloc[hit].sort_values(["side", "address", "window"], kind="stable")
    chosen["stretch"] = _stretches(chosen, models.window_seconds)
    # Worst window of each stretch; the earlier where two are as bad.
    worst = chosen.sort_values(["stretch", "score", "window"], ascending=[True, False, True])
    worst = worst.drop_duplicates("stretch")
    reasons = explain(models, frame.loc[worst.index])
    evidence = _evidence(db, chosen, dict(zip(worst["stretch"], reasons, strict=True)))
    sizes = chosen.groupby("stretch").size()
    found = []
    for row, why in zip(worst.to_dict("records"), reasons, strict=True):
        seen = evidence.get(row["stretch"])
        if seen is None or not why:
            continue
        found.append(
            Anomaly(
                side=str(row["side"]),
                address=str(row["address"]),
                role=str(row["role"]),
                group=str(row["group"]),
                windows=int(sizes.loc[row["stretch"]]),
                score=float(row["score"]),
                reasons=tuple(why),
                observed="; ".join(r.seen for r in why),
                normal="; ".join(r.normal for r in why),
                **seen,
            )
        )
    return sorted(found, key=lambda a: (-a.score, a.first, a.side, a.address))


def _stretches(chosen: pd.DataFrame, window_seconds: int) -> pd.Series:
    """Number the stretches of (nearly) consecutive windows of one entity."""
    same = (chosen["side"] == chosen["side"].shift()) & (
        chosen["address"] == chosen["address"].shift()
    )
    step = timedelta(seconds=window_seconds) * (1 + _HOLE)
    joined = same & (chosen["window"] - chosen["window"].shift() <= step)
    return (~joined).cumsum()


def _evidence(
    db: duckdb.DuckDBPyConnection, chosen: pd.DataFrame, reasons: dict[int, list[Reason]]
) -> dict[int, dict[str, Any]]:
    """For each stretch: span, events, main conversation and uids of the rows that made it.

    Rows are those that the first reason about particular rows counts (its writes, its refusals);
    where there is none, all rows of the entity in those windows.
    """
    asked = chosen[["stretch", "window", "side", "address"]].copy()
    told_by = {
        stretch: next((r.feature for r in why if BY_NAME[r.feature].where != "TRUE"), "")
        for stretch, why in reasons.items()
    }
    asked["feature"] = asked["stretch"].map(told_by)
    tests = " ".join(
        f"WHEN '{name}' THEN {BY_NAME[name].where}" for name in sorted(set(asked["feature"]) - {""})
    )
    told = f"CASE feature {tests} ELSE TRUE END" if tests else "TRUE"
    db.register("_gaugeglass_asked", asked)
    try:
        rows = db.execute(
            f"""
            WITH rows AS NOT MATERIALIZED (SELECT * FROM activity WHERE "window" BETWEEN
                (SELECT min("window") FROM _gaugeglass_asked)
                AND (SELECT max("window") FROM _gaugeglass_asked)),
            {SIDED},
            mine AS (SELECT a.stretch, coalesce({told}, FALSE) AS told, s.* FROM sided s
                JOIN _gaugeglass_asked a ON a.side = s.side AND a.address = s.address
                AND a."window" = s."window"),
            kept AS (SELECT * FROM mine QUALIFY told OR NOT bool_or(told) OVER
                (PARTITION BY stretch)),
            ranked AS (SELECT stretch, peer, service, operation, sum("count") AS n
                FROM kept GROUP BY ALL),
            main AS (SELECT DISTINCT ON (stretch) stretch, peer, service, operation FROM ranked
                ORDER BY stretch, n DESC, peer, service, operation)
            SELECT stretch, min("first"), max("last"), sum("count")::BIGINT,
                list_sort(list_distinct(list(uid_min) || list(uid_max))),
                any_value(main.peer), any_value(main.service), any_value(main.operation)
            FROM kept JOIN main USING (stretch) GROUP BY stretch ORDER BY stretch"""
        ).fetchall()
    finally:
        db.unregister("_gaugeglass_asked")
    return {
        int(stretch): {
            "first": first,
            "last": last,
            "events": int(events),
            "uids": tuple(u for u in uids if u is not None)[:_UIDS],
            "peer": peer,
            "service": service,
            "operation": operation,
        }
        for stretch, first, last, events, uids, peer, service, operation in rows
    }
