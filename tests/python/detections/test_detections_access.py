"""Detections of who gets in and out: remote access, the site's border, logins."""

from __future__ import annotations

from typing import Any

import pytest
from detection_kit import (
    CLOUD,
    EWS,
    HIST,
    HMI,
    LAPTOP,
    OFFICE,
    PLC,
    RTU,
    VENDOR,
    Case,
    check,
    conn,
    op,
)

OUTSIDE = "198.51.100.200"


def login(client: str, server: str, user: str, service: str = "http", minute: float = 70,
          **more: Any) -> dict[str, Any]:  # fmt: skip
    return op(client, server, service, "basic_authentication", "authenticate", minute,
              object=f"user:{user}", **more)  # fmt: skip


CASES = [
    Case("remote_access", "a vendor from outside",
         [conn(VENDOR, HMI, 3389, "rdp"), conn(VENDOR, HMI, 5900, "vnc", 75)],
         {"technique": "T0822", "severity": "critical", "client": VENDOR, "server": HMI,
          "techniques": {"T0822", "T0886", "T0823"}, "says": "rdp, vnc"}),
    Case("remote_access", "by its port where the sensor named nothing",
         [conn(VENDOR, HMI, 5938)], {"technique": "T0822"}),
    Case("remote_access", "from the office", [conn(OFFICE, PLC, 22, "ssh")],
         {"techniques": {"T0886"}, "severity": "medium"}),
    Case("remote_access", "knocking", [conn(VENDOR, HMI, 3389, "rdp", outcome="no_reply")],
         {"severity": "medium", "says": "tried to reach"}),
    Case("remote_access", "from outside, nothing learned", [conn(VENDOR, HMI, 3389, "rdp")],
         {"technique": "T0822"}, learned=False),
    Case("remote_access", "a learned jump host", [conn(OFFICE, HMI, 3389, "rdp")],
         extra=[conn(OFFICE, HMI, 3389, "rdp", 4)]),
    Case("remote_access", "to an office computer", [conn(EWS, OFFICE, 3389, "rdp")]),
    Case("remote_access", "out of the plant", [conn(EWS, OUTSIDE, 22, "ssh")]),
    Case("internet_access", "a plant host calls outside",
         [conn(EWS, OUTSIDE, 443, "tls")],
         {"technique": "T0869", "severity": "medium", "client": EWS, "server": OUTSIDE}),
    Case("internet_access", "many addresses are one finding",
         [conn(EWS, f"198.51.100.{n}", 443, "tls") for n in range(100, 150)],
         {"server": None, "says": "50 addresses outside"}),
    Case("internet_access", "reached from outside", [conn(OUTSIDE, PLC, 502, "modbus")],
         {"technique": "T0883", "severity": "high", "client": OUTSIDE, "server": PLC}),
    Case("internet_access", "without a baseline", [conn(EWS, OUTSIDE, 443, "tls")],
         {"severity": "low"}, learned=False),
    Case("internet_access", "a learned address", [conn(HIST, CLOUD, 443, "tls")]),
    Case("internet_access", "a host with many partners outside",
         [conn(EWS, OUTSIDE, 123, "ntp")],
         extra=[conn(EWS, f"198.51.100.{n}", 123, "ntp", 5) for n in (1, 2)]),
    Case("internet_access", "an office computer", [conn(OFFICE, OUTSIDE, 443, "tls")]),
    Case("internet_access", "multicast is not outside", [conn(EWS, "224.0.0.251", 5353, "mdns")]),
    Case("default_credentials", "guessed until it fitted",
         [login(LAPTOP, RTU, "admin", outcome="http_401", count=4), login(LAPTOP, RTU, "admin")],
         {"technique": "T1694.001", "severity": "critical", "server": RTU, "count": 5}),
    Case("default_credentials", "a factory account", [login(LAPTOP, RTU, "Root")],
         {"severity": "medium", "says": "as Root"}),
    Case("default_credentials", "an SNMP community everybody knows",
         [op(LAPTOP, RTU, "snmp", "get", "read", object="community:public")],
         {"technique": "T1694.001", "says": "as public"}),
    Case("default_credentials", "a person's account", [login(LAPTOP, RTU, "m.weber")]),
    Case("default_credentials", "a learned login", [login(EWS, RTU, "admin")],
         extra=[login(EWS, RTU, "admin", minute=5)]),
    Case("cleartext_credentials", "HTTP basic", [login(LAPTOP, RTU, "m.weber")],
         {"technique": "T1694", "severity": "low"}),
    Case("cleartext_credentials", "a Telnet session without a log of its own",
         [conn(LAPTOP, RTU, 23, "telnet", bytes_to_server=90)], {"service": "telnet"}),
    Case("cleartext_credentials", "SNMP", [op(LAPTOP, RTU, "snmp", "get", "read",
                                              object="community:not_default")], {"port": 999}),
    Case("cleartext_credentials", "nothing learned", [login(LAPTOP, RTU, "m.weber")],
         {"severity": "info"}, learned=False),
    Case("cleartext_credentials", "SSH", [op(LAPTOP, RTU, "ssh", "login", "authenticate")]),
    Case("cleartext_credentials", "a Telnet port that is closed",
         [conn(LAPTOP, RTU, 23, "telnet", outcome="rejected")]),
    Case("cleartext_credentials", "a learned login", [login(EWS, RTU, "viewer")],
         extra=[login(EWS, RTU, "viewer", minute=5)]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: Case) -> None:
    check(case)
