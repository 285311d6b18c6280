"""Facts of the ledger of which something is new: the kinds of novelty, and the SQL that finds them.

A fact is a distinct thing done: who did which operation on which object of whom, with which
outcome and from which card. It is held against the baseline's tables of facts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import pandas as pd

from gaugeglass.behaviour.facts import TABLES, create_macros
from gaugeglass.behaviour.ways.base import Span

#: That a conversation is opened says nothing new where it is known: sessions may last for months.
#: Kind of fact -> whether a row of ``r`` (a distinct fact of the ledger) is a new one, and the
#: words for it. A fact is new where nothing in the baseline's tables knows it.
#: A request whose answer was not seen (it may stand in the next file) says nothing about outcomes;
#: shares of unanswered requests are features of their own.
_SILENT = "'no_reply', 'unknown', 'partial', 'half_open'"
_CONDUIT = "k.client = r.client AND k.server = r.server AND k.service = r.service"
KINDS: dict[str, tuple[str, str]] = {
    "client": ("NOT EXISTS (FROM known_asset k WHERE k.address = r.client)",
               "{client} was never seen before"),
    "asks": ("EXISTS (FROM known_asset k WHERE k.address = r.client)"
             " AND NOT EXISTS (FROM known_conduit k WHERE k.client = r.client)",
             "{client} only ever answered, and now asks {server}"),
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
    "outcome": (f"NOT r.connects AND r.outcome NOT IN ({_SILENT})"
                f" AND EXISTS (FROM known_operation k WHERE {_CONDUIT}"
                " AND k.operation = r.operation)"
                f" AND NOT EXISTS (FROM known_outcome k WHERE {_CONDUIT}"
                " AND k.operation = r.operation AND k.outcome = r.outcome)",
                "{operation} of {client} on {server} never ended as {outcome}"),
    "value": ("r.low IS NOT NULL AND EXISTS (FROM known_value k WHERE"
              f" {_CONDUIT} AND k.unit IS NOT DISTINCT FROM r.unit AND k.operation = r.operation"
              " AND k.object = r.object AND k.windows >= {few}"
              " AND (r.low < k.low - {slack} * (k.high - k.low)"
              " OR r.high > k.high + {slack} * (k.high - k.low)))",
              "{operation} on {object} of {server} carried values {low:g} to {high:g}"),
    "hour": ("r.hourly AND NOT r.connects AND EXISTS (FROM known_habit k WHERE k.client = r.client"
             " AND k.service = r.service AND k.action = r.action"
             " AND k.once = 0 AND k.hours >= {often} AND k.hours >= {each} * k.times)"
             " AND NOT EXISTS (FROM known_hour k WHERE k.client = r.client"
             " AND k.service = r.service AND k.action = r.action AND k.hour = r.hour)",
             "{client} never did a {action} over {service} at {hour:02d} h (UTC)"),
}  # fmt: skip

#: How far outside its learned range a value may lie, in widths of that range: what is written is
#: somebody's decision; what is measured wanders with the season, the load and the recipe. A range
#: that few windows drew is narrower than what it is drawn from; of fewer than _FEW it is none.
_DECIDED, _MEASURED, _DRAWN = 0.25, 1.0, 5.0
_SLACK = (f"(CASE WHEN r.action IN ('write', 'command') THEN {_DECIDED} ELSE {_MEASURED} END"
          f" + {_DRAWN} / k.windows)")  # fmt: skip
_FEW = 4
#: Times of day are a habit where it happened so often, so many times at each hour that it happened
#: at, and in no hour of the day but once: by Good-Turing the next hour is unlikely to be a new one.
#: Who acts at any time has no such habit, and who was seen at three hours twice has shown none.
_OFTEN, _EACH = 5, 4

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


def know(span: Span, where: str) -> None:
    """Make the tables of facts of the span's rows that meet ``where``."""
    create_macros(span.db)
    learned = (
        f"WITH learned AS NOT MATERIALIZED (SELECT * FROM {span.source} WHERE"
        f' "window" >= {literal(span.since)} AND "window" < {literal(span.until)} AND {where})'
    )
    for fact in TABLES:
        span.db.execute(f'CREATE OR REPLACE TEMP TABLE "{fact.name}" AS {learned} {fact.sql}')
    create_macros(span.db, with_tables=True)


def new_facts(
    db: duckdb.DuckDBPyConnection, source: str, since: datetime, until: datetime, hourly: bool
) -> pd.DataFrame:
    """Facts of [since, until) of which something is new: keys, ``window``, and a flag a kind."""
    flags = ", ".join(
        f'coalesce({_filled(test)}, FALSE) AS "{kind}_new"' for kind, (test, _) in KINDS.items()
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
    return frame.rename(columns={f"{k}_new": column for k, column in _named().items()})


def value_slack(windows: int) -> float:
    """How far outside a range that so many windows drew a decided value may lie, in its widths."""
    return _DECIDED + _DRAWN / windows


def _filled(test: str) -> str:
    for name, value in (("slack", _SLACK), ("few", _FEW), ("often", _OFTEN), ("each", _EACH)):
        test = test.replace(f"{{{name}}}", str(value))
    return test


def passing(rows: pd.DataFrame, day: timedelta) -> pd.DataFrame:
    """``rows`` of :func:`new_facts`, without what was already seen a ``day`` before: whether that
    was told then or not, from then on it is known to happen."""
    out = rows.copy()
    for kind, column in _named().items():
        odd = rows[rows[column].astype(bool)]
        if len(odd):
            first = odd.groupby(identity(kind), dropna=False)["window"].transform("min")
            out.loc[odd.index[odd["window"] >= first + day], column] = False
    return out[out[list(_named().values())].any(axis=1)].reset_index(drop=True)


def flags(rows: pd.DataFrame) -> pd.DataFrame:
    """The flags of ``rows``, by kind."""
    return pd.DataFrame({k: rows[column].astype(bool) for k, column in _named().items()})


def _named() -> dict[str, str]:
    """The column of each kind's flag."""
    return {k: (k if k not in _KEYS else f"{k}?") for k in KINDS}


def identity(kind: str) -> list[str]:
    """The columns that make a fact of ``kind`` the same fact."""
    return {
        "client": ["client"], "asks": ["client"], "server": ["server"],
        "card": ["client", "client_mac"],
        "pair": ["client", "server"], "conduit": ["client", "server", "service"],
        "action": ["client", "service", "action"], "hour": ["client", "service", "action", "hour"],
        "operation": ["client", "server", "service", "operation"],
        "outcome": ["client", "server", "service", "operation", "outcome"],
    }.get(kind, ["client", "server", "service", "unit", "operation", "object"])  # fmt: skip


def literal(when: datetime) -> str:
    return f"TIMESTAMP '{when.isoformat(sep=' ')}'"
