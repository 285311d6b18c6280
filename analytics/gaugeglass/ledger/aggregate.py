"""Events to ledger rows: pair requests with replies, group by key and window, merge.

Everything is integer arithmetic on microseconds, so the result does not depend on the order in
which rows were read, how a file was cut, or how many threads did the work.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from gaugeglass.ledger.schema import TABLES, ddl, keys, measures
from gaugeglass.logs.account import printable
from gaugeglass.protocols import ports

#: A request without its reply this close to the end of what was read may still be answered.
OPEN_SECONDS = 10

#: No event counts or carries more: a damaged or hostile number must not overflow a sum.
MOST = 1 << 53
_FULL = (1 << 63) - 1

#: Event-level columns and what they are where a protocol does not say (SQL).
EVENT_DEFAULTS: dict[str, str] = {
    "uid": "NULL::VARCHAR", "client_mac": "NULL::VARCHAR", "server_mac": "NULL::VARCHAR",
    "transport": "'tcp'", "port": "NULL::INTEGER", "unit": "NULL::VARCHAR",
    "object": "NULL::VARCHAR", "outcome": "'ok'", "n": "1::BIGINT", "last": "ts",
    "bytes_to_server": "0::BIGINT", "bytes_to_client": "0::BIGINT",
    "value_min": "NULL::DOUBLE", "value_max": "NULL::DOUBLE",
}  # fmt: skip
_REQUIRED = ("ts", "client", "server", "service", "operation", "action")
_EVENT_TYPES = {
    "ts": "TIMESTAMP", "last": "TIMESTAMP", "port": "INTEGER", "n": "BIGINT",
    "bytes_to_server": "BIGINT", "bytes_to_client": "BIGINT", "value_min": "DOUBLE",
    "value_max": "DOUBLE",
}  # fmt: skip
_MEASURED = (
    "uid", "outcome", "object", "n", "last", "bytes_to_server", "bytes_to_client", "value_min",
    "value_max",
)  # fmt: skip
_SPARED = ("object", "n", "value_min", "value_max")
EVENT_COLUMNS = (*_REQUIRED, *EVENT_DEFAULTS)


def describe(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The names of the columns that ``sql`` gives."""
    return {row[0] for row in con.execute(f"DESCRIBE {sql}").fetchall()}


#: One row per object of a list; a row without objects stays.
_EACH = "unnest(CASE WHEN len({0}) > 0 THEN {0}::VARCHAR[] ELSE [NULL::VARCHAR] END)"


def events(sql: str, have: set[str], constants: Mapping[str, str], spread: bool = True) -> str:
    """``sql`` with every event column it may vary in; the rest is added by :func:`activity`.

    An event with a list of ``objects`` becomes one event per object; with ``spread`` False the
    list stays together, as ``object``.

    Raises:
        ValueError: a required column is missing.
    """
    missing = [c for c in _REQUIRED if c not in have and c not in constants]
    if missing:
        raise ValueError(f"an activities SELECT lacks {', '.join(missing)}")
    out = []
    for column in EVENT_COLUMNS:
        kind = _EVENT_TYPES.get(column, "VARCHAR")
        if column == "object" and "objects" in have:
            each = _EACH.format("objects") if spread else "objects::VARCHAR[]"
            out.append(f'{each} AS "object"')
            continue
        if column in constants or (column not in have and column not in _MEASURED):
            continue
        if spread and column not in have and column in _SPARED:
            continue  # pairing fills these in; elsewhere a column of NULLs only costs time
        if column not in have:
            out.append(f'{EVENT_DEFAULTS[column]} AS "{column}"')
        elif column in ("n", "bytes_to_server", "bytes_to_client"):
            sane = f'least(greatest(coalesce("{column}", {EVENT_DEFAULTS[column]}), 0), {MOST})'
            out.append(f'{sane}::{kind} AS "{column}"')
        elif column in ("outcome", "last", "transport"):
            out.append(f'coalesce("{column}", {EVENT_DEFAULTS[column]})::{kind} AS "{column}"')
        else:
            out.append(f'"{column}"::{kind} AS "{column}"')
    return f"SELECT {', '.join(out)} FROM ({sql})"


def pair(
    con: duckdb.DuckDBPyConnection, sql: str, have: set[str], constants: Mapping[str, str],
    last: bool, carry: str, newest: dict[str, int],
) -> str:  # fmt: skip
    """Fold replies into their requests; returns a SELECT of events.

    Requests still open near the end of what was read wait in the temp table ``carry`` for the next
    segment (``newest`` keeps the latest time, in microseconds, that was read of each such table);
    at the file's end their outcome is ``unknown``. Elsewhere a request without a reply
    is ``no_reply``, or what its ``alone`` says; a reply without a request stands for itself.
    """
    keys2 = ("pair", "pair2") if "pair2" in have else ("pair",)
    extra = ", ".join(f"hash({k}) AS {k}" for k in keys2)
    alone = "alone::VARCHAR" if "alone" in have else "NULL::VARCHAR"
    vague = "coalesce(vague, false)" if "vague" in have else "false"
    inner = events(sql, have, constants, spread=False).replace(
        "SELECT ",
        f"SELECT {extra}, coalesce(reply, false) AS reply, {alone} AS alone, {vague} AS vague, ",
        1,
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE ev AS {inner}")
    if exists(con, carry):
        con.execute(f"INSERT INTO ev SELECT * FROM {carry}")
    con.execute("CREATE OR REPLACE TEMP TABLE done AS SELECT *, false AS answered FROM ev LIMIT 0")
    vaguely = ("operation", "action") if "vague" in have else ()
    r_what = ", ".join(f"lead({c}) OVER w AS r_{c}" for c in vaguely)
    took = "".join(f"CASE WHEN vague THEN r_{c} ELSE {c} END AS {c}, " for c in vaguely)
    seen = ", ".join(("next_reply, prev_reply, r_outcome, r_min, r_max, r_bytes, r_object",
                      *(f"r_{c}" for c in vaguely)))  # fmt: skip
    for key in keys2:
        # Neighbours in time that share the key: a request directly followed by a reply.
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE step AS
            SELECT *, lead(reply) OVER w AS next_reply, lag(reply) OVER w AS prev_reply,
                   lead(outcome) OVER w AS r_outcome, lead(value_min) OVER w AS r_min,
                   lead(value_max) OVER w AS r_max, lead(bytes_to_client) OVER w AS r_bytes,
                   lead(object) OVER w AS r_object{", " + r_what if r_what else ""}
            FROM ev WINDOW w AS (PARTITION BY {key} ORDER BY ts, reply, uid)
            """
        )
        con.execute(
            f"""
            INSERT INTO done BY NAME
            SELECT * EXCLUDE ({seen})
                   REPLACE ({took}r_outcome AS outcome,
                            coalesce(object, r_object) AS object,
                            coalesce(least(value_min, r_min), value_min, r_min) AS value_min,
                            coalesce(greatest(value_max, r_max), value_max, r_max) AS value_max,
                            bytes_to_client + r_bytes AS bytes_to_client),
                   true AS answered
            FROM step WHERE NOT reply AND next_reply
            """
        )
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE ev AS
            SELECT * EXCLUDE ({seen})
            FROM step
            WHERE NOT ((NOT reply AND coalesce(next_reply, false))
                       OR (reply AND NOT coalesce(prev_reply, true)))
            """
        )
    latest = con.execute(
        "SELECT epoch_us(max(ts)) FROM (SELECT ts FROM ev UNION ALL SELECT ts FROM done)"
    ).fetchone()
    times = [t for t in (newest.get(carry), latest[0] if latest else None) if t is not None]
    newest[carry] = max(times, default=0)
    open_since = f"make_timestamp({newest[carry] - OPEN_SECONDS * 1_000_000})"
    if last:
        con.execute(f"DROP TABLE IF EXISTS {carry}")
    else:
        waiting = f"NOT reply AND alone IS NULL AND ts >= {open_since}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE {carry} AS FROM ev WHERE {waiting}")
        con.execute(f"DELETE FROM ev WHERE {waiting}")
    present = describe(con, "FROM ev")
    names = ", ".join(
        _EACH.format("object") + " AS object" if c == "object" and "objects" in have else f'"{c}"'
        for c in EVENT_COLUMNS
        if c != "outcome" and c in present
    )
    return f"""
        SELECT {names}, outcome FROM done
        UNION ALL
        SELECT {names}, CASE WHEN reply THEN outcome WHEN alone IS NOT NULL THEN alone
                             WHEN ts >= {open_since} THEN 'unknown'
                             ELSE 'no_reply' END AS outcome FROM ev
    """


def exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether there is a temp table of that name."""
    found = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
    return bool(found)


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
    group = ", ".join(f'"{k}"' for k in grouped)
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
    # costs as much as all other measures, and the smallest one is evidence enough.
    uids = "min(uid) AS uid_min, max(uid) AS uid_max" if gaps else "min(uid) AS uid_min"
    uid_max = "uid_max" if gaps else "uid_min AS uid_max"
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
                   min(us) AS min_us, max(us) AS max_us, epoch_us(max("last")) AS last_us,
                   count(*) AS count_rows, {values[0]} AS value_min, {values[1]} AS value_max,
                   {uids} {times}
            FROM (SELECT *, epoch_us(ts) AS us FROM ({sql})) GROUP BY ALL))
    """
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


def make_printable(con: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    """Write control characters in ``name``'s text as ``\\xNN``, as Zeek's TSV does.

    So the ledger's text is the same whatever the log's format, and holds no line end, terminal
    escape or NUL. Returns whether there were any (rows may have become equal then).
    """
    columns = [c.name for c in TABLES[table] if c.type == "VARCHAR"]
    hit = "regexp_matches({0}, '[\\x00-\\x1f\\x7f]')"
    whole = "concat_ws('', " + ", ".join(f'"{c}"' for c in columns) + ")"
    if not con.execute(f"SELECT 1 FROM {name} WHERE {hit.format(whole)} LIMIT 1").fetchone():
        return False
    for column in (f'"{c}"' for c in columns):
        found = con.execute(
            f"SELECT DISTINCT {column} FROM {name} WHERE {hit.format(column)}"
        ).fetchall()
        if not found:
            continue
        raw = [text for (text,) in found]
        clean = [printable(text) for text in raw]
        con.execute(
            "CREATE OR REPLACE TEMP TABLE written AS SELECT unnest($raw::VARCHAR[]) AS raw,"
            " unnest($clean::VARCHAR[]) AS clean",
            {"raw": raw, "clean": clean},
        )
        con.execute(
            f"UPDATE {name} SET {column} = written.clean FROM written"
            f" WHERE {name}.{column} = written.raw"
        )
    return True


def create_accumulators(con: duckdb.DuckDBPyConnection) -> None:
    """Empty temp tables acc_activity, acc_claims and acc_notices."""
    for table in TABLES:
        con.execute(ddl(table, f"acc_{table}"))
