"""A small plant's ledger made by SQL: two HMIs poll six controllers, one HMI sometimes writes."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from gaugeglass.ledger.schema import ddl

START = datetime(2026, 11, 2)  # noqa: DTZ001 - the ledger's timestamps are UTC without zone


def moment(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def plant(minutes: int, threads: int = 2, shuffled: bool = False) -> duckdb.DuckDBPyConnection:
    """``minutes`` of quiet traffic, every minute alike but for jitter and now and then a write."""
    db = duckdb.connect(config={"threads": threads})
    db.execute(ddl("activity", "activity"))
    order = "ORDER BY hash(m, h, c, op)" if shuffled else ""
    db.execute(
        f"""INSERT INTO activity BY NAME
        SELECT TIMESTAMP '{START}' + to_minutes(m::INT) AS "window", 'tap' AS sensor,
            '10.0.0.' || c AS client, '10.0.1.' || h AS server, 'tcp' AS transport,
            502 AS port, 'modbus' AS service, '1' AS unit, op AS operation, action,
            CASE op WHEN 'read_holding_registers' THEN 'holding_register:0-99'
                 ELSE 'coil:' || (hash(m, h) % 3) END AS object, 'ok' AS outcome, n AS "count",
            n * 12 AS bytes_to_server, n * 209 AS bytes_to_client,
            "window" + to_seconds(hash(m) % 2) AS "first", "window" + INTERVAL 59 SECOND AS "last",
            n - 1 AS gap_count, (n - 1) * (60000000 // n) AS gap_sum,
            (n - 1) * (60000000 // n) * (60000000 // n) AS gap_sq,
            'C' || c || '-' || h AS uid_min, 'C' || c || '-' || h || 'z' AS uid_max
        FROM (
            SELECT m, h, c, 'read_holding_registers' AS op, 'read' AS action,
                30 * (h + 1) + (hash(m, h, c) % 3)::BIGINT AS n
            FROM range({minutes}) a(m), range(6) b(h), range(2) d(c)
            UNION ALL
            SELECT m, h, 0, 'write_single_coil', 'write', 1 + (hash(m, h, 7) % 3)::BIGINT
            FROM range({minutes}) a(m), range(6) b(h) WHERE hash(m, h) % 9 = 0
        ) {order}"""
    )
    db.execute("CREATE TABLE address (address VARCHAR, asset_id VARCHAR, label VARCHAR,"
               " role VARCHAR, level DOUBLE, local BOOLEAN)")  # fmt: skip
    db.execute("INSERT INTO address SELECT '10.0.0.' || c, 'h' || c, 'hmi', 'hmi', 2, TRUE"
               " FROM range(2) t(c) UNION ALL SELECT '10.0.1.' || h, 'p' || h, 'plc',"
               " 'controller', 1, TRUE FROM range(6) t(h)")  # fmt: skip
    return db


def insert(db: duckdb.DuckDBPyConnection, minute: int, **given: object) -> None:
    """One more row of activity in ``minute``."""
    when = moment(minute)
    row: dict[str, object] = {
        "window": when, "sensor": "tap", "client": "10.0.0.0", "server": "10.0.1.0",
        "transport": "tcp", "port": 502, "service": "modbus", "unit": "1",
        "operation": "read_holding_registers", "action": "read",
        "object": "holding_register:0-99", "outcome": "ok", "count": 1, "bytes_to_server": 12,
        "bytes_to_client": 209, "first": when, "last": when, "gap_count": 0, "gap_sum": 0,
        "gap_sq": 0, "uid_min": "Cnew", "uid_max": "Cnew",
    }  # fmt: skip
    row |= given
    names = ", ".join(f'"{n}"' for n in row)
    db.execute(
        f"INSERT INTO activity ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )
