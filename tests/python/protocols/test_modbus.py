"""Modbus: plain and detailed logs, EVE, identification."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SERVER, eve, run, zeek


def plain(ts: float, tid: int, func: str, kind: str, exception: str | None = None) -> dict:
    return {
        "ts": ts, "tid": tid, "unit": 1, "func": func, "pdu_type": kind, "exception": exception,
    }  # fmt: skip


PLAIN = [
    plain(1, 1, "READ_HOLDING_REGISTERS", "REQ"),
    plain(1.1, 1, "READ_HOLDING_REGISTERS", "RESP"),
    plain(2, 2, "WRITE_SINGLE_COIL", "REQ"),
    plain(2.1, 2, "WRITE_SINGLE_COIL_EXCEPTION", "RESP", "ILLEGAL_DATA_ADDRESS"),
    plain(3, 3, "PROGRAM_UNITY", "REQ"),
    plain(30, 4, "READ_COILS", "REQ"),
]


def test_plain_pairs_and_flips(tmp_path: Path) -> None:
    for name, turn in (("as seen", False), ("turned", True)):
        rows = PLAIN
        if turn:
            ends = {"id.orig_h": SERVER, "id.orig_p": 502, "id.resp_h": CLIENT, "id.resp_p": 40001}
            rows = [{**r, **ends} for r in PLAIN]
        got = run(tmp_path / name, {"modbus.log": zeek("modbus", 502, rows)})
        assert got.counts("operation", "action", "outcome") == {
            ("read_holding_registers", "read", "ok"): 1,
            ("write_single_coil", "write", "illegal_data_address"): 1,
            ("umas", "program", "no_reply"): 1,
            ("read_coils", "read", "unknown"): 1,
        }
        assert {(r["client"], r["server"]) for r in got.activity} == {(CLIENT, SERVER)}


def test_detailed_is_counted_instead(tmp_path: Path) -> None:
    detailed = [
        {"ts": 1, "unit": 1, "func": "READ_HOLDING_REGISTERS", "address": 100, "quantity": 10,
         "request_values": None, "response_values": [5, 9], "matched": True},
        {"ts": 2, "unit": 1, "func": "WRITE_SINGLE_REGISTER", "address": 7, "quantity": 1,
         "request_values": [250], "response_values": None, "matched": False},
        # functions that ICSNPP can't take apart: a row each, and the refusal names another
        {"ts": 3, "tid": 9, "unit": 1, "func": "PROGRAM_484", "matched": None},
        {"ts": 3.1, "tid": 9, "unit": 1, "func": "unknown-128", "matched": None,
         "exception_code": "ILLEGAL_FUNCTION"},
        {"ts": 4, "tid": 10, "unit": 1, "func": "REPORT_SLAVE_ID", "matched": None},
        {"ts": 4.1, "tid": 10, "unit": 1, "func": "REPORT_SLAVE_ID", "matched": None},
    ]  # fmt: skip
    identification = [
        {"back": True, "request_response": "RESPONSE", "object_id_code": code, "object_value": text}
        for code, text in (("0x00", "WAGO"), ("0x01", "750-8212"), ("0x02", "04.03.03"))
    ]
    kind = "modbus_read_device_identification"
    got = run(
        tmp_path,
        {
            "modbus.log": zeek("modbus", 502, PLAIN),
            "modbus_detailed.log": zeek("modbus_detailed", 502, detailed),
            f"{kind}.log": zeek(kind, 502, identification),
        },
    )
    assert got.counts("operation", "object", "outcome") == {
        ("read_holding_registers", "holding_register:100-109", "ok"): 1,
        ("write_single_register", "holding_register:7", "no_reply"): 1,
        ("program_484", None, "illegal_function"): 1,
        ("report_slave_id", None, "ok"): 1,
    }
    assert got.one(object="holding_register:7")["value_max"] == 250
    assert got.said(SERVER) == {
        ("vendor", "WAGO"), ("product_code", "750-8212"), ("firmware", "04.03.03"),
    }  # fmt: skip


def test_detailed_of_the_first_version(tmp_path: Path) -> None:
    rows = [
        {"ts": 1, "tid": 1, "unit": 1, "func": "READ_HOLDING_REGISTERS",
         "request_response": "REQUEST", "address": 4, "quantity": 2, "values": None},
        {"ts": 1.1, "tid": 1, "unit": 1, "func": "READ_HOLDING_REGISTERS",
         "request_response": "RESPONSE", "address": 4, "quantity": 2, "values": [7, 8]},
    ]  # fmt: skip
    got = run(tmp_path, {"modbus_detailed.log": zeek("modbus_detailed", 502, rows)})
    row = got.one(object="holding_register:4-5")
    assert (row["outcome"], row["count"], row["value_max"]) == ("ok", 1, 8)


def test_eve(tmp_path: Path) -> None:
    def pdu(code: int, tid: int, **more: object) -> dict:
        return {"transaction_id": tid, "unit_id": 1, "function_raw": code, **more}

    back = {"flow_id": 9, "src_ip": SERVER, "src_port": 502, "dest_ip": CLIENT, "dest_port": 40001}
    rows = [
        {"ts": 1, "modbus": {"request": pdu(3, 1, read={"address": 100, "quantity": 10}),
                             "response": pdu(3, 1, read={"data": "xy"})}},
        {"ts": 2, "modbus": {"request": pdu(6, 2, write={"address": 7, "data": 250}),
                             "response": pdu(134, 2, exception={"raw": 2, "code": "x"})}},
        {"ts": 3, "modbus": {"request": pdu(43, 3, mei={"raw": 14, "code": "RdDevId"})}},
        {"ts": 4, "modbus": {"request": pdu(77, 4), "response": pdu(205, 4, exception={"raw": 1})}},
        # joined in the middle, taken for the client: its "request" is the server's reply
        {"ts": 20, **back, "modbus": {"response": pdu(1, 5, read={"data": "z"})}},
        {"ts": 20.1, **back, "modbus": {"request": pdu(1, 5, read={"address": 9, "quantity": 9})}},
    ]  # fmt: skip
    got = run(tmp_path, {"eve.json": eve("modbus", 502, rows)})
    assert got.counts("operation", "action", "object", "outcome") == {
        ("read_holding_registers", "read", "holding_register:100-109", "ok"): 1,
        ("write_single_register", "write", "holding_register:7", "illegal_data_address"): 1,
        ("read_device_identification", "identify", None, "no_reply"): 1,
        ("unknown_77", "other", None, "illegal_function"): 1,
        ("read_coils", "read", None, "ok"): 1,
    }
    assert {(r["client"], r["server"], r["unit"]) for r in got.activity} == {(CLIENT, SERVER, "1")}
    assert got.accounts["eve:modbus"].used == len(rows)
