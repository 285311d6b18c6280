"""OPC UA: nodes joined by link ids, statuses per node, sessions without their secrets."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SECRET, SERVER, run, zeek

PORT = 4840


def message(ts: float, service: str | None, link: str, **more) -> dict:
    row = {
        "ts": ts, "msg_type": "MSG", "error": None, "sec_policy_uri": None,
        "req_opcua_link_id": f"q{link}", "req_msg_size": 100,
        "req_identifier_str": f"{service}Request", "res_opcua_link_id": f"a{link}",
        "res_msg_size": 40, "res_identifier_str": f"{service}Response",
        "status_code_link_id": f"s{link}",
    }  # fmt: skip
    return {**row, **more}


NOTHING = dict.fromkeys(
    ("req_opcua_link_id", "req_identifier_str", "res_opcua_link_id", "res_identifier_str",
     "status_code_link_id", "req_msg_size", "res_msg_size")
)  # fmt: skip
BINARY = [
    message(0, None, "", msg_type="HEL", **NOTHING),
    message(0.1, None, "", msg_type="ACK", **NOTHING),
    message(0.2, "OpenSecureChannel", "1", msg_type="OPN",
            sec_policy_uri="http://opcfoundation.org/UA/SecurityPolicy#None"),
    message(1, "GetEndpoints", "2"),
    message(2, "CreateSession", "3"),
    message(3, "ActivateSession", "4"),
    message(4, "Read", "5"),
    message(5, "Write", "6"),
    message(6, "Browse", "7"),
    message(7, "CreateMonitoredItems", "8"),
    message(8, "Call", "9", res_identifier_str="ServiceFault"),
    message(9, "Publish", "10", res_opcua_link_id=None, res_identifier_str=None),
    message(10, None, "11", **NOTHING),
    message(11, "Read", "12", res_opcua_link_id=None, res_identifier_str=None),
]  # fmt: skip


def node(ns: int, text: str | None = None, number: int | None = None) -> dict:
    return {
        "node_id_namespace_idx": ns, "node_id_numeric": number, "node_id_string": text,
        "node_id_guid": None, "node_id_opaque": None,
    }  # fmt: skip


def prefixed(prefix: str, ns: int, text: str) -> dict:
    return {k.replace("node_id_", prefix): v for k, v in node(ns, text).items()}


def status(link: str, name: str) -> dict:
    return {
        "back": True, "status_code_link_id": link, "source_str": "ResponseHeader",
        "severity_str": "Severity_Bad" if name.startswith("Bad") else "Severity_Good",
        "sub_code_str": name,
    }  # fmt: skip


SIDE = {
    "read": [
        {"back": False, "opcua_link_id": "q5", "nodes_to_read_link_id": "n5"},
        {"back": True, "opcua_link_id": "a5", "read_results_link_id": "r5"},
    ],
    "read_nodes_to_read": [
        {"back": False, "nodes_to_read_link_id": "n5", "attribute_id_str": "Value", **n}
        for n in (node(2, "Pump.Speed"), node(2, "Pump.Gone"), node(0, number=2263))
    ],
    "read_results": [
        {"back": True, "results_link_id": "r5", "status_code_link_id": s,
         "read_results_variant_metadata_link_id": v}
        for s, v in ((None, None), ("x5", None), (None, "m5"))
    ],
    "write": [
        {"back": False, "opcua_link_id": "q6", "attribute_id_str": "Value",
         "write_results_variant_metadata_link_id": "m6", **node(2, "Pump.Setpoint")},
        {"back": True, "opcua_link_id": "a6", "res_status_code_link_id": "x6"},
    ],
    "variant_metadata": [
        {"back": True, "variant_source_data_link_id": "m5", "variant_data_link_id": "d5"},
        {"back": False, "variant_source_data_link_id": "m6", "variant_data_link_id": "d6"},
    ],
    "variant_data": [
        {"back": True, "variant_data_link_id": "d5", "variant_data_value_string": "Beckhoff"},
        {"back": False, "variant_data_link_id": "d6", "variant_data_value_decimal": 48.5},
    ],
    "browse": [{"back": False, "opcua_link_id": "q7", "browse_description_link_id": "b7"}],
    "browse_description": [
        {"back": False, "browse_description_link_id": "b7",
         **prefixed("browse_description_", 2, "Pump")}
    ],
    "create_monitored_items": [
        {"back": False, "opcua_link_id": "q8", "create_item_link_id": "i8"}
    ],
    "create_monitored_items_create_item": [
        {"back": False, "create_item_link_id": "i8", "item_to_monitor_attribute_id": "Value",
         **prefixed("item_to_monitor_node_id_", 2, "Pump.Speed")}
    ],
    "activate_session": [
        {"back": False, "opcua_link_id": "q4", "ext_obj_type_id_str": "UserNameIdentityToken",
         "ext_obj_user_name": "operator", "ext_obj_password": SECRET}
    ],
    "create_session": [
        {"back": False, "opcua_link_id": "q3", "application_uri": "urn:scada:client",
         "product_uri": None, "text": "Overview"}
    ],
    "get_endpoints_description": [
        {"back": True, "endpoint_description_link_id": "e2", "application_uri": "urn:plc:1",
         "product_uri": "urn:beckhoff:tcua", "text": "TcOpcUaServer"}
    ],
    "status_code_detail": [
        status("s5", "Good"), status("x5", "BadNodeIdUnknown"), status("x6", "BadUserAccessDenied"),
        status("s9", "BadTooManyOperations"), status("s4", "BadIdentityTokenRejected"),
    ],
    "diag_info_detail": [{"back": True}],
}  # fmt: skip
LOGS = {
    "opcua_binary.log": zeek("opcua_binary", PORT, BINARY),
    **{f"opcua_binary_{k}.log": zeek(f"opcua_binary_{k}", PORT, r) for k, r in SIDE.items()},
}


def test_nodes_and_statuses(tmp_path: Path) -> None:
    got = run(tmp_path, LOGS)
    assert got.counts("operation", "action", "object", "outcome") == {
        ("hello", "connect", None, "ok"): 1,
        ("open_secure_channel", "connect", "security:none", "ok"): 1,
        ("get_endpoints", "identify", None, "ok"): 1,
        ("create_session", "connect", None, "ok"): 1,
        ("activate_session", "authenticate", "username", "bad_identity_token_rejected"): 1,
        ("read", "read", "ns=2;s=Pump.Speed", "ok"): 1,
        ("read", "read", "ns=2;s=Pump.Gone", "bad_node_id_unknown"): 1,
        ("read", "identify", "i=2263", "ok"): 1,
        ("write", "write", "ns=2;s=Pump.Setpoint", "bad_user_access_denied"): 1,
        ("browse", "discover", "ns=2;s=Pump", "ok"): 1,
        ("create_monitored_items", "read", "ns=2;s=Pump.Speed", "ok"): 1,
        ("call", "command", None, "bad_too_many_operations"): 1,
        ("publish", "report", None, "ok"): 1,
        ("encrypted_message", "other", None, "ok"): 1,
        ("read", "read", None, "no_reply"): 1,
    }
    write = got.one(operation="write")
    assert (write["client"], write["server"], write["port"]) == (CLIENT, SERVER, PORT)
    assert write["value_min"] == write["value_max"] == 48.5
    assert sum(r["bytes_to_server"] for r in got.activity if r["operation"] == "read") == 200
    assert got.said(SERVER) == {
        ("vendor", "Beckhoff"), ("application", "urn:plc:1"), ("software", "urn:beckhoff:tcua"),
        ("name", "TcOpcUaServer"), ("user", "operator"),
    }  # fmt: skip
    assert got.said(CLIENT) == {("application", "urn:scada:client"), ("name", "Overview")}
    assert got.accounts["opcua_binary"].used == len(BINARY)
    assert got.accounts["opcua_binary_diag_info_detail"].ignored.total() == 1


def test_without_its_companions(tmp_path: Path) -> None:
    got = run(tmp_path, {"opcua_binary.log": LOGS["opcua_binary.log"]})
    assert got.counts("operation", "object")["write", None] == 1
    assert got.counts("outcome", operation="call") == {"service_fault": 1}
