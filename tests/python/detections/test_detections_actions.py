"""Detections of what was done: mode, program, firmware, restart, suppressed reports, writes."""

from __future__ import annotations

from typing import Any

import pytest
from detection_kit import (
    EWS,
    HIST,
    HMI,
    LAPTOP,
    MAC,
    PLC,
    RTU,
    WRITE,
    Case,
    check,
    conn,
    op,
    row,
)


def s7(operation: str, action: str, minute: float = 70, **more: Any) -> dict[str, Any]:
    return op(EWS, PLC, "s7comm", operation, action, minute, **more)


def claim(asset: str, attribute: str, value: str, minute: float, last: float, **more: Any) -> Any:
    from kit import at

    return {"asset": asset, "attribute": attribute, "value": value, "first": at(minute),
            "last": at(last), **more}  # fmt: skip


STOP = s7("plc_stop", "mode")
DOWNLOAD = [
    s7("request_download", "program", 70, object="OB1"),
    s7("download_block", "program", 71, object="OB1", count=3),
    s7("download_ended", "program", 72, object="OB1"),
]

CASES = [
    Case("controller_mode_change", "an S7 stop", [STOP],
         {"technique": "T0858", "severity": "critical", "client": EWS, "server": PLC,
          "techniques": {"T0858", "T0816"}, "says": "stopped"}),
    Case("controller_mode_change", "a stop and a start are one finding",
         [STOP, s7("plc_control_start", "mode", 75)], {"severity": "critical", "count": 2}),
    Case("controller_mode_change", "a start is a mode change and no stop",
         [s7("plc_control_start", "mode")], {"techniques": {"T0858"}, "severity": "high"}),
    Case("controller_mode_change", "a refused stop",
         [{**STOP, "outcome": "access_denied"}], {"severity": "medium", "says": "tried to stop"}),
    Case("controller_mode_change", "no answer is no proof that it did nothing",
         [{**STOP, "outcome": "no_reply"}], {"severity": "critical"}),
    Case("controller_mode_change", "without a baseline", [STOP],
         {"severity": "critical", "says": "nothing learned yet"}, learned=False),
    Case("controller_mode_change", "a learned one is quieter", [STOP],
         {"severity": "low"}, extra=[{**STOP, "minute": 5}]),
    Case("controller_mode_change", "an MMS program invocation is stopped",
         [op(EWS, PLC, "mms", "stop", "mode", object="TASK")], {"says": "stopped"}),
    Case("controller_mode_change", "reading the mode", [s7("read_szl", "identify")]),
    Case("program_transfer", "a download is one finding", DOWNLOAD,
         {"technique": "T0843", "severity": "critical", "count": 5, "says": "downloaded"}),
    Case("program_transfer", "an upload is another technique",
         [s7("start_upload", "program"), s7("upload", "program"), s7("end_upload", "program")],
         {"techniques": {"T0845"}, "severity": "medium"}),
    Case("program_transfer", "an MMS domain's content is stored elsewhere",
         [op(EWS, PLC, "mms", "store_domain_content", "program")], {"techniques": {"T0845"}}),
    Case("program_transfer", "deleted blocks", [s7("delete_block", "program")],
         {"technique": "T0809"}),
    Case("program_transfer", "an online edit", [op(EWS, PLC, "cip", "online_edit", "program")],
         {"techniques": {"T0843", "T0843.002", "T0889"}}),
    Case("program_transfer", "inserting what was downloaded is part of it",
         [*DOWNLOAD, s7("insert_block", "program", 73)], {"technique": "T0843"}),
    Case("program_transfer", "a nightly backup that was learned", [s7("upload", "program")],
         extra=[s7("upload", "program", 3)]),
    Case("program_transfer", "reading variables", [s7("read_variable", "read")]),
    Case("firmware_update", "a firmware image is sent", [s7("firmware_download", "firmware")],
         {"technique": "T1693.001", "severity": "critical"}),
    Case("firmware_update", "of a module", [op(EWS, PLC, "cip", "update_module", "firmware")],
         {"techniques": {"T1693.002"}}),
    Case("firmware_update", "update mode", [op(EWS, PLC, "cip", "enter_boot", "firmware")],
         {"technique": "T0800"}),
    Case("firmware_update", "a device fetches an image by TFTP",
         [op(RTU, LAPTOP, "tftp", "read", "file", object="file:NP_1.99.rom")],
         {"technique": "T1693.001", "severity": "critical", "says": "fetched firmware from"}),
    Case("firmware_update", "TFTP that only the connection log knows",
         [conn(RTU, LAPTOP, 69, "tftp", transport="udp")], {"severity": "high"}),
    Case("firmware_update", "an image is put on a device by FTP",
         [op(LAPTOP, RTU, "ftp", "stor", "file", object="/upload/firmware.bin")],
         {"says": "sent firmware to"}),
    Case("firmware_update", "a report is fetched by FTP",
         [op(LAPTOP, RTU, "ftp", "retr", "file", object="/out/report.csv")]),
    Case("firmware_update", "a boot server as always",
         [conn(RTU, HIST, 69, "tftp", transport="udp")],
         extra=[conn(RTU, HIST, 69, "tftp", 4, transport="udp")]),
    Case("firmware_update", "a device tells another version", [],
         {"technique": "T1693.001", "severity": "medium", "says": "before it was V1"},
         claims=[claim(PLC, "firmware", "V1", 2, 55), claim(PLC, "firmware", "V2", 80, 90)]),
    Case("firmware_update", "two devices behind one gateway take turns", [],
         claims=[claim(PLC, "firmware", "V1", 2, 95), claim(PLC, "firmware", "V2", 80, 90)]),
    Case("firmware_update", "two sources word it differently", [],
         claims=[claim(PLC, "firmware", "V1", 2, 55, source="a"),
                 claim(PLC, "firmware", "1.0", 80, 90, source="b")]),
    Case("device_restart", "a DNP3 cold restart",
         [op(LAPTOP, RTU, "dnp3", "cold_restart", "restart", count=2)],
         {"technique": "T0816", "severity": "high", "count": 2}),
    Case("device_restart", "refused",
         [op(LAPTOP, RTU, "dnp3", "cold_restart", "restart", outcome="no_func_code_support")],
         {"severity": "medium", "says": "tried to restart"}),
    Case("device_restart", "a poll", [op(HMI, RTU, "dnp3", "read", "read")]),
    Case("reporting_suppressed", "unsolicited reports off",
         [op(LAPTOP, RTU, "dnp3", "disable_unsolicited", "suppress")],
         {"technique": "T1691.002", "severity": "high", "techniques": {"T1691.002", "T0878"}}),
    Case("reporting_suppressed", "a master that starts enables them again",
         [op(LAPTOP, RTU, "dnp3", "disable_unsolicited", "suppress", 70),
          op(LAPTOP, RTU, "dnp3", "enable_unsolicited", "other", 71)], {"severity": "medium"}),
    Case("reporting_suppressed", "the learned master starts again",
         [op(HMI, RTU, "dnp3", "disable_unsolicited", "suppress")],
         extra=[op(HMI, RTU, "dnp3", "disable_unsolicited", "suppress", 1)]),
    Case("reporting_suppressed", "an alarm is silenced",
         [op(LAPTOP, PLC, "s7comm", "alarm_lock", "suppress")], {"techniques": {"T0878"}}),
    Case("reporting_suppressed", "communication control that enables",
         [op(LAPTOP, PLC, "bacnet", "device_communication_control", "suppress", object="enable")]),
    Case("write_by_new_client", "an engineering station that only ever read",
         [row(EWS, PLC, 70, **WRITE, object="holding_register:100", value_min=990, value_max=990)],
         {"technique": "T1692.001", "severity": "high", "techniques": {"T1692.001", "T0836"},
          "says": "only reads over modbus"}),
    Case("write_by_new_client", "a device nobody knew gives orders",
         [op(LAPTOP, RTU, "iec104", "c_sc_na_1", "command")],
         {"techniques": {"T1692.001", "T0848"}, "says": "commands"}),
    Case("write_by_new_client", "a device nobody knew operates a breaker over MMS",
         [op(LAPTOP, RTU, "mms", "write", "command", object="IED1LD0/XCBR1$CO$Pos$Oper")],
         {"techniques": {"T1692.001", "T0848"}, "says": "commands"}),
    Case("write_by_new_client", "refused",
         [row(EWS, PLC, 70, **WRITE, outcome="illegal_data_address")], {"severity": "medium"}),
    Case("write_by_new_client", "the HMI does what it always does",
         [row(HMI, PLC, 70, **WRITE, object="holding_register:100")]),
    Case("write_by_new_client", "a web form is not a command",
         [op(EWS, PLC, "http", "post", "write")]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: Case) -> None:
    check(case)


def test_addresses_are_told_with_their_role() -> None:
    from detection_kit import ask

    (finding,) = ask(CASES[0])
    assert finding.summary.startswith(f"{EWS} (engineering workstation) stopped")
    assert MAC[EWS] not in finding.key
