"""Detections of news: assets, conduits, operations and points that were not learned."""

from __future__ import annotations

import pytest
from detection_kit import (
    EWS,
    HIST,
    HMI,
    LAPTOP,
    MAC,
    OFFICE,
    PLC,
    PLC2,
    READ,
    RTU,
    WRITE,
    Case,
    check,
    conn,
    op,
    row,
)

NEW_MAC = "00:e0:4c:68:0b:99"
NEW = {"client_mac": NEW_MAC}

CASES = [
    Case("new_asset", "a laptop", [{**row(LAPTOP, PLC, 70, **READ), **NEW}],
         {"technique": "T0864", "severity": "medium", "client": LAPTOP, "says": NEW_MAC}),
    Case("new_asset", "a laptop that gives orders", [{**row(LAPTOP, PLC, 70, **WRITE), **NEW}],
         {"severity": "high", "techniques": {"T0864", "T0848"}}),
    Case("new_asset", "a known card with a new address",
         [{**row("10.0.0.77", PLC, 70, **READ), "client_mac": MAC[EWS]}],
         {"severity": "low", "says": f"this card had the address {EWS}"}),
    Case("new_asset", "a new server answers", [conn(EWS, "10.0.0.60", 80, "http")],
         {"client": "10.0.0.60", "says": "offers http"}),
    Case("new_asset", "a layer-2 device", [op("00:1b:1b:00:00:01", "00:1b:1b:00:00:02",
         "profinet_dcp", "identify", "identify")], {"severity": "medium"}, findings=2),
    Case("new_asset", "an address that doesn't answer",
         [conn(EWS, "10.0.0.61", 80, "http", outcome="no_reply")]),
    Case("new_asset", "an address outside", [conn(EWS, "198.51.100.99", 443, "tls")]),
    Case("new_asset", "broadcast and multicast",
         [conn(HMI, "10.0.0.255", 137, "netbios"), conn(HMI, "224.0.0.251", 5353, "mdns"),
          conn("0.0.0.0", "255.255.255.255", 67, "dhcp")]),
    Case("new_asset", "known devices", [row(HMI, PLC, 70, **READ)]),
    Case("new_conduit", "a historian turns to another controller",
         [conn(HIST, PLC2, 102, "s7comm"), op(HIST, PLC2, "s7comm", "read_variable", "read")],
         {"technique": "T0801", "severity": "medium", "client": HIST, "server": PLC2}),
    Case("new_conduit", "a shell between known hosts", [conn(OFFICE, HIST, 22, "ssh")],
         {"technique": "T0886", "port": 22}),
    Case("new_conduit", "a known writer writes to another controller",
         [row(HMI, RTU, 70, **WRITE, object="coil:1")],
         {"technique": "T1692.001", "severity": "high"}),
    Case("new_conduit", "many at once are one finding",
         [conn(HIST, ip, 80, "http") for ip in (PLC, PLC2, RTU, HMI, EWS)],
         {"severity": "high", "server": None, "says": "5 devices"}),
    Case("new_conduit", "no answer", [conn(HIST, RTU, 80, "http", outcome="no_reply")],
         {"severity": "low", "says": "tried to talk to"}),
    Case("new_conduit", "a known service on another port", [conn(HMI, PLC, 5020, "modbus")]),
    Case("new_conduit", "a known port that the sensor names otherwise now",
         [conn(HMI, PLC, 502, "tcp/502")]),
    Case("new_conduit", "another dynamic port",
         [conn(HIST, PLC, 49712)], extra=[conn(HIST, PLC, 50133, minute=3)]),
    Case("new_conduit", "an unreachable message between partners",
         [conn(PLC, HMI, None, "icmp", transport="icmp")]),  # type: ignore[arg-type]
    Case("new_conduit", "the border is another detection's", [conn(EWS, "198.51.100.9", 443)]),
    Case("new_operation", "a client that reads begins to read otherwise",
         [op(HIST, PLC, "s7comm", "read_diagnostics", "diagnose")],
         {"technique": "T0888", "severity": "low", "operation": "read_diagnostics"}),
    Case("new_operation", "a known writer uses a new write",
         [row(HMI, PLC, 70, operation="write_multiple_coils", action="write")],
         {"technique": "T1692.001", "severity": "high"}),
    Case("new_operation", "several are one finding per conduit",
         [op(HIST, PLC, "s7comm", f"f{n}", "other") for n in range(9)], {"count": 9}),
    Case("new_operation", "a web page", [op(OFFICE, HIST, "http", "head", "read")]),
    Case("new_operation", "a new conduit is another detection's",
         [op(EWS, RTU, "dnp3", "read", "read")]),
    Case("new_operation", "the learned ones", [op(HIST, PLC, "s7comm", "read_variable", "read")]),
    Case("new_object", "a set point nobody set",
         [row(HMI, PLC, 70, **WRITE, object="holding_register:101", value_min=9, value_max=9)],
         {"technique": "T0836", "severity": "high", "object": "holding_register:101",
          "says": "at holding_register:100"}),
    Case("new_object", "another unit behind the gateway",
         [row(HMI, PLC, 70, **{**WRITE, "unit": "2"}, object="holding_register:100")],
         {"severity": "high"}),
    Case("new_object", "more points are read",
         [row(HMI, PLC, 70, **READ, object=f"holding_register:{n}") for n in (40, 50, 60)],
         {"technique": "T0861", "severity": "low"}),
    Case("new_object", "one more point is read",
         [row(HMI, PLC, 70, **READ, object="holding_register:40")]),
    Case("new_object", "part of a learned range",
         [row(HMI, PLC, 70, **READ, object="holding_register:5-9")]),
    Case("new_object", "a URL", [op(OFFICE, HIST, "http", "get", "read", object="/other")]),
    Case("new_object", "topics that are new by nature",
         [op(EWS, HIST, "mqtt", "publish", "write", object=f"topic:order/{n}x") for n in range(5)],
         extra=[op(EWS, HIST, "mqtt", "publish", "write", 5, object=f"topic:order/{n}y")
                for n in range(5)], config={"topics": 5}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: Case) -> None:
    check(case)
