"""What holds for every detection, and for their run together."""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest
from detection_kit import (
    BY_NAME,
    EWS,
    HMI,
    LAPTOP,
    NORMAL,
    PLC,
    PLC2,
    READ,
    RTU,
    WRITE,
    Case,
    conn,
    context,
    everything,
    op,
    plant,
    row,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kit import at, ledger

import gaugeglass.detections as folder
from gaugeglass.attack.table import is_current
from gaugeglass.config import Config, ConfigError
from gaugeglass.detections import registry
from gaugeglass.detections.base import SEVERITIES, Detection, Event
from gaugeglass.detections.context import make_context
from gaugeglass.detections.registry import all_detections, check_config, run

TABLES = ("actions", "attacks", "access", "novelty", "sensor", "models")
CASES: list[Case] = [
    case for name in TABLES for case in importlib.import_module(f"test_detections_{name}").CASES
]
DETECTIONS = pytest.mark.parametrize("detection", all_detections(), ids=lambda d: d.name)

ISSUE = {
    "new_asset", "new_conduit", "new_operation", "new_object", "write_by_new_client",
    "controller_mode_change", "program_transfer", "firmware_update", "device_restart",
    "reporting_suppressed", "identity_enumeration", "object_enumeration", "port_scan",
    "address_scan", "function_code_scan", "flood", "register_brute_force", "protocol_violations",
    "internet_access", "exfiltration", "remote_access", "cleartext_credentials",
    "default_credentials", "telnet_spread", "address_conflict", "asset_silent",
    "behaviour_anomaly", "beacon", "sensor_notice", "sensor_alert",
}  # fmt: skip


def test_the_list_is_complete() -> None:
    assert set(BY_NAME) >= ISSUE


@DETECTIONS
def test_it_is_well_formed(detection: Detection) -> None:
    module = inspect.getmodule(detection.find)
    assert module is not None
    assert module.__name__.endswith(f".{detection.name}")
    assert len(module.__doc__ or "") > 20
    assert detection.title[0].isupper()
    assert detection.severity in SEVERITIES
    assert detection.techniques or detection.name.startswith("sensor_")
    assert len(detection.card.meaning) > 60
    assert len(detection.card.check) >= 2
    assert len(detection.card.avoid) >= 1
    assert all(line for line in (*detection.card.check, *detection.card.avoid))


@DETECTIONS
def test_it_has_a_case_that_fires_and_one_that_does_not(detection: Detection) -> None:
    mine = [c for c in CASES if c.detection == detection.name]
    assert any(c.expect is not None for c in mine)
    assert any(c.expect is None for c in mine)


def test_every_case_names_a_detection() -> None:
    assert {c.detection for c in CASES} == set(BY_NAME)
    assert len({c.id for c in CASES}) == len(CASES)


def test_every_technique_in_the_folder_is_current() -> None:
    ids = set()
    for path in sorted(Path(folder.__path__[0]).glob("*.py")):
        for word in path.read_text().replace('"', " ").replace(",", " ").split():
            if re.fullmatch(r"T[01]\d{3}(\.\d{3})?", word.strip("().")):
                ids.add(word.strip("()."))
    assert len(ids) > 30
    assert [i for i in sorted(ids) if not is_current(i)] == []


def test_an_empty_ledger_has_no_finding_and_no_fault() -> None:
    db = ledger()
    result = run(make_context(db, at(0), at(60)))
    assert result.findings == []
    assert result.failed == []
    assert dict(result.skipped)["new_asset"] == "nothing learned yet"


def test_an_ordinary_day_has_no_finding() -> None:
    """Quiet by design: the learned hour again, later, raises nothing at all."""
    again = [{**r, "minute": r["minute"] + 90} for r in NORMAL]
    result = everything(again)
    assert [f.summary for _, f in result.findings] == []
    assert result.failed == []


def fired(*rows: dict[str, object], **more: object) -> dict[str, int]:
    result = everything(rows, **more)  # type: ignore[arg-type]
    assert result.failed == []
    names = [d.name for d, _ in result.findings]
    return {name: names.count(name) for name in sorted(set(names))}


def test_one_scan_is_one_alert() -> None:
    ports = [conn(EWS, PLC, p, outcome="rejected") for p in range(1000, 1200)]
    hosts = [conn(EWS, f"10.0.1.{n}", 502, "modbus", outcome="no_reply") for n in range(200)]
    assert fired(*ports) == {"port_scan": 1}
    assert fired(*hosts) == {"address_scan": 1}
    assert fired(*ports, *hosts) == {"port_scan": 1, "address_scan": 1}


def test_a_scan_by_a_new_device_is_the_device_and_the_scan() -> None:
    rows = [conn(LAPTOP, ip, p, outcome="rejected") for ip in (PLC, PLC2, RTU) for p in range(30)]
    answer = conn(LAPTOP, PLC, 502, "modbus")
    quiet_one = conn(LAPTOP, "10.0.0.61", 80, "http")  # only ever answered the scan
    more = [conn(LAPTOP, "10.0.0.61", p, outcome="rejected") for p in range(30)]
    assert fired(*rows, answer, quiet_one, *more) == {"port_scan": 1, "new_asset": 1}


def test_a_write_by_a_new_client_is_not_also_a_new_conduit_operation_and_object() -> None:
    rows = [
        conn(EWS, PLC2, 502, "modbus"),
        row(EWS, PLC2, 70, **WRITE, object="holding_register:5"),
        row(EWS, PLC, 71, **WRITE, object="holding_register:5"),
    ]
    assert fired(*rows) == {"write_by_new_client": 2}


def test_brute_force_owns_its_writes() -> None:
    rows = [row(EWS, PLC, 70, **WRITE, object=f"holding_register:{n}") for n in range(40)]
    assert fired(*rows) == {"register_brute_force": 1}


def test_a_function_scan_owns_the_refused_functions_whatever_they_would_do() -> None:
    rows = [
        op(LAPTOP, PLC, "modbus", name, action, outcome="illegal_function")
        for name, action in (
            ("umas", "program"), ("program_584", "program"), ("encap", "identify"), ("f99", "other")
        )
    ]  # fmt: skip
    assert fired(*rows) == {"function_code_scan": 1, "identity_enumeration": 1, "new_asset": 1}


def test_an_s7_stop_is_one_alert() -> None:
    rows = [
        conn(EWS, PLC, 102, "s7comm"),
        op(EWS, PLC, "s7comm", "setup_communication", "other"),
        op(EWS, PLC, "s7comm", "plc_stop", "mode"),
    ]
    assert fired(*rows) == {"controller_mode_change": 1}


def test_an_upload_outside_is_one_alert() -> None:
    up = conn(EWS, "198.51.100.200", 80, "http", bytes_to_server=90_000_000)
    assert fired(up, op(EWS, "198.51.100.200", "http", "post", "write")) == {"exfiltration": 1}


def test_a_vendor_session_is_one_alert() -> None:
    assert fired(conn("203.0.113.9", HMI, 3389, "rdp")) == {"remote_access": 1}


def test_a_disabled_detection_leaves_its_events_to_general_ones() -> None:
    rows = [conn(EWS, PLC2, 502, "modbus"), row(EWS, PLC2, 70, **WRITE, object="coil:5")]
    with context(Case("", "", rows)) as ctx:
        result = run(ctx, disable=["write_by_new_client"])
    assert [d.name for d, _ in result.findings] == ["new_conduit"]
    assert ("write_by_new_client", "disabled") in result.skipped


def test_a_detection_that_raises_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> list[object]:
        raise ValueError("no such column\nsecond line")

    detections = tuple(
        replace(d, find=broken) if d.name == "device_restart" else d for d in all_detections()
    )
    monkeypatch.setattr(registry, "all_detections", lambda: detections)
    steps: list[tuple[str, int, int]] = []
    rows = [op(EWS, PLC, "s7comm", "plc_stop", "mode")]
    with context(Case("", "", rows)) as ctx:
        result = run(ctx, progress=lambda *step: steps.append(step))
    assert result.failed == [("device_restart", "ValueError: no such column")]
    assert [d.name for d, _ in result.findings] == ["controller_mode_change"]
    assert len(steps) == len(detections)
    assert steps[0][1:] == (0, len(detections))


def test_two_runs_are_equal() -> None:
    rows = [row(LAPTOP, ip, 70, **WRITE, object="coil:1") for ip in (PLC2, PLC, RTU)]
    assert everything(rows) == everything(list(reversed(rows)))


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"port_scn": {}}, r"did you mean 'port_scan'"),
        ({"port_scan": {"prts": 3}}, r"did you mean 'ports'"),
        ({"port_scan": {"ports": "many"}}, r"must be a int"),
        ({"disable": ["flod"]}, r"did you mean 'flood'"),
    ],
)
def test_wrong_options_are_errors_that_name_the_remedy(
    section: dict[str, object], message: str
) -> None:
    config = Config()
    for key, value in section.items():
        config.set("detections", key, value, "test")
    with pytest.raises(ConfigError, match=message):
        check_config(config)


def test_options_reach_the_detection() -> None:
    config = Config()
    config.set("detections", "port_scan", {"ports": 3}, "test")
    rows = [conn(EWS, PLC, p, outcome="rejected") for p in (1, 2, 3)]
    with context(Case("", "", rows)) as ctx:
        names = [d.name for d, _ in run(ctx, config).findings]
    assert names == ["port_scan"]


def test_local_is_what_the_inventory_says() -> None:
    db = ledger([conn(EWS, "198.51.100.9", 443), conn("8.8.8.8", PLC, 22)])
    config = Config()
    config.set("site", "local_networks", ["8.8.8.0/24"], "test")
    sql = "SELECT is_local(?), is_local(?), is_local('00:11:22:33:44:55')"
    private = make_context(db, at(0), at(60)).db.execute(sql, [EWS, "8.8.8.8"]).fetchone()
    assert private == (True, False, True)
    db.execute("DROP MACRO is_local")
    declared = make_context(db, at(0), at(60), config).db.execute(sql, [EWS, "8.8.8.8"]).fetchone()
    assert declared == (False, True, True)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("224.0.0.1", True), ("10.0.0.255", True), ("255.255.255.255", True), ("ff02::1", True),
        ("01:80:c2:00:00:0e", True), ("0.0.0.0", True), ("10.0.0.25", False),
        ("00:11:22:33:44:55", False), ("fe80::1", False), ("2001:db8::ff", False),
    ],
)  # fmt: skip
def test_groups_are_no_devices(address: str, group: bool) -> None:
    assert plant(True).db.execute("SELECT is_group(?)", [address]).fetchone() == (group,)


def test_what_meets() -> None:
    assert Event("a", "b").meets(Event("a", "b", "modbus", 502, "read"))
    assert Event("a", None, None, 23).meets(Event("a", "b", "telnet", None, "connection"))
    assert not Event("a", "b", "modbus").meets(Event("a", "b", "http"))


def test_only_the_judged_span_is_judged() -> None:
    stop = op(EWS, PLC, "s7comm", "plc_stop", "mode", 30)
    with context(Case("", "", [stop])) as ctx:
        before = make_context(ctx.db, at(60), at(600))
        during = make_context(ctx.db, at(0), at(60))
        assert [d.name for d, _ in run(during).findings] == ["controller_mode_change"]
        make_context(ctx.db, at(60), at(600))
        assert run(before).findings == []


hostile = st.text(max_size=30) | st.sampled_from(
    ["'; DROP TABLE activity; --", "=cmd|' /C calc'!A0", "<script>", "\x1b[2J", "a" * 5000, "::"]
)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "client": hostile, "server": hostile, "service": hostile, "operation": hostile,
                "action": st.sampled_from(["write", "mode", "identify", "authenticate", "file"]),
                "object": hostile, "outcome": hostile, "client_mac": hostile, "unit": hostile,
            }
        ),
        max_size=3,
    )
)  # fmt: skip
def test_hostile_values_break_nothing(rows: list[dict[str, str]]) -> None:
    clean = [{k: v.encode("utf-8", "replace").decode() for k, v in r.items()} for r in rows]
    notices = [{"name": r["service"], "client": r["client"], "message": r["object"]} for r in clean]
    result = everything([{**r, "minute": 70} for r in clean], notices=notices)
    assert result.failed == []
    for _, finding in result.findings:
        assert finding.summary.isprintable()
        assert finding.observed.isprintable()
        assert len(finding.summary) < 1000


def test_reading_is_all_a_detection_does() -> None:
    before = plant(True).db.execute("SELECT count(*) FROM activity").fetchone()
    everything([row(LAPTOP, PLC, 70, **READ)])
    assert plant(True).db.execute("SELECT count(*) FROM activity").fetchone() == before
