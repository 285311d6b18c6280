"""Judge a span of the ledger: unusual windows, joined to episodes, with reasons and evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from gaugeglass.behaviour.baseline import naive
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.episodes import HOLE, Group, grouped
from gaugeglass.behaviour.features import POINTS, SIDED
from gaugeglass.behaviour.learn import Behaviour
from gaugeglass.behaviour.promise import Promise
from gaugeglass.behaviour.strength import strength, told_from
from gaugeglass.behaviour.ways.base import SCORED, Span, Why, stacked
from gaugeglass.behaviour.ways.registry import ways

_UIDS = 10
WORTH: tuple[str, ...] = (*SCORED, "way", "p", "rate")

#: Hosts, and the first and last moment of what they did that an analyst called normal.
Accepted = tuple[frozenset[str], datetime, datetime]


@dataclass(frozen=True)
class Episode:
    """Unusual windows that tell of one thing: what would be one alert.

    ``kind``, ``entity``, ``way`` and ``length`` are those of the window that speaks for it, the
    strangest of a conduit where there is one. ``rate`` is how many episodes a day of normal time
    are as strange as it is; ``score`` maps it to 0.5 (the threshold) to 1.
    """

    focus: str  # the address that it is about
    kind: str  # client, server or conduit
    entity: str
    client: str | None
    server: str | None
    service: str | None
    operation: str | None
    start: datetime  # of its first window, and end of its last
    end: datetime
    first: datetime  # first and last event behind it
    last: datetime
    windows: int
    way: str  # the way that found it strangest
    ways: tuple[str, ...]  # all that found it
    length: int  # seconds of the strangest window
    p: float
    rate: float
    score: float
    observed: str
    normal: str
    features: tuple[str, ...]
    events: int
    uids: tuple[str, ...]
    addresses: tuple[str, ...]  # everybody named by its windows


@dataclass(frozen=True)
class Judgement:
    """What was judged: the unusual windows (:data:`WORTH`), and what they tell of.

    ``rows`` are those of the episodes over the threshold, from when that is reached on; ``loose``
    are all windows that were looked at, for whoever asks about a part of them.
    """

    rows: pd.DataFrame
    loose: pd.DataFrame
    episodes: tuple[Episode, ...]
    window_seconds: int
    asked: int = 0  # windows scored

    def supports(self, who: tuple[str | None, ...], first: datetime, last: datetime) -> bool:
        """Whether behaviour finds what all of ``who`` did in [first, last] unusual enough."""
        named = {w for w in who if w}
        return any(
            named <= set(e.addresses) and e.start <= last + HOLE and first <= e.end + HOLE
            for e in self.episodes
        )


def judge(
    db: duckdb.DuckDBPyConnection,
    behaviour: Behaviour,
    since: datetime,
    until: datetime,
    source: str = "activity",
    changes: tuple[Change, ...] = (),
    accepted: tuple[Accepted, ...] = (),
) -> Judgement:
    """Judge the windows in [since, until). The baseline's tables must be registered in ``db``.

    ``source`` is the view whose rows are judged; ``changes`` were planned, and are not news;
    ``accepted`` is what an analyst called normal: whatever those hosts did then is no news.
    """
    since, until = naive(since), naive(until)
    if behaviour.empty:
        none = stacked([], WORTH)
        return Judgement(none, none, (), behaviour.window_seconds)
    span = Span(
        db, since, until, behaviour.window_seconds, behaviour.lengths,
        source=source, standards=behaviour.standards, changes=changes,
    )  # fmt: skip
    parts, asked = [], 0
    for way in ways():
        rows = way.judge(behaviour.states[way.name], span)
        asked += len(rows)
        p, rate = behaviour.calibrations[way.name].worth(rows)
        rows = rows.assign(way=way.name, p=p, rate=rate)
        parts.append(rows[rate <= behaviour.promise.loose])
    found = _news(stacked(parts, WORTH), accepted)
    groups, rows = strong(found, behaviour.promise)
    episodes = _episodes(behaviour, span, found, groups)
    return Judgement(rows, found, episodes, span.seconds, asked)


def strong(rows: pd.DataFrame, promise: Promise) -> tuple[list[Group], pd.DataFrame]:
    """The episodes of ``rows`` that are over the threshold, and their rows from then on."""
    groups, kept = [], []
    for group in grouped(rows):
        mine = rows.loc[group.rows]
        if strength(mine, promise.loose) >= promise.threshold:
            start, since = told_from(mine, promise.loose, promise.threshold)
            group.start = start.to_pydatetime()
            group.rows = [int(n) for n in mine.index[mine["end"] > start]]
            groups.append(group)
            kept.append(mine[mine["end"] >= since])
    return groups, stacked(kept, WORTH)


def _episodes(
    behaviour: Behaviour, span: Span, rows: pd.DataFrame, groups: list[Group]
) -> tuple[Episode, ...]:
    best = [_strangest(rows.loc[g.rows]) for g in groups]
    worst = pd.DataFrame(best).reset_index(drop=True)
    reasons: dict[int, Why] = {}
    for way in ways():
        mine = worst[worst["way"] == way.name] if len(worst) else worst
        if len(mine):
            told = way.explain(behaviour.states[way.name], span, mine)
            reasons.update(zip(mine.index, told, strict=True))
    seen = _evidence(span, worst, [reasons[i].where for i in range(len(worst))], groups)
    out = []
    for number, (group, top) in enumerate(zip(groups, best, strict=True)):
        why, evidence = reasons[number], seen.get(number, {})
        mine = rows.loc[group.rows]
        made = behaviour.promise
        rate = made.per_day(strength(mine, made.loose))
        named = {group.focus, *mine["client"].dropna(), *mine["server"].dropna()}
        out.append(
            Episode(
                focus=group.focus, kind=str(top["side"]), entity=str(top["address"]),
                client=_text(top["client"]) or evidence.get("client"),
                server=_text(top["server"]) or evidence.get("server"),
                start=group.start, end=group.end,
                service=evidence.get("service"), operation=evidence.get("operation"),
                first=evidence.get("first", group.start), last=evidence.get("last", group.end),
                windows=int(mine["window"].nunique()), way=str(top["way"]),
                ways=tuple(sorted(mine["way"].unique())), length=int(top["length"]),
                p=float(mine["p"].min()), rate=rate,
                score=_score(rate, made.per_day(made.threshold)),
                observed=why.observed, normal=why.normal, features=why.features,
                events=int(evidence.get("events", 0)), uids=tuple(evidence.get("uids", ())),
                addresses=tuple(sorted(named)),
            )
        )  # fmt: skip
    return tuple(out)


def _news(rows: pd.DataFrame, accepted: tuple[Accepted, ...]) -> pd.DataFrame:
    """``rows`` without those about accepted hosts alone in accepted time."""
    for who, first, last in accepted if len(rows) else ():
        known = [rows[end].isna() | rows[end].isin(who) for end in ("client", "server")]
        then = (rows["window"] <= pd.Timestamp(last)) & (rows["end"] > pd.Timestamp(first))
        rows = rows[~(known[0] & known[1] & then)]
    return rows.reset_index(drop=True)


def _strangest(mine: pd.DataFrame) -> pd.Series:
    """The row that speaks for an episode: a conduit's, where there is one, says who and to whom."""
    order = mine.assign(whole=mine["side"] != "conduit")
    keys = ["whole", "rate", "length", "window", "side", "address", "way"]
    return order.sort_values(keys, kind="stable").iloc[0]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _score(rate: float, threshold: float) -> float:
    """0.5 at the threshold; each tenfold rarer closes a fifth of the distance to 1."""
    tenfolds = max(-math.log10(max(rate / threshold, 1e-12)), 0.0)
    return float(round(1.0 - 0.5 * 0.8**tenfolds, 6))


def _evidence(
    span: Span, worst: pd.DataFrame, wheres: list[str], groups: list[Group]
) -> dict[int, dict[str, Any]]:
    """For each episode: span, events, main conversation and uids of the rows that made it.

    Rows are those of the strangest window's entity, over the whole episode, that its first reason
    counts (its writes, its refusals); where there is none, all of them.
    """
    if not len(worst):
        return {}
    asked = pd.DataFrame(
        {
            "episode": range(len(worst)),
            "side": worst["side"],
            "address": worst["address"],
            "start": [g.start for g in groups],
            "stop": [g.end for g in groups],
        }
    )
    tests = sorted(set(wheres) - {"TRUE"})
    asked["test"] = [tests.index(w) if w in tests else -1 for w in wheres]
    cases = " ".join(f"WHEN {i} THEN {test}" for i, test in enumerate(tests))
    told = f"CASE test {cases} ELSE TRUE END" if tests else "TRUE"
    span.db.register("_gaugeglass_asked", asked)
    try:
        rows = span.db.execute(
            f"""
            WITH rows AS NOT MATERIALIZED (SELECT *, {POINTS} FROM activity
                WHERE "window" >= (SELECT min(start) FROM _gaugeglass_asked)
                AND "window" < (SELECT max(stop) FROM _gaugeglass_asked)),
            {SIDED},
            mine AS (SELECT a.episode, coalesce({told}, FALSE) AS told, s.* FROM sided s
                JOIN _gaugeglass_asked a ON a.side = s.side AND a.address = s.address
                AND s."window" >= a.start AND s."window" < a.stop),
            kept AS (SELECT * FROM mine QUALIFY told OR NOT bool_or(told) OVER
                (PARTITION BY episode)),
            ranked AS (SELECT episode, client, server, service, operation, sum("count") AS n
                FROM kept GROUP BY ALL),
            main AS (SELECT DISTINCT ON (episode) * FROM ranked
                ORDER BY episode, n DESC, client, server, service, operation)
            SELECT episode, min("first"), max("last"), sum("count")::BIGINT,
                list_sort(list_distinct(list(uid_min) || list(uid_max))),
                any_value(main.client), any_value(main.server), any_value(main.service),
                any_value(main.operation)
            FROM kept JOIN main USING (episode) GROUP BY episode ORDER BY episode"""
        ).fetchall()
    finally:
        span.db.unregister("_gaugeglass_asked")
    return {
        int(episode): {
            "first": first, "last": last, "events": int(events),
            "uids": tuple(u for u in uids if u is not None)[:_UIDS],
            "client": client, "server": server, "service": service, "operation": operation,
        }
        for episode, first, last, events, uids, client, server, service, operation in rows
    }  # fmt: skip
