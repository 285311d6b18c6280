"""DNP3: pairs, what is told twice, restarts, unsolicited reports."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SERVER, Ledger, eve, run, zeek

PLAIN = [
    {"ts": 1, "fc_request": "READ", "fc_reply": "RESPONSE", "iin": 0x0200},
    {"ts": 2, "fc_request": "SELECT", "fc_reply": "RESPONSE", "iin": 0},
    {"ts": 3, "fc_request": "OPERATE", "fc_reply": "RESPONSE", "iin": 0},
    {"ts": 4, "fc_request": "COLD_RESTART", "fc_reply": "RESPONSE", "iin": 0},
    {"ts": 5, "fc_request": "DISABLE_UNSOLICITED", "fc_reply": "RESPONSE", "iin": 1},
    {"ts": 6, "fc_request": "CONFIRM", "fc_reply": "UNSOLICITED_RESPONSE", "iin": 0},
    {"ts": 7, "fc_request": "WARM_RESTART"},
    {"ts": 8, "fc_reply": "RESPONSE", "iin": 0},
    {"ts": 9, "fc_request": "DIRECT_OPERATE", "fc_reply": "RESPONSE", "iin": 4},
]


def _point(ts: float, function: str, index: int, back: bool, status: str | None = None) -> dict:
    return {
        "ts": ts, "back": back, "block_type": "Control Relay Output Block", "index_number": index,
        "function_code": function, "status_code": status,
    }  # fmt: skip


CONTROL = [
    _point(1.9, "SELECT", 3, False),
    _point(2, "RESPONSE", 3, True, "Success"),
    _point(2.9, "OPERATE", 3, False),
    _point(3, "RESPONSE", 3, True, "Not Supported"),
    # Zeek's own log never shows what wants no reply
    _point(6.5, "DIRECT_OPERATE_NR", 9, False),
]
OBJECTS = [
    {"ts": 0.9, "back": False, "function_code": "READ", "object_type": "Class 1 Data"},
    {"ts": 0.9, "back": False, "function_code": "READ", "object_type": "Class 2 Data"},
    {"ts": 1, "back": True, "function_code": "RESPONSE", "object_type": "Binary Input"},
    # Zeek's own log lost this one: another request came before the reply
    {"ts": 9.5, "back": False, "function_code": "READ", "object_type": "Class 0 Data"},
]


def _all(folder: Path, **more: str) -> Ledger:
    return run(folder, {"dnp3.log": zeek("dnp3", 20000, PLAIN), **more})


def test_requests_carry_their_outcome(tmp_path: Path) -> None:
    got = _all(tmp_path)
    assert got.counts("operation", "action", "outcome") == {
        ("read", "read", "ok"): 1,
        ("select", "command", "ok"): 1,
        ("operate", "command", "ok"): 1,
        ("cold_restart", "restart", "ok"): 1,
        ("disable_unsolicited", "suppress", "function_not_supported"): 1,
        ("confirm", "other", "ok"): 1,
        ("unsolicited_response", "report", "ok"): 1,
        ("warm_restart", "restart", "no_reply"): 1,
        ("response", "report", "ok"): 1,
        ("direct_operate", "command", "parameter_error"): 1,
    }
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {
        (CLIENT, SERVER, 20000)
    }


def test_details_count_a_request_once(tmp_path: Path) -> None:
    got = _all(
        tmp_path,
        **{
            "dnp3_control.log": zeek("dnp3_control", 20000, CONTROL),
            "dnp3_objects.log": zeek("dnp3_objects", 20000, OBJECTS),
        },
    )
    assert got.counts("operation", "object", "outcome", action="command") == {
        ("select", "crob:3", "ok"): 1,
        ("operate", "crob:3", "not_supported"): 1,
        ("direct_operate_nr", "crob:9", "ok"): 1,
        # no control block: an analog output that ICSNPP doesn't list
        ("direct_operate", None, "parameter_error"): 1,
    }
    assert got.counts("object", operation="read") == {"class_0": 1, "class_1": 1, "class_2": 1}
    assert got.accounts["dnp3"].used == len(PLAIN) - 2
    assert got.accounts["dnp3_control"].used == len(CONTROL)
    assert got.accounts["dnp3_objects"].used == 1


def test_objects_alone(tmp_path: Path) -> None:
    got = run(tmp_path, {"dnp3_objects.log": zeek("dnp3_objects", 20000, OBJECTS)})
    assert got.counts("operation", "object") == {("read", f"class_{n}"): 1 for n in range(3)}
    assert got.accounts["dnp3_objects"].ignored.total() == 1


def test_the_outstation_is_the_server_in_mid_session(tmp_path: Path) -> None:
    turned = [
        {**r, "id.orig_h": SERVER, "id.orig_p": 20000, "id.resp_h": CLIENT, "id.resp_p": 40001}
        for r in PLAIN
    ]
    got = run(tmp_path, {"dnp3.log": zeek("dnp3", 20000, turned)})
    assert {(r["client"], r["server"]) for r in got.activity} == {(CLIENT, SERVER)}


def test_eve(tmp_path: Path) -> None:
    def pdu(ts: float, kind: str, code: int, objects: list[dict], **more: object) -> dict:
        src, dst = (1, 10) if kind == "request" else (10, 1)
        application = {
            "control": {"sequence": more.pop("sequence", 1)}, "function_code": code,
            "objects": objects,
        }  # fmt: skip
        body = {"type": kind, "src": src, "dst": dst, "application": application, **more}
        return {"ts": ts, "dnp3": body}

    crob = {"group": 12, "variation": 1, "range_code": 8, "start": 0, "stop": 0}
    read = {"group": 60, "variation": 2, "range_code": 6, "start": 0, "stop": 0}
    order = {"op_type": 1, "qu": 0, "cr": 0, "tcc": 2}
    points = {"points": [{"prefix": 4, "index": 4, "status_code": 0, **order}]}
    refused = {"points": [{"prefix": 4, "index": 4, "status_code": 4}]}
    rows = [
        pdu(1, "request", 5, [{**crob, **points}]),
        pdu(1.1, "response", 129, [{**crob, **refused}], iin={}),
        pdu(2, "request", 13, [], sequence=2),
        pdu(2.1, "response", 129, [], sequence=2, iin={"indicators": ["no_func_code_support"]}),
        pdu(3, "request", 1, [read], sequence=3),
        pdu(4, "unsolicited_response", 130, [], sequence=3),
    ]
    got = run(tmp_path, {"eve.json": eve("dnp3", 20000, rows)})
    assert got.counts("operation", "object", "outcome") == {
        ("direct_operate", "crob:4", "not_supported"): 1,
        ("cold_restart", None, "function_not_supported"): 1,
        ("read", "class_1", "unknown"): 1,  # the log ends here: the reply may still come
        ("unsolicited_response", None, "ok"): 1,
    }
    tripped = [r for r in got.activity if r["object"] == "crob:4"]
    assert [(r["value_min"], r["value_max"]) for r in tripped] == [(129, 129)]
    assert {r["unit"] for r in got.activity} == {"1-10"}
    assert got.accounts["eve:dnp3"].used == len(rows)


def test_a_trip_is_another_value_than_a_close(tmp_path: Path) -> None:
    rows = [
        {**_point(n, "DIRECT_OPERATE", 2, False), "trip_control_code": code,
         "operation_type": kind, "clear_bit": clear}
        for n, (code, kind, clear) in enumerate(
            (("Close", "Pulse On", False), ("Trip", "Pulse On", False), ("Nul", "Latch Off", True)))
    ]  # fmt: skip
    got = run(tmp_path, {"dnp3_control.log": zeek("dnp3_control", 20000, rows)})
    assert {(r["value_min"], r["value_max"]) for r in got.activity} == {(36, 129)}
    pattern = [{**row, "block_type": "Pattern Control Block"} for row in rows]
    got = run(tmp_path / "p", {"dnp3_control.log": zeek("dnp3_control", 20000, pattern)})
    assert {r["value_min"] for r in got.activity} == {None}
