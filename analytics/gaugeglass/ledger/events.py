"""Events of a log: a SELECT's rows with the columns that count, requests paired with their replies.

Times are integers of microseconds wherever they are reckoned with, so the result does not depend on
how a file was cut.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from gaugeglass.logs.sql import LATEST

#: A request without its reply this close to the end of what was read may still be answered.
OPEN_SECONDS = 10

#: No event counts or carries more: a damaged or hostile number must not overflow a sum.
MOST = 1 << 53

#: Event-level columns and what they are where a protocol does not say (SQL).
EVENT_DEFAULTS: dict[str, str] = {
    "uid": "NULL::VARCHAR", "flip": "false",
    "client_mac": "NULL::VARCHAR", "server_mac": "NULL::VARCHAR",
    "transport": "'tcp'", "port": "NULL::INTEGER", "unit": "NULL::VARCHAR",
    "object": "NULL::VARCHAR", "outcome": "'ok'", "n": "1::BIGINT", "last": "ts",
    "lasted": "0::BIGINT", "bytes_to_server": "0::BIGINT", "bytes_to_client": "0::BIGINT",
    "value_min": "NULL::DOUBLE", "value_max": "NULL::DOUBLE",
}  # fmt: skip
_REQUIRED = ("ts", "client", "server", "service", "operation", "action")
_EVENT_TYPES = {
    "ts": "TIMESTAMP", "last": "TIMESTAMP", "flip": "BOOLEAN", "port": "INTEGER", "n": "BIGINT",
    "lasted": "BIGINT", "bytes_to_server": "BIGINT", "bytes_to_client": "BIGINT",
    "value_min": "DOUBLE", "value_max": "DOUBLE",
}  # fmt: skip
_MEASURED = (
    "uid", "outcome", "object", "n", "last", "bytes_to_server", "bytes_to_client", "value_min",
    "value_max",
)  # fmt: skip
_SPARED = ("object", "n", "last", "value_min", "value_max")
EVENT_COLUMNS = (*_REQUIRED, *EVENT_DEFAULTS)


def describe(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The names of the columns that ``sql`` gives."""
    return {row[0] for row in con.execute(f"DESCRIBE {sql}").fetchall()}


#: One row per object of a list; a row without objects stays.
_EACH = "unnest(CASE WHEN len({0}) > 0 THEN {0}::VARCHAR[] ELSE [NULL::VARCHAR] END)"


def events(
    sql: str, have: set[str], constants: Mapping[str, str], spread: bool = True,
    absent: Collection[str] = (),
) -> tuple[str, set[str]]:  # fmt: skip
    """``sql`` with every event column it may vary in, and the names of these columns; the rest is
    added by :func:`activity`.

    Columns in ``absent`` are known to be NULL in what is read.
    An event with a list of ``objects`` becomes one event per object; with ``spread`` False the
    list stays together, as ``object``.

    Raises:
        ValueError: a required column is missing.
    """
    missing = [c for c in _REQUIRED if c not in have and c not in constants]
    if missing:
        raise ValueError(f"an activities SELECT lacks {', '.join(missing)}")
    out: dict[str, str] = {}
    for column in EVENT_COLUMNS:
        kind = _EVENT_TYPES.get(column, "VARCHAR")
        if column == "object" and "objects" in have:
            each = _EACH.format("objects") if spread else "objects::VARCHAR[]"
            out[column] = each
            continue
        if column in constants or (column not in have and column not in _MEASURED):
            continue
        if column in absent:
            continue
        if spread and column not in have and column in _SPARED:
            continue  # pairing fills these in; elsewhere a column of NULLs only costs time
        if column not in have:
            out[column] = EVENT_DEFAULTS[column]
        elif column == "n":
            sane = f'least(greatest(coalesce("{column}", {EVENT_DEFAULTS[column]}), 0), {MOST})'
            out[column] = f"{sane}::{kind}"
        elif column in ("bytes_to_server", "bytes_to_client"):  # a third of what least() would take
            sane = f'CASE WHEN "{column}" BETWEEN 0 AND {MOST} THEN "{column}"'
            out[column] = f'({sane} WHEN "{column}" > 0 THEN {MOST} ELSE 0 END)::{kind}'
        elif column == "last":  # one bad end must not take the rows of its group with it
            out[column] = f'(CASE WHEN "last" < {LATEST} THEN "last" ELSE ts END)::{kind}'
        elif column in ("outcome", "transport"):
            out[column] = f'coalesce("{column}", {EVENT_DEFAULTS[column]})::{kind}'
        else:
            out[column] = f'"{column}"::{kind}'
    each = ", ".join(f'{value} AS "{column}"' for column, value in out.items())
    return f"SELECT {each} FROM ({sql})", set(out)


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
    inner = events(sql, have, constants, spread=False)[0].replace(
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
