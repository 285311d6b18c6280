"""The whole: the same ledger gives the same assets, in any order of rows, at size, in time."""

from __future__ import annotations

import random
import time

import kit
from inventory_kit import assets, by_address, claim, config, conn, talk

from gaugeglass.inventory.build import build


def plant():
    rows = [
        talk("141.81.0.10", f"141.81.0.{i}", s, minute=m, server_mac=f"00:0e:8c:00:00:{i:02x}")
        for i, s in ((20, "modbus"), (21, "s7comm"), (22, "cip"))
        for m in (0, 3, 7)
    ]
    rows.append(conn("141.81.0.9", "141.81.0.10", "dce_rpc"))
    rows.append(conn("203.0.113.9", "141.81.0.20", "http"))
    claims = [
        claim("141.81.0.20", "firmware", f"V{i}", s, minute=i)
        for i in range(4)
        for s in ("http", "cip_identity")
    ]
    claims += [claim("141.81.0.21", a, "same", "dhcp") for a in ("hostname", "model", "name")]
    return rows, claims


def test_the_order_of_rows_does_not_matter():
    rows, claims = plant()
    expected = assets(rows, claims)
    shuffle = random.Random(7)
    for _ in range(4):
        shuffle.shuffle(rows)
        shuffle.shuffle(claims)
        assert assets(rows, claims) == expected


def test_assets_come_in_the_order_of_their_addresses():
    rows, claims = plant()
    assert [a.ips[0] for a in assets(rows, claims)] == [
        "141.81.0.9", "141.81.0.10", "141.81.0.20", "141.81.0.21", "141.81.0.22", "203.0.113.9",
    ]  # fmt: skip


def test_an_empty_ledger_has_no_assets():
    assert assets() == []


def test_nothing_is_left_behind_in_the_database():
    db = kit.ledger(*plant())
    before = db.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
    build(db, config())
    assert db.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall() == before


def test_first_and_last_span_traffic_and_claims():
    asset = by_address(
        assets([talk("10.0.0.5", "10.0.0.6", minute=5)],
               [claim("10.0.0.6", "model", "M", minute=1), claim("10.0.0.6", "os", "X", minute=9)])
    )["10.0.0.6"]  # fmt: skip
    assert (asset.first, asset.last) == (kit.at(1), kit.at(9))


def test_three_thousand_assets_with_60_000_claims_are_built_in_time():
    db = kit.ledger()
    ip = "'10.' || (i // 65536) || '.' || (i // 256 % 256) || '.' || (i % 256)"
    mac = "format('00:0e:8c:{:02x}:{:02x}:{:02x}', i // 65536, i // 256 % 256, i % 256)"
    db.execute(
        f"""
        INSERT INTO activity BY NAME
        SELECT TIMESTAMP '2026-11-22' AS "window", {ip} AS client,
               '10.200.0.' || (i % 200) AS server,
               {mac} AS client_mac, 'tcp' AS transport, 502 AS port, 'modbus' AS service,
               'read' AS operation, 'read' AS action, 'ok' AS outcome, 30 AS "count",
               0 AS bytes_to_server, 0 AS bytes_to_client,
               TIMESTAMP '2026-11-22' AS "first", TIMESTAMP '2026-11-22' AS "last"
        FROM range(3000) t(i)
        """
    )
    db.execute(
        f"""
        INSERT INTO claims BY NAME
        SELECT {ip} AS asset,
               ['hostname', 'vendor', 'model', 'firmware', 'serial'][k % 5 + 1] AS attribute,
               'v' || i || '-' || (k // 5) AS "value", 'cip_identity' AS source, 1 AS "count",
               TIMESTAMP '2026-11-22' AS "first", TIMESTAMP '2026-11-22' AS "last"
        FROM range(3000) t(i), range(20) u(k)
        """
    )
    start = time.process_time()
    found = build(db, config())
    assert len(found) == 3_200
    # Processor time of all threads; about 1.5 s on free cores, and what grows is linear.
    assert time.process_time() - start < 10
