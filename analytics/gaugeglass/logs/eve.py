"""Suricata's EVE: one JSON log of many event types, read with its common columns."""

from __future__ import annotations

from pathlib import Path

import duckdb

from gaugeglass.logs import repair
from gaugeglass.logs.account import NO_HOST, Account
from gaugeglass.logs.segment import MAX_LINE, Segment
from gaugeglass.logs.sql import IN_TIME, quote, read_objects
from gaugeglass.logs.strict import NeedsExact

_COMMON = (
    '{"timestamp":"VARCHAR","event_type":"VARCHAR","flow_id":"VARCHAR","community_id":"VARCHAR",'
    '"src_ip":"VARCHAR","src_port":"INTEGER","dest_ip":"VARCHAR","dest_port":"INTEGER",'
    '"proto":"VARCHAR","app_proto":"VARCHAR","direction":"VARCHAR","_line":"BIGINT"}'
)
_FAULTY = f"(event_type IS NULL OR NOT coalesce(ts {IN_TIME}, false))"


def strict(con: duckdb.DuckDBPyConnection, segment: Segment) -> None:
    """Create the temp table ``eve`` with the common columns and ``body``, the whole event.

    Raises:
        NeedsExact: a row is no sound event.
    """
    _table(con, segment.path)
    if con.execute(f"SELECT 1 FROM eve WHERE {_FAULTY} LIMIT 1").fetchone():
        raise NeedsExact


def exact(
    con: duckdb.DuckDBPyConnection, segment: Segment, scratch: Path, account: Account
) -> None:
    """The same by way of ``repair``; what is no sound event is rejected."""
    target = scratch / "repaired.txt"
    repair.json_lines(segment, target, account, None)
    _table(con, target, 8 * MAX_LINE)  # escapes make a line longer
    target.unlink()
    faults = con.execute(
        "SELECT line, CASE WHEN event_type IS NULL THEN 'row without event_type'"
        f" ELSE 'column timestamp has a value that is not a time' END, left(body::VARCHAR, 1000)"
        f" FROM eve WHERE {_FAULTY} ORDER BY line"
    )
    while found := faults.fetchmany(10_000):
        for line, reason, text in found:
            account.reject(line, reason, text)
    con.execute(f"DELETE FROM eve WHERE {_FAULTY}")


def reject_hostless(con: duckdb.DuckDBPyConnection, event: str, account: Account) -> None:
    """Reject the events of a kind that lack an address."""
    hostless = "event_type = ? AND (src_ip IS NULL OR dest_ip IS NULL)"
    lines = con.execute(f"SELECT line FROM eve WHERE {hostless} ORDER BY line", [event])
    while found := lines.fetchmany(10_000):
        for (line,) in found:
            account.reject(line, NO_HOST)
    con.execute(f"DELETE FROM eve WHERE {hostless}", [event])


def _table(con: duckdb.DuckDBPyConnection, path: Path, limit: int = MAX_LINE) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE eve AS
        SELECT coalesce(try_strptime(e.timestamp, '%Y-%m-%dT%H:%M:%S.%f%z'),
                        TRY_CAST(e.timestamp AS TIMESTAMPTZ)) AT TIME ZONE 'UTC' AS ts,
               coalesce(e.community_id, e.flow_id) AS uid, e.flow_id, e.src_ip, e.src_port,
               e.dest_ip, e.dest_port, lower(e.proto) AS proto, e.app_proto, e.direction,
               e.event_type, e._line AS line, json AS body
        FROM (SELECT json_transform(json, {quote(_COMMON)}) AS e, json
              FROM {read_objects(path, limit)})
        """
    )
