"""One row of features for each address, as client and as server, in each window.

Everything is a sum, a count or an extreme over the ledger's rows, done in SQL; floating point only
enters after the sums, which are of whole numbers, so the order of rows and the number of threads
change nothing.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pandas as pd

from gaugeglass.behaviour.registry import FEATURES
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: Columns that say which row this is. `edge`: the window before or after holds no activity at
#: all, so the sensor may have seen only a part of this one.
KEYS: tuple[str, ...] = ("window", "side", "address", "role", "edge")

SIDES: tuple[str, ...] = ("client", "server")

#: Rows from one entity's point of view. `rows` is what is asked about.
SIDED = """sided AS NOT MATERIALIZED (
    SELECT 'client' AS side, client AS address, server AS peer,
        bytes_to_server AS sent, bytes_to_client AS received, * FROM rows WHERE client IS NOT NULL
    UNION ALL
    SELECT 'server', server, client, bytes_to_client, bytes_to_server, * FROM rows
    WHERE server IS NOT NULL)"""

# Entropy from whole numbers: each n*log2(n) is rounded to a millionth before it is summed.
_ENTROPY = """entropies AS (
    SELECT side, address, "window",
        round(greatest(log2(sum(n)) - sum((n * log2(n) * 1e6)::HUGEINT)::DOUBLE / 1e6 / sum(n), 0),
              6) AS entropy
    FROM (SELECT side, address, "window", service, operation, sum("count") AS n
          FROM sided GROUP BY ALL) WHERE n > 0 GROUP BY ALL)"""


def features(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    window_seconds: int = WINDOW_SECONDS,
) -> pd.DataFrame:
    """Features of the windows in [since, until), ordered by window, side, address.

    Columns: :data:`KEYS`, then the names of :data:`~gaugeglass.behaviour.registry.FEATURES`.
    Roles come from the table ``address`` where ``db`` has one, else all are ``unknown``.
    A feature that a window says nothing about (a gap where there is one event) is NaN.
    """
    minutes = window_seconds / 60
    columns = ", ".join(
        f"({f.sql})::DOUBLE{f' / {minutes!r}' if f.per_minute else ''} AS {f.name}"
        for f in FEATURES
    )
    role = "'unknown'"
    roles = ""
    if has_table(db, "address"):
        role = "coalesce(r.role, 'unknown')"
        roles = (
            "LEFT JOIN (SELECT address, arg_min(role, coalesce(asset_id, '')) AS role FROM address"
            " GROUP BY address) r ON r.address = f.address"
        )
    sql = f"""
    WITH rows AS NOT MATERIALIZED
        (SELECT * FROM activity WHERE "window" >= $since AND "window" < $until AND "count" > 0),
    {SIDED}, {_ENTROPY},
    lit AS (SELECT DISTINCT "window" FROM activity
        WHERE "window" >= $since - to_seconds($step) AND "window" < $until + to_seconds($step)),
    edges AS (SELECT "window", coalesce("window" - lag("window") OVER w > to_seconds($step), TRUE)
            OR coalesce(lead("window") OVER w - "window" > to_seconds($step), TRUE) AS edge
        FROM lit WINDOW w AS (ORDER BY "window")),
    found AS (SELECT side, address, "window", {columns}
        FROM sided LEFT JOIN entropies USING (side, address, "window") GROUP BY ALL)
    SELECT f."window", f.side, f.address, {role} AS role, e.edge,
        {", ".join(f"f.{f.name}" for f in FEATURES)}
    FROM found f JOIN edges e ON e."window" = f."window" {roles}
    ORDER BY f."window", f.side, f.address"""
    step = window_seconds
    frame: pd.DataFrame = db.execute(sql, {"since": since, "until": until, "step": step}).df()
    return frame


def has_table(db: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether ``db`` has a table or view of this name."""
    found = db.execute(
        "SELECT 1 FROM duckdb_columns() WHERE table_name = ? LIMIT 1", [name]
    ).fetchone()
    return found is not None
