"""How surprising a new fact is: the rarer new facts of its kind are, the more.

How rare is counted as I. J. Good (1953) does it, from what was new in each block of learned time
that the other blocks did not know: in how many hours of a day a client showed something new of the
kind over the service. Where a client showed little, what holds for the service speaks for it, and
for that what holds for everybody. Time is what counts, not rows: an operator who gives an order
five times a day gives one at a new hour often, however many polls pass in between.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaugeglass.behaviour.news import KINDS, flags, identity
from gaugeglass.behaviour.ways.base import Span
from gaugeglass.ledger.schema import STATE_CHANGING

#: Days of a client's own that weigh as much as what holds for the service; and so on upwards.
_SHRINK = 1.0
#: New facts that everybody together is taken to have shown of a kind that nobody showed.
_NONE = 0.5
#: Days that less learned time counts as: an hour in which nothing was new says as much about what
#: is rare on the scale of hours as a week does on that of days.
_LEAST = 7.0


@dataclass(frozen=True)
class Rates:
    """How often facts were new. ``table``: kind (:func:`_label`), service, client (both may be
    ``*``), days (each client's counts) and new (hours in which something of the kind was new).
    ``hour``: seconds that count as one (:func:`hour`)."""

    table: pd.DataFrame
    hourly: bool
    hour: int

    def surprise(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Per row and kind, how surprising that kind of novelty is: nats, 0 for once a day."""
        index = {(k, s, c): (n, f) for k, s, c, n, f in self.table.itertuples(index=False)}
        out = {}
        for kind in KINDS:
            found: dict[tuple[str, str, str], float] = {}
            column = []
            for who in zip(rows["action"], rows["service"], rows["client"], strict=True):
                if who not in found:
                    found[who] = _nats(index, _label(kind, who[0] in STATE_CHANGING), *who[1:])
                column.append(found[who])
            out[kind] = column
        return pd.DataFrame(out, index=rows.index, dtype=np.float64)


def _label(kind: str, changing: bool) -> str:
    """Kinds are counted apart for what changes the process: who often looks at something new does
    not therefore often change something new."""
    return f"{kind}, changing" if changing else kind


def _nats(
    index: Mapping[tuple[str, str, str], tuple[float, int]], kind: str, service: str, client: str
) -> float:
    days, new = index.get((kind, "*", "*"), (0.0, 0))
    rate = (new + _NONE) / (days + 1.0)
    for key in ((kind, service, "*"), (kind, service, client)):
        days, new = index.get(key, (0.0, 0))
        rate = (new + _SHRINK * rate) / (days + _SHRINK)
    return float(max(-np.log(rate), 0.0))


def seen(span: Span) -> pd.DataFrame:
    """Per service and client: days of learned time with traffic (at least :data:`_LEAST`), and
    windows of its conduits."""
    found: pd.DataFrame = span.db.execute(
        f"""WITH rows AS (SELECT DISTINCT service, client, server, "window" FROM {span.source}
            WHERE "window" >= $since AND "window" < $until AND client IS NOT NULL
            AND server IS NOT NULL AND service IS NOT NULL)
        SELECT service, client, count(*) AS windows,
            greatest((SELECT count(DISTINCT "window") FROM rows) * $seconds / 86400.0, $least)
                AS days
        FROM rows GROUP BY service, client ORDER BY service, client""",
        {"since": span.since, "until": span.until, "seconds": span.seconds, "least": _LEAST},
    ).df()
    return found


def hour(span: Span) -> int:
    """Seconds of what counts as an hour: less where less than :data:`_LEAST` days were learned."""
    share = (span.until - span.since).total_seconds() / (_LEAST * 24)
    return int(min(max(share // span.seconds, 1) * span.seconds, 3600))


def rates(new: pd.DataFrame, asked: pd.DataFrame, seconds: int) -> pd.DataFrame:
    """In how many hours facts of each kind were new, and in how many days, three levels deep."""
    told = flags(new)
    at = new["window"].dt.floor(f"{seconds}s")
    out: list[tuple[str, str, str, float, int]] = []
    total = float(asked["days"].sum())
    by_service = asked.groupby("service", sort=True)["days"].sum()
    changing = new["action"].isin(STATE_CHANGING)
    for kind, which in itertools.product(sorted(KINDS), (False, True)):
        # a fact is news once in a block; how many came together does not count
        mine = told[kind] & (changing == which)
        fresh = new.assign(hour=at)[mine].drop_duplicates(["block", *identity(kind)])
        fresh = fresh.drop_duplicates(["service", "client", "hour"])
        counts = fresh.groupby(["service", "client"], sort=True).size()
        label = _label(kind, which)
        out.append((label, "*", "*", total, int(counts.sum())))
        of_service = counts.groupby(level=0).sum()
        for service, days in by_service.items():
            out.append((label, str(service), "*", float(days), int(of_service.get(service, 0))))
        for service, client, days in _each(asked):
            out.append((label, service, client, days, int(counts.get((service, client), 0))))
    return pd.DataFrame(out, columns=["kind", "service", "client", "days", "new"])


def _each(asked: pd.DataFrame) -> Iterable[tuple[str, str, float]]:
    columns = (asked["service"], asked["client"], asked["days"])
    return [(str(s), str(c), float(d)) for s, c, d in zip(*columns, strict=True)]
