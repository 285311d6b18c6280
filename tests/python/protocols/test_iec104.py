"""IEC 104 in both forms that third-party analyzers write."""

from __future__ import annotations

from pathlib import Path

from protokit import CLIENT, SERVER, run, zeek


def ident(apdu: int, type_id: str, cause: str, back: bool, negative: bool = False) -> dict:
    return {
        "ts": apdu, "back": back, "apdu": apdu, "ident.type_id": type_id, "ident.cot": cause,
        "ident.pn": negative, "ident.common_address": 7,
    }  # fmt: skip


def command(apdu: int, address: int, back: bool, select: bool = False) -> dict:
    return {
        "ts": apdu, "back": back, "apdu": apdu, "type_id": "C_SC_NA_1", "io.obj_addr": address,
        "io.sco.scs": True, "io.sco.se": select,
    }  # fmt: skip


IDENT = [
    ident(1, "C_SC_NA_1", "Act", False),
    ident(2, "C_SC_NA_1", "Actcon", True),
    ident(3, "C_SC_NA_1", "ActTerm", True),
    ident(4, "C_SC_NA_1", "Act", False),
    ident(5, "C_SC_NA_1", "Actcon", True, negative=True),
    ident(6, "C_SC_NA_1", "Act", False),
    ident(7, "C_SC_NA_1", "UnkObjAddr", True, negative=True),
    {**ident(8, "C_IC_NA_1", "Act", False), "ident.common_address": 65535},
    # asked of all stations (65535), answered by one
    {**ident(9, "C_IC_NA_1", "Actcon", True), "ident.common_address": 47},
    ident(10, "M_ME_NC_1", "Spont", True),
    ident(11, "C_RP_NA_1", "Act", False),
]
LOGS = {
    "iec104-asdu-ident.log": zeek("iec104-asdu-ident", 2404, IDENT),
    "iec104-C_SC_NA_1.log": zeek(
        "iec104-C_SC_NA_1", 2404,
        [command(1, 101, False), command(2, 101, True), command(3, 101, True),
         command(4, 102, False, True), command(5, 102, True, True), command(6, 999, False),
         command(7, 999, True)],
    ),
    "iec104-C_IC_NA_1.log": zeek(
        "iec104-C_IC_NA_1", 2404,
        [{"ts": t, "back": b, "apdu": t, "type_id": "C_IC_NA_1", "io.obj_addr": 0, "io.qoi": 20}
         for t, b in ((8, False), (9, True))],
    ),
    "iec104-M_ME_NC_1.log": zeek(
        "iec104-M_ME_NC_1", 2404,
        [{"ts": 10, "back": True, "apdu": 10, "type_id": "M_ME_NC_1", "io.obj_addr": a,
          "io.r32": v} for a, v in ((20, 1.5), (21, -2.5))],
    ),
    "iec104-C_RP_NA_1.log": zeek(
        "iec104-C_RP_NA_1", 2404,
        [{"ts": 11, "back": False, "apdu": 11, "type_id": "C_RP_NA_1", "io.obj_addr": 0}],
    ),
    "iec104-apci_u.log": zeek(
        "iec104-apci_u", 2404,
        [{"ts": t, "back": b, "apdu": 0, "startdt": s, "stopdt": p, "testfr": f}
         for t, b, s, p, f in ((0, False, 1, 0, 0), (0.1, True, 2, 0, 0), (0.2, False, 0, 0, 1),
                               (12, False, 0, 1, 0), (12.1, True, 0, 2, 0))],
    ),
    "iec104-apci_s.log": zeek("iec104-apci_s", 2404, [{"ts": 3, "back": False, "rsn": 1}]),
}  # fmt: skip


def test_a_log_for_each_type(tmp_path: Path) -> None:
    got = run(tmp_path, LOGS)
    assert got.counts("operation", "action", "object", "outcome") == {
        ("c_sc_na_1", "command", "ioa:101", "ok"): 1,
        ("c_sc_na_1_select", "command", "ioa:102", "negative_confirmation"): 1,
        ("c_sc_na_1", "command", "ioa:999", "unknown_object_address"): 1,
        ("c_ic_na_1", "read", "group:0", "ok"): 1,
        ("m_me_nc_1", "report", "ioa:20", "ok"): 1,
        ("m_me_nc_1", "report", "ioa:21", "ok"): 1,
        ("c_rp_na_1", "restart", "ioa:0", "unknown"): 1,
        ("startdt", "connect", None, "ok"): 1,
        ("stopdt", "suppress", None, "ok"): 1,
    }
    assert {(r["client"], r["server"], r["port"]) for r in got.activity} == {(CLIENT, SERVER, 2404)}
    assert got.one(object="ioa:21")["value_min"] == -2.5
    assert got.one(object="ioa:21")["unit"] == "7"
    assert got.accounts["iec104-C_SC_NA_1"].ignored.total() == 1  # the end of the command


def test_one_log(tmp_path: Path) -> None:
    def apdu(ts: float, type_id: str | None, cause: str | None, addresses: list[int], **more):
        return {
            "ts": ts, "apci_type": "I" if type_id else "S", "asdu.info_obj_type": type_id,
            "asdu.cause_tx": cause, "asdu.negative": more.get("negative", 0),
            "asdu.common_address": 3, "asdu.info_obj_addr": addresses,
        }  # fmt: skip

    rows = [
        apdu(1, "iec104::C_DC_NA_1", "iec104::act", [5]),
        apdu(1.1, "iec104::C_DC_NA_1", "iec104::actcon", [5], negative=1),
        apdu(1.2, "iec104::C_DC_NA_1", "iec104::actterm", [5]),
        apdu(2, "iec104::M_SP_NA_1", "iec104::spont", [1, 2, 3]),
        apdu(3, None, None, []),
    ]
    logs = {"iec104.log": zeek("iec104", 2404, rows)}
    got = run(tmp_path, {**logs, "iec104-M_ME_NC_1.log": LOGS["iec104-M_ME_NC_1.log"]})
    assert got.counts("operation", "action", "object", "outcome", "unit") == {
        ("c_dc_na_1", "command", "ioa:5", "negative_confirmation", "3"): 1,
        **{("m_sp_na_1", "report", f"ioa:{n}", "ok", "3"): 1 for n in (1, 2, 3)},
    }
    assert got.accounts["iec104"].ignored.total() == 2
    assert got.accounts["iec104-M_ME_NC_1"].used == 0
