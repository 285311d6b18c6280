"""A plant that exists only here: 40 assets, 25 alerts in 8 incidents, for looking at the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gaugeglass.alerts.model import Alert, Incident, Technique
from gaugeglass.attack import table
from gaugeglass.detections.base import Card
from gaugeglass.inventory.model import Asset, Fact
from gaugeglass.report.data import ReportData

T0 = datetime(2026, 11, 22)  # noqa: DTZ001 - UTC without zone, as in the ledger


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def fact(attribute: str, value: str, source: str, confidence: float = 0.9) -> Fact:
    return Fact(attribute, value, source, at(0), at(1400), confidence)


def asset(number: int, name: str, role: str, level: float | None, ip: str, **more: Any) -> Asset:
    facts = tuple(fact(k, v, more.get("source", "s7comm_known_devices")) for k, v in
                  more.get("facts", {}).items())  # fmt: skip
    return Asset(
        id=f"a{number:03d}", ips=(ip,), macs=(f"00:1b:1b:00:00:{number % 256:02x}",), label=name,
        role=role, role_evidence=more.get("why", "asked by 3 clients over modbus/502"),
        level=level, level_evidence="answers reads and writes of an HMI",
        local=more.get("local", True),
        facts=facts, services_offered=more.get("offers", ()), services_used=more.get("uses", ()),
        first=at(0), last=at(1439), firmware_history=more.get("history", ()),
    )  # fmt: skip


CARDS = {
    "controller_stop": Card(
        "A controller was told to stop. Its outputs go to their safe or last state, and the"
        " process it runs is no longer controlled.",
        ("Call the control room: is the unit running, and who is working on it?",
         "Read the controller's mode at the panel or on the HMI.",
         "Find the work order or the shift log entry for this minute."),
        ("Do not start the controller again before the process is known to be safe.",
         "Do not unplug the engineering workstation: its memory is evidence."),
    ),
    "new_writer": Card(
        "A host that never wrote to this controller changed its registers or outputs.",
        ("Ask who uses this host and whether the change was planned.",
         "Compare the written registers with their set points on the HMI."),
        ("Do not block the host at a firewall that the HMI also passes.",),
    ),
    "scan": Card(
        "One host tries many addresses or ports. Old controllers can stop on as much as a scan.",
        ("Find the host and who is logged in.", "Check that all controllers still answer."),
        ("Do not scan back.",),
    ),
    "new_conduit": Card(
        "Two devices talk that never did while learning.",
        ("Check whether a device was replaced or a project changed.",),
        ("Do not add it to the baseline before someone owns it.",),
    ),
    "clear_text_credentials": Card(
        "A password crossed the network readable.",
        ("Change this password if it is used anywhere else.",),
        ("Do not switch the service off without asking what depends on it.",),
    ),
}  # fmt: skip


def technique(name: str) -> Technique:
    return table.technique(name)


def alert(
    number: int, detection: str, incident: int, severity: str, risk: int, **more: Any
) -> Alert:
    client, server = more.get("client"), more.get("server")
    start = more.get("minute", 800.0 + number)
    return Alert(
        id=f"{number:016x}", detection=detection, title=more["title"], summary=more["summary"],
        severity=severity, risk=risk, techniques=tuple(map(technique, more.get("techniques", ()))),
        first=at(start), last=at(start + more.get("length", 3)), count=more.get("count", 1),
        client=client, server=server, service=more.get("service"), port=more.get("port"),
        operation=more.get("operation"), object=more.get("object"),
        assets=tuple(a for a in (client, server) if a),
        observed=more.get("observed", ""), normal=more.get("normal", ""),
        uids=tuple(f"C{number}xH{i}kq4Yb8tN0v2a" for i in range(more.get("uids", 2))),
        score=more.get("score"), rule=more.get("rule"), incident=f"i{incident}",
        sensor="span-core-1",
        card=CARDS[detection],
    )  # fmt: skip


def _assets() -> list[Asset]:
    found: list[Asset] = []

    def add(name: str, role: str, level: float | None, ip: str, **more: Any) -> None:
        found.append(asset(len(found), name, role, level, ip, **more))

    siemens = {"vendor": "Siemens AG", "model": "CPU 315-2 PN/DP", "firmware": "V3.2.6",
               "serial": "S C-X4U421302009", "name": "SIMATIC 300"}  # fmt: skip
    for i in range(8):
        add(f"PLC-{i + 1:02d}-boiler", "controller", 1, f"10.20.1.{11 + i}", facts=siemens,
            offers=("s7comm/102",), why="answers s7comm program and read requests of ENG-01",
            history=(fact("firmware", "V3.2.3", "s7comm_read_szl"),) if i == 2 else ())  # fmt: skip
    for i in range(6):
        add(f"PLC-{i + 9:02d}", "controller", 1, f"10.20.1.{31 + i}", source="cip_identity",
            facts={"vendor": "Rockwell Automation/Allen-Bradley", "model": "1769-L32E Logix5332E",
                   "firmware": "20.013", "device_type": "Programmable Logic Controller"},
            offers=("cip/44818", "http/80"))  # fmt: skip
    for i in range(6):
        add(f"RTU-{i + 1}", "rtu", 1, f"10.20.2.{11 + i}", offers=("dnp3/20000", "modbus/502"))
    for i in range(3):
        add(f"Remote I/O {i + 1}", "io_device", 0, f"10.20.3.{11 + i}", offers=("modbus/502",))
    for i in range(4):
        add(f"HMI-{i + 1}", "hmi", 2, f"10.20.4.{11 + i}", uses=("s7comm/102", "modbus/502"))
    add("SCADA-A", "scada_server", 2, "10.20.4.21", uses=("dnp3/20000", "modbus/502", "cip/44818"))
    add("SCADA-B", "scada_server", 2, "10.20.4.22", uses=("dnp3/20000",))
    add("ENG-01", "engineering_workstation", 2, "10.20.4.31", uses=("s7comm/102", "smb/445"))
    add("ENG-02", "engineering_workstation", 2, "10.20.4.32", uses=("cip/44818",))
    add("HIST-01", "historian", 3, "10.20.5.11", uses=("opcua/4840", "modbus/502"))
    add("OPC gateway", "gateway", 3, "10.20.5.12", offers=("opcua/4840",), uses=("s7comm/102",))
    add("dc01.plant.example", "server", 3, "10.20.5.21", offers=("smb/445", "dns/53", "ntp/123"))
    add("core-sw", "switch", None, "10.20.0.2", offers=("snmp/161", "telnet/23"))
    add("cam-gate-3", "iot_device", None, "10.20.9.31", offers=("http/80", "telnet/23"))
    add("10.20.9.77", "unknown", None, "10.20.9.77")
    add("jump-01", "it_host", 4, "10.10.0.5", uses=("rdp/3389",))
    add("office-pc-114", "it_host", 4, "10.10.3.114", uses=("http/80",))
    add("203.0.113.66", "external", None, "203.0.113.66", local=False)
    return found


def _conduits() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(client: str, server: str, service: str | None, port: int, *actions: str) -> None:
        n = 3000 + 37 * len(rows)
        rows.append({
            "client": client, "server": server, "service": service, "transport": "tcp",
            "port": port, "count": n if actions else 0, "connections": 3, "bytes": n * 212,
            "first": at(0), "last": at(1439), "actions": list(actions),
        })  # fmt: skip

    for i in range(8):
        add(f"10.20.4.{11 + i % 4}", f"10.20.1.{11 + i}", "s7comm", 102, "read", "write")
        add("10.20.5.12", f"10.20.1.{11 + i}", "s7comm", 102, "read")
    for i in range(6):
        add("10.20.4.21", f"10.20.1.{31 + i}", "cip", 44818, "read")
        add("10.20.4.22", f"10.20.2.{11 + i}", "dnp3", 20000, "read", "command", "report")
    for i in range(3):
        add(f"10.20.1.{31 + i}", f"10.20.3.{11 + i}", "modbus", 502, "read", "write")
    add("10.20.4.31", "10.20.1.13", "s7comm", 102, "read", "mode", "program", "identify")
    add("10.20.4.32", "10.20.1.33", "cip", 44818, "read", "program")
    add("10.20.5.11", "10.20.5.12", "opcua", 4840, "read", "authenticate")
    add("10.20.5.11", "10.20.4.21", "modbus", 502, "read")
    for i in (11, 12, 21, 31):
        add(f"10.20.4.{i}", "10.20.5.21", "smb", 445, "authenticate", "file")
    add("10.10.0.5", "10.20.4.31", "rdp", 3389)
    add("10.10.3.114", "10.20.5.11", "http", 80, "read")
    add("10.20.9.31", "203.0.113.66", None, 8443)
    add("10.20.9.77", "10.20.1.14", "modbus", 502, "read", "write")
    add("10.20.9.77", "10.20.2.13", "dnp3", 20000, "restart")
    add("10.20.4.11", "239.255.255.250", "ssdp", 1900, "discover")
    return rows


def _alerts() -> list[Alert]:
    rogue = "10.20.9.77"
    found = [
        alert(1, "controller_stop", 1, "critical", 96, title="Controller stopped over the network",
              summary="10.20.4.31 stopped PLC 10.20.1.13 over s7comm.", client="10.20.4.31",
              server="10.20.1.13", service="s7comm", port=102, operation="plc_stop",
              techniques=("T0858", "T0816"), observed="plc_stop, once, outcome ok, at 13:21:07",
              normal="ENG-01 reads and identifies; it never changed the mode of a controller"),
        alert(2, "new_writer", 1, "high", 81, title="First write by this client",
              summary="10.20.4.31 wrote DB12 of PLC 10.20.1.13, which it never did before.",
              client="10.20.4.31", server="10.20.1.13", service="s7comm", port=102, count=14,
              operation="write_var", object="db:12:0-8", techniques=("T0836",), uids=14,
              observed="14 writes to db:12:0-8", normal="reads only; HMI-3 is the one that writes"),
        alert(3, "new_conduit", 1, "medium", 48, title="New conduit",
              summary="10.10.0.5 opened rdp to 10.20.4.31 for the first time.", client="10.10.0.5",
              server="10.20.4.31", service="rdp", port=3389, techniques=("T0886",),
              observed="1 session of 41 min", normal="no rdp into this zone in 12 h of learning"),
        alert(4, "scan", 2, "high", 78, title="Address scan of the control network",
              summary=f"{rogue} tried 254 addresses of 10.20.1.0/24 on port 502.", client=rogue,
              service="modbus", port=502, count=254, techniques=("T0846.001", "T0840"), score=0.983,
              observed="254 addresses in 40 s, 14 answered", normal="this host was never seen"),
    ]  # fmt: skip
    for i in range(6):
        found.append(
            alert(5 + i, "new_writer", 2, "high", 74 - i, title="First write by this client",
                  summary=f"{rogue} wrote coils of 10.20.1.14, which it never did before.",
                  client=rogue, server="10.20.1.14", service="modbus", port=502, count=200 + i,
                  operation="write_single_coil", object=f"coil:{i * 100}-{i * 100 + 99}",
                  techniques=("T0806",), observed=f"{200 + i} writes in 20 s",
                  normal="nobody writes coils of this controller")
        )  # fmt: skip
    for i in range(9):
        found.append(
            alert(11 + i, "new_conduit", 3 + i % 3, "medium" if i % 3 == 0 else "low", 44 - i,
                  title="New conduit", client=f"10.20.4.{11 + i % 4}", server="10.20.5.21",
                  summary=f"10.20.4.{11 + i % 4} opened smb to 10.20.5.21 for the first time.",
                  service="smb", port=445, minute=900 + 60 * (i % 3) + i,
                  observed="2 sessions, 14 kB", normal="never seen")
        )  # fmt: skip
    for i in range(5):
        found.append(
            alert(20 + i, "clear_text_credentials", 6 + i % 2, "low", 22 - i,
                  title="Clear-text credentials", client="10.10.3.114", server="10.20.9.31",
                  summary="10.10.3.114 logged in to 10.20.9.31 over http with a readable password.",
                  service="http", port=80, techniques=("T1694",),
                  minute=1000 + i * 7, rule="HTTP::Basic_Auth")
        )  # fmt: skip
    found.append(
        alert(25, "scan", 8, "info", 6, title="Slow scan", client="10.20.4.11", minute=1300,
              summary="10.20.4.11 tried 12 closed ports of 10.20.5.21.", server="10.20.5.21")
    )  # fmt: skip
    return found


def incidents(alerts: list[Alert]) -> list[Incident]:
    by: dict[str, list[Alert]] = {}
    for a in alerts:
        by.setdefault(a.incident, []).append(a)
    found = []
    for name, mine in sorted(by.items()):
        worst = max(mine, key=lambda a: (a.risk, a.id))
        found.append(
            Incident(
                name, worst.title, worst.severity, worst.risk, min(a.first for a in mine),
                max(a.last for a in mine), tuple(sorted({n for a in mine for n in a.assets})),
                tuple(a.id for a in sorted(mine, key=lambda a: a.first)),
                tuple(sorted({t.id for a in mine for t in a.techniques})),
            )
        )  # fmt: skip
    return found


def plant() -> ReportData:
    alerts = _alerts()
    return ReportData(
        site="Bright River water works", generated=at(1500), version="0.1.0",
        learned=(at(0), at(720)), judged=(at(720), at(1440)),
        assets=_assets(), alerts=alerts, incidents=incidents(alerts), conduits=_conduits(),
        logs=[
            {"file": "/srv/zeek/2026-11-22/conn.00:00:00-01:00:00.log.gz", "kind": "conn",
             "format": "zeek tsv, gzip", "read": 104_233, "used": 104_231, "ignored": 0,
             "rejected": {"not a number in id.resp_p": 2}},
            {"file": "/srv/zeek/2026-11-22/modbus.00:00:00-01:00:00.log.gz", "kind": "modbus",
             "format": "zeek tsv, gzip", "read": 88_120, "used": 0,
             "ignored": {"modbus_detailed tells the same in more detail": 88_120}, "rejected": {}},
            {"file": "/srv/zeek/2026-11-22/weird.log", "kind": "weird", "format": "zeek json",
             "read": 17, "used": 17, "ignored": {}, "rejected": {},
             "remarks": ["cut off in the middle of its last line"]},
        ],
        rejects=[{"file": "/srv/zeek/2026-11-22/conn.00:00:00-01:00:00.log.gz", "line": 4411,
                  "reason": "not a number in id.resp_p", "excerpt": "1763769600.1\tC1\tx\x1b[31m"}],
        decoded=[
            {"service": "s7comm", "logs": ["s7comm", "s7comm_read_szl"], "clients": 6, "servers": 8,
             "operations": ["read_var", "write_var", "plc_stop", "setup_communication"],
             "actions": ["read", "write", "mode"], "activities": 20_113},
            {"service": "modbus", "logs": ["modbus_detailed"], "clients": 5, "servers": 10,
             "operations": ["read_holding_registers", "write_single_coil"],
             "actions": ["read", "write"], "activities": 51_200},
        ],
        undecoded=[{"client": "10.20.9.31", "server": "203.0.113.66", "service": None,
                    "transport": "tcp", "port": 8443, "hint": "tls",
                    "industrial": False, "connections": 3,
                    "bytes": 88_200_311, "first": at(30), "last": at(1400)},
                   {"client": "10.20.4.21", "server": "10.20.1.40", "service": None,
                    "transport": "tcp", "port": 2404, "hint": "iec104",
                    "industrial": True, "connections": 1,
                    "bytes": 4_200_311, "first": at(0), "last": at(1439)}],
        sensor_health=[{"measure": "Capture loss on span-core-1", "value": "0.02 %", "ok": True,
                        "note": "worst of 24 hourly reports"}],
        baseline=("The next activity is new with probability 0.3 % (Good-Turing, 412 facts).",
                  "2 of 9 protocols were seen for less than an hour."),
        baseline_ok=False,
        covered=frozenset({"T0858", "T0816", "T0836", "T0806", "T0846.001", "T0840", "T0843.001",
                           "T0845", "T0886", "T0883", "T0861", "T0888", "T0857"}),
        not_run=[{"name": "anomalous_behaviour", "reason": "too few windows of role gateway"}],
    )  # fmt: skip
