"""What a protocol file says: which native rows it reads and what they become.

A protocol file in this folder defines ``SOURCES``, a tuple of :class:`Source`. Each names one
native log (Zeek ``#path``, or ``eve:<event_type>``), the columns it wants, and SELECT statements
over the view ``rows``. The engine (``ledger/ingest``) reads the file, supplies ``rows``, adds
window, sensor and defaults, pairs requests with replies, aggregates, and appends to the ledger.

In ``rows`` native names have their dots replaced: ``id.orig_h`` is ``id_orig_h``. Columns that the
file lacks are NULL. ``ts`` is a TIMESTAMP (UTC). Zeek's unset ``-`` and ``(empty)`` are NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Types a column may have, in DuckDB's names, read strictly: what does not fit rejects the row.
STR, INT, FLOAT, BOOL, TIME, LIST = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIME", "VARCHAR[]"
JSON = "JSON"
PORT = "INTEGER"  # read by the million

#: The columns nearly every Zeek log starts with.
CONN_ID: Mapping[str, str] = {
    "ts": TIME, "uid": STR,
    "id.orig_h": STR, "id.orig_p": PORT, "id.resp_h": STR, "id.resp_p": PORT,
}  # fmt: skip

#: ICSNPP's true direction of the packet a row is about.
PACKET: Mapping[str, str] = {
    "is_orig": BOOL,
    "source_h": STR, "source_p": PORT, "destination_h": STR, "destination_p": PORT,
}  # fmt: skip

#: What every EVE row has; `body` is the whole event (JSON): body->>'$.modbus.request.unit_id'.
EVE: Mapping[str, str] = {
    "ts": TIME, "uid": STR, "flow_id": STR, "src_ip": STR, "src_port": INT, "dest_ip": STR,
    "dest_port": INT, "proto": STR, "app_proto": STR, "direction": STR, "body": JSON,
}  # fmt: skip


@dataclass(frozen=True)
class Needs:
    """A SELECT that makes sense only where the file has ``column``."""

    column: str
    sql: str


@dataclass(frozen=True)
class Source:
    """One native log and what its rows become.

    ``activities``: SELECTs over ``rows`` with event-level columns. Required (there or in
    ``constants``): ``ts, client, server, service, operation, action``. Optional (default NULL
    unless said): ``uid, client_mac, server_mac, transport ('tcp'), port, unit, object, outcome ('ok'),
    n (1), last (ts), bytes_to_server (0), bytes_to_client (0), value_min, value_max``. What a log of
    millions of rows gives may be cheaper: ``lasted`` (microseconds) in place of ``last``; and
    ``flip`` (BOOLEAN): client and server are exchanged, with their MACs and bytes, once rows are
    grouped (only without ``gaps``, and neither with ``pair``). For request/reply protocols
    whose log has a row each: ``reply`` (BOOLEAN), ``pair`` (any hashable expression that a request
    shares with its reply, e.g. ``hash(uid, tid)``) and optionally ``pair2`` (a looser second try,
    e.g. ``hash(uid, func)``). A reply row's outcome/values/bytes are folded into its request.
    With them may go ``alone`` (the outcome of a request that no reply follows, where ``no_reply``
    would be wrong: it wants none, or the log shows none) and ``vague`` (BOOLEAN: the request
    doesn't name what it is about, so it takes operation and action from its reply).
    ``objects`` (VARCHAR[]) in place of ``object``: the PDU acts on each; one activity per object.
    Rows lie in the file's order: ``rowid`` tells it.

    ``claims``: SELECTs with ``ts, asset, attribute, value`` and optionally ``uid``.
    ``notices``: SELECTs with the NOTICES columns they know (``ts, origin, name`` required).

    ``used``: SQL condition; rows that fail it are *ignored by design*, for the reason ``ignored``.
    The SELECTs must apply no other filter that silently drops a row's only contribution.

    ``superseded_by``: if a sibling log of one of these kinds exists (same folder, same rotation
    stamp), this whole file is ignored by design: the sibling tells the same PDUs in more detail.

    ``beside``: sibling logs (kind -> columns) loaded as tables named by kind, for joins by link
    ids; a sibling that does not exist is an empty table.
    """

    kind: str
    columns: Mapping[str, str]
    activities: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    """Event columns that are the same for all of the source's activities (text), as
    ``{"service": "modbus", "transport": "tcp"}``: grouping by them would cost time for nothing."""
    claims: tuple[str | Needs, ...] = ()
    notices: tuple[str, ...] = ()
    used: str = "TRUE"
    ignored: str = "carries nothing the ledger keeps"
    superseded_by: tuple[str, ...] = ()
    covered_by: tuple[str, ...] = ()
    """Like ``superseded_by``, for any log of the same sensor (EVE beside Zeek): same traffic."""
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    comes_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Event columns that are NULL throughout a log that has none of these native columns: they
    are not grouped by there."""
    raw_service: bool = False
    """``service`` is what the sensor calls it, or NULL; the engine names it by alias and port once
    rows are grouped (see ``ports.named``), which is cheaper for logs of millions of rows."""
    summed: bool = False
    """Rows are sums of events already (see ``ledger/summed``): with ``n`` they give ``gap_count``,
    ``gap_sum``, ``gap_sq`` and ``uid_max``. What they say of a service is told by no other log of
    the sensor as long as they are written."""
    spared: str = "FALSE"
    """SQL condition, set by the engine: rows whose activities another log tells; their claims and
    notices count."""
    gaps: bool = True
    """Whether gaps between events are worth measuring (False for conn: it is not in time order)."""


#: Server ports of the services met in plants: tells who is asked where a capture began mid-session.
SERVICE_PORTS: tuple[int, ...] = (
    20, 21, 22, 23, 25, 53, 67, 69, 80, 81, 88, 102, 110, 111, 123, 135, 137, 138, 139, 143, 161,
    162, 179, 389, 443, 445, 502, 514, 515, 548, 554, 623, 631, 636, 789, 802, 853, 873, 990, 993,
    1089, 1090, 1091, 1099, 1153, 1194, 1200, 1217, 1433, 1434, 1502, 1521, 1541, 1628, 1700, 1723,
    1740, 1741, 1742, 1743, 1812, 1883, 1911, 1962, 2000, 2049, 2221, 2222, 2323, 2404, 2455, 3050,
    3268, 3306, 3389, 3480, 3671, 4000, 4059, 4712, 4713, 4840, 4843, 4911, 5000, 5006, 5007, 5060,
    5094, 5432, 5500, 5555, 5683, 5800, 5900, 5901, 5938, 5985, 5986, 6379, 6568, 7070, 8000, 8080,
    8081, 8086, 8443, 8501, 8530, 8883, 9092, 9100, 9200, 9600, 10001, 11740, 11001, 18245, 18246,
    19999, 20000, 20547, 23023, 25565, 27017, 34962, 34963, 34964, 34980, 41100, 44818, 47808,
    47809, 48898, 50000, 55000, 55003, 56001, 62900, 62911, 62924, 62930, 62938, 62956,
)  # fmt: skip

#: SQL that makes them known to an engine, a bit a port: an IN list becomes a join, which every row
#: goes through, and as a literal the bits would be parsed with each query.
SERVES = (
    f"SET VARIABLE serves = '{sum(1 << (0xFFFF - port) for port in SERVICE_PORTS):065536b}'::BIT"
)

#: CASE keeps ports that are none from the look-up, and most rows, which went to a low port, from
#: both.
_FLIPPED = (
    "CASE WHEN {1} > 1023 AND {1} < 65536 AND {0} BETWEEN 0 AND 65535 THEN"
    " get_bit(getvariable('serves'), ({0})::INTEGER)"
    " > get_bit(getvariable('serves'), ({1})::INTEGER) ELSE false END"
)

#: SQL to select from instead of ``rows``: adds ``client``, ``server`` and ``port`` by role, not by
#: who was seen first, and ``flip`` (the originator is the server: the capture began mid-session).
ORIENTED = f"""(
    SELECT *, CASE WHEN flip THEN id_resp_h ELSE id_orig_h END AS client,
              CASE WHEN flip THEN id_orig_h ELSE id_resp_h END AS server,
              CASE WHEN flip THEN id_orig_p ELSE id_resp_p END AS port
    FROM (SELECT *, {_FLIPPED.format("id_orig_p", "id_resp_p")} AS flip FROM rows))"""

#: The same for EVE rows.
EVE_ORIENTED = f"""(
    SELECT *, CASE WHEN flip THEN dest_ip ELSE src_ip END AS client,
              CASE WHEN flip THEN src_ip ELSE dest_ip END AS server,
              CASE WHEN flip THEN src_port ELSE dest_port END AS port
    FROM (SELECT *, {_FLIPPED.format("src_port", "dest_port")} AS flip FROM rows))"""


def snake(column: str) -> str:
    """SQL that turns a protocol's function name into snake_case."""
    return (
        f"trim(lower(regexp_replace(regexp_replace({column}, '([a-z0-9])([A-Z])', '\\1_\\2', 'g'),"
        f" '[^A-Za-z0-9]+', '_', 'g')), '_')"
    )
