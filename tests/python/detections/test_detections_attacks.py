"""Detections of attacks with a shape of their own: scans, floods, spread, beacons, conflicts."""

from __future__ import annotations

from typing import Any

import pytest
from detection_kit import (
    CLOUD,
    EWS,
    HIST,
    HMI,
    LAPTOP,
    MAC,
    PLC,
    PLC2,
    READ,
    RTU,
    VENDOR,
    WRITE,
    Case,
    check,
    conn,
    op,
    row,
)

OUTSIDE = "198.51.100.200"
NET = [f"10.0.0.{n}" for n in range(100, 140)]


def scan(client: str, server: str, ports: range, **more: Any) -> list[dict[str, Any]]:
    return [conn(client, server, p, outcome="rejected", **more) for p in ports]


def sweep(client: str, port: int, hosts: list[str], **more: Any) -> list[dict[str, Any]]:
    return [conn(client, h, port, outcome="no_reply", **more) for h in hosts]


def functions(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [op(LAPTOP, PLC, "modbus", f"unknown_{n}", "other", outcome="illegal_function", **more)
            for n in numbers]  # fmt: skip


def calls(minutes: list[float], server: str = OUTSIDE, **more: Any) -> list[dict[str, Any]]:
    return [conn(EWS, server, 443, "tls", m, **more) for m in minutes]


def uploads(server: str, size: int, minute: float = 70, **more: Any) -> list[dict[str, Any]]:
    return [conn(HIST, server, 80, "http", minute, bytes_to_server=size, **more)]


FLOOD = [row(LAPTOP, PLC, 70, **READ, count=900)]
SPOOFED = {**row(HMI, PLC, 70, **READ), "server_mac": "00:e0:4c:00:00:01"}
SPOOFED_BACK = {**row(EWS, HMI, 71, **READ), "server_mac": "00:e0:4c:00:00:01"}
TRUE = [row(HMI, PLC, 69, **READ), row(HMI, PLC, 75, **READ), row(EWS, HMI, 75, **READ)]

CASES = [
    Case("port_scan", "closed ports of one host", scan(LAPTOP, PLC, range(1, 30)),
         {"technique": "T0846.001", "client": LAPTOP, "server": PLC, "count": 29}),
    Case("port_scan", "several hosts are one scan",
         [*scan(LAPTOP, PLC, range(20)), *scan(LAPTOP, RTU, range(20))],
         {"server": None, "says": "2 hosts"}),
    Case("port_scan", "works without a baseline", scan(LAPTOP, PLC, range(30)),
         {"technique": "T0846.001"}, learned=False),
    Case("port_scan", "a client that retries one closed port",
         [conn(LAPTOP, PLC, 502, "modbus", 70 + n, outcome="rejected") for n in range(40)]),
    Case("port_scan", "answers to ephemeral ports",
         scan(PLC, LAPTOP, range(40000, 40040), transport="udp")),
    Case("port_scan", "spread over hours stays below the threshold, which is an option",
         scan(LAPTOP, PLC, range(5))),
    Case("port_scan", "a lower threshold", scan(LAPTOP, PLC, range(5)), {"count": 5},
         config={"ports": 5}),
    Case("address_scan", "one port on many addresses", sweep(LAPTOP, 502, NET),
         {"technique": "T0846", "client": LAPTOP, "server": None, "says": "40 addresses"}),
    Case("address_scan", "a ping sweep",
         [conn(LAPTOP, h, None, "icmp", transport="icmp", outcome="no_reply") for h in NET],  # type: ignore[arg-type]
         {"technique": "T0846"}),
    Case("address_scan", "many clients of one server", [conn(h, HIST, 80, "http") for h in NET]),
    Case("address_scan", "hosts that do answer are no sweep", [conn(HIST, h, 80) for h in NET]),
    Case("telnet_spread", "an infected camera",
         [*sweep(LAPTOP, 23, NET[:9]), conn(LAPTOP, RTU, 23, "telnet")],
         {"technique": "T1694.001", "severity": "critical", "says": "1 of them accepted"}),
    Case("telnet_spread", "nobody answers", sweep(LAPTOP, 2323, NET[:9]), {"severity": "high"}),
    Case("telnet_spread", "an engineer on one switch", [conn(EWS, RTU, 23, "telnet")]),
    Case("function_code_scan", "refused functions", functions(8, 17, 20, 43),
         {"technique": "T0888", "client": LAPTOP, "server": PLC, "says": "refused 4 requests"}),
    Case("function_code_scan", "another protocol's word for it",
         [op(LAPTOP, RTU, "dnp3", f"f{n}", "other", outcome="no_func_code_support")
          for n in range(4)], {"technique": "T0888"}),
    Case("function_code_scan", "one function the device lacks", functions(43, count=50)),
    Case("register_brute_force", "many writes in a window",
         [row(LAPTOP, PLC, 70, **WRITE, object="holding_register:0", count=80, value_min=0,
              value_max=65535)],
         {"technique": "T0806", "severity": "critical", "says": "values 0 to 65535"}),
    Case("register_brute_force", "one point after the other",
         [row(LAPTOP, PLC, 70 + n / 10, **WRITE, object=f"holding_register:{n}")
          for n in range(30)], {"technique": "T0806", "count": 30}),
    Case("register_brute_force", "a known writer, far above its habit",
         [row(HMI, PLC, 70, **WRITE, object="holding_register:100", count=80)],
         {"techniques": {"T0806", "T0836"}}),
    Case("register_brute_force", "a busy writer does what it learned",
         [row(HMI, PLC2, 70, **WRITE, object="coil:1", count=80)],
         extra=[row(HMI, PLC2, 5, **WRITE, object="coil:1", count=80)]),
    Case("register_brute_force", "four set points by a new client",
         [row(EWS, PLC, 70 + n, **WRITE, object=f"holding_register:{n}") for n in range(4)]),
    Case("flood", "a new client", FLOOD, {"technique": "T0814", "severity": "high"}),
    Case("flood", "a known client, ten times its rate",
         [row(HMI, PLC, 70, **READ, count=900)], {"says": "at most 62 per window"}),
    Case("flood", "one request over and over, where polls are slow",
         [op(LAPTOP, RTU, "dnp3", "read", "read", count=55)], {"says": "55 events"}),
    Case("flood", "many different requests are no flood",
         [op(LAPTOP, RTU, "dnp3", "read", "read", object=f"g{n}", count=2) for n in range(60)]),
    Case("flood", "an HMI that polls twice as fast", [row(HMI, PLC, 70, **READ, count=120)]),
    Case("flood", "many sources at once",
         [conn(f"10.9.{n // 250}.{n % 250}", HIST, 80, "http") for n in range(150)],
         {"server": HIST, "client": None, "says": "150 clients"}),
    Case("beacon", "every ten minutes", calls([70.0 + 10 * n for n in range(9)]),
         {"technique": "T0869", "says": "about every 600 seconds", "server": OUTSIDE}),
    Case("beacon", "with some jitter", calls([70, 79.5, 90, 101, 110, 119.5, 130.2, 140]),
         {"technique": "T0869"}),
    Case("beacon", "several a minute",
         [r for n in range(8) for r in calls([70.0 + n], count=6)],
         {"says": "about every 10 seconds"}),
    Case("beacon", "somebody browses",
         calls([70, 70.3, 71, 92, 93, 140, 300, 301, 301.5, 302, 420])),
    Case("beacon", "a learned cloud service",
         [conn(HIST, CLOUD, 443, "tls", 70.0 + 4 * n) for n in range(20)]),
    Case("exfiltration", "an archive leaves", uploads(OUTSIDE, 40_000_000),
         {"technique": "T0882", "client": HIST, "says": "40.0 MB sent"}),
    Case("exfiltration", "to an address that is known", uploads(CLOUD, 40_000_000),
         {"server": CLOUD}),
    Case("exfiltration", "a download", uploads(OUTSIDE, 2_000_000, bytes_to_client=90_000_000)),
    Case("exfiltration", "what the cloud service always gets",
         [conn(HIST, CLOUD, 443, "tls", 70.0 + 4 * n, bytes_to_server=20_000) for n in range(20)]),
    Case("exfiltration", "without a baseline only what is very large", uploads(OUTSIDE, 4_000_000),
         learned=False),
    Case("address_conflict", "somebody in between", [*TRUE, SPOOFED, SPOOFED_BACK],
         {"technique": "T0830", "says": "00:e0:4c:00:00:01", "count": 2}),
    Case("address_conflict", "as claims", TRUE,
         {"technique": "T0830", "client": "00:e0:4c:00:00:09", "server": PLC},
         claims=[{"asset": PLC, "attribute": "mac", "value": "00:E0:4C:00:00:09", "minute": 71}]),
    Case("address_conflict", "a spare part takes over later",
         [row(HMI, PLC, 69, **READ), {**SPOOFED, "minute": 90}]),
    Case("address_conflict", "behind a learned router",
         [*TRUE, {**row(HMI, PLC, 70, **READ), "client_mac": MAC[EWS]}],
         extra=[{**conn("10.0.5.6", PLC, 502, "modbus", 3), "client_mac": MAC[EWS]}]),
    Case("address_conflict", "virtual routers",
         [*TRUE, {**SPOOFED, "server_mac": "00:00:5e:00:01:07"}]),
    Case("identity_enumeration", "three devices", [
        op(LAPTOP, PLC, "modbus", "read_device_identification", "identify"),
        op(LAPTOP, PLC2, "s7comm", "read_szl", "identify"),
        op(LAPTOP, RTU, "cip", "list_identity", "identify")],
        {"technique": "T0888", "severity": "medium", "says": "3 devices"}),
    Case("identity_enumeration", "one device", [op(EWS, PLC, "s7comm", "read_szl", "identify")],
         {"severity": "low", "server": PLC}),
    Case("identity_enumeration", "one device, nothing learned",
         [op(EWS, PLC, "s7comm", "read_szl", "identify")], learned=False),
    Case("identity_enumeration", "an engineering tool's habit",
         [op(EWS, PLC, "s7comm", "read_szl", "identify")],
         extra=[op(EWS, PLC, "s7comm", "read_szl", "identify", 3)]),
    Case("object_enumeration", "tags are listed",
         [op(LAPTOP, PLC, "cip", "get_instance_attribute_list", "discover", count=2)],
         {"technique": "T0861", "says": "listed the points"}),
    Case("object_enumeration", "registers are swept",
         [row(EWS, PLC, 70 + n / 10, **READ, object=f"holding_register:{n}-{n + 9}")
          for n in range(200, 500, 10)], {"technique": "T0861", "says": "30 points"}),
    Case("object_enumeration", "points that don't exist",
         [row(EWS, PLC, 70, **READ, object=f"holding_register:{n}", outcome="illegal_data_address")
          for n in range(900, 907)], {"says": "7 that don't exist"}),
    Case("object_enumeration", "MMS variables that don't exist",
         [op(EWS, PLC, "mms", "read", "read", object=f"IED1LD0/GGIO{n}$ST$Ind1$stVal",
             outcome="object_non_existent") for n in range(6)], {"says": "6 that don't exist"}),
    Case("object_enumeration", "parts of the learned range",
         [row(HMI, PLC, 70, **READ, object=f"holding_register:{n}") for n in range(20)]),
    Case("object_enumeration", "a client that looks around, nothing learned",
         [op(HIST, PLC, "opcua", "browse", "discover", object="i=85")], learned=False),
    Case("broadcast_discovery", "who is there",
         [op(LAPTOP, "10.0.0.255", "bacnet", "who_is", "discover")],
         {"technique": "T0846.002", "client": LAPTOP, "server": None}),
    Case("broadcast_discovery", "an answer to everybody",
         [op(PLC, "10.0.0.255", "bacnet", "i_am", "discover")]),
    Case("broadcast_discovery", "an HMI that always asks",
         [op(HMI, "10.0.0.255", "bacnet", "who_is", "discover")],
         extra=[op(HMI, "10.0.0.255", "bacnet", "who_is", "discover", 2)]),
    Case("login_guessing", "guesses, then in",
         [op(LAPTOP, RTU, "ssh", "login", "authenticate", outcome="failure", count=30),
          op(LAPTOP, RTU, "ssh", "login", "authenticate", 72)],
         {"technique": "T0859", "severity": "high", "says": "and then succeeded"}),
    Case("login_guessing", "guesses", [op(VENDOR, RTU, "ftp", "user", "authenticate",
                                          outcome="530", count=30)], {"severity": "medium"}),
    Case("login_guessing", "one typing error",
         [op(EWS, RTU, "ssh", "login", "authenticate", outcome="failure")]),
    Case("login_guessing", "a recorder with an old password, as always",
         [op(HIST, RTU, "ftp", "user", "authenticate", outcome="530", count=30)],
         extra=[op(HIST, RTU, "ftp", "user", "authenticate", 3, outcome="530", count=28)]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: Case) -> None:
    check(case)
