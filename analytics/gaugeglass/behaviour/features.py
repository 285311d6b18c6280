"""One row of features for each address, as client and as server, and each conduit, in each window.

Everything is a sum, a count or an extreme over the ledger's rows, done in SQL; floating point only
enters after the sums, which are of whole numbers, so the order of rows and the number of threads
change nothing.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaugeglass.behaviour.facts import create_macros
from gaugeglass.behaviour.registry import FEATURES
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Columns that say which row this is. `side` is client, server or conduit; `address` of a conduit
#: is `client > server service`. `edge`: the window before or after holds no activity at all, so
#: the sensor may have seen only a part of this one.
KEYS: tuple[str, ...] = ("window", "side", "address", "role", "edge")

SIDES: tuple[str, ...] = ("client", "server", "conduit")

_SIDE = {
    "client": "SELECT 'client' AS side, client AS address, server AS peer,"
    " bytes_to_server AS sent, bytes_to_client AS received, * FROM rows WHERE client IS NOT NULL",
    "server": "SELECT 'server', server, client, bytes_to_client, bytes_to_server, * FROM rows"
    " WHERE server IS NOT NULL",
    "conduit": "SELECT 'conduit', client || ' > ' || server || ' ' || service, server,"
    " bytes_to_server, bytes_to_client, * FROM rows"
    " WHERE client IS NOT NULL AND server IS NOT NULL AND service IS NOT NULL",
}

#: Rows from one entity's point of view. `rows` is what is asked about.
SIDED = f"sided AS NOT MATERIALIZED ({' UNION ALL '.join(_SIDE[s] for s in SIDES)})"

#: The point addresses that a row's object spans.
POINTS = "object_first(object) AS low, object_last(object) AS top"

# Entropy from whole numbers: each n*log2(n) is rounded to a millionth before it is summed.
_ENTROPY = """{name}s AS (
    SELECT side, address, bucket,
        round(greatest(log2(sum(n)) - sum((n * log2(n) * 1e6)::HUGEINT)::DOUBLE / 1e6 / sum(n), 0),
              6) AS {name}
    FROM (SELECT side, address, bucket, {key}, sum("count") AS n
          FROM sided GROUP BY ALL) WHERE n > 0 GROUP BY ALL)"""

#: What a conduit's numbers may be compared with: the same service, asked by the same role.
_ROLE = """CASE WHEN f.side = 'conduit' THEN
    regexp_extract(f.address, ' ([^ ]*)$', 1) || ' by ' || coalesce(c.role, 'unknown')
    ELSE coalesce(r.role, 'unknown') END"""


def features(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    window_seconds: int = WINDOW_SECONDS,
    source: str = "activity",
) -> pd.DataFrame:
    """Features of the windows in [since, until), ordered by window, side, address.

    Columns: :data:`KEYS`, then the names of :data:`~gaugeglass.behaviour.registry.FEATURES`.
    ``window_seconds`` may be any multiple of the ledger's window. ``source`` is the view whose rows
    count; which windows the sensor saw is always asked of ``activity``. Roles come from the table
    ``address`` where ``db`` has one, else all are ``unknown``. A feature that a window says
    nothing about (a gap where there is one event) is NaN.
    """
    minutes = window_seconds / 60
    columns = ", ".join(
        f"({f.sql})::DOUBLE{f' / {minutes!r}' if f.per_minute else ''} AS {f.name}"
        for f in FEATURES
    )
    roles = "SELECT NULL::VARCHAR AS address, NULL::VARCHAR AS role WHERE FALSE"
    if has_table(db, "address"):
        roles = (
            "SELECT address, arg_min(role, coalesce(asset_id, '')) AS role FROM address"
            " GROUP BY address"
        )
    create_macros(db)
    entropies = ", ".join(
        _ENTROPY.format(name=name, key=key)
        for name, key in (("entropy", "service, operation"), ("action_entropy", "action"))
    )
    sql = f"""
    WITH rows AS NOT MATERIALIZED
        (SELECT *, time_bucket(to_seconds($step), "window") AS bucket,
            {POINTS}, $step::BIGINT * 1000000 AS step_us, greatest(
                epoch_us("last") - epoch_us("first"), $step::BIGINT * 1000000) AS span_us
         FROM {source} WHERE "window" >= $since AND "window" < $until AND "count" > 0),
    {SIDED}, {entropies}, roles AS MATERIALIZED ({roles}),
    lit AS (SELECT DISTINCT time_bucket(to_seconds($step), "window") AS bucket FROM activity
        WHERE "window" >= $since - to_seconds($step) AND "window" < $until + to_seconds($step)),
    edges AS (SELECT bucket, coalesce(bucket - lag(bucket) OVER w > to_seconds($step), TRUE)
            OR coalesce(lead(bucket) OVER w - bucket > to_seconds($step), TRUE) AS edge
        FROM lit WINDOW w AS (ORDER BY bucket)),
    found AS (SELECT side, address, bucket, any_value(client) AS client, {columns}
        FROM sided LEFT JOIN entropys USING (side, address, bucket)
        LEFT JOIN action_entropys USING (side, address, bucket) GROUP BY side, address, bucket)
    SELECT f.bucket AS "window", f.side, f.address, {_ROLE} AS role, e.edge,
        {", ".join(f"f.{f.name}" for f in FEATURES)}
    FROM found f JOIN edges e ON e.bucket = f.bucket
    LEFT JOIN roles r ON f.side <> 'conduit' AND r.address = f.address
    LEFT JOIN roles c ON f.side = 'conduit' AND c.address = f.client
    ORDER BY f.bucket, f.side, f.address"""
    frame: pd.DataFrame = db.execute(
        sql, {"since": since, "until": until, "step": window_seconds}
    ).df()
    return frame


def ends(frame: pd.DataFrame) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Client and server of each row (``side`` and ``address``); None where it names none."""
    codes, unique = pd.factorize(frame["address"])  # few addresses, many windows
    parts = [str(a).split(" ") for a in unique] or [[""]]
    client = np.array([p[0] for p in parts], dtype=object)[codes]
    server = np.array([p[2] if len(p) > 2 else p[0] for p in parts], dtype=object)[codes]
    client[(frame["side"] == "server").to_numpy()] = None
    server[(frame["side"] == "client").to_numpy()] = None
    return client, server


def has_table(db: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether ``db`` has a table or view of this name."""
    found = db.execute(
        "SELECT 1 FROM duckdb_columns() WHERE table_name = ? LIMIT 1", [name]
    ).fetchone()
    return found is not None
