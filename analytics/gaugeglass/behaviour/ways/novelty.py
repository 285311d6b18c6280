"""Novelty: facts that were never seen, each as surprising as new facts of its kind are rare.

How rare is estimated as I. J. Good (1953) does it, from what was new in each block of learned time
that the other blocks did not know, by kind and service, and for a client that shows new things all
the time (an engineer's station) from its own record. So an engineer who reads one more point is
little news, an HMI that does is more, and a stranger who gives orders is the most.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaugeglass.behaviour.calibrate import SHARED
from gaugeglass.behaviour.facts import TABLES, create_macros
from gaugeglass.behaviour.ways.base import SCORED, Span, Why, scored, stacked

#: That a conversation is opened says nothing new where it is known: sessions may last for months.
#: Kind of fact -> whether a row of ``r`` (a distinct fact of the ledger) is a new one, and the
#: words for it. A fact is new where nothing in the baseline's tables knows it.
_CONDUIT = "k.client = r.client AND k.server = r.server AND k.service = r.service"
KINDS: dict[str, tuple[str, str]] = {
    "client": ("NOT EXISTS (FROM known_asset k WHERE k.address = r.client)",
               "{client} was never seen before"),
    "server": ("r.answered AND NOT EXISTS (FROM known_asset k WHERE k.address = r.server)",
               "{server} was never seen before"),
    "card": ("r.client_mac IS NOT NULL AND EXISTS (FROM known_asset k WHERE k.address = r.client"
             " AND k.mac IS NOT NULL) AND NOT EXISTS (FROM known_asset k"
             " WHERE k.address = r.client AND k.mac = r.client_mac)",
             "{client} speaks from the network card {client_mac}"),
    "pair": ("NOT EXISTS (FROM known_conduit k WHERE k.client = r.client AND k.server = r.server)",
             "{client} never talked to {server}"),
    "conduit": (f"NOT EXISTS (FROM known_conduit k WHERE {_CONDUIT})",
                "{client} never used {service} with {server}"),
    "action": ("NOT r.connects AND NOT EXISTS (FROM known_action k WHERE k.client = r.client"
               " AND k.service = r.service AND k.action = r.action)",
               "{client} never did a {action} over {service}"),
    "operation": (f"NOT r.connects AND NOT EXISTS (FROM known_operation k WHERE {_CONDUIT}"
                  " AND k.operation = r.operation)",
                  "{client} never did {operation} on {server}"),
    "object": (f"r.object IS NOT NULL AND EXISTS (FROM known_operation k WHERE {_CONDUIT}"
               " AND k.operation = r.operation) AND NOT object_known(r.client, r.server,"
               " r.service, r.unit, r.operation, r.object)",
               "{operation} on {object} of {server} by {client} is new"),
    "outcome": (f"NOT r.connects AND r.outcome IS NOT NULL AND EXISTS (FROM known_operation k"
                f" WHERE {_CONDUIT} AND k.operation = r.operation) AND NOT EXISTS"
                f" (FROM known_outcome k WHERE {_CONDUIT} AND k.operation = r.operation"
                " AND k.outcome = r.outcome)",
                "{operation} of {client} on {server} never ended as {outcome}"),
    "value": ("r.low IS NOT NULL AND EXISTS (FROM known_value k WHERE"
              f" {_CONDUIT} AND k.unit IS NOT DISTINCT FROM r.unit AND k.operation = r.operation"
              " AND k.object = r.object AND (r.low < k.low - {slack} * (k.high - k.low)"
              " OR r.high > k.high + {slack} * (k.high - k.low)))",
              "{operation} on {object} of {server} carried values {low:g} to {high:g}"),
    "hour": ("r.hourly AND NOT r.connects AND EXISTS (FROM known_action k WHERE k.client = r.client"
             " AND k.service = r.service AND k.action = r.action) AND NOT EXISTS"
             " (FROM known_hour k WHERE k.client = r.client AND k.service = r.service"
             " AND k.action = r.action AND k.hour = r.hour)",
             "{client} never did a {action} over {service} at {hour:02d} h (UTC)"),
}  # fmt: skip

_SLACK = 0.25  # of the learned range that a value may lie outside of it
_HOURLY = timedelta(days=3)  # time of day means nothing before
_SHRINK = 50.0  # observations of its own that weigh as much as what holds for everybody
_MORE = 0.25  # what a further new thing about the same row adds

_FACTS = """
    SELECT client, server, service, unit, operation, action, object, outcome, client_mac,
        coalesce(outcome, 'ok') NOT IN ('no_reply', 'partial', 'half_open') AS answered,
        CASE WHEN {hourly} THEN hour("window") END AS hour, {hourly} AS hourly,
        action = 'connect' AS connects, "window", min(value_min) AS low, max(value_max) AS high
    FROM {source} WHERE "window" >= $since AND "window" < $until AND client IS NOT NULL
        AND server IS NOT NULL AND service IS NOT NULL GROUP BY ALL"""
_KEYS = (
    "client", "server", "service", "unit", "operation", "action", "object", "outcome",
    "client_mac", "hour", "low", "high",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """How often facts were new. ``rates``: kind, service, client (both may be ``*``), seen, new."""

    rates: pd.DataFrame
    hourly: bool

    def surprise(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Per row and kind, how surprising that kind of novelty is, in nats."""
        index = {(k, s, c): (n, f) for k, s, c, n, f in self.rates.itertuples(index=False)}
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


class Novelty:
    """Facts never seen."""

    name = "novelty"
    files: tuple[str, ...] = ("novelty.parquet",)
    tail = 1.0

    def learn(self, span: Span) -> tuple[State, pd.DataFrame, pd.DataFrame]:
        hourly = span.until - span.since >= _HOURLY
        found = []
        for number, (start, end) in enumerate(_blocks(span)):
            _know(span, f'NOT ("window" >= {_literal(start)} AND "window" < {_literal(end)})')
            rows = _new(span.db, span.source, start, end, hourly)
            rows["block"] = number
            found.append(rows)
        new = pd.concat(found, ignore_index=True)
        seen = _seen(span)
        state = State(_rates(new, seen), hourly)
        rows = _scored(state, new, span.seconds)
        total = int(seen["windows"].sum())
        tests = pd.DataFrame({"length": [span.seconds], "pool": [SHARED], "tests": [total]})
        return state, rows, tests

    def judge(self, state: State, span: Span) -> pd.DataFrame:
        rows = _new(span.db, span.source, span.since, span.until, state.hourly)
        span.keep("novelty", rows)
        return _scored(state, rows, span.seconds)

    def explain(self, state: State, span: Span, rows: pd.DataFrame) -> list[Why]:
        facts: pd.DataFrame = span.kept("novelty")
        by_window = facts.groupby(["window", "client", "server", "service"], sort=False).indices
        out = []
        for row in rows.itertuples(index=False):
            service = str(row.address).rsplit(" ", 1)[1]
            at = by_window[(row.window, row.client, row.server, service)]
            mine = facts.iloc[at]
            worth = state.surprise(mine).where(_flags(mine))
            out.append(_why(mine, worth))
        return out

    def dump(self, state: State) -> dict[str, bytes]:
        out = io.BytesIO()
        table = pa.Table.from_pandas(state.rates, preserve_index=False)
        table = table.replace_schema_metadata({"hourly": str(state.hourly)})
        pq.write_table(table, out, compression="zstd")
        return {"novelty.parquet": out.getvalue()}

    def load(self, files: Mapping[str, bytes]) -> State:
        source = io.BytesIO(files["novelty.parquet"])
        table = pq.ParquetFile(source, pre_buffer=False).read(use_threads=False)
        if table.column_names != ["kind", "service", "client", "seen", "new"]:
            raise ValueError("is not a table of how often facts were new")
        rates = table.to_pandas()
        return State(rates, (table.schema.metadata or {}).get(b"hourly") == b"True")


def _blocks(span: Span) -> Iterator[tuple[datetime, datetime]]:
    edges = [span.since, *span.cuts, span.until]
    yield from itertools.pairwise(edges)


def _literal(when: datetime) -> str:
    return f"TIMESTAMP '{when.isoformat(sep=' ')}'"


def _know(span: Span, where: str) -> None:
    """Make the tables of facts of the span's rows that meet ``where``."""
    create_macros(span.db)
    learned = (
        f"WITH learned AS NOT MATERIALIZED (SELECT * FROM {span.source} WHERE"
        f' "window" >= {_literal(span.since)} AND "window" < {_literal(span.until)} AND {where})'
    )
    for fact in TABLES:
        span.db.execute(f'CREATE OR REPLACE TEMP TABLE "{fact.name}" AS {learned} {fact.sql}')
    create_macros(span.db, with_tables=True)


def _new(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime, hourly: bool
) -> pd.DataFrame:
    """Facts of [since, until) of which something is new: keys, ``window``, and a flag a kind."""
    flags = ", ".join(
        f'coalesce({test.replace("{slack}", str(_SLACK))}, FALSE) AS "{kind}_new"'
        for kind, (test, _) in KINDS.items()
    )
    facts = _FACTS.format(source=source, hourly=str(hourly).upper())
    names = ", ".join(f'"{k}"' for k in _KEYS)
    kinds = ", ".join(f'"{k}_new"' for k in KINDS)
    on = " AND ".join(f'f."{k}" IS NOT DISTINCT FROM j."{k}"' for k in _KEYS)
    ordered = ", ".join(f'f."{k}"' for k in ("window", *_KEYS))
    frame: pd.DataFrame = db.execute(
        f"""WITH facts AS MATERIALIZED ({facts}),
        distinct_facts AS (SELECT DISTINCT {names}, answered, hourly, connects FROM facts),
        judged AS MATERIALIZED (SELECT {names}, answered, {flags} FROM distinct_facts r),
        odd AS (SELECT * FROM judged j WHERE {" OR ".join(f'"{k}_new"' for k in KINDS)})
        SELECT f."window", {", ".join(f'f."{k}"' for k in _KEYS)}, {kinds}
        FROM facts f JOIN odd j ON {on} AND f.answered = j.answered ORDER BY {ordered}""",
        {"since": since, "until": until},
    ).df()
    # a kind and a key may share a name ("client"): the flags keep theirs to themselves
    return frame.rename(columns={f"{k}_new": (k if k not in _KEYS else f"{k}?") for k in KINDS})


def _flags(rows: pd.DataFrame) -> pd.DataFrame:
    """The flags of ``rows``, by kind."""
    named = {k: (k if k not in _KEYS else f"{k}?") for k in KINDS}
    return pd.DataFrame({k: rows[column].astype(bool) for k, column in named.items()})


def _seen(span: Span) -> pd.DataFrame:
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


def _rates(new: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """How many distinct facts of each kind were new, and of how many rows, three levels deep."""
    flags = _flags(new)
    counts: dict[tuple[str, str, str], int] = {}
    for kind in KINDS:
        fresh = new[flags[kind]].drop_duplicates(["block", *_identity(kind)])
        for service, client in zip(fresh["service"], fresh["client"], strict=True):
            counts[kind, service, client] = counts.get((kind, service, client), 0) + 1
    by_service: dict[str, int] = {}
    for service, total in zip(seen["service"], seen["seen"], strict=True):
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
            seen["service"], seen["client"], seen["seen"], strict=True
        ):
            out.append((kind, service, client, int(total), mine.get((service, client), 0)))
    return pd.DataFrame(out, columns=["kind", "service", "client", "seen", "new"])


def _identity(kind: str) -> list[str]:
    """The columns that make a fact of ``kind`` the same fact."""
    return {
        "client": ["client"], "server": ["server"], "card": ["client", "client_mac"],
        "pair": ["client", "server"], "conduit": ["client", "server", "service"],
        "action": ["client", "service", "action"], "hour": ["client", "service", "action", "hour"],
        "operation": ["client", "server", "service", "operation"],
        "outcome": ["client", "server", "service", "operation", "outcome"],
    }.get(kind, ["client", "server", "service", "unit", "operation", "object"])  # fmt: skip


def _scored(state: State, rows: pd.DataFrame, length: int) -> pd.DataFrame:
    """A score a conduit and window: its most surprising row, a little more for what else is new."""
    if not len(rows):
        return stacked([], SCORED)
    worth = state.surprise(rows).where(_flags(rows), 0.0)
    most = worth.max(axis=1)
    rows = rows.assign(score=(most + _MORE * (worth.sum(axis=1) - most)).round(9))
    best = rows.groupby(["window", "client", "server", "service"], sort=True)["score"].max()
    frame = best.reset_index()
    frame["side"] = "conduit"
    frame["address"] = frame["client"] + " > " + frame["server"] + " " + frame["service"]
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
