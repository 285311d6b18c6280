"""BACnet: roles where both ends use one port, properties, device control, passwords."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SECRET, SERVER, run, zeek

EVERYBODY = "10.0.0.255"


def pdu(ts: float, kind: str, service: str | None, invoke: int | None = None, **more) -> dict:
    return {
        "ts": ts, "back": False, "id.orig_p": 47808, "bvlc_function": "Original_Unicast_NPDU",
        "pdu_type": kind, "pdu_service": service, "invoke_id": invoke, "result_code": None, **more,
    }  # fmt: skip


def ask(ts: float, service: str, invoke: int, **more) -> dict:
    return pdu(ts, "CONFIRMED_REQUEST", service, invoke, **more)


def reply(ts: float, service: str, invoke: int, kind: str = "COMPLEX_ACK", **more) -> dict:
    return pdu(ts, kind, service, invoke, **{"back": True, **more})


BACNET = [
    ask(1, "read_property_multiple", 1),
    reply(1.1, "read_property_multiple", 1),
    ask(2, "write_property", 2),
    reply(2.1, "write_property", 2, "ERROR_PDU", result_code="write-access-denied"),
    ask(3, "reinitialize_device", 3),
    reply(3.1, "reinitialize_device", 3, "ERROR_PDU", result_code="password-failure"),
    ask(4, "device_communication_control", 4),
    reply(4.1, "device_communication_control", 4, "SIMPLE_ACK"),
    ask(5, "read_property", 5),
    reply(5.1, "read_property", 5),
    ask(6, "reinitialize_device", 6),
    reply(6.1, "reject", 6, "REJECT_PDU", result_code="unrecognized-service"),
    reply(7, None, 5, "SEGMENT_ACK"),
    # the device notifies: it is the server, though it asks for an acknowledgement
    ask(8, "confirmed_cov_notification", 9, back=True),
    reply(8.1, "confirmed_cov_notification", 9, "SIMPLE_ACK", back=False),
    # both ends ask at once with the same invoke id
    ask(9, "read_property", 7),
    ask(9.1, "read_property", 7, back=True),
    reply(9.2, "read_property", 7, "ERROR_PDU", result_code="unknown-object", back=False),
    reply(9.3, "read_property", 7),
    pdu(10, "UNCONFIRMED_REQUEST", "who_is", uid="C2", **{"id.resp_h": EVERYBODY}),
    pdu(11, "UNCONFIRMED_REQUEST", "i_am", uid="C3",
        **{"id.orig_h": SERVER, "id.resp_h": EVERYBODY}),
    pdu(12, "UNCONFIRMED_REQUEST", "time_synchronization"),
]  # fmt: skip


def item(ts: float, invoke: int, kind: str, what: str, number: int, prop: str, value=None, **more):
    return {
        "ts": ts, "back": False, "id.orig_p": 47808, "invoke_id": invoke, "pdu_service": kind,
        "object_type": what, "instance_number": number, "property": prop, "array_index": None,
        "value": value, **more,
    }  # fmt: skip


PROPERTY = [
    item(1, 1, "read-property-multiple-request", "analog-input", 4, "present-value"),
    item(1, 1, "read-property-multiple-request", "analog-input", 5, "present-value"),
    item(1.1, 1, "read-property-multiple-ack", "analog-input", 4, "present-value", "7", back=True),
    item(2, 2, "write-property", "analog-output", 101, "present-value", "62.5"),
    item(5, 5, "read-property-request", "device", 86, "firmware-revision"),
    item(5.1, 5, "read-property-ack", "device", 86, "firmware-revision", "2.1.4", back=True),
]
CONTROL = [
    {"ts": 3, "back": False, "id.orig_p": 47808, "invoke_id": 3, "device_state": "coldstart",
     "pdu_service": "reinitialize_device", "password": SECRET, "result": None},
    {"ts": 4, "back": False, "id.orig_p": 47808, "invoke_id": 4, "device_state": "disable",
     "pdu_service": "device_communication_control", "password": SECRET, "result": None},
    {"ts": 6, "back": False, "id.orig_p": 47808, "invoke_id": 6, "device_state": "start-backup",
     "pdu_service": "reinitialize_device", "password": SECRET, "result": None},
]  # fmt: skip
DISCOVERY = [
    {"ts": 10, "back": False, "uid": "C2", "id.orig_p": 47808, "id.resp_h": EVERYBODY,
     "pdu_service": "who-is", "range": "80-90"},
    {"ts": 11, "back": False, "uid": "C3", "id.orig_h": SERVER, "id.orig_p": 47808,
     "id.resp_h": EVERYBODY, "pdu_service": "i-am", "object_type": "device",
     "instance_number": 86, "vendor": "Trane"},
]  # fmt: skip
LOGS = {
    "bacnet.log": zeek("bacnet", 47808, BACNET),
    "bacnet_property.log": zeek("bacnet_property", 47808, PROPERTY),
    "bacnet_device_control.log": zeek("bacnet_device_control", 47808, CONTROL),
    "bacnet_discovery.log": zeek("bacnet_discovery", 47808, DISCOVERY),
}


def test_every_pdu_once_with_its_details(tmp_path: Path) -> None:
    got = run(tmp_path, LOGS)
    assert got.counts("operation", "action", "object", "outcome", "client", "server") == {
        ("read_property_multiple", "read", "analog_input.present_value:4", "ok", CLIENT, SERVER): 1,
        ("read_property_multiple", "read", "analog_input.present_value:5", "ok", CLIENT, SERVER): 1,
        ("write_property", "write", "analog_output.present_value:101", "write_access_denied",
         CLIENT, SERVER): 1,
        ("reinitialize_device", "restart", "coldstart", "password_failure", CLIENT, SERVER): 1,
        ("reinitialize_device_backup", "program", "start_backup", "unrecognized_service",
         CLIENT, SERVER): 1,
        ("device_communication_control", "suppress", "disable", "ok", CLIENT, SERVER): 1,
        ("read_property", "identify", "device.firmware_revision:86", "ok", CLIENT, SERVER): 1,
        ("confirmed_cov_notification", "report", None, "ok", CLIENT, SERVER): 1,
        ("read_property", "read", None, "ok", CLIENT, SERVER): 1,
        ("read_property", "read", None, "unknown_object", SERVER, CLIENT): 1,
        ("who_is", "discover", "device:80-90", "ok", CLIENT, EVERYBODY): 1,
        ("i_am", "report", None, "ok", EVERYBODY, SERVER): 1,
        ("time_synchronization", "time", None, "ok", CLIENT, SERVER): 1,
    }  # fmt: skip
    assert got.one(operation="write_property")["value_max"] == 62.5
    assert got.one(operation="i_am")["unit"] == "86"
    assert got.said(SERVER) == {
        ("instance", "86"), ("vendor", "Trane"), ("firmware", "2.1.4"),
    }  # fmt: skip
    assert got.accounts["bacnet"].ignored.total() == 1
    assert got.accounts["bacnet_property"].used == 1


def test_companions_alone(tmp_path: Path) -> None:
    got = run(tmp_path, {k: v for k, v in LOGS.items() if k != "bacnet.log"})
    assert got.counts("operation", "object") == {
        ("read_property_multiple", "analog_input.present_value:4"): 1,
        ("read_property_multiple", "analog_input.present_value:5"): 1,
        ("write_property", "analog_output.present_value:101"): 1,
        ("read_property", "device.firmware_revision:86"): 1,
        ("reinitialize_device", "coldstart"): 1,
        ("reinitialize_device", "start_backup"): 1,
        ("device_communication_control", "disable"): 1,
        ("who_is", None): 1,
        ("i_am", None): 1,
    }
    assert ("firmware", "2.1.4") in got.said(SERVER)
