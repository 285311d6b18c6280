"""The ATT&CK for ICS matrix: what fired, what a detection covers, what nothing here can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from gaugeglass.alerts.model import Alert
from gaugeglass.attack import table


@dataclass(frozen=True)
class Cell:
    """One technique in one tactic. ``state`` is fired, covered or none; ``count`` is alerts."""

    id: str
    name: str
    state: str
    count: int
    sub: bool


@dataclass(frozen=True)
class Column:
    """One tactic."""

    id: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    """The whole table. ``strangers``: (id, alerts) of tags that this version does not have."""

    version: str
    columns: list[Column]
    techniques: int
    covered: int
    fired: int
    strangers: list[tuple[str, int]]


def matrix(alerts: Sequence[Alert], covered: AbstractSet[str]) -> Matrix:
    """The matrix for these alerts. A sub-technique's cover counts as its parent's too."""
    counts = Counter(t for a in alerts for t in {t.id for t in a.techniques})
    parents = {e.parent for entries in table.matrix().values() for e in entries
               if e.parent and (e.id in covered or counts[e.id])}  # fmt: skip
    cells: dict[str, Cell] = {}
    columns = []
    for tactic, entries in table.matrix().items():
        column = []
        for entry in entries:
            if counts[entry.id]:
                state = "fired"
            elif entry.id in covered or entry.id in parents:
                state = "covered"
            else:
                state = "none"
            cell = Cell(entry.id, entry.name, state, counts[entry.id], entry.parent is not None)
            cells[entry.id] = cell
            column.append(cell)
        columns.append(Column(tactic.id, tactic.name, column))
    return Matrix(
        version=table.VERSION,
        columns=columns,
        techniques=len(cells),
        covered=sum(c.state != "none" for c in cells.values()),
        fired=sum(c.state == "fired" for c in cells.values()),
        strangers=sorted((i, n) for i, n in counts.items() if i not in cells),
    )
