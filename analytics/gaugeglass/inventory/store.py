"""Assets in the state's SQLite database, and as tables that detections and queries ask."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb

from gaugeglass.inventory.addresses import canonical
from gaugeglass.inventory.local import LocalNetworks
from gaugeglass.inventory.model import Asset, Fact

_DDL = (
    """
    CREATE TABLE IF NOT EXISTS assets (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, label TEXT NOT NULL, role TEXT NOT NULL,
        role_evidence TEXT NOT NULL, level REAL, level_evidence TEXT NOT NULL,
        local INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
        services_offered TEXT NOT NULL, services_used TEXT NOT NULL, facts TEXT NOT NULL,
        firmware_history TEXT NOT NULL, former_ips TEXT NOT NULL, notes TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS asset_addresses (
        address TEXT NOT NULL, asset_id TEXT NOT NULL, kind TEXT NOT NULL,
        position INTEGER NOT NULL, PRIMARY KEY (asset_id, kind, address)
    )
    """,
)

_COLUMNS = (
    "id", "label", "role", "level", "ips", "macs", "hostname", "vendor", "model", "firmware",
    "serial", "device_type", "os", "local", "first", "last", "services_offered", "services_used",
)  # fmt: skip
_TYPES = {"level": "DOUBLE", "local": "BOOLEAN", "first": "TIMESTAMP", "last": "TIMESTAMP"}


def save(db: sqlite3.Connection, assets: Iterable[Asset]) -> None:
    """Replace what is stored by ``assets``, inside the caller's transaction.

    Nothing is committed here. The tables are made where they are missing.
    """
    for statement in _DDL:
        db.execute(statement)
    db.execute("DELETE FROM assets")
    db.execute("DELETE FROM asset_addresses")
    for position, a in enumerate(assets):
        db.execute(
            f"INSERT INTO assets VALUES ({', '.join('?' * 16)})",
            (
                a.id, position, a.label, a.role, a.role_evidence, a.level, a.level_evidence,
                int(a.local), a.first.isoformat(), a.last.isoformat(),
                json.dumps(a.services_offered), json.dumps(a.services_used),
                _dump(a.facts), _dump(a.firmware_history), json.dumps(a.former_ips),
                json.dumps(a.notes),
            ),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO asset_addresses VALUES (?, ?, ?, ?)",
            [(ip, a.id, "ip", i) for i, ip in enumerate(a.ips)]
            + [(mac, a.id, "mac", i) for i, mac in enumerate(a.macs)],
        )


def load(db: sqlite3.Connection) -> list[Asset]:
    """The stored assets as they were saved; an empty list where none ever were."""
    present = db.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN ('assets', 'asset_addresses')"
    ).fetchone()
    if present[0] < 2:
        return []
    addresses: dict[tuple[str, str], list[str]] = {}
    for asset_id, kind, address in db.execute(
        "SELECT asset_id, kind, address FROM asset_addresses ORDER BY asset_id, kind, position"
    ):
        addresses.setdefault((asset_id, kind), []).append(address)
    rows = db.execute(
        "SELECT id, label, role, role_evidence, level, level_evidence, local, first, last,"
        " services_offered, services_used, facts, firmware_history, former_ips, notes"
        " FROM assets ORDER BY position"
    ).fetchall()
    return [
        Asset(
            id=r[0],
            ips=tuple(addresses.get((r[0], "ip"), ())),
            macs=tuple(addresses.get((r[0], "mac"), ())),
            label=r[1],
            role=r[2],
            role_evidence=r[3],
            level=r[4],
            level_evidence=r[5],
            local=bool(r[6]),
            facts=_parse(r[11]),
            services_offered=tuple(json.loads(r[9])),
            services_used=tuple(json.loads(r[10])),
            first=datetime.fromisoformat(r[7]),
            last=datetime.fromisoformat(r[8]),
            firmware_history=_parse(r[12]),
            former_ips=tuple(json.loads(r[13])),
            notes=tuple(json.loads(r[14])),
        )
        for r in rows
    ]


def register(db: duckdb.DuckDBPyConnection, assets: Iterable[Asset], local: LocalNetworks) -> None:
    """Make the temp tables ``address`` and ``assets`` and the macro ``is_local`` in ``db``.

    ``address`` has one row for each address an asset holds now, and for each further spelling of
    it that ``activity`` uses. Lists in ``assets`` are joined by a comma and a space.
    """
    listed = list(assets)
    held = {a: asset for asset in listed for a in (*asset.ips, *asset.macs)}
    by_address = dict(held)
    for raw in _spellings(db):
        known = held.get(canonical(raw) or "")
        if known is not None:
            by_address.setdefault(raw, known)
    _table(
        db,
        "address",
        ("address", "asset_id", "label", "role", "level", "local"),
        [(a, x.id, x.label, x.role, x.level, x.local) for a, x in sorted(by_address.items())],
    )
    _table(db, "assets", _COLUMNS, [_flat(asset) for asset in listed])
    db.execute(f"CREATE OR REPLACE TEMP MACRO is_local(ip) AS {local.sql('ip')}")


def _flat(asset: Asset) -> tuple[Any, ...]:
    def value(column: str) -> Any:
        if column in ("ips", "macs", "services_offered", "services_used"):
            return ", ".join(getattr(asset, column))
        return getattr(asset, column) if hasattr(asset, column) else asset.best(column)

    return tuple(value(c) for c in _COLUMNS)


def _table(
    db: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Create temp table ``name`` from ``rows`` (whole columns as parameters: fast at any size)."""
    data = [list(c) for c in zip(*rows, strict=True)] if rows else [[] for _ in columns]
    select = ", ".join(
        f'unnest($p{i}::{_TYPES.get(c, "VARCHAR")}[]) AS "{c}"' for i, c in enumerate(columns)
    )
    db.execute(
        f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {select}',
        {f"p{i}": values for i, values in enumerate(data)},
    )


def _spellings(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Addresses with a colon or a dash as ``activity`` spells them: IPv6 and MACs vary."""
    if not db.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'activity'"
    ).fetchone():
        return []
    rows = db.execute(
        """
        SELECT DISTINCT unnest([client, server]) AS a FROM activity
        WHERE contains(client, ':') OR contains(server, ':')
              OR contains(client, '-') OR contains(server, '-')
        ORDER BY a
        """
    ).fetchall()
    return [a for (a,) in rows if a]


def _dump(facts: tuple[Fact, ...]) -> str:
    return json.dumps(
        [
            [f.attribute, f.value, f.source, f.first.isoformat(), f.last.isoformat(), f.confidence]
            for f in facts
        ]
    )


def _parse(text: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(a, v, s, datetime.fromisoformat(first), datetime.fromisoformat(last), c)
        for a, v, s, first, last, c in json.loads(text)
    )
