"""The three tables everything is asked of: activity, claims and notices.

Columns that identify a row come first; the rest are measures, and every measure is mergeable:
two rows with the same key add up to one (sums add, extremes take the extreme). Timestamps are
UTC without zone, microseconds. Byte counts are payload bytes as the sensor logged them.
"""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_SECONDS = 60

#: What an operation amounts to on the plant floor: the small vocabulary detections ask in.
ACTIONS: tuple[str, ...] = (
    "connect",  # a transport or session was opened; nothing is known of what was said in it
    "read",
    "write",  # sets data (registers, tags, properties)
    "command",  # moves something: operate a breaker, force a coil by command, publish to a command
    "program",  # transfers or changes a controller's program
    "mode",  # start, stop, run, program, remote: a controller's operating mode
    "firmware",
    "restart",
    "identify",  # asks what a device is
    "discover",  # asks which devices, objects or tags there are
    "authenticate",
    "file",
    "diagnose",
    "report",  # data sent unasked: unsolicited, I/O, publish, change of value
    "time",
    "suppress",  # silences alarms or reports: disable unsolicited, communication control
    "other",
)

#: Actions that change a process or a device rather than look at it.
STATE_CHANGING: tuple[str, ...] = (
    "write", "command", "program", "mode", "firmware", "restart", "suppress",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type and how two rows' values merge (None for a key)."""

    name: str
    type: str
    merge: str | None
    doc: str


ACTIVITY: tuple[Column, ...] = (
    Column("window", "TIMESTAMP", None, "start of the time window, UTC"),
    Column("sensor", "VARCHAR", None, "which sensor saw it"),
    Column("client", "VARCHAR", None, "who asks: IP, or MAC for a layer-2 protocol"),
    Column("server", "VARCHAR", None, "who is asked"),
    Column("client_mac", "VARCHAR", None, "layer-2 address the client's frames came from"),
    Column("server_mac", "VARCHAR", None, "layer-2 address the server's frames came from"),
    Column("transport", "VARCHAR", None, "tcp, udp, icmp, eth"),
    Column("port", "INTEGER", None, "the server's port"),
    Column("service", "VARCHAR", None, "application protocol: modbus, s7comm, http, ..."),
    Column("unit", "VARCHAR", None, "sub-address: Modbus unit, BACnet device, CIP path, ..."),
    Column("operation", "VARCHAR", None, "the protocol's function name in snake_case"),
    Column("action", "VARCHAR", None, "one of ACTIONS"),
    Column("object", "VARCHAR", None, "address or point range: holding_register:100-109"),
    Column("outcome", "VARCHAR", None, "ok, the exception's or status's name, no_reply, unknown"),
    Column("count", "BIGINT", "sum", "how many times"),
    Column("bytes_to_server", "BIGINT", "sum", "bytes"),
    Column("bytes_to_client", "BIGINT", "sum", "bytes"),
    Column("first", "TIMESTAMP", "min", "first seen"),
    Column("last", "TIMESTAMP", "max", "last seen"),
    Column("gap_count", "BIGINT", "sum", "gaps between successive events; NULL: not measured"),
    Column("gap_sum", "BIGINT", "sum", "sum of the gaps, microseconds"),
    Column("gap_sq", "BIGINT", "sum", "sum of the squared gaps, microseconds squared"),
    Column("value_min", "DOUBLE", "min", "smallest value read or written"),
    Column("value_max", "DOUBLE", "max", "largest value read or written"),
    Column("uid_min", "VARCHAR", "min", "evidence: smallest uid (Zeek) or community id (EVE)"),
    Column(
        "uid_max", "VARCHAR", "max", "evidence: largest of them, NULL in a part that has but one"
    ),
)

CLAIMS: tuple[Column, ...] = (
    Column("sensor", "VARCHAR", None, "which sensor saw it"),
    Column("asset", "VARCHAR", None, "the IP (or MAC) the claim is about"),
    Column("attribute", "VARCHAR", None, "one of ATTRIBUTES"),
    Column("value", "VARCHAR", None, "what was said"),
    Column("source", "VARCHAR", None, "log it came from, as modbus_read_device_identification"),
    Column("first", "TIMESTAMP", "min", "first seen"),
    Column("last", "TIMESTAMP", "max", "last seen"),
    Column("count", "BIGINT", "sum", "how often"),
    Column("uid_min", "VARCHAR", "min", "evidence"),
)

#: Attributes a claim may be about. `mac` ties an IP to a layer-2 address.
ATTRIBUTES: tuple[str, ...] = (
    "mac", "ip", "hostname", "vendor", "model", "firmware", "hardware", "serial", "device_type",
    "product_code", "os", "software", "application", "name", "location", "description",
    "instance", "user", "role_hint", "dhcp_client", "tls_subject", "url",
)  # fmt: skip

NOTICES: tuple[Column, ...] = (
    Column("ts", "TIMESTAMP", None, "when, UTC"),
    Column("sensor", "VARCHAR", None, "which sensor said it"),
    Column("origin", "VARCHAR", None, "zeek_notice, zeek_weird, suricata_alert, suricata_anomaly"),
    Column("name", "VARCHAR", None, "notice type, weird name, signature, anomaly event"),
    Column("rule_id", "VARCHAR", None, "Suricata sid as gid:sid:rev, else NULL"),
    Column("severity", "VARCHAR", None, "info, low, medium, high or critical"),
    Column("client", "VARCHAR", None, "IP"),
    Column("server", "VARCHAR", None, "IP"),
    Column("port", "INTEGER", None, "the server's port"),
    Column("service", "VARCHAR", None, "application protocol"),
    Column("message", "VARCHAR", None, "text as the sensor wrote it: hostile until escaped"),
    Column("techniques", "VARCHAR", None, "ATT&CK ids joined by ';' as the sensor tagged it"),
    Column("operation", "VARCHAR", None, "what the rule says it matched (ot_operation), else NULL"),
    Column("count", "BIGINT", "sum", "how often in this window"),
    Column("first", "TIMESTAMP", "min", "first seen"),
    Column("last", "TIMESTAMP", "max", "last seen"),
    Column("uid_min", "VARCHAR", "min", "evidence"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "activity": ACTIVITY,
    "claims": CLAIMS,
    "notices": NOTICES,
}


def keys(table: str) -> list[str]:
    """Names of the columns that identify a row of ``table``."""
    return [c.name for c in TABLES[table] if c.merge is None]


def measures(table: str) -> list[Column]:
    """The columns of ``table`` that merge."""
    return [c for c in TABLES[table] if c.merge is not None]


def ddl(table: str, name: str) -> str:
    """``CREATE TABLE`` for ``table`` under ``name``."""
    cols = ", ".join(f'"{c.name}" {c.type}' for c in TABLES[table])
    return f'CREATE OR REPLACE TEMP TABLE "{name}" ({cols})'
