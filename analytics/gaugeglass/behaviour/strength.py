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
    counted = _counted(rows, least)
    return float(counted.groupby(level=[0, 1]).sum().max()) if len(counted) else 0.0


def _counted(rows: pd.DataFrame, least: float) -> pd.Series:
    """Weights of the windows that count, by way, length and window."""
    worth = rows.assign(weight=weights(rows["rate"], least))
    each = worth.groupby(["way", "length", "window"], sort=True)["weight"].max()
    ordered = each.sort_values(ascending=False, kind="stable")
    return ordered.groupby(level=[0, 1], sort=True).head(WINDOWS)


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
    sums = counted.groupby(level=[0, 1]).sum()
    start = rows["window"].min()
    if len(sums) and sums.max() > 0:
        start = counted[counted > 0].sort_index().loc[sums.idxmax()].index.min()
    return pd.Timestamp(start), pd.Timestamp(ends[high])
