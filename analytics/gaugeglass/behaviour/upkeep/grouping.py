"""Hours of activity that fall into plain groups, and whether the clock tells them apart."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.upkeep import clock
from gaugeglass.behaviour.upkeep.clock import DAY

CLEAR = 0.6  # least silhouette
APART = 0.3  # least distance of two modes in log units: a third more or less
BETWEEN = 0.12  # share of two modes' hours that may lie halfway between them: hours of change
KEEPS = 0.9  # share of hours that a timetable must get right
_DAYS, _WEEKS = 3, 21  # days learned that a daily and a weekly timetable need

Floats = npt.NDArray[np.float64]


def groups(values: Floats, counts: Sequence[int], seed: int) -> npt.NDArray[np.intp] | None:
    """The clearest grouping into one of ``counts``, the quietest first; None: none is clear."""
    from sklearn.cluster import KMeans  # slow to import, and most commands never learn
    from sklearn.metrics import silhouette_score

    best, labels = CLEAR, None
    distinct = len(np.unique(values, axis=0))
    for k in counts:
        if k >= min(len(values), distinct + 1):
            break
        made = KMeans(k, n_init=10, random_state=seed).fit(values)
        apart = _apart(values, made.labels_, made.cluster_centers_)
        score = silhouette_score(values, made.labels_) if apart else 0.0
        if score > best + 1e-9:
            order = np.argsort(made.cluster_centers_[:, 0], kind="stable")
            best, labels = float(score), np.argsort(order)[made.labels_]
    return labels


def _apart(values: Floats, labels: npt.NDArray[np.intp], centers: Floats) -> bool:
    """Whether any two groups are far from each other, with hardly an hour halfway between.

    A load that grows, or follows the day by degrees, has a fair silhouette as well, but no gap.
    """
    for one, other in itertools.combinations(range(len(centers)), 2):
        way = centers[other] - centers[one]
        length = float(np.linalg.norm(way))
        if length < APART:
            return False
        theirs = values[(labels == one) | (labels == other)]
        along = (theirs - centers[one]) @ way / length**2
        if float(((along > 0.25) & (along < 0.75)).mean()) > BETWEEN:
            return False
    return True


def recurrences(hours: pd.Series, labels: npt.NDArray[np.intp]) -> list[int]:
    """How many separate stretches of time each group has."""
    broken = np.r_[True, (np.diff(labels) != 0) | (hours.diff()[1:] > pd.Timedelta(hours=1))]
    return [int(np.count_nonzero(broken & (labels == i))) for i in range(labels.max() + 1)]


def timetable(
    hours: pd.Series, labels: npt.NDArray[np.intp], timezone: str
) -> list[tuple[tuple[int, int], ...]] | None:
    """Each group's part of the week, where the clock tells the groups apart; else None."""
    slot = clock.minutes(hours, timezone) // 60
    days = (hours.iloc[-1] - hours.iloc[0]).total_seconds() / 86400
    for needed, period in ((_DAYS, 24), (_WEEKS, 168)):
        if days < needed - 0.5:
            continue
        mine = slot % period
        counts = np.zeros((period, labels.max() + 1), dtype=np.int64)
        np.add.at(counts, (mine, labels), 1)
        rule = counts.argmax(axis=1)
        # The rarest group must be met as well: one hour in twenty is soon got right by never.
        right = [float((rule[mine[labels == i]] == i).mean()) for i in range(counts.shape[1])]
        if min(right) >= KEEPS:
            seen = counts.sum(axis=1) > 0
            return [_spans(np.flatnonzero(seen & (rule == i)), period)
                    for i in range(counts.shape[1])]  # fmt: skip
    return None


def _spans(slots: Sequence[int] | npt.NDArray[np.intp], period: int) -> tuple[tuple[int, int], ...]:
    """Hours of the day or week as spans of minutes of the week."""
    runs: list[list[int]] = []
    for hour in slots:
        if runs and runs[-1][1] == hour:
            runs[-1][1] = int(hour) + 1
        else:
            runs.append([int(hour), int(hour) + 1])
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == period:
        runs[-1][1] += runs.pop(0)[1]  # over midnight
    spans = [(60 * a, 60 * b) for a, b in runs]
    if period == 24:
        spans = [(d * DAY + a, d * DAY + b) for d in range(7) for a, b in spans]
    return tuple(sorted(spans))
