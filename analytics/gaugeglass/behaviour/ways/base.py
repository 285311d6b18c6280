"""What a way of being abnormal is: it learns, gives scores that were held out, judges, explains.

Each way of telling that something departs from normal is one file in this folder that defines
``WAY``. Its scores only need to rise with strangeness: what a score is worth, as a share of normal
time and as false alerts a day, is found by :mod:`gaugeglass.behaviour.calibrate`, from scores that
the way gave to learned time which it had not learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import duckdb
import pandas as pd

#: Columns of a frame of scores. ``length``: seconds of the window; ``window``: its start, UTC
#: without zone; ``kind``: client, server or conduit; ``entity``: its key as text; ``pool``: what
#: its score may be compared with, by role; ``score``: 0 nothing unusual, higher is worse, NaN
#: where the way abstains.
SCORED: tuple[str, ...] = ("length", "window", "kind", "entity", "pool", "score")

#: Lengths of the windows that are judged, seconds: a burst shows in the first, a drift in the last.
LENGTHS: tuple[int, ...] = (60, 900, 3600)


@dataclass(frozen=True)
class Learning:
    """What a way learns from: ``db`` has the view ``learnable``.

    ``learnable`` holds the activity rows that may be learned from, each with ``block``, the number
    of the contiguous block of time it lies in (0 to ``blocks`` - 1). ``address`` is the inventory.
    """

    db: duckdb.DuckDBPyConnection
    since: datetime
    until: datetime
    seconds: int  # the ledger's window
    blocks: int
    config: Mapping[str, Any] = field(default_factory=dict)  # the section [behaviour]


@dataclass(frozen=True)
class Judging:
    """What a way judges: the rows of ``db``'s view ``judging``, activity in [since, until)."""

    db: duckdb.DuckDBPyConnection
    since: datetime
    until: datetime
    seconds: int
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Why:
    """One judged window explained. The first of ``features`` is the most telling."""

    observed: str  # in words
    normal: str  # in words
    features: tuple[str, ...]  # names of features, checks or kinds of fact
    client: str | None  # the conversation that makes most of it
    server: str | None
    service: str | None
    operation: str | None
    first: datetime
    last: datetime
    count: int  # events behind it
    uids: tuple[str, ...]


class Way(Protocol):
    """A way of being abnormal. States hold no connection and no clock."""

    name: str

    def learn(self, data: Learning) -> tuple[Any, pd.DataFrame]:
        """The state fitted on all of ``data``, and held-out scores (:data:`SCORED`)."""

    def judge(self, state: Any, data: Judging) -> pd.DataFrame:
        """Scores of the judged span (:data:`SCORED`), ordered by length, window, entity."""

    def explain(self, state: Any, data: Judging, rows: pd.DataFrame) -> list[Why]:
        """Why, for each of ``rows`` (a part of what :meth:`judge` gave), in their order."""

    def dump(self, state: Any) -> dict[str, bytes]:
        """The state as files (name to content): the same state, the same bytes."""

    def load(self, files: Mapping[str, bytes]) -> Any:
        """The state from its files; :class:`ValueError` where they are not what was dumped."""
