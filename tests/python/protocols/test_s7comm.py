"""S7comm: stop and start, program transfers, identification, roles by port."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SERVER, run, zeek


def job(ts: float, ref: int, function: str, sub: str | None = None, **more: object) -> dict:
    return {
        "ts": ts, "back": False, "rosctr_name": "Job-Request", "pdu_reference": ref,
        "function_code": "0x00", "function_name": function, "subfunction_code": sub, **more,
    }  # fmt: skip


def ack(ts: float, ref: int, function: str, fault: str = "No error", **more: object) -> dict:
    return {
        "ts": ts, "back": True, "rosctr_name": "ACK-Data", "pdu_reference": ref,
        "function_code": "0x00", "function_name": function, "error_class": fault, **more,
    }  # fmt: skip


def user(ts: float, ref: int, kind: str, area: str, sub: str, **more: object) -> dict:
    return {
        "ts": ts, "back": kind != "Request", "rosctr_name": "User-Data", "pdu_reference": ref,
        "function_name": f"{kind}: {area}", "subfunction_code": "0x01", "subfunction_name": sub,
        **more,
    }  # fmt: skip


ROWS = [
    job(1, 1, "Setup Communication"),
    ack(1.1, 1, "Setup Communication"),
    job(2, 2, "PLC Stop"),
    ack(2.1, 2, "PLC Stop"),
    job(3, 3, "PLC Control", "P_PROGRAM"),
    ack(3.1, 3, "PLC Control", "Error on service processing"),
    job(4, 4, "Request Download"),
    ack(4.1, 4, "Request Download"),
    # the controller fetches the block: a job the other way, which doesn't make it the client
    {**job(4.2, 5, "Download Block"), "back": True},
    {**ack(4.3, 5, "Download Block"), "back": False},
    job(5, 6, "Start Upload"),
    ack(5.1, 6, "Start Upload"),
    user(6, 7, "Request", "CPU Functions", "Read SZL"),
    user(6.1, 7, "Response", "CPU Functions", "Read SZL"),
    user(7, 0, "Push", "Mode-Transition", "Stop"),
    user(8, 8, "Request", "Security", "PLC Password"),
    user(9, 9, "Request", "Time Functions", "Set Clock"),
    job(30, 10, "Write Variable"),
]
UPLOAD = [
    {"ts": 4, "back": False, "rosctr": "Job-Request", "pdu_reference": 4,
     "function_name": "Request Download", "filename": "_0A00007P", "block_type": "Data Block",
     "block_number": "00007"},
    {"ts": 4.1, "back": True, "rosctr": "ACK-Data", "pdu_reference": 4,
     "function_name": "Request Download"},
]  # fmt: skip
SZL = [
    {"ts": 6, "back": False, "pdu_reference": 7, "method": "Request", "szl_id": "0x001c"},
    {"ts": 6.1, "back": True, "pdu_reference": 7, "method": "Response", "szl_id": "0x001c"},
]
EXPECTED = {
    ("setup_communication", "connect", None, "ok"): 1,
    ("plc_stop", "mode", None, "ok"): 1,
    ("plc_start", "mode", None, "error_on_service_processing"): 1,
    ("request_download", "program", "data_block:7", "ok"): 1,
    ("download_block", "program", None, "ok"): 1,
    ("start_upload", "program", None, "ok"): 1,
    ("read_szl", "identify", "szl:0x001c", "ok"): 1,
    ("mode_transition_stop", "report", None, "ok"): 1,
    ("plc_password", "authenticate", None, "no_reply"): 1,
    ("set_clock", "time", None, "no_reply"): 1,
    ("write_variable", "write", None, "unknown"): 1,
}


def test_functions_and_details(tmp_path: Path) -> None:
    got = run(
        tmp_path,
        {
            "s7comm.log": zeek("s7comm", 102, ROWS),
            "s7comm_read_szl.log": zeek("s7comm_read_szl", 102, SZL),
            "s7comm_upload_download.log": zeek("s7comm_upload_download", 102, UPLOAD),
        },
    )
    assert got.counts("operation", "action", "object", "outcome") == EXPECTED
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {(CLIENT, SERVER, 102)}
    assert got.accounts["s7comm"].used == len(ROWS)
    assert got.accounts["s7comm_read_szl"].used == 0


def test_joined_in_mid_session(tmp_path: Path) -> None:
    turned = []
    for row in ROWS:
        turned.append({
            **row, "back": not row["back"], "id.orig_h": SERVER, "id.orig_p": 102,
            "id.resp_h": CLIENT, "id.resp_p": 40001,
        })  # fmt: skip
    got = run(tmp_path, {"s7comm.log": zeek("s7comm", 102, turned)})
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {(CLIENT, SERVER, 102)}
    assert got.one(operation="plc_stop")["outcome"] == "ok"


def test_companions_alone(tmp_path: Path) -> None:
    got = run(
        tmp_path,
        {
            "s7comm_read_szl.log": zeek("s7comm_read_szl", 102, SZL),
            "s7comm_upload_download.log": zeek("s7comm_upload_download", 102, UPLOAD),
        },
    )
    assert got.counts("operation", "object", "outcome") == {
        ("read_szl", "szl:0x001c", "ok"): 1,
        ("request_download", "data_block:7", "ok"): 1,
    }


def test_cotp_plus_and_known_devices(tmp_path: Path) -> None:
    cotp = [
        {"ts": 0, "back": False, "pdu_name": "CR Connection Request"},
        {"ts": 0.1, "back": True, "pdu_name": "CC Connection Confirm"},
        {"ts": 0.2, "back": False, "pdu_name": "DT Data"},
        {"ts": 0.3, "back": True, "pdu_name": "DT Data"},
        {"ts": 0.4, "back": True, "pdu_name": "DR Disconnect Request"},
    ]
    plus = [
        {"ts": 1, "back": False, "opcode_name": "Request", "function_name": "Set Variable"},
        {"ts": 2, "back": False, "opcode_name": "Request", "function_name": "Explore"},
        {"ts": 2.1, "back": True, "opcode_name": "Response", "function_name": "Explore"},
        {"ts": 3, "back": True, "opcode_name": "Notification"},
        {"ts": 4, "back": True, "opcode_name": "Unknown s7comm-plus opcode-0x6f"},
    ]
    devices = [
        {"automation_system_name": "Line 4", "module_name": "CPU 315-2 PN/DP",
         "plant_name": "Millbrook", "module_serial": "S C-X4U4"},
    ]  # fmt: skip
    got = run(
        tmp_path,
        {
            "cotp.log": zeek("cotp", 102, cotp),
            "s7comm_plus.log": zeek("s7comm_plus", 102, plus),
            "s7comm_known_devices.log": zeek("s7comm_known_devices", 102, devices),
        },
    )
    assert got.counts("operation", "outcome", service="s7comm") == {
        ("cotp_connection_request", "ok"): 1,
        ("cotp_disconnect_request", "ok"): 1,
    }
    assert got.accounts["cotp"].ignored.total() == 2
    assert got.counts("operation", "action", "outcome", service="s7comm_plus") == {
        ("set_variable", "write", "unknown"): 1,
        ("explore", "discover", "ok"): 1,
        ("notification", "report", "ok"): 1,
        ("unknown_opcode", "other", "ok"): 1,
    }
    assert got.said(SERVER) == {
        ("name", "Line 4"), ("model", "CPU 315-2 PN/DP"), ("location", "Millbrook"),
        ("serial", "S C-X4U4"),
    }  # fmt: skip
