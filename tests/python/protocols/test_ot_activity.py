"""The sensor's own sums: every measure kept, hostile values harmless, no PDU counted twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from protokit import CLIENT, SERVER, T0, run, zeek

from gaugeglass.ledger.ingest import ingest
from gaugeglass.ledger.store import connect
from gaugeglass.protocols import ports

FIELDS = (
    "ts", "client", "server", "client_mac", "server_mac", "transport", "server_port", "service",
    "unit", "operation", "action", "object", "outcome", "events", "bytes_to_server",
    "bytes_to_client", "first", "last", "gap_count", "gap_sum", "gap_sq", "value_min", "value_max",
    "uids",
)  # fmt: skip


def row(**differs: Any) -> dict[str, Any]:
    """A row of six reads, one every ten seconds."""
    return {
        "ts": T0, "client": CLIENT, "server": SERVER, "client_mac": "02:00:00:00:00:05",
        "server_mac": "02:00:00:00:00:09", "transport": "tcp", "server_port": 502,
        "service": "modbus", "unit": "1", "operation": "read_holding_registers", "action": "read",
        "object": "holding_register:0-9", "outcome": "ok", "events": 6, "bytes_to_server": 72,
        "bytes_to_client": 174, "first": T0 + 1, "last": T0 + 51, "gap_count": 5,
        "gap_sum": 50_000_000, "gap_sq": 500_000_000_000_000, "value_min": 3.0, "value_max": 8.5,
        "uids": ["C1", "C2"], **differs,
    }  # fmt: skip


def tsv(*rows: Mapping[str, Any], fields: tuple[str, ...] = FIELDS) -> str:
    def text(value: Any) -> str:
        if value is None:
            return "-"
        if isinstance(value, list):
            return ",".join(value) or "(empty)"
        return f"{value:.6f}" if isinstance(value, float) else str(value)

    lines = [
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
        "#path\tot_activity", "#fields\t" + "\t".join(fields),
        "#types\t" + "\t".join("string" for _ in fields),
        *("\t".join(text(r.get(f)) for f in fields) for r in rows), "",
    ]  # fmt: skip
    return "\n".join(lines)


def as_json(*rows: Mapping[str, Any]) -> str:
    return "".join(json.dumps({k: v for k, v in r.items() if v is not None}) + "\n" for r in rows)


@pytest.mark.parametrize("write", [tsv, as_json])
def test_every_measure_is_kept(tmp_path: Path, write: Any) -> None:
    got = run(tmp_path, {"ot_activity.log": write(row())}).one()
    at = datetime.fromtimestamp(T0 + 1, UTC).replace(tzinfo=None)
    assert got["window"] == at.replace(second=0)
    assert (got["first"], got["last"]) == (at, at.fromtimestamp(T0 + 51, UTC).replace(tzinfo=None))
    expected = row()
    for ours, theirs in {"count": "events", "port": "server_port"}.items():
        assert got[ours] == expected[theirs]
    for name in (
        "client", "server", "client_mac", "server_mac", "transport", "service", "unit",
        "operation", "action", "object", "outcome", "bytes_to_server", "bytes_to_client",
        "gap_count", "gap_sum", "gap_sq", "value_min", "value_max",
    ):  # fmt: skip
        assert got[name] == expected[name], name
    assert (got["uid_min"], got["uid_max"]) == ("C1", "C2")


def test_parts_of_a_row_add_up_and_their_gap_is_bridged(tmp_path: Path) -> None:
    one = row(events=1, gap_count=0, gap_sum=0, gap_sq=0, first=T0 + 1, last=T0 + 1, value_max=4.0)
    rest = row(events=3, gap_count=2, gap_sum=20_000_000, gap_sq=200_000_000_000_000,
               first=T0 + 11, last=T0 + 31)  # fmt: skip
    got = run(tmp_path, {"ot_activity.log": tsv(one, rest)}).one()
    assert (got["count"], got["gap_count"], got["gap_sum"]) == (4, 3, 30_000_000)
    assert got["gap_sq"] == 300_000_000_000_000
    assert got["value_max"] == 8.5


def test_layer_two(tmp_path: Path) -> None:
    frame = row(
        client="02:00:00:00:00:05", server="01:0c:cd:01:00:01", transport="eth", server_port=None,
        service="goose", unit="0x0001", operation="publish", action="report", uids=[],
        client_mac=None, server_mac=None, value_min=None, value_max=None,
    )  # fmt: skip
    got = run(tmp_path, {"ot_activity.log": tsv(frame)}).one()
    assert (got["transport"], got["port"], got["uid_min"]) == ("eth", None, None)


def test_mms_rows_keep_names_of_iec_61850(tmp_path: Path) -> None:
    objects = {"write": ("command", "IED1LD0/XCBR1$CO$Pos$Oper"),
               "file_delete": ("file", "A/B.DAT"),
               "stop": ("mode", "TASK"), "delete_domain": ("program", "PROGRAM"),
               "information_report": ("report", "brcb01")}  # fmt: skip
    rows = [row(service="mms", server_port=102, unit=None, operation=operation, action=action,
                object=item, outcome="object_access_denied")
            for operation, (action, item) in objects.items()]  # fmt: skip
    ledger = run(tmp_path, {"ot_activity.log": tsv(*rows)})
    for operation, (action, item) in objects.items():
        got = ledger.one(service="mms", operation=operation)
        assert (got["action"], got["object"], got["outcome"], got["port"]) == (
            action, item, "object_access_denied", 102,
        )  # fmt: skip


def test_columns_in_another_order_missing_and_unknown(tmp_path: Path) -> None:
    fields = ("outcome", "added_later", *reversed([f for f in FIELDS if f not in (
        "outcome", "gap_sq", "uids", "value_min", "value_max", "transport")]))  # fmt: skip
    got = run(tmp_path, {"ot_activity.log": tsv(row(added_later="x"), fields=fields)}).one()
    assert (got["count"], got["transport"], got["outcome"]) == (6, "tcp", "ok")
    assert (got["gap_sum"], got["gap_sq"], got["value_min"]) == (50_000_000, 0, None)


def test_hostile_values(tmp_path: Path) -> None:
    rows = [
        row(action="'; DROP TABLE acc_activity; --", operation="x\\x1b[31m"),
        row(operation="huge", events=(1 << 63) - 1, gap_sq=(1 << 63) - 1),
        row(operation="negative", events=-5, bytes_to_server=-1, gap_sum=-9),
        row(operation="backwards", first=T0 + 50, last=T0 + 1),
    ]
    ledger = run(tmp_path, {"ot_activity.log": tsv(*rows)})
    assert ledger.one(action="other")["operation"].startswith("x")
    assert "\x1b" not in repr(ledger.activity)
    assert ledger.one(operation="huge")["count"] == 1 << 53
    negative = ledger.one(operation="negative")
    assert (negative["count"], negative["bytes_to_server"], negative["gap_sum"]) == (1, 0, 0)
    backwards = ledger.one(operation="backwards")
    assert backwards["first"] == backwards["last"]


def test_rows_without_a_host_are_rejected_one_by_one(tmp_path: Path) -> None:
    source = tmp_path / "plant"
    source.mkdir()
    (source / "ot_activity.log").write_text(tsv(row(events=900, server=None), row()))
    report = ingest([source], tmp_path / "state", workers=1)
    (account,) = report.accounts
    assert (account.used, account.rejected.total()) == (1, 1)


MODBUS = {"tid": 1, "unit": 1, "func": "READ_HOLDING_REGISTERS", "pdu_type": "REQ"}


def test_a_log_of_pdus_does_not_count_again(tmp_path: Path) -> None:
    pdus = zeek("modbus", 502, [{"ts": s, **MODBUS, "tid": s} for s in (1.0, 21.0, 51.0)])
    ledger = run(tmp_path, {"ot_activity.log": tsv(row()), "modbus.log": pdus})
    assert ledger.counts("operation") == {"read_holding_registers": 6}
    assert ledger.accounts["modbus"].ignored.total() == 3


def test_what_it_does_not_tell_counts(tmp_path: Path) -> None:
    """Another service, and PDUs before the package was installed or after it was removed."""
    times = (-7200.0, 21.0, 7200.0)
    logs = {
        "ot_activity.log": tsv(row()),
        "modbus.log": zeek("modbus", 502, [{"ts": s, **MODBUS} for s in times]),
        "dnp3.log": zeek("dnp3", 20000, [{"fc_request": "READ", "fc_reply": "RESPONSE", "iin": 0}]),
    }
    ledger = run(tmp_path, logs)
    assert ledger.counts("service") == {"modbus": 8, "dnp3": 1}
    assert ledger.accounts["modbus"].ignored.total() == 1


def test_claims_of_a_covered_log_count(tmp_path: Path) -> None:
    covering = tsv(row(service="bacnet", operation="i_am", action="report", transport="udp"))
    said = {"ts": 2.0, "pdu_service": "i-am", "instance_number": 77, "vendor": "Acme",
            "object_type": "device", "back": True}  # fmt: skip
    log = zeek("bacnet_discovery", 47808, [said])
    ledger = run(tmp_path, {"ot_activity.log": covering, "bacnet_discovery.log": log})
    assert ledger.said(SERVER) == {("vendor", "Acme"), ("instance", "77")}
    assert ledger.counts("operation") == {"i_am": 6}
    assert ledger.accounts["bacnet_discovery"].ignored.total() == 1


def test_it_is_remembered_between_runs(tmp_path: Path) -> None:
    source = tmp_path / "plant"
    source.mkdir()
    (source / "ot_activity.log").write_text(tsv(row()))
    ingest([source], tmp_path / "state", workers=1)
    (source / "modbus.log").write_text(zeek("modbus", 502, [{"ts": 30.0, **MODBUS}]))
    ingest([source], tmp_path / "state", workers=1)
    db = connect(tmp_path / "state")
    assert db.execute("SELECT sum(count) FROM activity").fetchone() == (6,)


def test_connections_are_named_as_the_service() -> None:
    ours = ("s7comm", "bacnet", "iec104", "opcua", "tristation", "mms")
    assert [ports.ALIASES[f"spicy_ot_{name}"] for name in ours] == list(ours)
    assert ports.ALIASES["spicy_ot_enip"] == "cip"


def test_identity_becomes_claims(tmp_path: Path) -> None:
    lines = [
        {"ts": T0, "uid": "C1", "asset": SERVER, "attribute": "vendor", "value": "Acme",
         "source": "modbus"},
        {"ts": T0, "asset": SERVER, "attribute": "mood", "value": "sad", "source": "modbus"},
    ]  # fmt: skip
    ledger = run(tmp_path, {"ot_identity.log": as_json(*lines)})
    assert ledger.said(SERVER) == {("vendor", "Acme")}
    assert ledger.accounts["ot_identity"].ignored.total() == 1


def test_a_notices_own_techniques(tmp_path: Path) -> None:
    source = tmp_path / "plant"
    source.mkdir()
    notice = {"ts": 1.0, "note": "OTDetect::Controller_Stopped", "msg": "stopped",
              "ot_techniques": ["T0858", "T1691.001"]}  # fmt: skip
    (source / "notice.log").write_text(zeek("notice", 102, [notice]))
    ingest([source], tmp_path / "state", workers=1)
    db = connect(tmp_path / "state")
    assert db.execute("SELECT techniques FROM notices").fetchone() == ("T0858;T1691.001",)
