"""What the report asks of the ledger, over ledgers of a few rows."""

from __future__ import annotations

from kit import ledger

from gaugeglass.report import collect

A, B, C = "10.0.0.1", "10.0.0.2", "10.0.0.3"


def conn(**more: object) -> dict[str, object]:
    return {"client": A, "server": B, "operation": "connection", "action": "connect", **more}


def test_a_decoded_conduit_counts_operations_and_the_connections_bytes() -> None:
    db = ledger([
        {"client": A, "server": B, "count": 10, "bytes_to_server": 7, "minute": 3},
        {"client": A, "server": B, "count": 2, "action": "write", "minute": 9},
        conn(count=3, bytes_to_server=100, bytes_to_client=50, minute=1),
    ])  # fmt: skip
    (row,) = collect.conduits(db)
    assert (row["service"], row["port"], row["actions"]) == ("modbus", 502, ["read", "write"])
    assert (row["count"], row["connections"], row["bytes"]) == (12, 3, 150)
    assert (row["first"].minute, row["last"].minute) == (1, 9)
    assert collect.undecoded(db) == []


def test_bytes_come_from_the_decoded_log_where_there_is_no_connection_log() -> None:
    (row,) = collect.conduits(ledger([{"client": A, "server": B, "bytes_to_client": 9}]))
    assert (row["bytes"], row["connections"]) == (9, 0)


def test_a_name_by_port_alone_is_not_decoded() -> None:
    db = ledger([
        conn(bytes_to_client=500),
        conn(server=C, service="tcp/7777", port=7777, bytes_to_client=900),
        conn(server=C, service="tls", port=443, bytes_to_client=100),
    ])  # fmt: skip
    rows = collect.undecoded(db)
    assert [(r["hint"], r["industrial"], r["bytes"]) for r in rows] == [
        (None, False, 900), ("modbus", True, 500), ("tls", False, 100),
    ]  # fmt: skip
    assert collect.decoded(db) == []
    assert len(collect.conduits(db)) == 3


def test_several_services_on_one_port_are_one_conduit() -> None:
    db = ledger([
        {"client": A, "server": B, "port": 445, "service": "smb", "action": "file"},
        {"client": A, "server": B, "port": 445, "service": "dce_rpc", "action": "other"},
        conn(port=445, service="smb"),
    ])  # fmt: skip
    (row,) = collect.conduits(db)
    assert row["service"] == "dce_rpc, smb"
    assert collect.undecoded(db) == []


def test_what_was_only_tried_is_no_conduit() -> None:
    db = ledger([
        *(conn(server=f"10.0.1.{i}", outcome="rejected") for i in range(30)),
        conn(server=C, outcome="no_reply"),
        conn(server="239.1.1.1", transport="udp", outcome="no_reply", bytes_to_server=40),
    ])  # fmt: skip
    assert [r["server"] for r in collect.conduits(db)] == ["239.1.1.1"]
    assert collect.unanswered(db) == 31


def test_layer_2_conduits_have_no_port() -> None:
    db = ledger([
        {"client": "00:00:00:00:00:01", "server": "01:0c:cd:01:00:01", "transport": "eth",
         "port": None, "service": "goose", "action": "report", "operation": "publish"},
    ])  # fmt: skip
    (row,) = collect.conduits(db)
    assert (row["service"], row["port"], row["transport"]) == ("goose", None, "eth")


def test_decoded_lists_operations_by_how_often_and_the_logs_by_name() -> None:
    db = ledger([
        {"client": A, "server": B, "count": 5, "operation": "rare"},
        {"client": C, "server": B, "count": 50, "operation": "often", "action": "write"},
        {"client": A, "server": C, "service": "opcua", "operation": "browse", "action": "discover"},
        conn(server=C, service="tls", port=443, bytes_to_client=4),
    ])  # fmt: skip
    modbus, opcua = collect.decoded(
        db, ["modbus_detailed", "opcua_binary_browse", "conn", "weird", "eve:modbus", "modbusish"]
    )
    assert (modbus["service"], opcua["service"]) == ("modbus", "opcua")
    assert modbus["operations"] == ["often", "rare"]
    assert (modbus["clients"], modbus["servers"], modbus["activities"]) == (2, 1, 55)
    assert modbus["logs"] == ["eve:modbus", "modbus_detailed"]
    assert opcua["logs"] == ["opcua_binary_browse"]


def test_a_log_kind_goes_to_the_longest_name_or_to_its_alias() -> None:
    logs = collect.logs_of(
        ["s7comm_plus", "s7comm_read_szl", "cotp", "enip", "ssl"],
        ["s7comm", "s7comm_plus", "cip", "tls"],
    )
    assert logs == {"s7comm": ["cotp", "s7comm_read_szl"], "s7comm_plus": ["s7comm_plus"],
                    "cip": ["enip"], "tls": ["ssl"]}  # fmt: skip


def test_hostile_values_are_values() -> None:
    hostile = "x'); DROP TABLE activity; --"
    db = ledger([{"client": hostile, "server": hostile, "service": hostile}])
    assert collect.conduits(db)[0]["service"] == hostile
    assert collect.decoded(db)[0]["service"] == hostile
    assert db.execute("SELECT count(*) FROM activity").fetchone() == (1,)


def test_an_empty_ledger_gives_nothing() -> None:
    db = ledger()
    assert collect.conduits(db) == collect.undecoded(db) == collect.decoded(db) == []
    assert collect.unanswered(db) == 0
