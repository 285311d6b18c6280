"""What windows of one length are held to: norms, the group of each entity, and margins."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaugeglass.behaviour.departures import SITE, Departures, margins
from gaugeglass.behaviour.measure import Ruler, place
from gaugeglass.behaviour.norms import STATS, Floats, Norms, entity, to_raw, to_units
from gaugeglass.behaviour.registry import NAMES


@dataclass(frozen=True)
class Placed:
    """Windows held against a standard. Arrays have one row a window, one column a feature."""

    frame: pd.DataFrame
    group: pd.Series  # None: nothing to hold it to
    rows: npt.NDArray[np.intp]  # of the norms; -1: none
    norms: Norms
    known: npt.NDArray[np.bool_]  # whether the entity was there while learning
    excess: Floats
    margins: Floats
    hole: Floats
    hole_margins: Floats
    places: Floats

    @property
    def judged(self) -> npt.NDArray[np.bool_]:
        """Which windows have a normal to depart from."""
        return np.asarray(self.known & (self.rows >= 0), dtype=np.bool_)

    def without(self, windows: npt.NDArray[np.bool_]) -> Placed:
        """The same, but ``windows`` are not judged."""
        return replace(self, known=self.known & ~windows)

    def replaced(self, at: npt.NDArray[np.intp], other: Placed) -> Placed:
        """The same, with ``other``'s windows at the row numbers ``at``."""
        group = self.group.copy()
        group.iloc[at] = other.group.to_numpy()
        # the other norms' rows come behind these
        norms = self.norms.joined(other.norms)
        moved = np.where(other.rows >= 0, other.rows + len(self.norms.keys), -1)

        def put(whole: npt.NDArray[Any], part: npt.NDArray[Any]) -> npt.NDArray[Any]:
            out = whole.copy()
            out[at] = part
            return out

        return Placed(
            self.frame, group, put(self.rows, moved), norms, put(self.known, other.known),
            put(self.excess, other.excess), put(self.margins, other.margins),
            put(self.hole, other.hole), put(self.hole_margins, other.hole_margins),
            put(self.places, other.places),
        )  # fmt: skip

    def seen(self, at: int, feature: int) -> float:
        """The value of ``feature`` (its number) in window number ``at``, in its own unit."""
        values: Floats = self.frame[NAMES[feature]].to_numpy(dtype=np.float64)
        return float(values[at])

    def range(self, at: int) -> tuple[Floats, Floats]:
        """The ends of the learned range that window number ``at`` is held to, as a person reads."""
        stats = self.norms.at(self.rows[at : at + 1])[0]
        return to_raw(stats[2]), to_raw(stats[3])


@dataclass(frozen=True)
class Standard:
    """Norms of one window length. ``margins`` and ``holes`` are per group, one value a feature."""

    norms: Norms
    roles: Mapping[str, str]  # entity -> the group it was learned in
    margins: Mapping[str, Floats]
    holes: Mapping[str, Floats]

    @classmethod
    def of(cls, learned: Departures) -> Standard:
        """The standard that learned windows set for later ones."""
        reach, holes = {}, {}
        for name, mine in learned.groups.items():
            told = (learned.block[mine], learned.fair[mine])
            reach[name] = margins(learned.held_excess[mine], *told)[-1]
            holes[name] = margins(learned.held_hole[mine], *told)[-1]
        return cls(learned.norms, learned.roles, reach, holes)

    @cached_property
    def ruler(self) -> Ruler:
        """The norms, made ready to measure with."""
        return Ruler(self.norms)

    def assign(self, frame: pd.DataFrame) -> pd.Series:
        """The group of each window: as learned for a known entity, else by role; None: abstain."""
        fresh = frame["role"] + "/" + frame["side"]
        group = entity(frame).map(dict(self.roles)).astype(object)
        group = group.where(group.notna(), fresh)
        pooled = SITE + "/" + frame["side"]
        group = group.where(group.isin(list(self.margins)), pooled)
        return group.where(group.isin(list(self.margins)), None)

    def place(self, frame: pd.DataFrame) -> Placed:
        """Hold the windows of ``frame`` against this standard."""
        group, entities = self.assign(frame), entity(frame)
        rows = np.where(group.notna(), self.norms.rows(entities, group.fillna("")), -1)
        inside, excess, gaps = self.ruler.measure(to_units(frame), rows)
        reach, holes = np.ones_like(excess), np.ones_like(excess)
        codes, names = pd.factorize(group)
        for number, name in enumerate(names):
            reach[codes == number] = self.margins[name]
            holes[codes == number] = self.holes[name]
        known = self.norms.known(entities)
        places = place(inside, excess, reach)
        return Placed(frame, group, rows, self.norms, known, excess, reach, gaps, holes, places)

    def renormed(self, norms: Norms) -> Standard:
        """The same standard with other norms for some entities."""
        return replace(self, norms=self.norms.replaced(norms))

    def dump(self) -> bytes:
        """As Parquet: one row a norm, and one a group's margins."""
        kinds, names = (list(self.norms.keys.get_level_values(i)) for i in (0, 1))
        groups = list(self.margins)
        edge = np.full((2, len(groups), len(STATS), len(NAMES)), np.nan)
        for i, name in enumerate(groups):
            edge[0, i, :, :], edge[1, i, :, :] = self.margins[name], self.holes[name]
        stats = np.concatenate([self.norms.stats, edge[0], edge[1]])
        columns = {
            "kind": pa.array(kinds + ["margin"] * len(groups) + ["hole"] * len(groups)),
            "name": pa.array(names + groups + groups, pa.string()),
            "group": pa.array([self.roles.get(n) for n in names] + groups + groups, pa.string()),
            "windows": pa.array([*self.norms.windows.tolist(), *[0] * 2 * len(groups)], pa.int64()),
        }
        for i, stat in enumerate(STATS):
            for j, feature in enumerate(NAMES):
                columns[f"{feature}.{stat}"] = pa.array(stats[:, i, j], pa.float64())
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out, compression="zstd")
        return out.getvalue()

    @classmethod
    def load(cls, data: bytes) -> Standard:
        """From :meth:`dump`; :class:`ValueError` where it is something else."""
        try:
            # Without threads: Arrow's may outlive the interpreter beside an open database.
            table = pq.ParquetFile(io.BytesIO(data), pre_buffer=False).read(use_threads=False)
            stats = np.stack(
                [np.stack([table[f"{f}.{s}"].to_numpy() for f in NAMES], axis=1) for s in STATS],
                axis=1,
            )
            kinds = np.array(table["kind"].to_pylist(), dtype=object)
            names = np.array(table["name"].to_pylist(), dtype=object)
            groups = table["group"].to_pylist()
            windows = table["windows"].to_numpy().astype(np.int64)
        except (pa.ArrowException, KeyError, TypeError, OSError) as err:
            raise ValueError(f"is not a table of norms ({err})") from err
        norm = (kinds == "entity") | (kinds == "group")
        told = zip(kinds, names, groups, strict=True)
        roles = {str(n): str(g) for k, n, g in told if k == "entity" and g}
        edges = {
            kind: {str(names[i]): stats[i, 0, :] for i in np.flatnonzero(kinds == kind)}
            for kind in ("margin", "hole")
        }
        keys = pd.MultiIndex.from_arrays([kinds[norm], names[norm]])
        return cls(Norms(keys, stats[norm], windows[norm]), roles, edges["margin"], edges["hole"])
