"""What the report asks of the ledger: conduits, and what was and was not decoded.

Each function takes a connection that has the view ``activity`` (ledger/schema.py) and gives rows
for :class:`~gaugeglass.report.data.ReportData`, in a fixed order. Nothing is written.

A connection log names services by their port where no analyzer did, so a name alone does not say
that a protocol was decoded: an activity other than ``connect`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from gaugeglass.inventory.vocabulary import INDUSTRIAL
from gaugeglass.protocols.ports import ALIASES

# One row per path: what was decoded on it names it, else what the connections were called.
# Bytes are the connections' where there are any: a decoded log's are a part of the same ones.
_PATHS = """
    SELECT client, server, transport, port,
           coalesce(list(DISTINCT service ORDER BY service) FILTER (action <> 'connect'), [])
             AS decoded,
           list(DISTINCT service ORDER BY service) FILTER (service IS NOT NULL) AS called,
           coalesce(list(DISTINCT action ORDER BY action) FILTER (action <> 'connect'), [])
             AS actions,
           coalesce(sum("count") FILTER (action <> 'connect'), 0)::BIGINT AS "count",
           coalesce(sum("count") FILTER (action = 'connect'), 0)::BIGINT AS connections,
           coalesce(nullif(sum(bytes_to_server + bytes_to_client) FILTER (action = 'connect'), 0),
                    sum(bytes_to_server + bytes_to_client), 0)::BIGINT AS bytes,
           min("first") AS "first", max("last") AS "last",
           bool_or(action <> 'connect' OR bytes_to_server > 0 OR bytes_to_client > 0
                   OR coalesce(outcome, '') NOT IN ('rejected', 'no_reply', 'half_open')) AS used
    FROM activity
    WHERE client IS NOT NULL AND server IS NOT NULL
    GROUP BY client, server, transport, port
"""
_ORDER = "ORDER BY client, server, transport, port NULLS FIRST"


def conduits(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Who asks what of whom: ``client, server, transport, port, service, actions, count,
    connections, bytes, first, last``.

    ``service`` joins what was decoded on one port (``dce_rpc, smb``). Paths that were only tried
    (refused or unanswered, nothing sent) are not conduits: :func:`unanswered` counts them.
    """
    return _rows(
        db,
        f"""SELECT client, server, transport, port,
            nullif(array_to_string(CASE WHEN len(decoded) > 0 THEN decoded ELSE called END, ', '),
                   '') AS service,
            actions, "count", connections, bytes, "first", "last"
            FROM ({_PATHS}) WHERE used {_ORDER}""",
    )


def unanswered(db: duckdb.DuckDBPyConnection) -> int:
    """How many paths (client, server, port) were tried and neither answered nor used."""
    row = db.execute(f"SELECT count(*) FROM ({_PATHS}) WHERE NOT used").fetchone()
    return int(row[0]) if row else 0


def undecoded(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Conduits known only as connections: ``client, server, transport, port, service (None), hint,
    industrial, connections, bytes, first, last``, most bytes first.

    ``hint`` is the service that the port suggests; ``industrial`` whether that is one of a plant's.
    """
    found = _rows(
        db,
        f"""SELECT client, server, transport, port, NULL AS service, called, connections, bytes,
            "first", "last" FROM ({_PATHS}) WHERE used AND len(actions) = 0
            ORDER BY bytes DESC, client, server, transport, port NULLS FIRST""",
    )
    for row in found:
        called = row.pop("called") or []
        # tcp/7777, icmp: a service that is named after its transport is no hint.
        names = [s for s in called if "/" not in s and s != row["transport"]]
        row["hint"] = ", ".join(names) or None
        row["industrial"] = not INDUSTRIAL.isdisjoint(names)
    return found


def decoded(db: duckdb.DuckDBPyConnection, kinds: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Protocols whose content was read: ``service, logs, operations, actions, clients, servers,
    activities, first, last``, by service. ``activities`` counts events, not ledger rows.

    ``kinds`` are the log kinds that contributed rows (the row accounting knows them); each stands
    under the service it belongs to.
    """
    found = _rows(
        db,
        """SELECT service,
            list(operation ORDER BY n DESC, operation) AS operations,
            list_sort(list_distinct(list(action))) AS actions,
            sum(n)::BIGINT AS activities, min("first") AS "first", max("last") AS "last"
        FROM (SELECT service, operation, action, sum("count") AS n, min("first") AS "first",
                     max("last") AS "last"
              FROM activity WHERE action <> 'connect' AND service IS NOT NULL GROUP BY ALL)
        GROUP BY service ORDER BY service""",
    )
    ends = {
        row["service"]: row
        for row in _rows(
            db,
            """SELECT service, count(DISTINCT client) AS clients, count(DISTINCT server) AS servers
            FROM activity WHERE action <> 'connect' AND service IS NOT NULL GROUP BY service""",
        )
    }
    logs = logs_of(kinds, [row["service"] for row in found])
    for row in found:
        row["operations"] = list(dict.fromkeys(row["operations"]))
        row |= {**ends[row["service"]], "logs": logs.get(row["service"], [])}
    return found


def logs_of(kinds: Iterable[str], services: Sequence[str]) -> dict[str, list[str]]:
    """Log kinds under the service each belongs to, by name: ``opcua_binary_write`` is opcua's.

    A kind that no service's name begins (``weird``, ``known_hosts``) stands under none.
    """
    found: dict[str, list[str]] = {}
    for kind in sorted(set(kinds)):
        stem = kind.removeprefix("eve:")
        fits = [s for s in services if stem == s or stem.startswith(f"{s}_")]
        fits = sorted(fits, key=len)[-1:] or [s for s in services if s == ALIASES.get(stem)]
        for service in fits:
            found.setdefault(service, []).append(kind)
    return found


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = db.execute(sql)
    names = [d[0] for d in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
