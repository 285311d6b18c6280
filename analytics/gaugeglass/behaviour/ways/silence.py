"""Silence: polls that should have come and did not, per conduit and per asset.

A gap's score says how many times (in powers of two) it is longer than the longest learned one of
its series, or than the gap that one lost poll makes: that it never happened while learning says
nothing, it happens to everybody. Gaps are counted in windows in which the sensor saw something (see
:mod:`~gaugeglass.behaviour.polls`), and what fell silent is told by
:mod:`~gaugeglass.behaviour.silence`, which knows a dead sensor from a dead asset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from gaugeglass.behaviour.calibrate import SHARED
from gaugeglass.behaviour.polls import POLL, VOICE, Series, steady, ticks_sql
from gaugeglass.behaviour.silence import Silence, silent
from gaugeglass.behaviour.ways.base import SCORED, TESTED, Span, Why, stacked

#: Gaps as long as the longest learned one are normal; judging starts at this many times that.
FIRST, LEAST = 1.5, 2  # and at this many windows


class Silences:
    """Series that stopped. They keep nothing beyond the baseline's tables of series."""

    name = "silence"
    files: tuple[str, ...] = ()
    tail = 0.5

    def learn(self, span: Span) -> tuple[None, pd.DataFrame, pd.DataFrame]:
        parts, tests = [], 0
        for series in (POLL, VOICE):
            rows, counted = _held_out(span, series)
            parts.append(rows)
            tests += counted
        counts = pd.DataFrame(
            {"length": [span.seconds], "pool": [SHARED], "tests": [tests]}, columns=list(TESTED)
        )
        return None, stacked(parts, SCORED), counts

    def judge(self, state: None, span: Span) -> pd.DataFrame:
        found = silent(span.db, span.since, span.until, span.seconds, FIRST, LEAST)
        rows = [_row(s, span.seconds) for s in found if s.kind != "sensor"]
        frame = _after_changes(span, pd.DataFrame(rows, columns=[*SCORED, "silence"]))
        frame = frame.sort_values("score", ascending=False, kind="stable")
        frame = frame[frame["score"] > 0].drop_duplicates(["window", "side", "address"])
        told = {
            (w, s, a): x
            for w, s, a, x in frame[["window", "side", "address", "silence"]].itertuples(
                index=False
            )
        }
        span.keep("silence", told)
        return stacked([frame], SCORED)

    def explain(self, state: None, span: Span, rows: pd.DataFrame) -> list[Why]:
        told: Mapping[tuple[object, str, str], Silence] = span.kept("silence")
        keys = rows[["window", "side", "address"]].itertuples(index=False)
        found = [told[window, side, address] for window, side, address in keys]
        return [Why(s.observed, s.expected, ("silence",)) for s in found]

    def dump(self, state: None) -> dict[str, bytes]:
        return {}

    def load(self, files: Mapping[str, bytes]) -> None:
        return None


def _score(missed: int, longest: int, every: float) -> float:
    """``every``: windows from one sign of life to the next, on the average. One that was lost is
    no silence: with it the next comes after twice that time, and some jitter."""
    return float(np.log2(max(missed, 1) / max(longest, 2.5 * every, 1.0)))


def _row(silence: Silence, seconds: int) -> tuple[object, ...]:
    conduit = silence.kind == "conduit"
    address = (
        f"{silence.client} > {silence.server} {silence.service}" if conduit else silence.address
    )
    return (
        seconds, pd.Timestamp(silence.overdue), pd.Timestamp(silence.until),
        "conduit" if conduit else "server", address,
        silence.client if conduit else None, silence.server if conduit else silence.address,
        SHARED, _score(silence.missed, silence.longest, silence.every), silence,
    )  # fmt: skip


def _after_changes(span: Span, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` without what planned changes silenced, and new paces held to their own pauses."""
    for change in span.changes:
        if not len(frame):
            break
        settled = change.settled(span.seconds)
        mine = change.touches(frame)
        seen = pd.Series([s.seen for s in frame["silence"]], index=frame.index)
        ended = mine & ((seen >= change.start) & (seen < settled)).to_numpy()
        pauses = _pauses(span, change.end, settled)
        later = mine & (seen >= settled).to_numpy()
        frame.loc[later, "score"] = [
            _score(s.missed, max(s.longest, pauses.get(address, 0)), s.every)
            for address, s in frame.loc[later, ["address", "silence"]].itertuples(index=False)
        ]
        frame = frame[~ended]
    return frame


def _pauses(span: Span, since: datetime, until: datetime) -> dict[str, int]:
    """The longest pause of each series in [since, until), in windows."""
    out: dict[str, int] = {}
    for series in (POLL, VOICE):
        values = {"start": since, "until": until, "window": span.seconds}
        ticks = span.db.execute(ticks_sql(series, span.source), values).df()
        for key, mine in ticks.groupby(list(series.keys), sort=True, dropna=False):
            names = key if isinstance(key, tuple) else (key,)
            out[str(_who(series, names)[1])] = int(mine["tick"].diff().fillna(0).max())
    return out


def _held_out(span: Span, series: Series) -> tuple[pd.DataFrame, int]:
    """Gaps of each block that are longer than any of the other blocks, and windows asked about."""
    frame = span.db.execute(
        ticks_sql(series, span.source),
        {"start": span.since, "until": span.until, "window": span.seconds},
    ).df()
    if not len(frame):
        return pd.DataFrame(columns=list(SCORED)), 0
    frame["block"] = span.block(frame["window"])
    keys = list(series.keys)
    grouped = frame.groupby(keys, sort=True, dropna=False)
    frame["gap"] = grouped["tick"].shift(-1) - frame["tick"]
    # a series that never came back was silent until the end
    frame["gap"] = frame["gap"].fillna(frame["final"] - frame["tick"] + 1).astype(int)
    rows: list[tuple[object, ...]] = []
    tests = 0
    for key, mine in frame.groupby(keys, sort=True, dropna=False):
        names = key if isinstance(key, tuple) else (key,)
        longest = mine.groupby("block")["gap"].max()
        spans = int(mine["final"].iloc[0] - mine["tick"].iloc[0] + 1)
        if not steady(len(mine), spans, int(longest.max())):
            continue
        tests += spans
        for block, own in longest.items():
            others = longest.drop(block)
            if not len(others) or own <= others.max():
                continue
            late = max(np.ceil(FIRST * others.max()), LEAST)
            worst = mine[(mine["block"] == block) & (mine["gap"] > late)]
            for window, gap in worst[["window", "gap"]].itertuples(index=False):
                end = window + pd.Timedelta(seconds=int(gap) * span.seconds)
                score = _score(int(gap) - 1, int(others.max()), spans / len(mine))
                who = _who(series, names)
                rows.append((span.seconds, window, end, *who, SHARED, score))
    found = pd.DataFrame(rows, columns=list(SCORED))
    return found[found["score"] > 0].reset_index(drop=True), tests


def _who(series: Series, names: tuple[object, ...]) -> tuple[object, ...]:
    if series is VOICE:
        return ("server", names[0], None, names[0])
    client, server, service = names
    return ("conduit", f"{client} > {server} {service}", client, server)


WAY = Silences()
