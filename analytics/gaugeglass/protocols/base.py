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

# Types a column may have: DuckDB's names, read strictly (a value that does not fit rejects the row).
STR, INT, FLOAT, BOOL, TIME, LIST = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIME", "VARCHAR[]"
JSON = "JSON"

#: The columns nearly every Zeek log starts with.
CONN_ID: Mapping[str, str] = {
    "ts": TIME, "uid": STR,
    "id.orig_h": STR, "id.orig_p": INT, "id.resp_h": STR, "id.resp_p": INT,
}  # fmt: skip

#: ICSNPP's true direction of the packet a row is about.
PACKET: Mapping[str, str] = {
    "is_orig": BOOL,
    "source_h": STR, "source_p": INT, "destination_h": STR, "destination_p": INT,
}  # fmt: skip

#: What every EVE row has; the event's own object is `body` (JSON).
EVE: Mapping[str, str] = {
    "ts": TIME, "uid": STR, "flow_id": STR, "src_ip": STR, "src_port": INT, "dest_ip": STR,
    "dest_port": INT, "proto": STR, "app_proto": STR, "direction": STR, "body": JSON,
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One native log and what its rows become.

    ``activities``: SELECTs over ``rows`` with event-level columns. Required: ``ts, client, server,
    service, operation, action``. Optional (default NULL unless said): ``uid, client_mac,
    server_mac, transport ('tcp'), port, unit, object, outcome ('ok'), n (1), last (ts),
    bytes_to_server (0), bytes_to_client (0), value_min, value_max``. For request/reply protocols
    whose log has a row each: ``reply`` (BOOLEAN), ``pair`` (any hashable expression that a request
    shares with its reply, e.g. ``hash(uid, tid)``) and optionally ``pair2`` (a looser second try,
    e.g. ``hash(uid, func)``). A reply row's outcome/values/bytes are folded into its request.

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
    claims: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    used: str = "TRUE"
    ignored: str = "carries nothing the ledger keeps"
    superseded_by: tuple[str, ...] = ()
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gaps: bool = True
    """Whether gaps between events are worth measuring (False for conn: it is not in time order)."""


def snake(column: str) -> str:
    """SQL that turns a protocol's function name into snake_case."""
    return (
        f"trim(lower(regexp_replace(regexp_replace({column}, '([a-z0-9])([A-Z])', '\\1_\\2', 'g'),"
        f" '[^A-Za-z0-9]+', '_', 'g')), '_')"
    )
