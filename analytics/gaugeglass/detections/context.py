"""The views and tables a detection asks: the judged span of the ledger, the baseline, the assets.

Whatever the caller has registered already (baseline tables, ``address``, the ``is_local`` macro)
stays; what is missing is made: empty tables, and ``is_local`` from the site's networks.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from gaugeglass.behaviour.baseline import COLUMNS
from gaugeglass.behaviour.changes import Change
from gaugeglass.behaviour.facts import create_macros
from gaugeglass.behaviour.judge import Accepted, judge
from gaugeglass.behaviour.learn import Behaviour
from gaugeglass.config import Config
from gaugeglass.detections.base import Context
from gaugeglass.inventory.local import LocalNetworks

#: The inventory by address.
INVENTORY = (
    ("address", "VARCHAR"), ("asset_id", "VARCHAR"), ("label", "VARCHAR"), ("role", "VARCHAR"),
    ("level", "DOUBLE"), ("local", "BOOLEAN"),
)  # fmt: skip

#: Broadcast, multicast and unset addresses: IPv4, IPv6 and MAC.
GROUP_PATTERN = (
    r"^(22[4-9]|23[0-9])\.|\.255$|^0\.0\.0\.0$|^::$|^ff[0-9a-f]{2}:"
    r"|^[0-9a-f][13579bdf](:[0-9a-f]{2}){5}$"
)


def make_context(
    db: duckdb.DuckDBPyConnection,
    since: datetime,
    until: datetime,
    config: Config | None = None,
    models: Behaviour | None = None,
    changes: tuple[Change, ...] = (),
    accepted: tuple[Accepted, ...] = (),
) -> Context:
    """A :class:`Context` for [since, until) over ``db``'s activity, claims and notices.

    ``since`` and ``until`` are UTC without zone. Activity is judged by its window's start, exactly
    as a baseline learned ``until=since`` left it out. ``changes`` were planned and ``accepted`` is
    what an analyst called normal: neither is news to the models. Raises
    :class:`gaugeglass.config.ConfigError` for a wrong ``site.local_networks``.
    """
    for view, table, column in (
        ("judged", "activity", "window"),
        ("judged_claims", "claims", "first"),
        ("judged_notices", "notices", "ts"),
    ):
        db.execute(
            f'CREATE OR REPLACE TEMP VIEW "{view}" AS SELECT * FROM "{table}"'
            f' WHERE "{column}" >= {_literal(since)} AND "{column}" < {_literal(until)}'
        )
    present = {
        name
        for (name,) in db.execute(
            "SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables()"
        ).fetchall()
    }
    for name, columns in {**COLUMNS, "address": INVENTORY}.items():
        if name not in present:
            body = ", ".join(f'"{column}" {kind}' for column, kind in columns)
            db.execute(f'CREATE TEMP TABLE "{name}" ({body})')
    create_macros(db, with_tables=True)
    db.execute(
        "CREATE OR REPLACE TEMP MACRO is_group(ip) AS"
        f" coalesce(regexp_matches(lower(ip), '{GROUP_PATTERN}'), FALSE)"
    )
    given = "SELECT 1 FROM duckdb_functions() WHERE function_name = 'is_local'"
    if not db.execute(given).fetchone():
        local = LocalNetworks.of(db, config or Config()).sql("ip")
        db.execute(f"CREATE TEMP MACRO is_local(ip) AS {local}")
    learned = db.execute("SELECT count(*) > 0 FROM known_asset").fetchone()
    judgement = None
    if models is not None and not models.empty:
        judgement = judge(db, models, since, until, changes=changes, accepted=accepted)
    return Context(
        db, since, until, models=models, judgement=judgement, changes=changes,
        learned=bool(learned and learned[0]),
    )  # fmt: skip


def _literal(when: datetime) -> str:
    # A view takes no parameters. isoformat of a datetime holds digits and punctuation only.
    return f"TIMESTAMP '{when.isoformat(sep=' ')}'"
