"""Novelty: facts that were never seen, each as surprising as new facts of its kind are rare.

So an engineer who reads one more point is little news, an HMI that does is more, and a stranger
who gives orders is the most (see :mod:`~gaugeglass.behaviour.surprise`).
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaugeglass.behaviour.calibrate import SHARED
from gaugeglass.behaviour.news import KINDS, flags, know, literal, new_facts, passing
from gaugeglass.behaviour.strength import WINDOWS
from gaugeglass.behaviour.surprise import Rates, hour, rates, seen
from gaugeglass.behaviour.ways.base import SCORED, Span, Why, scored, stacked

_HOURLY = timedelta(days=3)  # time of day means nothing before
_NEWS = timedelta(days=1)  # so long a new fact is news
_MORE = 0.25  # what a further new thing about the same row adds


class Novelty:
    """Facts never seen."""

    name = "novelty"
    files: tuple[str, ...] = ("novelty.parquet",)
    tail = 1.0

    def learn(self, span: Span) -> tuple[Rates, pd.DataFrame, pd.DataFrame]:
        hourly = span.until - span.since >= _HOURLY
        found = []
        for number, (start, end) in enumerate(_blocks(span)):
            know(span, f'NOT ("window" >= {literal(start)} AND "window" < {literal(end)})')
            rows = passing(new_facts(span.db, span.source, start, end, hourly), _NEWS)
            rows["block"] = number
            found.append(rows)
        new = pd.concat(found, ignore_index=True)
        asked = seen(span)
        state = Rates(rates(new, asked, hour(span)), hourly, hour(span))
        rows = _scored(state, new, span.seconds)
        total = int(asked["windows"].sum())
        tests = pd.DataFrame({"length": [span.seconds], "pool": [SHARED], "tests": [total]})
        return state, rows, tests

    def judge(self, state: Rates, span: Span) -> pd.DataFrame:
        rows = new_facts(span.db, span.source, span.since, span.until, state.hourly)
        rows = passing(rows, _NEWS)
        span.keep("novelty", rows)
        return _scored(state, rows, span.seconds)

    def explain(self, state: Rates, span: Span, rows: pd.DataFrame) -> list[Why]:
        facts: pd.DataFrame = span.kept("novelty")
        by_window = facts.groupby(["window", "client", "server", "service"], sort=False).indices
        out = []
        for row in rows.itertuples(index=False):
            service = str(row.address).rsplit(" ", 1)[1]
            at = by_window[(row.window, row.client, row.server, service)]
            mine = facts.iloc[at]
            worth = state.surprise(mine).where(flags(mine))
            out.append(_why(mine, worth))
        return out

    def dump(self, state: Rates) -> dict[str, bytes]:
        out = io.BytesIO()
        table = pa.Table.from_pandas(state.table, preserve_index=False)
        table = table.replace_schema_metadata(
            {"hourly": str(state.hourly), "hour": str(state.hour)}
        )
        pq.write_table(table, out, compression="zstd")
        return {"novelty.parquet": out.getvalue()}

    def load(self, files: Mapping[str, bytes]) -> Rates:
        source = io.BytesIO(files["novelty.parquet"])
        table = pq.ParquetFile(source, pre_buffer=False).read(use_threads=False)
        if table.column_names != ["kind", "service", "client", "days", "new"]:
            raise ValueError("is not a table of how often facts were new")
        about = table.schema.metadata or {}
        return Rates(
            table.to_pandas(), about.get(b"hourly") == b"True", int(about.get(b"hour", b"3600"))
        )


def _blocks(span: Span) -> Iterator[tuple[datetime, datetime]]:
    edges = [span.since, *span.cuts, span.until]
    yield from itertools.pairwise(edges)


def _scored(state: Rates, rows: pd.DataFrame, length: int) -> pd.DataFrame:
    """A score a conduit and window: its most surprising row, a little more for what else is new."""
    if not len(rows):
        return stacked([], SCORED)
    worth = state.surprise(rows).where(flags(rows), 0.0)
    most = worth.max(axis=1)
    rows = rows.assign(score=(most + _MORE * (worth.sum(axis=1) - most)).round(9))
    best = rows.groupby(["window", "client", "server", "service"], sort=True)["score"].max()
    frame = best.reset_index()
    frame["side"] = "conduit"
    frame["address"] = frame["client"] + " > " + frame["server"] + " " + frame["service"]
    # What goes on for an hour is told as often as counts, and where it is stranger still.
    each = [frame["address"], frame["window"].dt.floor(f"{state.hour}s")]
    before = frame.groupby(each, sort=False)["score"].cummax().groupby(each).shift()
    early = frame.groupby(each, sort=False).cumcount() < WINDOWS
    frame = frame[early | (frame["score"] > before)].reset_index(drop=True)
    return stacked([scored(frame, length, SHARED, frame["score"])], SCORED)


def _why(mine: pd.DataFrame, worth: pd.DataFrame) -> Why:
    """The new facts of one conduit's window, most surprising first."""
    told: dict[str, tuple[str, float]] = {}
    for (_, row), (_, nats) in zip(mine.iterrows(), worth.iterrows(), strict=True):
        for kind in KINDS:
            if np.isfinite(nats[kind]):
                words = KINDS[kind][1].format(**{str(k): v for k, v in row.items()})
                if words not in told:
                    told[words] = (kind, float(nats[kind]))
    order = sorted(told.items(), key=lambda item: (-item[1][1], item[0]))[:3]
    more = f" (and {len(told) - 3} more new facts)" if len(told) > 3 else ""
    return Why(
        "; ".join(words for words, _ in order) + more, "never seen while learning",
        tuple(dict.fromkeys(kind for _, (kind, _) in order)),
    )  # fmt: skip


WAY = Novelty()
