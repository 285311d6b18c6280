"""How surprising a new fact is: the rarer new facts of its kind are, the more.

How rare is estimated as I. J. Good (1953) does it, from what was new in each block of learned time
that the other blocks did not know, by kind and service, and for a client that shows new things all
the time (an engineer's station) from its own record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaugeglass.behaviour.news import KINDS, flags, identity
from gaugeglass.behaviour.ways.base import Span

_SHRINK = 50.0  # observations of its own that weigh as much as what holds for everybody


@dataclass(frozen=True)
class Rates:
    """How often facts were new. ``table``: kind, service, client (both may be ``*``), seen, new."""

    table: pd.DataFrame
    hourly: bool

    def surprise(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Per row and kind, how surprising that kind of novelty is, in nats."""
        index = {(k, s, c): (n, f) for k, s, c, n, f in self.table.itertuples(index=False)}
        out = {}
        for kind in KINDS:
            found: dict[tuple[str, str], float] = {}
            column = []
            for who in zip(rows["service"], rows["client"], strict=True):
                if who not in found:
                    found[who] = _nats(index, kind, *who)
                column.append(found[who])
            out[kind] = column
        return pd.DataFrame(out, index=rows.index, dtype=np.float64)


def _nats(
    index: Mapping[tuple[str, str, str], tuple[int, int]], kind: str, service: str, client: str
) -> float:
    everybody = index.get((kind, "*", "*"), (0, 0))
    seen, new = index.get((kind, service, "*"), everybody)
    common = (new + 0.5) / (seen + 1.0)
    seen, new = index.get((kind, service, client), (0, 0))
    return float(-np.log((new + _SHRINK * common) / (seen + _SHRINK)))


def seen(span: Span) -> pd.DataFrame:
    """Per service and client: rows of the ledger, and windows of its conduits."""
    found: pd.DataFrame = span.db.execute(
        f"""SELECT service, client, sum(n)::BIGINT AS seen, count(*) AS windows FROM (
            SELECT service, client, server, "window", count(*) AS n FROM {span.source}
            WHERE "window" >= $since AND "window" < $until AND client IS NOT NULL
            AND server IS NOT NULL AND service IS NOT NULL GROUP BY ALL)
        GROUP BY service, client ORDER BY service, client""",
        {"since": span.since, "until": span.until},
    ).df()
    return found


def rates(new: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """How many distinct facts of each kind were new, and of how many rows, three levels deep."""
    told = flags(new)
    counts: dict[tuple[str, str, str], int] = {}
    for kind in KINDS:
        fresh = new[told[kind]].drop_duplicates(["block", *identity(kind)])
        for service, client in zip(fresh["service"], fresh["client"], strict=True):
            counts[kind, service, client] = counts.get((kind, service, client), 0) + 1
    by_service: dict[str, int] = {}
    for service, total in zip(asked["service"], asked["seen"], strict=True):
        by_service[service] = by_service.get(service, 0) + int(total)
    everything = sum(by_service.values())
    out: list[tuple[str, str, str, int, int]] = []
    for kind in sorted(KINDS):
        mine = {(s, c): n for (k, s, c), n in counts.items() if k == kind}
        out.append((kind, "*", "*", everything, sum(mine.values())))
        for service, total in sorted(by_service.items()):
            of_service = sum(n for (s, _), n in mine.items() if s == service)
            out.append((kind, service, "*", total, of_service))
        for service, client, total in zip(
            asked["service"], asked["client"], asked["seen"], strict=True
        ):
            out.append((kind, service, client, int(total), mine.get((service, client), 0)))
    return pd.DataFrame(out, columns=["kind", "service", "client", "seen", "new"])
