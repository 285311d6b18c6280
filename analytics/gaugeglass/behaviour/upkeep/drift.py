"""Drift: small shifts that stay, too small for an alert, that make a baseline untrue in time.

Hours are compared with learned hours of the same entity, feature by feature, by ranks
(Mann-Whitney), so that no distribution is assumed and single bursts count for nothing. Neighbouring
hours are alike, so they count for fewer (an autoregressive process of the first order); where an
entity has a daily course, hours are compared with what is usual at their time of day, and hours of
another operating mode not at all. A shift is told where it lasted to the end and stands out among
all entities and features that were asked about (Benjamini and Hochberg, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.norms import Floats, entity, to_raw, to_units
from gaugeglass.behaviour.registry import FEATURES, NAMES, number
from gaugeglass.behaviour.upkeep import ranks
from gaugeglass.behaviour.upkeep.modes import Modes, site_hours

HOUR = 3600
LEARNED, RECENT = 24, 12  # hours that an entity needs of each
ALPHA = 0.01  # share of what is told that may be chance
BLOCK = 6  # hours; a shift begins with a block, and stays in nearly all of them
_SMALL = 0.5  # of the smallest change worth an alert: below, a shift is of no interest
_COURSE = 0.3  # share of an entity's variance that its time of day must explain to be a course
_DAYS = 3  # days learned that a course needs


@dataclass(frozen=True)
class Drift:
    """One feature of one entity that moved and stayed. ``before`` and ``after`` are medians."""

    side: str  # client, server or conduit
    address: str
    feature: str
    since: datetime  # start of the first hour of the shift
    until: datetime  # end of the last hour seen
    before: float
    after: float
    p: float  # chance of such a shift where nothing drifts, all questions taken together

    @property
    def addresses(self) -> tuple[str, ...]:
        """Who it is about: the entity, or a conduit's client and server."""
        if self.side == "conduit":
            client, _, rest = self.address.partition(" > ")
            return client, rest.rpartition(" ")[0]
        return (self.address,)

    def sentence(self) -> str:
        """``reads per minute went from 90 to 99 (10% up), and stayed, since 2026-11-24 08:00``."""
        feature = FEATURES[NAMES.index(self.feature)]
        share = ""
        if self.before and self.before * self.after > 0:
            change = self.after / self.before - 1
            share = f" ({abs(change):.0%} {'up' if change > 0 else 'down'})"
        return (
            f"{feature.phrase} went from {number(self.before)} to {number(self.after)}{share}"
            f" and stayed, since {self.since:%Y-%m-%d %H:%M}"
        )


def drift(
    db: duckdb.DuckDBPyConnection,
    learned: tuple[datetime, datetime],
    since: datetime,
    until: datetime,
    modes: Modes | None = None,
    alpha: float = ALPHA,
    changes: Sequence[Change] = (),
) -> list[Drift]:
    """What drifts in [since, until) away from the span ``learned``, by p, then entity and feature.

    Only whole hours count. Nothing can be said where the ledger does not hold the learned span.
    Whoever planned work changed is held to the first day after it settled.
    """
    spans = [(_up(naive(a)), _down(naive(b))) for a, b in (learned, (since, until))]
    if any(b - a < timedelta(hours=n) for (a, b), n in zip(spans, (LEARNED, RECENT), strict=True)):
        return []
    frames = []
    for start, end in spans:
        frame = features(db, start, end, HOUR)
        if modes is not None and modes.modes:
            hours = site_hours(db, start, end) if modes.kind == "activity" else None
            frame["mode"] = modes.assign(frame["window"], hours)
        frames.append(frame)
    old, new = frames
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        settled = _up(change.end + change.settle)
        mine = change.touches(new)
        later = (new["window"] >= settled + timedelta(hours=LEARNED)).to_numpy()
        day = mine & (new["window"] >= settled).to_numpy() & ~later
        old = pd.concat([old[~change.touches(old)], new[day]], ignore_index=True)
        new = new[~mine | later].reset_index(drop=True)
    return drifts(old, new, alpha)


def _down(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _up(moment: datetime) -> datetime:
    down = _down(moment)
    return down if down == moment else down + timedelta(hours=1)


def drifts(learned: pd.DataFrame, recent: pd.DataFrame, alpha: float = ALPHA) -> list[Drift]:
    """Shifts of ``recent`` hours against ``learned`` ones: frames of hourly features.

    Columns: as :func:`~gaugeglass.behaviour.features.features` gives them; a column ``mode``, where
    there is one, keeps hours of different modes apart.
    """
    old, new = _Hours.of(learned), _Hours.of(recent)
    asked, found = 0, []
    for key, now in new.rows.items():
        was = old.rows.get(key)
        if was is None:
            continue
        for feature in range(len(NAMES)):
            shift = _shift(old, new, was, now, feature)
            if shift is None:
                continue
            asked += 1
            if shift[0] < 1.0:
                found.append((shift[0], key, feature, shift))
    found.sort(key=lambda f: (f[0], f[1], f[2]))
    return [
        _drift(new, key, feature, shift, min(1.0, p * asked / (place + 1)))
        for place, (p, key, feature, shift) in enumerate(found[: _keep(found, asked, alpha)])
    ]


_Shift = tuple[float, int, float, float]  # p, row of the first hour, before, after (model units)


def _keep(found: list[tuple[float, str, int, _Shift]], asked: int, alpha: float) -> int:
    """How many of ``found``, by p, stand out among all that was ``asked``."""
    kept = [i + 1 for i, f in enumerate(found) if f[0] <= alpha * (i + 1) / asked]
    return max(kept, default=0)


@dataclass(frozen=True)
class _Hours:
    """Whole hours: one row each, in order of time; ``rows`` of every entity."""

    frame: pd.DataFrame
    units: Floats
    hour: npt.NDArray[np.int64]  # of the day, UTC
    mode: npt.NDArray[np.object_]
    rows: dict[str, npt.NDArray[np.intp]]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Hours:
        whole = frame[~frame["edge"].astype(bool)]
        whole = whole.sort_values(["window", "side", "address"], kind="stable", ignore_index=True)
        codes, names = pd.factorize(entity(whole), sort=True)
        order = np.argsort(codes, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(names)))[:-1])
        mode = whole["mode"] if "mode" in whole else pd.Series("", index=whole.index)
        return cls(
            whole, to_units(whole), whole["window"].dt.hour.to_numpy(dtype=np.int64),
            mode.to_numpy(dtype=object), dict(zip(map(str, names), parts, strict=bool(len(names)))),
        )  # fmt: skip


def _shift(
    old: _Hours, new: _Hours, was: npt.NDArray[np.intp], now: npt.NDArray[np.intp], feature: int
) -> _Shift | None:
    """The likeliest shift of one feature; p 1 where there is none, None where too little is known.

    p is corrected for the moments at which it might have begun, and for nothing else.
    """
    was = was[~np.isnan(old.units[was, feature])]
    now = now[~np.isnan(new.units[now, feature])]
    # an hour of a mode that was hardly learned has nothing to be compared with
    modes, counts = np.unique(old.mode[was], return_counts=True)
    known = modes[counts >= RECENT]
    was, now = was[np.isin(old.mode[was], known)], now[np.isin(new.mode[now], known)]
    if len(was) < LEARNED or len(now) < RECENT:
        return None
    center = float(np.median(old.units[was, feature]))
    small = _SMALL * FEATURES[feature].floor
    both = old.units[was, feature], new.units[now, feature]
    if max(b.max() for b in both) - min(b.min() for b in both) < small:
        return 1.0, 0, center, center  # as nearly all are: whatever explains it, it is small
    before, after = _residuals(old, new, was, now, feature)
    late = float(np.median(after[-RECENT:]) - np.median(before))
    if abs(late) < small:
        return 1.0, 0, center, center
    starts = range(0, len(after) - RECENT + 1, BLOCK)
    tests = [(abs(ranks.statistic(before, after[i:])), -i) for i in starts]
    z, start = max(tests)[0], -max(tests)[1]
    size = float(np.median(after[start:]) - np.median(before))
    if abs(size) < small or not ranks.stays(after[start:] - np.median(before), size, BLOCK):
        return 1.0, 0, center, center
    p = min(1.0, 2.0 * ranks.tail(z / np.sqrt(ranks.alike(before))) * len(tests))
    usual = float(np.median(before))
    start = ranks.onset(after, start, BLOCK, usual, usual + size)
    return p, int(now[start]), center, center + size


def _residuals(
    old: _Hours, new: _Hours, was: npt.NDArray[np.intp], now: npt.NDArray[np.intp], feature: int
) -> tuple[Floats, Floats]:
    """What the operating mode and the time of day don't explain, in model units."""
    x, y = old.units[was, feature].copy(), new.units[now, feature].copy()
    for mode in np.unique(old.mode[was]):
        mine, theirs = old.mode[was] == mode, new.mode[now] == mode
        usual = np.median(x[mine])
        x[mine] -= usual
        y[theirs] -= usual
    windows = old.frame["window"].to_numpy()
    days = (windows[was[-1]] - windows[was[0]]) / np.timedelta64(1, "D")
    if days < _DAYS - 0.5:
        return x, y
    hours, slots, counts = np.unique(old.hour[was], return_inverse=True, return_counts=True)
    ordered, first = x[np.lexsort((x, slots))], np.cumsum(counts) - counts
    course = (ordered[first + (counts - 1) // 2] + ordered[first + counts // 2]) / 2  # medians
    # What chance alone would explain with so many hours does not count.
    left = float(((x - course[slots]) ** 2).sum()) * (len(x) - 1) / max(len(x) - len(hours), 1)
    if left > (1 - _COURSE) * float(((x - x.mean()) ** 2).sum()):
        return x, y
    table = np.zeros(24)
    table[hours] = course
    return x - table[old.hour[was]], y - table[new.hour[now]]


def _drift(new: _Hours, key: str, feature: int, shift: _Shift, p: float) -> Drift:
    side, _, address = key.partition(" ")
    _, start, before, after = shift
    windows = new.frame["window"]
    row = np.full((2, len(NAMES)), np.nan)
    row[:, feature] = before, after
    raw = to_raw(row)[:, feature]
    last = windows.iloc[new.rows[key][-1]].to_pydatetime()
    return Drift(
        side, address, NAMES[feature], windows.iloc[start].to_pydatetime(),
        last + timedelta(hours=1), float(raw[0]), float(raw[1]), float(p),
    )  # fmt: skip
