"""Rows that are sums already, as a sensor that aggregates writes them: brought to the ledger's
windows and added up, their gaps bridged where one ends before the next begins."""

from __future__ import annotations

from gaugeglass.ledger import aggregate
from gaugeglass.ledger.events import EVENT_DEFAULTS, MOST
from gaugeglass.ledger.schema import keys

_GAPS = ("gap_count", "gap_sum", "gap_sq")


def activity(sql: str, window_seconds: int, have: set[str]) -> str:
    """Activity rows of ``sql``, which gives event columns (:mod:`gaugeglass.ledger.events`) plus
    ``gap_count``, ``gap_sum``, ``gap_sq`` and ``uid_max``; the sensor is bound as ``$sensor``.

    A sum that spans two windows counts where it began. Numbers no sensor counts to, and times
    that run backwards, are brought to what is possible.
    """
    micros = window_seconds * 1_000_000
    named = ", ".join(
        f'"{k}"' if k in have else f'{EVENT_DEFAULTS[k]} AS "{k}"'
        for k in keys("activity")
        if k not in ("window", "sensor")
    )
    gaps = ", ".join(f"CASE WHEN n > 1 THEN {_possible(g)} ELSE 0 END AS {g}" for g in _GAPS)
    rows = f"""(
        SELECT make_timestamp(epoch_us(ts) // {micros} * {micros}) AS "window",
               $sensor AS sensor, {named},
               greatest({_possible("n")}, 1) AS "count",
               {_possible("bytes_to_server")} AS bytes_to_server,
               {_possible("bytes_to_client")} AS bytes_to_client,
               ts AS "first", greatest(coalesce("last", ts), ts) AS "last", {gaps},
               value_min, value_max, uid AS uid_min, uid_max
        FROM ({sql}))"""
    return aggregate.merge("activity", rows)


def _possible(column: str) -> str:
    return f"least(greatest(coalesce({column}, 0), 0), {MOST})::BIGINT"
