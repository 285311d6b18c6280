"""How complete what was learned is: how likely the next fact is to be a new one.

Good-Turing (I. J. Good, 1953): of all observations, the share that were the only one of their
kind estimates the chance that the next observation is of a kind not seen yet. A fact repeats
thousands of times within a poll, so it counts once for each window in which it was seen.

How much longer to learn is the coverage extrapolation of A. Chao and L. Jost (2012), which holds
to about twice or three times the time learned; beyond that only a lower bound is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from gaugeglass.behaviour.facts import create_macros, learned_from, merge_ranges

#: Kind of fact -> the columns that make one. Each is looked up by one or more detections.
KINDS: dict[str, tuple[str, ...]] = {
    "asset": ("address",),
    "conduit": ("client", "server", "service", "port"),
    "operation": ("client", "server", "service", "operation", "action"),
    "object": ("client", "server", "service", "unit", "operation", "object"),
    "action": ("client", "service", "action"),
}

COLUMNS: tuple[tuple[str, str], ...] = (
    ("kind", "VARCHAR"), ("service", "VARCHAR"), ("facts", "BIGINT"), ("observations", "BIGINT"),
    ("once", "BIGINT"), ("twice", "BIGINT"), ("hours", "DOUBLE"),
)  # fmt: skip

TARGET = 0.001
_REACH = 3.0  # how many times the learned time the extrapolation is trusted for


@dataclass(frozen=True)
class Completeness:
    """Counts for one kind of fact (``all`` for every kind) and one service (None for every one)."""

    kind: str
    service: str | None
    facts: int
    observations: int  # (fact, window) pairs
    once: int  # facts seen in one window only
    twice: int
    hours: float  # hours with traffic that were learned from

    @property
    def unseen(self) -> float:
        """Chance that the next observed fact is new, 0 to 1 (1 when nothing was observed)."""
        return self.once / self.observations if self.observations else 1.0

    @property
    def upper(self) -> float:
        """A 95% upper bound of :attr:`unseen`, by Good's variance; at least three in n."""
        n = self.observations
        if not n:
            return 1.0
        # Counts this small are Poisson's: the bound is Wilson's form for those.
        z = 1.645
        spread = z * math.sqrt(self.once + 2 * self.twice + z * z / 4)
        return min(max(self.once + z * z / 2 + spread, 3.0) / n, 1.0)

    def hours_to(self, target: float = TARGET) -> float:
        """Further hours of like traffic until :attr:`unseen` is ``target``; inf: out of reach."""
        n, f1, f2 = self.observations, self.once, self.twice
        if not n or not self.hours:
            return math.inf
        if self.unseen <= target:
            return 0.0
        # The share of the unseen mass that survives one more observation.
        kept = (n - 1) * f1 / ((n - 1) * f1 + 2 * f2) if f2 else _kept_without_twice(n, f1)
        if kept >= 1.0:
            return math.inf
        more = math.log(target / self.unseen) / math.log(kept) - 1
        return max(more, 1.0) / n * self.hours

    def sentence(self, target: float = TARGET) -> str:
        """The same in plain words."""
        if not self.observations:
            return "nothing was learned yet: every fact will be new"
        what = "fact" if self.kind == "all" else self.kind
        where = f" of {self.service}" if self.service else ""
        text = f"the next {what}{where} has a {_percent(self.unseen)} chance of being new"
        if self.unseen <= target:
            return f"{text} (at most {_percent(self.upper)}, 95% sure)"
        more = self.hours_to(target)
        if more > _REACH * self.hours:
            return f"{text}; learn about {_time(_REACH * self.hours)} more and ask again"
        return f"{text}; learn about {_time(more)} more for {_percent(target)}"


def _kept_without_twice(n: int, once: int) -> float:
    """The surviving share where no fact was seen exactly twice (Chao and Jost's own fallback)."""
    f1 = (n - 1) * (once - 1)
    return f1 / (f1 + 2) if once > 1 else 1.0


def _time(hours: float) -> str:
    return f"{hours:.2g} h" if hours >= 1 else f"{max(hours * 60, 1):.2g} min"


def _percent(share: float) -> str:
    return f"{100 * share:.2g}%" if share < 0.995 else "100%"


def completeness_sql(kind: str, activity: str = "activity") -> str:
    """SELECT of service, facts, observations, once, twice of the view ``activity``."""
    columns, learned = KINDS[kind], learned_from(activity)
    names = ", ".join(columns)
    service = "service" if "service" in columns else "NULL::VARCHAR"
    if kind == "asset":
        source = (
            '(SELECT client AS address, "window" FROM learned'
            ' UNION ALL SELECT server, "window" FROM learned)'
        )
    elif kind == "object":
        source = "(SELECT * FROM learned WHERE object IS NOT NULL)"
    else:
        source = "learned"
    counted = f'SELECT {names}, count(DISTINCT "window") AS n FROM {source} GROUP BY {names}'
    if kind != "object":
        return f"""{learned}, counted AS ({counted}) SELECT {service} AS service,
            count(*), sum(n)::BIGINT, count(*) FILTER (n = 1), count(*) FILTER (n = 2)
            FROM counted GROUP BY 1 ORDER BY 1"""
    # A range met once but inside ranges met more often would not have been new: it counts as
    # met twice.
    return f"""{learned}, counted AS ({counted}),
        often AS (SELECT * FROM counted WHERE n > 1), merged AS ({merge_ranges("often")}),
        inside AS (SELECT DISTINCT {", ".join(f"c.{x}" for x in columns)} FROM counted c
            JOIN merged m ON m.client = c.client AND m.server = c.server
            AND m.service = c.service AND m.operation = c.operation
            AND m.unit IS NOT DISTINCT FROM c.unit AND m.space = object_space(c.object)
            AND m.low <= object_first(c.object) AND m.high >= object_last(c.object)
            WHERE c.n = 1),
        marked AS (SELECT c.service, CASE WHEN i.client IS NOT NULL THEN 2 ELSE c.n END AS n
            FROM counted c LEFT JOIN inside i
            ON {" AND ".join(f"i.{x} IS NOT DISTINCT FROM c.{x}" for x in columns)})
        SELECT service, count(*), sum(n)::BIGINT, count(*) FILTER (n = 1),
            count(*) FILTER (n = 2) FROM marked GROUP BY 1 ORDER BY 1"""


def measure(
    db: duckdb.DuckDBPyConnection, start: datetime, until: datetime, window_seconds: int,
    source: str = "activity",
) -> list[Completeness]:  # fmt: skip
    """Completeness of ``source``'s rows in [start, until): per kind, service, and of everything.

    Order: ``all``, then ``all`` by service, then each kind and its services.
    """
    create_macros(db)
    sql = f'{learned_from(source)} SELECT count(DISTINCT "window") FROM learned'
    lit = db.execute(sql, [start, until])
    hours = (lit.fetchone() or (0,))[0] * window_seconds / 3600
    found: list[Completeness] = []
    for kind in KINDS:
        rows = db.execute(completeness_sql(kind, source), [start, until]).fetchall()
        found += [
            Completeness(kind, service, facts, seen, once, twice, hours)
            for service, facts, seen, once, twice in rows
        ]
    kinds = [_total(k, None, [c for c in found if c.kind == k], hours) for k in KINDS]
    services = sorted({c.service for c in found if c.service is not None})
    result = [_total("all", None, found, hours)]
    result += [_total("all", s, [c for c in found if c.service == s], hours) for s in services]
    for total in kinds:
        result.append(total)
        result += [c for c in found if c.kind == total.kind and c.service is not None]
    return result


def _total(
    kind: str, service: str | None, parts: Iterable[Completeness], hours: float
) -> Completeness:
    parts = list(parts)
    return Completeness(
        kind,
        service,
        sum(p.facts for p in parts),
        sum(p.observations for p in parts),
        sum(p.once for p in parts),
        sum(p.twice for p in parts),
        hours,
    )
