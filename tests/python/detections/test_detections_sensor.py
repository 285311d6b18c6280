"""Detections fed by what the sensors concluded: notices, alerts, protocol violations."""

from __future__ import annotations

from typing import Any

import pytest
from detection_kit import EWS, HMI, LAPTOP, PLC, PLC2, Case, check, op


def notice(name: str, minute: float = 70, **more: Any) -> dict[str, Any]:
    return {"name": name, "client": LAPTOP, "server": PLC, "minute": minute, **more}


def alert(name: str, minute: float = 70, **more: Any) -> dict[str, Any]:
    return notice(name, minute, origin="suricata_alert", rule_id="1:2000001:3",
                  **{"severity": "high", **more})  # fmt: skip


def weird(name: str, minute: float = 70, **more: Any) -> dict[str, Any]:
    return notice(name, minute, origin="zeek_weird", severity="info", **more)


STOCK = [alert("SURICATA Modbus Data mismatch", 70 + n / 100, severity="low") for n in range(99)]

CASES = [
    Case("sensor_notice", "a tag of an older ATT&CK is translated", [],
         {"technique": "T1692.001", "severity": "high", "rule": "Site_OT::Command"},
         notices=[notice("Site_OT::Command", techniques="T0855;T1059", severity="high")]),
    Case("sensor_notice", "Zeek's own scan notice", [],
         {"technique": "T0846.001", "client": LAPTOP, "says": "Scan::Port_Scan"},
         notices=[notice("Scan::Port_Scan")]),
    Case("sensor_notice", "a notice without tags keeps none", [], {"techniques": set()},
         notices=[notice("Site::Something")], config={"ignore": []}),
    Case("sensor_notice", "repeats are one finding", [], {"count": 40},
         notices=[notice("Scan::Port_Scan", 70 + n) for n in range(40)]),
    Case("sensor_notice", "control characters in the text", [], {"severity": "medium"},
         notices=[notice("X::Y", message="\x1b[31m<script>\x00\n")]),
    Case("sensor_notice", "about the sensor itself", [],
         notices=[notice("CaptureLoss::Too_Much_Loss")]),
    Case("sensor_notice", "part of the ordinary day", [],
         notices=[notice("SSL::Invalid_Server_Cert", m) for m in (5, 70)]),
    Case("sensor_notice", "an alert of the other sensor", [], notices=[alert("ET SCADA stop")]),
    Case("sensor_alert", "a rule and its tag", [],
         {"technique": "T1693.001", "severity": "high", "rule": "1:2000001:3"},
         notices=[alert("ET SCADA firmware", techniques="T0857")]),
    Case("sensor_alert", "one per rule and server", [], {"count": 30, "server": PLC},
         notices=[alert("ET SCADA stop", 70 + n) for n in range(30)]),
    Case("sensor_alert", "several clients", [], {"client": None},
         notices=[alert("ET SCADA stop"), alert("ET SCADA stop", client=EWS)]),
    Case("sensor_alert", "a loud one that was there before is still told", [],
         {"says": "before the judged span too"},
         notices=[alert("ET SCADA stop", 5), alert("ET SCADA stop")]),
    Case("sensor_alert", "a quiet one that was there before", [],
         notices=[alert("ET POLICY x", m, severity="low") for m in (5, 70)]),
    Case("sensor_alert", "decoder events by the thousand", [], notices=STOCK),
    Case("protocol_violations", "a burst of weirds", [],
         {"technique": "T0814", "severity": "medium", "client": LAPTOP, "server": PLC},
         notices=[weird("modbus_bad_length", 70 + n / 10) for n in range(30)]),
    Case("protocol_violations", "decoder events are one quiet finding", [],
         {"severity": "low", "count": 99, "says": "SURICATA Modbus Data mismatch"}, notices=STOCK),
    Case("protocol_violations", "malformed outcomes",
         [op(LAPTOP, PLC2, "cip", "read_tag", "read", outcome="malformed", count=50)],
         {"server": PLC2, "count": 50}),
    Case("protocol_violations", "a few", [], notices=[weird("modbus_bad_length")]),
    Case("protocol_violations", "the plant's dialect, as always",
         [], notices=[weird("dnp3_odd", m + n / 100, client=HMI) for m in (5, 70)
                      for n in range(40)]),
    Case("protocol_violations", "what a lossy capture looks like", [],
         notices=[weird("above_hole_data_without_any_acks", 70 + n / 10) for n in range(60)]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: Case) -> None:
    check(case)
