"""Events to ledger rows: group by key and window, merge.

Everything is integer arithmetic on microseconds, so the result does not depend on the order in
which rows were read, how a file was cut, or how many threads did the work.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from gaugeglass.ledger.events import EVENT_DEFAULTS
from gaugeglass.ledger.schema import TABLES, ddl, keys, measures
from gaugeglass.logs.sql import LATEST_US
from gaugeglass.protocols import ports

_FULL = (1 << 63) - 1
_SIDES = (
    ("client", "server"),
    ("client_mac", "server_mac"),
    ("bytes_to_server", "bytes_to_client"),
)


def activity(
    sql: str, window_seconds: int, gaps: bool, varying: set[str], constants: Mapping[str, str],
    raw_service: bool = False,
) -> str:  # fmt: skip
    """Group event rows to activity rows; the sensor is bound as ``$sensor``.

    Only columns in ``varying`` are grouped by; the others are ``constants`` or defaults. With
    ``raw_service`` the sensor's own service names are replaced by the ledger's after grouping;
    where two of them mean the same service, two rows of one key remain, and add up as always.

    A gap is the time between successive events of one key inside one window; where ``gaps`` is
    False the three gap measures are NULL.
    """
    micros = window_seconds * 1_000_000
    names = [k for k in keys("activity") if k not in ("window", "sensor")]
    grouped = [k for k in names if k in varying and k not in constants]
    flips = ["flip"] if "flip" in varying else []
    group = ", ".join(f'"{k}"' for k in (*grouped, *flips))
    fixed = ", ".join(
        f'{_literal(constants[k]) if k in constants else EVENT_DEFAULTS[k]} AS "{k}"'
        for k in names
        if k not in grouped
    )
    fixed = f", {fixed}" if fixed else ""
    times = ", list(us) AS times" if gaps else ""
    gap = (
        """
        count_rows - 1 AS gap_count, max_us - min_us AS gap_sum,
        CASE WHEN count_rows > 1 THEN list_sum(list_transform(
            range(1, len(times)), lambda i: (times[i + 1] - times[i]) * (times[i + 1] - times[i])
        ))::BIGINT ELSE 0 END AS gap_sq
        """
        if gaps
        else "NULL::BIGINT AS gap_count, NULL::BIGINT AS gap_sum, NULL::BIGINT AS gap_sq"
    )
    sort = "REPLACE (list_sort(times) AS times)" if gaps else ""
    # Logs whose gaps are measured are about few long sessions; in others a second sample uid
    # costs as much as all other measures, and a third of what the ledger takes on disk.
    uids = "min(uid) AS uid_min, max(uid) AS uid_max" if gaps else "min(uid) AS uid_min"
    uid_max = "uid_max" if gaps else "NULL::VARCHAR AS uid_max"
    last = 'epoch_us(max("last"))' if "last" in varying else "max(us)"
    if "lasted" in varying:  # one that ends in no time is taken for one that did not last
        last = f'max(CASE WHEN us + "lasted" < {LATEST_US} THEN us + "lasted" ELSE us END)'
    total = _sum("n") if "n" in varying else "count(*)"
    values = [
        f'{f}("value_{f}")' if f"value_{f}" in varying else "NULL::DOUBLE" for f in ("min", "max")
    ]
    result = f"""
        SELECT make_timestamp(w * {micros}) AS "window", $sensor AS sensor, {group}{fixed},
               "count", bytes_to_server, bytes_to_client,
               make_timestamp(min_us) AS "first", make_timestamp(last_us) AS "last",
               {gap}, value_min, value_max, uid_min, {uid_max}
        FROM (SELECT * {sort} FROM (
            SELECT us // {micros} AS w, {group}, {total} AS "count",
                   {_sum("bytes_to_server")} AS bytes_to_server,
                   {_sum("bytes_to_client")} AS bytes_to_client,
                   min(us) AS min_us, max(us) AS max_us, {last} AS last_us,
                   count(*) AS count_rows, {values[0]} AS value_min, {values[1]} AS value_max,
                   {uids} {times}
            FROM (SELECT *, epoch_us(ts) AS us FROM ({sql})) GROUP BY ALL))
    """
    if flips:
        each = (f'CASE WHEN flip THEN "{b}" ELSE "{a}" END AS "{a}"'
                for side in _SIDES for a, b in (side, side[::-1]))  # fmt: skip
        result = f"SELECT * EXCLUDE (flip) REPLACE ({', '.join(each)}) FROM ({result})"
    if not raw_service:
        return result
    said = f"(SELECT * RENAME (service AS said, transport AS proto) FROM ({result}))"
    return f"SELECT * EXCLUDE (said, one) RENAME (proto AS transport) FROM {ports.named(said)}"


def _sum(column: str) -> str:
    """A sum that stays at the type's end instead of overflowing."""
    return _capped(f"sum({column})")


def _capped(total: str) -> str:
    return f"(CASE WHEN {total} > {_FULL} THEN {_FULL} ELSE {total} END)::BIGINT"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def claims(sql: str, kind: str, have: set[str]) -> str:
    """Group claim rows; a claim without a value is none."""
    uid = "min(uid)" if "uid" in have else "NULL::VARCHAR"
    return f"""
        SELECT $sensor AS sensor, asset::VARCHAR AS asset, attribute::VARCHAR AS attribute,
               left(value::VARCHAR, 4096) AS value, '{kind}' AS source,
               min(ts) AS "first", max(ts) AS "last", count(*) AS "count", {uid} AS uid_min
        FROM ({sql}) WHERE asset IS NOT NULL AND value IS NOT NULL AND value::VARCHAR <> ''
        GROUP BY ALL
    """


def notices(sql: str, window_seconds: int, have: set[str]) -> str:
    """Group notice rows by window and everything that names them."""
    micros = window_seconds * 1_000_000
    out = []
    for column in keys("notices"):
        if column in ("ts", "sensor"):
            continue
        kind = next(c.type for c in TABLES["notices"] if c.name == column)
        default = "'medium'" if column == "severity" else f"NULL::{kind}"
        out.append(
            f'coalesce("{column}"::{kind}, {default}) AS "{column}"'
            if column in have
            else f'{default} AS "{column}"'
        )
    uid = "min(uid)" if "uid" in have else "NULL::VARCHAR"
    return f"""
        SELECT make_timestamp((epoch_us(ts) // {micros}) * {micros}) AS ts, $sensor AS sensor,
               {", ".join(out)}, count(*) AS "count", min(_ts) AS "first", max(_ts) AS "last",
               {uid} AS uid_min
        FROM (SELECT *, ts AS _ts FROM ({sql})) GROUP BY ALL
    """


def merge(table: str, source: str) -> str:
    """Rows of ``source`` with equal keys added up; gaps between partial rows are bridged.

    Partial rows of one key and window come from one log cut in pieces. Where they follow each
    other in time, the gap from one's last event to the next's first is counted too.
    """
    group = ", ".join(f'"{k}"' for k in keys(table))
    out = []
    for column in measures(table):
        if table == "activity" and column.name.startswith("gap_"):
            bridge = {"gap_count": "1", "gap_sum": "bridge", "gap_sq": "bridge * bridge"}
            more = f"coalesce(sum(CASE WHEN bridge >= 0 THEN {bridge[column.name]} END), 0)"
            total = f'sum("{column.name}") + {more}'
            out.append(f'{_capped(total)} AS "{column.name}"')
        elif column.merge == "sum":
            quoted = f'"{column.name}"'
            out.append(f"{_sum(quoted)} AS {quoted}")
        else:
            out.append(f'{column.merge}("{column.name}")::{column.type} AS "{column.name}"')
    if table == "activity":
        source = f"""(
            SELECT *, epoch_us("first") - epoch_us(lag("last") OVER (
                PARTITION BY {group} ORDER BY "first", "last", "count")) AS bridge
            FROM {source})"""
    return f"SELECT {group}, {', '.join(out)} FROM {source} GROUP BY {group}"


def create_accumulators(con: duckdb.DuckDBPyConnection) -> None:
    """Empty temp tables acc_activity, acc_claims and acc_notices."""
    for table in TABLES:
        con.execute(ddl(table, f"acc_{table}"))
