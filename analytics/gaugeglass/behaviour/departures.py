"""How learned windows depart from norms that were learned without them.

Time is cut into contiguous blocks. The norms of all blocks but one judge the windows of that one,
as later windows will be judged by the norms of all; so what a way of being abnormal says of these
windows is what it would say of normal windows it never saw. Neighbouring windows are alike, which
is why blocks are held out and not windows by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.measure import Ruler
from gaugeglass.behaviour.norms import Floats, Norms, entity, fit_norms, to_units

#: Windows (of all its entities) and moments a role needs for a model of its own.
MIN_WINDOWS, MIN_MOMENTS = 50, 20
SITE = "site"

_SLACK = 1.25


@dataclass(frozen=True)
class Departures:
    """Learned windows of one length. Arrays have one row a window, one column a feature."""

    frame: pd.DataFrame  # with `block`; only windows that a group judges
    group: pd.Series
    norms: Norms  # of all blocks
    inside: Floats  # against the norms of all blocks
    excess: Floats
    held_inside: Floats  # against the norms of the other blocks
    held_excess: Floats
    held_hole: Floats
    fair: npt.NDArray[np.bool_]  # whether the other blocks know the entity: else it would not count
    notes: tuple[str, ...]

    @property
    def block(self) -> npt.NDArray[np.intp]:
        """The block of each window."""
        return self.frame["block"].to_numpy(dtype=np.intp)

    @property
    def entities(self) -> pd.Series:
        """The key of each window's entity."""
        return entity(self.frame)

    @property
    def groups(self) -> dict[str, npt.NDArray[np.intp]]:
        """Row numbers of each group's windows."""
        codes, names = pd.factorize(self.group, sort=True)
        return {str(name): np.flatnonzero(codes == i) for i, name in enumerate(names)}

    @property
    def roles(self) -> dict[str, str]:
        """The group each entity was learned in."""
        return dict(sorted(zip(self.entities, self.group, strict=True)))


def departures(frame: pd.DataFrame) -> Departures:
    """Departures of the windows of ``frame`` (features, and the ``block`` of each window)."""
    frame = frame.sort_values(["window", "side", "address"], kind="stable", ignore_index=True)
    group, notes = _group(frame)
    keep = group.notna().to_numpy()
    frame, group = frame[keep].reset_index(drop=True), group[keep].reset_index(drop=True)
    units, entities = to_units(frame), entity(frame)
    norms = fit_norms(units, entities, group)
    inside, excess, _ = Ruler(norms).measure(units, norms.rows(entities, group))
    held = [np.zeros_like(units) for _ in range(3)]
    fair = np.zeros(len(frame), dtype=bool)
    block = frame["block"].to_numpy(dtype=np.intp)
    for number in np.unique(block):
        test, train = np.flatnonzero(block == number), np.flatnonzero(block != number)
        if not len(train):
            continue
        others = fit_norms(units[train], entities.iloc[train], group.iloc[train])
        rows = others.rows(entities.iloc[test], group.iloc[test])
        fair[test] = others.known(entities.iloc[test]) & (rows >= 0)
        measured = Ruler(others).measure(units[test], rows)
        for whole, part in zip(held, measured, strict=True):
            whole[test] = part
    return Departures(
        frame, group, norms, inside, excess, held[0], held[1], held[2], fair, tuple(notes)
    )


def margins(values: Floats, block: npt.NDArray[np.intp], fair: npt.NDArray[np.bool_]) -> Floats:
    """Per block and feature how far held-out windows of the *other* blocks went, and a bit more.

    The last row is for all blocks together: what later windows are held to.
    """
    blocks = int(block.max(initial=-1)) + 1
    reach = np.stack(
        [values[fair & (block == b)].max(axis=0, initial=0.0) for b in range(blocks)]
        or [np.zeros(values.shape[1])]
    )
    rows = [np.delete(reach, b, axis=0).max(axis=0, initial=0.0) for b in range(blocks)]
    return 1.0 + _SLACK * np.stack([*rows, reach.max(axis=0)])


def _group(frame: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Each window's group, and notes on the roles that were pooled or left out."""
    names = (frame["role"] + "/" + frame["side"]).astype(object)
    notes: list[str] = []
    # An entity whose role changed on the way is learned under its last one.
    names = names.groupby(entity(frame)).transform("last") if len(frame) else names
    for side in sorted(frame["side"].unique()):
        mine = frame["side"] == side
        sizes = pd.DataFrame({"name": names[mine], "window": frame.loc[mine, "window"]})
        found = sizes.groupby("name")["window"].agg(["size", "nunique"])
        small = found[(found["size"] < MIN_WINDOWS) | (found["nunique"] < MIN_MOMENTS)]
        pooled = mine & names.isin(small.index)
        whole = frame.loc[mine, "window"]
        enough = len(whole) >= MIN_WINDOWS and whole.nunique() >= MIN_MOMENTS
        names = names.mask(pooled, f"{SITE}/{side}" if enough else None)
        how = "share a model of the whole site" if enough else "are not judged"
        if len(small):
            said = ", ".join(f"{n} ({count})" for n, count in small["size"].items())
            notes.append(f"too few windows learned for models of their own; they {how}: {said}")
        if enough and 0 < pooled.sum() < MIN_WINDOWS:
            # Too few even together: everybody on this side lends its windows.
            names = names.mask(mine, f"{SITE}/{side}")
    return names, notes
