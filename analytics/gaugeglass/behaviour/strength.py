"""How strange an episode is, when its windows are weighed together.

Normal life has its odd minute. What is odd in three windows is seldom normal: so an episode weighs
as much as the :data:`WINDOWS` strangest windows that one way found at one length, each by how much
rarer it is than *loose*, the rate (per day) from which on windows are looked at at all. Other ways
and lengths see the same deed again and add nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gaugeglass.behaviour.episodes import Group

WINDOWS = 3
#: The most that one window counts (nats), about 1 in 20,000: a tail's guess at once in a thousand
#: years must not outweigh everything else.
_MOST = 10.0
#: Windows in all learned time that a way shows at a length, by which loose is set; and how many
#: times the budget loose is at least.
_LOOSE, _BUDGETS = 14.0, 2.0


def loose(days: float, budget: float) -> float:
    """The rate from which on windows are looked at, where ``days`` were learned."""
    return max(_BUDGETS * budget, _LOOSE / days)


def weights(rates: pd.Series, least: float) -> pd.Series:
    """What each window counts (nats), by its rate; ``least`` is loose."""
    told = -np.log(np.maximum(rates.to_numpy(dtype=np.float64), 1e-300) / least)
    return pd.Series(np.clip(told, 0.0, _MOST), index=rates.index)


def strength(rows: pd.DataFrame, least: float) -> float:
    """The strength (nats, 0 or more) of an episode's ``rows`` (way, length, window, rate)."""
    return float(_counted(rows, least)["sum"].max()) if len(rows) else 0.0


def _counted(rows: pd.DataFrame, least: float) -> pd.DataFrame:
    """The windows that count: way, length, window, ``weight``, and the ``sum`` of their like."""
    worth = rows.assign(weight=weights(rows["rate"], least))
    best = worth.groupby(["way", "length", "window"], sort=True)["weight"].max()
    each: pd.DataFrame = best.reset_index()
    ordered = each.sort_values("weight", ascending=False, kind="stable")
    kept: pd.DataFrame = ordered.groupby(["way", "length"], sort=True).head(WINDOWS)
    sums = kept.groupby(["way", "length"], sort=True)["weight"].transform("sum")
    return kept.assign(sum=sums)


def strengths(rows: pd.DataFrame, groups: Sequence[Group], least: float) -> list[float]:
    """The strength of each of the ``groups`` of ``rows``."""
    return [strength(rows.loc[g.rows], least) for g in groups]


def told_from(
    rows: pd.DataFrame, least: float, threshold: float
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Where an episode that reaches ``threshold`` begins to tell, and when it had shown enough.

    It begins with the first window that counted when the threshold was reached: what was at most
    odd before may have to do with it or not. Enough was shown at the end of a window.
    """
    ends = sorted(set(rows["end"]))
    low, high = 0, len(ends) - 1
    while low < high:  # more windows are never less strange
        middle = (low + high) // 2
        if strength(rows[rows["end"] <= ends[middle]], least) >= threshold:
            high = middle
        else:
            low = middle + 1
    counted = _counted(rows[rows["end"] <= ends[high]], least)
    telling = counted[(counted["sum"] == counted["sum"].max()) & (counted["weight"] > 0)]
    start = telling["window"].min() if len(telling) else rows["window"].min()
    return pd.Timestamp(start), pd.Timestamp(ends[high])
