"""For how long a sensor saw the plant: what every figure "a day" of the behaviour models counts."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pandas as pd

from gaugeglass.behaviour.episodes import HOLE


def lit_windows(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime
) -> pd.Series:
    """The windows of the view ``source`` in which there was any traffic, in order."""
    frame: pd.DataFrame = db.execute(
        f'SELECT DISTINCT "window" FROM {source} WHERE "window" >= ? AND "window" < ? ORDER BY 1',
        [since, until],
    ).df()
    return frame["window"]


def observed(lit: pd.Series, seconds: int) -> float:
    """How long that was, in days, by the ``lit`` windows of ``seconds`` each.

    A plant is silent between two polls, and its day has those minutes too. Only where nobody spoke
    for longer than :data:`~.episodes.HOLE` it is not known whether the sensor was there.
    """
    if not len(lit):
        return 0.0
    steps = lit.diff().dropna().dt.total_seconds()
    known = steps.where(steps <= max(HOLE.total_seconds(), seconds), seconds)
    return float(known.sum() + seconds) / 86400
