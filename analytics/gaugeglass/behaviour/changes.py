"""Planned changes: what was declared is not judged by yesterday's norms.

From the start of a declared window until there are enough windows of its new ways, an asset's
amounts and rhythms are held back; from then on it is held to norms of those new ways. Facts that
first came with the change are the baseline's business, not this module's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.features import ends, features
from gaugeglass.behaviour.norms import ENOUGH, entity, fit_norms, to_units
from gaugeglass.behaviour.standard import Placed, Standard

#: Windows that are waited for beyond ENOUGH: not every window has traffic.
_SPARE = 1.2
#: The new ways are looked at again when they have shown a day: an hour has not seen everything.
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """One declared window: who was changed in [start, end), and how long it takes to settle."""

    addresses: frozenset[str]
    start: datetime
    end: datetime
    settle: timedelta

    def settled(self, length: int) -> datetime:
        """When windows of ``length`` seconds have shown enough of the new ways."""
        return self.end + max(self.settle, timedelta(seconds=int(ENOUGH * _SPARE) * length))

    def touches(self, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Which rows (``side`` and ``address``) are about somebody who was changed."""
        named = [pd.Series(side, dtype=object).isin(self.addresses) for side in ends(frame)]
        return np.asarray(named[0] | named[1], dtype=np.bool_)


def place_changed(
    db: duckdb.DuckDBPyConnection,
    standard: Standard,
    placed: Placed,
    length: int,
    changes: tuple[Change, ...],
) -> Placed:
    """``placed`` anew where ``changes`` say so: held back, or against norms of the new ways."""
    frame = placed.frame
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        mine = change.touches(frame) & (frame["window"] >= change.start).to_numpy()
        if not mine.any():
            continue
        settled = change.settled(length)
        waits = mine & (frame["window"] < settled).to_numpy()
        placed = placed.without(waits)
        before = standard.norms
        for known in sorted({settled, max(settled, change.end + _DAY)}):
            after = np.flatnonzero(mine & (frame["window"] >= known).to_numpy())
            if not len(after):
                break
            shown = features(db, change.end, known, length)
            shown = shown[change.touches(shown)].reset_index(drop=True)
            names, groups = entity(shown), standard.assign(shown).fillna("")
            norms = fit_norms(to_units(shown), names, groups)
            shifted = before.shifted(norms, dict(zip(names, groups, strict=True)))
            standard = standard.renormed(shifted)
            part = standard.place(frame.iloc[after].reset_index(drop=True))
            placed = placed.replaced(after, part)
    return placed
