"""MQTT: the broker is the server; commands, enumeration, logins without their secrets."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SECRET, SERVER, eve, run, zeek

VALVE = "plant/valve/1/set"


def test_zeek(tmp_path: Path) -> None:
    connect = [
        {"ts": 0, "client_id": "hist-1", "connect_status": "Connection Accepted"},
        {"ts": 1, "client_id": "x", "connect_status": "Refused: bad user name or password"},
    ]
    publish = [
        {"ts": 2, "from_client": True, "status": "ok", "topic": VALVE, "payload": "17.5",
         "payload_len": 4},
        {"ts": 3, "from_client": False, "status": "ok", "topic": VALVE, "payload": SECRET,
         "payload_len": 7},
        {"ts": 4, "from_client": True, "status": "ok", "topic": "plant/temp", "payload": "{}",
         "payload_len": 2},
    ]  # fmt: skip
    subscribe = [
        {"ts": 5, "action": "MQTT::SUBSCRIBE", "topics": ["plant/temp", "plant/flow"], "ack": True},
        {"ts": 6, "action": "MQTT::SUBSCRIBE", "topics": ["#"], "ack": True},
    ]
    got = run(
        tmp_path,
        {
            "mqtt_connect.log": zeek("mqtt_connect", 1883, connect),
            "mqtt_publish.log": zeek("mqtt_publish", 1883, publish),
            "mqtt_subscribe.log": zeek("mqtt_subscribe", 1883, subscribe),
        },
    )
    assert got.counts("operation", "action", "object", "outcome") == {
        ("connect", "authenticate", None, "ok"): 1,
        ("connect", "authenticate", None, "refused_bad_user_name_or_password"): 1,
        ("publish", "command", VALVE, "ok"): 1,
        ("deliver", "report", VALVE, "ok"): 1,
        ("publish", "report", "plant/temp", "ok"): 1,
        ("subscribe", "read", "plant/temp", "ok"): 1,
        ("subscribe", "read", "plant/flow", "ok"): 1,
        ("subscribe", "discover", "#", "ok"): 1,
    }
    command = got.one(action="command")
    assert (command["value_max"], command["bytes_to_server"]) == (17.5, 4)
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {(CLIENT, SERVER, 1883)}
    assert ("application", "hist-1") in got.said(CLIENT)


def test_eve(tmp_path: Path) -> None:
    back = {"src_ip": SERVER, "src_port": 1883, "dest_ip": CLIENT, "dest_port": 40001}
    named = {"client_id": "c1", "username": "ops", "password": SECRET,
             "flags": {"username": True, "password": True}}  # fmt: skip
    free = {"client_id": "c2", "flags": {"username": False, "password": False}}
    rows = [
        {"ts": 0, "mqtt": {"connect": named}},
        {"ts": 0.1, **back, "mqtt": {"connack": {"return_code": 5}}},
        {"ts": 1, "flow_id": 8, "mqtt": {"connect": free, "connack": {"return_code": 0}}},
        {"ts": 2, "mqtt": {"publish": {"topic": VALVE, "message": "1"}}},
        {"ts": 3, **back, "mqtt": {"publish": {"topic": VALVE, "message": SECRET}}},
        {"ts": 4, "mqtt": {"subscribe": {"topics": [{"topic": "a", "qos": 0}, {"topic": "b"}]},
                           "suback": {}}},
        {"ts": 5, "mqtt": {"pingreq": {}, "pingresp": {}}},
    ]  # fmt: skip
    got = run(tmp_path, {"eve.json": eve("mqtt", 1883, rows)})
    assert got.counts("operation", "action", "object", "outcome") == {
        ("connect", "authenticate", "password_given", "not_authorized"): 1,
        ("connect", "authenticate", "anonymous", "ok"): 1,
        ("publish", "command", VALVE, "ok"): 1,
        ("deliver", "report", VALVE, "ok"): 1,
        ("subscribe", "read", "a", "ok"): 1,
        ("subscribe", "read", "b", "ok"): 1,
        ("ping", "other", None, "ok"): 1,
    }
    assert {(r["client"], r["server"]) for r in got.activity} == {(CLIENT, SERVER)}
    assert got.said(CLIENT) == {("application", "c1"), ("application", "c2")}
    assert got.accounts["eve:mqtt"].used == len(rows)
