"""Assets kept in SQLite and registered in the query engine come back as they were."""

from __future__ import annotations

import sqlite3

import duckdb
import kit
from inventory_kit import assets, claim, config, talk

from gaugeglass.inventory.build import build
from gaugeglass.inventory.local import LocalNetworks
from gaugeglass.inventory.store import load, register, save

ROWS = [
    talk("10.0.0.5", "10.0.0.6", server_mac="00:0e:8c:00:00:01"),
    talk("10.0.0.5", "10.0.0.6", server_mac="00:0e:8c:00:00:02", minute=30),
    talk("203.0.113.7", "fd00:0000::0006"),
]
CLAIMS = [
    claim("10.0.0.6", "hostname", "a\x00b\n<script>é\u2028", "dhcp"),
    claim("10.0.0.6", "firmware", "V1"),
    claim("10.0.0.6", "firmware", "V2", minute=30),
]


def test_what_is_saved_is_loaded():
    found = assets(ROWS, CLAIMS)
    db = sqlite3.connect(":memory:")
    save(db, found)
    assert load(db) == found


def test_nothing_saved_is_nothing_loaded():
    assert load(sqlite3.connect(":memory:")) == []


def test_saving_replaces_within_the_callers_transaction(tmp_path):
    path = tmp_path / "state.db"
    db = sqlite3.connect(path)
    save(db, assets(ROWS, CLAIMS))
    db.commit()
    save(db, assets(ROWS[:1]))
    db.rollback()
    assert load(db) == assets(ROWS, CLAIMS)
    save(db, assets(ROWS[:1]))
    db.commit()
    assert load(sqlite3.connect(path)) == assets(ROWS[:1])


def registered() -> duckdb.DuckDBPyConnection:
    db = kit.ledger(ROWS, CLAIMS)
    register(db, build(db, config()), LocalNetworks.of(db, config()))
    return db


def test_every_address_has_one_row():
    db = registered()
    rows = db.execute("SELECT address, role, local FROM address ORDER BY address").fetchall()
    assert rows == [
        ("00:0e:8c:00:00:01", "controller", True),
        ("00:0e:8c:00:00:02", "controller", True),
        ("10.0.0.5", "hmi", True),
        ("10.0.0.6", "controller", True),
        ("203.0.113.7", "external", False),
        ("fd00:0000::0006", "controller", True),
        ("fd00::6", "controller", True),
    ]


def test_assets_is_one_row_an_asset_and_macros_work_in_joins():
    db = registered()
    row = db.execute(
        "SELECT ips, firmware, level, services_offered, former.n FROM assets"
        " JOIN (SELECT 1 AS n) former ON is_local(ips) WHERE ips = '10.0.0.6'"
    ).fetchone()
    assert row == ("10.0.0.6", "V2", 1.0, "modbus/502", 1)
    assert db.execute("SELECT count(*) FROM activity WHERE NOT is_local(client)").fetchone() == (1,)


def test_registering_twice_and_without_assets_works():
    db = registered()
    register(db, [], LocalNetworks([]))
    assert db.execute("SELECT count(*) FROM address").fetchone() == (0,)
    row = db.execute("SELECT is_local('10.0.0.5'), is_local('224.0.0.1')").fetchone()
    assert row == (False, True)
    register(duckdb.connect(), [], LocalNetworks([]))
