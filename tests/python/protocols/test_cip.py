"""EtherNet/IP and CIP: carriers, services in one packet, wrapped requests, identity."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SERVER, eve, run, zeek


def asked(ts: float, code: int, name: str, path: str = "", seq: int | None = None, **more) -> dict:
    parts = [p or None for p in [*path.split("/"), "", ""][:3]]
    return {
        "ts": ts, "back": False, "packet_correlation_id": f"p{ts}", "cip_sequence_count": seq,
        "direction": "request", "cip_service_code": f"0x{code:02x}", "cip_service": name,
        "class_id": parts[0], "class_name": more.pop("class_name", "unknown"),
        "instance_id": parts[1], "attribute_id": parts[2], **more,
    }  # fmt: skip


def answered(ts: float, code: int, name: str, status: str = "Success", seq: int | None = None):
    return {
        "ts": ts, "back": True, "packet_correlation_id": f"p{ts}", "cip_sequence_count": seq,
        "direction": "response", "cip_service_code": f"0x{code:02x}", "cip_service": name,
        "cip_status": status,
    }  # fmt: skip


CIP = [
    asked(1, 0x0A, "Multiple Service Packet", "0x02/0x01", 5, class_name="Message Router"),
    asked(1, 0x03, "Get Attribute List", "0x01/0x01", 5, class_name="Identity"),
    asked(1, 0x03, "Get Attribute List", "0x68/0x2420", 5),
    answered(1.1, 0x0A, "Multiple Service Packet", seq=5),
    answered(1.1, 0x03, "Get Attribute List", seq=5),
    answered(1.1, 0x03, "Get Attribute List", "Object Does Not Exist", seq=5),
    asked(2, 0x07, "Stop", "0x8e/0x01", 6),
    answered(2.1, 0x07, "Stop", "Success", 6),
    asked(3, 0x4D, "unknown", "0xa1/0x01"),
    answered(3.1, 0x4D, "unknown"),
    asked(4, 0x52, "unknown", "0x06/0x01", class_name="Connection Manager"),
    answered(4.1, 0x05, "Reset", "Privilege Violation"),
    asked(5, 0x52, "unknown", "0x06/0x01", class_name="Connection Manager"),
    asked(6, 0x4D, "unknown", seq=7),
    answered(6.1, 0x4D, "unknown", "Success", 7),
    asked(7, 0x50, "unknown", "0x6a/0x10", 8),
    answered(7.1, 0x50, "unknown", "Success", 8),
    asked(8, 0x54, "unknown", "0x06/0x01", class_name="Connection Manager"),
    answered(8.1, 0x54, "unknown"),
    asked(9, 0x10, "Set Attributes Single", "0x04/0x64/0x03", 9, class_name="Assembly"),
    answered(9.1, 0x10, "Set Attributes Single", "Success", 9),
    asked(10, 0x55, "unknown", "0x6b/0x00", 10),
    answered(10.1, 0x55, "unknown", "Partial Transfer", 10),
    asked(30, 0x03, "Get Attribute List", "0xac/0x01", 11),
]
ENIP = [
    {"ts": 0, "back": False, "packet_correlation_id": "r1", "enip_command": "Register Session",
     "enip_status": "Success", "sender_context": "0x1"},
    {"ts": 0.1, "back": True, "packet_correlation_id": "r2", "enip_command": "Register Session",
     "enip_status": "Unsupported Protocol Version", "sender_context": "0x1"},
    {"ts": 1, "back": False, "packet_correlation_id": "p1", "enip_command": "Send Unit Data"},
    {"ts": 1.1, "back": True, "packet_correlation_id": "p1.1", "enip_command": "Send Unit Data"},
    {"ts": 2, "back": False, "uid": "C2", "id.resp_h": "10.0.0.255", "id.orig_p": 5262,
     "packet_correlation_id": "l1", "enip_command": "List Identity"},
    # the answer is a flow of its own, which the device opens as far as Zeek can see
    {"ts": 2.1, "back": False, "uid": "C3", "id.orig_h": SERVER, "id.orig_p": 44818,
     "id.resp_h": CLIENT, "id.resp_p": 5262, "packet_correlation_id": "l2",
     "enip_command": "List Identity", "enip_status": "Success"},
]  # fmt: skip


def test_services_pair_by_place_in_their_packet(tmp_path: Path) -> None:
    got = run(tmp_path, {"cip.log": zeek("cip", 44818, CIP)})
    assert got.counts("operation", "action", "object", "outcome") == {
        ("get_attribute_list", "identify", "identity:1", "ok"): 1,
        ("get_attribute_list", "read", "class_0x68:9248", "object_does_not_exist"): 1,
        ("stop", "mode", "class_0x8e:1", "ok"): 1,
        ("firmware_transfer", "firmware", "class_0xa1:1", "ok"): 1,
        # what Unconnected Send held is only told by the reply
        ("reset", "restart", None, "privilege_violation"): 1,
        ("unconnected_send", "connect", None, "no_reply"): 1,
        ("write_tag", "write", None, "ok"): 1,
        ("download_transfer", "program", "class_0x6a:16", "ok"): 1,
        ("forward_open", "connect", "connection_manager:1", "ok"): 1,
        ("set_attributes_single", "write", "assembly:100/attribute:3", "ok"): 1,
        ("get_instance_attribute_list", "discover", "class_0x6b:0", "ok"): 1,
        ("get_attribute_list", "read", "class_0xac:1", "unknown"): 1,
    }
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {
        (CLIENT, SERVER, 44818)
    }
    assert got.accounts["cip"].ignored.total() == 2


def test_tags_by_instance_are_tags(tmp_path: Path) -> None:
    """A Logix controller's tags are instances of class 0x6b: named as the sensor names them."""
    rows = []
    for seq, code in enumerate((0x4C, 0x4D, 0x4E, 0x52, 0x53), 1):
        rows += [
            asked(seq, code, "unknown", "0x6b/0x12", seq),
            answered(seq + 0.1, code, "unknown", "Success", seq),
        ]
    got = run(tmp_path, {"cip.log": zeek("cip", 44818, rows)})
    assert got.counts("operation", "action", "object") == {
        ("read_tag", "read", "class_0x6b:18"): 1,
        ("write_tag", "write", "class_0x6b:18"): 1,
        ("read_modify_write_tag", "write", "class_0x6b:18"): 1,
        ("read_tag_fragmented", "read", "class_0x6b:18"): 1,
        ("write_tag_fragmented", "write", "class_0x6b:18"): 1,
    }


def test_carriers_are_not_counted(tmp_path: Path) -> None:
    got = run(tmp_path, {"cip.log": zeek("cip", 44818, CIP), "enip.log": zeek("enip", 44818, ENIP)})
    assert got.accounts["enip"].ignored.total() == 2
    assert got.counts("client", "server", "outcome", operation="list_identity") == {
        (CLIENT, "10.0.0.255", "ok"): 1,
        (CLIENT, SERVER, "ok"): 1,
    }
    assert got.one(operation="register_session")["outcome"] == "unsupported_protocol_version"


def test_enip_alone_still_counts(tmp_path: Path) -> None:
    got = run(tmp_path, {"enip.log": zeek("enip", 44818, ENIP)})
    assert got.accounts["enip"].used == len(ENIP)
    assert got.one(operation="send_unit_data")["action"] == "other"


def test_a_packet_of_services_without_rows_of_their_own(tmp_path: Path) -> None:
    got = run(tmp_path, {"cip.log": zeek("cip", 44818, [CIP[0], CIP[3]])})
    assert got.one(operation="multiple_service_packet")["outcome"] == "ok"


def test_io_and_identity(tmp_path: Path) -> None:
    io = [{"ts": t, "back": bool(t % 2), "id.orig_p": 2222, "data_length": 6} for t in range(6)]
    identity = [
        {"back": True, "vendor_name": "Rockwell Automation/Allen-Bradley",
         "device_type_name": "Programmable Logic Controller", "product_code": 166,
         "revision": "33.11", "serial_number": "0x00524d8e", "product_name": "1756-L83E/B"},
    ]  # fmt: skip
    got = run(
        tmp_path,
        {
            "cip_io.log": zeek("cip_io", 2222, io),
            "cip_identity.log": zeek("cip_identity", 44818, identity),
        },
    )
    assert got.counts("service", "action", "client", "server") == {
        ("cip_io", "report", CLIENT, SERVER): 3,
        ("cip_io", "report", SERVER, CLIENT): 3,
    }
    assert sum(r["bytes_to_client"] for r in got.activity) == 36
    assert got.said(SERVER) == {
        ("vendor", "Rockwell Automation/Allen-Bradley"), ("model", "1756-L83E/B"),
        ("device_type", "Programmable Logic Controller"), ("firmware", "33.11"),
        ("serial", "0x00524d8e"), ("product_code", "166"),
    }  # fmt: skip


def test_eve(tmp_path: Path) -> None:
    def path(*parts: tuple[str, int]) -> list[dict]:
        return [{"segment_type": s, "value": v} for s, v in parts]

    identity = {
        "vendor_id": "Rockwell Automation/Allen-Bradley", "device_type": "unknown-9",
        "product_code": 7, "revision": "4.3", "serial": 5393806, "product_name": "1756-ENBT/A",
    }  # fmt: skip
    multiple = {
        "service": "Multiple Service",
        "multiple": [
            {"service": "Get Attribute List", "path": path(("class_8bit", 1), ("instance_8bit", 1)),
             "class_name": "Identity"},
            {"service": "unknown-76", "path": path(("class_8bit", 0x72), ("instance_8bit", 0)),
             "class_name": "unknown-114"},
        ],
    }  # fmt: skip
    replies = [
        {"service": "Get Attribute List", "status": "Success"},
        {"service": "unknown-76", "status": "Path destination unknown"},
    ]
    rows = [
        {"ts": 1, "enip": {
            "request": {"command": "ListIdentity", "status": "Success"},
            "response": {"command": "ListIdentity", "status": "Success", "identity": identity}}},
        {"ts": 2, "enip": {
            "request": {"command": "SendUnitData", "status": "Success", "cip": multiple},
            "response": {"command": "SendUnitData", "status": "Success",
                         "cip": {"service": "Multiple Service", "status": "Success",
                                 "multiple": replies}}}},
        {"ts": 3, "enip": {"request": {
            "command": "SendRRData", "status": "Success",
            "cip": {"service": "Reset", "path": path(("class_8bit", 1), ("instance_8bit", 1)),
                    "class_name": "Identity"}}}},
    ]  # fmt: skip
    got = run(tmp_path, {"eve.json": eve("enip", 44818, rows)})
    assert got.counts("operation", "action", "object", "outcome") == {
        ("list_identity", "identify", None, "ok"): 1,
        ("get_attribute_list", "identify", "identity:1", "ok"): 1,
        ("service_0x4c", "read", "class_0x72:0", "path_destination_unknown"): 1,
        ("reset", "restart", "identity:1", "unknown"): 1,
    }
    assert ("model", "1756-ENBT/A") in got.said(SERVER)
    assert ("serial", "0x00524d8e") in got.said(SERVER)
    assert got.accounts["eve:enip"].used == len(rows)
