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
import numpy as np
import pandas as pd

from gaugeglass.behaviour.changes import Change, place_changed
from gaugeglass.behaviour.departures import Departures, departures
from gaugeglass.behaviour.features import ends, features
from gaugeglass.behaviour.standard import Placed, Standard

#: Columns of a frame of scores. ``length``: seconds of the window; ``window`` and ``end``: its
#: start and the end of what it tells of, UTC without zone; ``side`` and ``address``: the entity
#: (client, server or conduit); ``client`` and ``server``: the ends it names, where it does;
#: ``pool``: what its score may be compared with; ``score``: higher is stranger.
SCORED: tuple[str, ...] = (
    "length", "window", "end", "side", "address", "client", "server", "pool", "score",
)  # fmt: skip

#: Columns of a frame of tests: how many windows of a pool were asked about (those whose score is 0
#: need not be listed).
TESTED: tuple[str, ...] = ("length", "pool", "tests")

#: Lengths of the windows that are judged, seconds: a burst shows in the first, a drift in the last.
LENGTHS: tuple[int, ...] = (60, 900, 3600)


@dataclass(frozen=True)
class Span:
    """A span of the ledger that ways learn from or judge.

    ``db`` has ``activity`` and, registered, the baseline's tables of facts. Learning reads only
    ``source``'s rows and knows ``cuts``: the moments between its contiguous blocks of time.
    """

    db: duckdb.DuckDBPyConnection
    since: datetime
    until: datetime
    seconds: int  # the ledger's window
    lengths: tuple[int, ...]
    config: Mapping[str, Any] = field(default_factory=dict)  # the section [behaviour]
    source: str = "activity"
    cuts: tuple[datetime, ...] = ()
    standards: Mapping[int, Standard] = field(default_factory=dict)  # for judging
    changes: tuple[Change, ...] = ()
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def frame(self, length: int) -> pd.DataFrame:
        """Features of the windows of ``length`` seconds, with the ``block`` of each."""
        if ("frame", length) not in self._made:
            frame = features(self.db, self.since, self.until, length, self.source)
            frame["block"] = self.block(frame["window"])
            self._made["frame", length] = frame
        found: pd.DataFrame = self._made["frame", length]
        return found

    def departures(self, length: int) -> Departures:
        """How the learned windows of ``length`` depart from what other blocks call normal."""
        if ("departures", length) not in self._made:
            self._made["departures", length] = departures(self.frame(length))
        found: Departures = self._made["departures", length]
        return found

    def placed(self, length: int) -> Placed:
        """The windows of ``length``, held against what was learned."""
        if ("placed", length) not in self._made:
            standard = self.standards[length]
            placed = standard.place(self.frame(length))
            if self.changes:
                placed = place_changed(self.db, standard, placed, length, self.changes)
            self._made["placed", length] = placed
        found: Placed = self._made["placed", length]
        return found

    def find(self, length: int, window: Any, side: str, address: str) -> tuple[Placed, int]:
        """The placed windows of ``length``, and which of them this one is."""
        placed = self.placed(length)
        if ("index", length) not in self._made:
            keys = placed.frame[["window", "side", "address"]]
            self._made["index", length] = pd.MultiIndex.from_frame(keys)
        return placed, int(self._made["index", length].get_loc((window, side, address)))

    def keep(self, name: str, value: Any) -> None:
        """Remember what :meth:`Way.judge` found, for :meth:`Way.explain`."""
        self._made["kept", name] = value

    def kept(self, name: str) -> Any:
        """What :meth:`keep` was given."""
        return self._made["kept", name]

    def block(self, moments: pd.Series) -> Any:
        """The number of the block of each of ``moments``."""
        cuts = np.array(self.cuts, dtype="datetime64[us]")
        return np.searchsorted(cuts, moments.to_numpy(dtype="datetime64[us]"), side="right")

    @property
    def days(self) -> float:
        """Length of the span in days, dark time included."""
        return (self.until - self.since).total_seconds() / 86400


@dataclass(frozen=True)
class Why:
    """One judged window explained. The first of ``features`` is the most telling."""

    observed: str  # in words
    normal: str  # in words
    features: tuple[str, ...]  # names of features, checks or kinds of fact
    where: str = "TRUE"  # SQL on an activity row: whether it is part of the evidence


class Way(Protocol):
    """A way of being abnormal. States hold no connection and no clock."""

    name: str
    files: tuple[str, ...]  # names of the files that `dump` gives
    tail: float  # by how much a score grows while normal windows that reach it grow e times rarer,
    # where too few were seen to tell

    def learn(self, span: Span) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
        """The state fitted on all of ``span``, held-out scores (SCORED) and counts (TESTED)."""

    def judge(self, state: Any, span: Span) -> pd.DataFrame:
        """Scores of the judged span (:data:`SCORED`), ordered by length, window, entity."""

    def explain(self, state: Any, span: Span, rows: pd.DataFrame) -> list[Why]:
        """Why, for each of ``rows`` (a part of what :meth:`judge` gave), in their order."""

    def dump(self, state: Any) -> dict[str, bytes]:
        """The state as files (name to content): the same state, the same bytes."""

    def load(self, files: Mapping[str, bytes]) -> Any:
        """The state from its files; :class:`ValueError` where they are not what was dumped."""


def scored(frame: pd.DataFrame, length: int, pool: Any, score: Any) -> pd.DataFrame:
    """A frame of scores for windows of features (one row each, in the same order)."""
    client, server = ends(frame)
    return pd.DataFrame(
        {
            "length": length,
            "window": frame["window"].to_numpy(),
            "end": frame["window"].to_numpy() + np.timedelta64(length, "s"),
            "side": frame["side"].to_numpy(),
            "address": frame["address"].to_numpy(),
            "client": client,
            "server": server,
            "pool": np.asarray(pool),
            "score": np.asarray(score, dtype=np.float64),
        },
        columns=list(SCORED),
    )


def tested(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts of the scored windows, for a way that lists them all."""
    counts = rows.groupby(["length", "pool"], sort=True).size().reset_index(name="tests")
    return counts[list(TESTED)]


def stacked(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """``parts`` as one frame, in a total order."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    frame = pd.concat(kept, ignore_index=True)[list(columns)]
    keys = [c for c in ("length", "window", "side", "address", "pool") if c in columns]
    return frame.sort_values(keys, kind="stable", ignore_index=True)
