"""A small plant, its ordinary hour, and cases: what a detection must find, and what it must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import duckdb
from kit import append, at, ledger

from gaugeglass.behaviour.baseline import learn
from gaugeglass.behaviour.facts import LEARNED, TABLES
from gaugeglass.detections.base import Context, Detection, Finding
from gaugeglass.detections.context import make_context
from gaugeglass.detections.registry import RunResult, all_detections, run

Row = Mapping[str, Any]

HMI, PLC, PLC2, EWS, HIST, RTU = (
    "10.0.0.10", "10.0.0.20", "10.0.0.21", "10.0.0.30", "10.0.0.40", "10.0.0.50"
)  # fmt: skip
LAPTOP, OFFICE, CLOUD, VENDOR = "10.0.0.99", "10.0.5.5", "198.51.100.7", "203.0.113.9"
MAC = {ip: f"00:11:22:33:44:{n:02x}" for n, ip in enumerate((HMI, PLC, PLC2, EWS, HIST, RTU), 1)}
ROLES = {
    HMI: ("hmi", 2.0), PLC: ("controller", 1.0), PLC2: ("controller", 1.0),
    EWS: ("engineering_workstation", 3.0), HIST: ("historian", 3.0), RTU: ("rtu", 1.0),
    OFFICE: ("it_host", 4.0),
}  # fmt: skip

READ = {"operation": "read_holding_registers", "action": "read", "unit": "1"}
WRITE = {"operation": "write_single_register", "action": "write", "unit": "1"}


def row(client: str, server: str, minute: float = 70, **more: Any) -> dict[str, Any]:
    """One activity row; MACs of known hosts are filled in."""
    base = {"client": client, "server": server, "minute": minute,
            "client_mac": MAC.get(client), "server_mac": MAC.get(server)}  # fmt: skip
    return {**base, **more}


def conn(
    client: str, server: str, port: int = 502, service: str = "", minute: float = 70, **more: Any
) -> dict[str, Any]:
    """One row as a connection log gives it."""
    return row(client, server, minute, port=port, service=service or f"tcp/{port}",
               operation="connection", action="connect", **more)  # fmt: skip


def op(
    client: str, server: str, service: str, operation: str, action: str, minute: float = 70,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """One row of an application protocol."""
    ports = {"modbus": 502, "s7comm": 102, "dnp3": 20000, "cip": 44818, "bacnet": 47808,
             "http": 80, "ssh": 22, "mqtt": 1883, "opcua": 4840, "iec104": 2404}  # fmt: skip
    port = ports.get(service, 999)
    return row(client, server, minute, **{"service": service, "port": port, "operation": operation,
               "action": action, **more})  # fmt: skip


#: An hour of the plant, minutes 0 to 59.
NORMAL: tuple[dict[str, Any], ...] = tuple(
    r
    for minute in range(0, 60, 4)
    for r in (
        conn(HMI, PLC, 502, "modbus", minute),
        row(HMI, PLC, minute, **READ, object="holding_register:0-19", count=60),
        row(HMI, PLC, minute, **WRITE, object="holding_register:100", count=1),
        row(HMI, PLC2, minute, **READ, object="holding_register:0-19", count=60),
        op(HIST, PLC, "s7comm", "read_variable", "read", minute, object="DB1:0-31", count=10),
        op(HMI, RTU, "dnp3", "read", "read", minute, count=4),
        conn(EWS, PLC, 502, "modbus", minute),
        row(EWS, PLC, minute, **READ, object="holding_register:0-9"),
        conn(HIST, CLOUD, 443, "tls", minute, bytes_to_server=20_000, bytes_to_client=90_000),
        conn(OFFICE, HIST, 80, "http", minute),
        op(OFFICE, HIST, "http", "get", "read", minute, object="/report"),
    )
)


@dataclass(frozen=True)
class Case:
    """What one detection makes of a situation. ``expect``: fields of the only finding, or None."""

    detection: str
    label: str
    then: Sequence[Row]
    expect: Mapping[str, Any] | None = None
    learned: bool = True
    extra: Sequence[Row] = ()  # more that was learned
    claims: Sequence[Row] = ()
    notices: Sequence[Row] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    findings: int = 1

    @property
    def id(self) -> str:
        """Name of the test."""
        return f"{self.detection}: {self.label}"


BY_NAME: dict[str, Detection] = {d.name: d for d in all_detections()}


@cache
def plant(learned: bool) -> Context:
    """The plant after its ordinary hour (or an empty ledger): minutes 60 to 600 are judged."""
    db = ledger(NORMAL if learned else ())
    if learned:
        learn(db, at(0), at(60)).register(db)
    # Cheaper to plan than the real one, which test_local_is_what_the_inventory_says looks at.
    db.execute("CREATE TEMP MACRO is_local(ip) AS NOT regexp_matches(ip, '^(198.51|203.0)[.]')")
    db.execute("SET threads = 1")
    ctx = make_context(db, at(60), at(600))
    for address, (role, level) in ROLES.items():
        db.execute(
            "INSERT INTO address VALUES (?, ?, ?, ?, ?, TRUE)",
            [address, f"a-{address}", address, role, level],
        )
    return ctx


def relearn(db: duckdb.DuckDBPyConnection, whole: bool) -> None:
    """Learn again, or only the facts, which is all that most detections ask for."""
    if whole:
        learn(db, at(0), at(60)).register(db)
        return
    for fact in TABLES:
        columns = ", ".join(f'"{c}"::{kind} AS "{c}"' for c, kind in fact.columns)
        sql = f'CREATE OR REPLACE TEMP TABLE "{fact.name}" AS {LEARNED} SELECT {columns} FROM'
        db.execute(f"{sql} ({fact.sql})", [at(0), at(60)])


@contextmanager
def context(case: Case) -> Iterator[Context]:
    """The plant with the case's rows added; they are gone again afterwards."""
    ctx = plant(case.learned)
    ctx.db.begin()
    try:
        append(ctx.db, "activity", [*case.extra, *case.then])
        append(ctx.db, "claims", case.claims)
        append(ctx.db, "notices", case.notices)
        if case.extra:
            relearn(ctx.db, whole=case.detection in ("asset_silent", "behaviour_anomaly"))
        yield replace(ctx, config=case.config)
    finally:
        ctx.db.rollback()


def ask(case: Case) -> list[Finding]:
    """The findings of the case's own detection."""
    with context(case) as ctx:
        return list(BY_NAME[case.detection].find(ctx))


def everything(then: Sequence[Row], **more: Any) -> RunResult:
    """A run of all detections."""
    with context(Case("", "", then, **more)) as ctx:
        return run(ctx)


def check(case: Case) -> None:
    """Assert that the case's detection does what the case says."""
    findings = ask(case)
    if case.expect is None:
        assert findings == []
        return
    assert len(findings) == case.findings, [f.summary for f in findings]
    found = findings[0]
    severity = found.severity or BY_NAME[case.detection].severity
    techniques = found.techniques
    if techniques is None:
        techniques = BY_NAME[case.detection].techniques
    seen = {
        "severity": severity,
        "technique": techniques[0] if techniques else None,
        "techniques": set(techniques),
    }
    for name, value in case.expect.items():
        if name == "says":
            assert value in f"{found.summary} | {found.observed} | {found.normal}"
        else:
            assert seen.get(name, getattr(found, name, None)) == value, name
    assert found.summary
    assert found.observed
    assert found.normal
    assert found.first <= found.last
    assert found.count >= 1
