"""``gaugeglass query``: ask the ledger in SQL, read-only."""

from __future__ import annotations

import sys

import click

from gaugeglass.cli.app import App
from gaugeglass.cli.show import format_option, rows
from gaugeglass.inventory import store as asset_store
from gaugeglass.inventory.local import LocalNetworks
from gaugeglass.ledger.store import lock_down
from gaugeglass.pipeline import Site


@click.command(name="query")
@click.argument("sql")
@format_option
@click.pass_obj
def command(app: App, sql: str, fmt: str) -> None:
    """Run SQL (DuckDB's) over the views activity, claims, notices, assets and alerts.

    Nothing can be changed, and no file but the ledger's can be read. SQL is - for stdin.

    \b
    Example:  gaugeglass query "SELECT client, server, sum(count) AS n FROM activity
                                WHERE action = 'write' GROUP BY ALL ORDER BY n DESC"
    """
    if sql == "-":
        sql = sys.stdin.read()
    site = Site(app.state, app.config)
    db = site.connect()
    asset_store.register(db, site.stored_assets(), LocalNetworks.of(db, app.config))
    alerts = [
        (a.id, a.detection, a.severity, a.risk, [t.id for t in a.techniques], a.first, a.last,
         a.count, a.client, a.server, a.service, a.operation, a.object, a.summary, a.incident)
        for a in site.stored_alerts()
    ]  # fmt: skip
    db.execute(
        "CREATE TEMP TABLE alerts(id VARCHAR, detection VARCHAR, severity VARCHAR, risk INTEGER,"
        " techniques VARCHAR[], first TIMESTAMP, last TIMESTAMP, count BIGINT, client VARCHAR,"
        " server VARCHAR, service VARCHAR, operation VARCHAR, object VARCHAR, summary VARCHAR,"
        " incident VARCHAR)"
    )
    if alerts:
        marks = ", ".join("?" * len(alerts[0]))
        db.executemany(f"INSERT INTO alerts VALUES ({marks})", alerts)
    lock_down(db, app.state)
    only_reads(db, sql)
    cursor = db.execute(sql)
    names = [d[0] for d in cursor.description or []]
    items = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows(items, names, fmt)


def only_reads(db: object, sql: str) -> None:
    """Refuse anything but queries.

    Raises:
        click.UsageError: a statement is not a SELECT (or EXPLAIN, DESCRIBE, SUMMARIZE).
    """
    import duckdb

    assert isinstance(db, duckdb.DuckDBPyConnection)
    statements = db.extract_statements(sql)
    allowed = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
    if not statements:
        raise click.UsageError("no SQL given")
    for statement in statements:
        if statement.type not in allowed:
            raise click.UsageError(f"only queries are allowed, not {statement.type.name}")
