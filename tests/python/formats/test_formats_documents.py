"""Every field of a document is one its schema has, and hostile values change nothing of that."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from formats.formatkit import ASSETS, COMMUNITY, SITE, hostile, hostile_asset, sample
from formats.test_formats_clean import is_harmless
from hypothesis import given

from gaugeglass.detections.base import SEVERITIES
from gaugeglass.formats import ecs, ocsf
from gaugeglass.formats.jsonl import line

SCHEMA = Path(__file__).parent / "schema"
ECS = {
    row[0]: (row[1], row[2])
    for row in (r.split(",") for r in (SCHEMA / "ecs-8.17.csv").read_text().splitlines())
}
OCSF = json.loads((SCHEMA / "ocsf-1.5.json").read_text())


def leaves(doc: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(doc, dict):
        for key, value in doc.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, doc


def check_ecs(doc: dict[str, Any]) -> None:
    for path, value in leaves(doc):
        if path.startswith("gaugeglass."):
            continue
        kind, norm = ECS[path]
        values = value if isinstance(value, list) else [value]
        assert isinstance(value, list) or norm != "array", path
        for item in values:
            if kind == "ip":
                ipaddress.ip_address(item)
            elif kind == "date":
                datetime.fromisoformat(item)
                assert item.endswith("Z")
            elif kind in ("long", "float"):
                assert isinstance(item, int | float), path
            else:
                assert isinstance(item, str), path


def check_ocsf(doc: Any, name: str = "detection_finding") -> None:
    schema = OCSF[name]
    assert isinstance(doc, dict)
    least = schema["at_least_one"]
    assert not least or set(least) & set(doc), name
    for key, (need, kind, array, enum) in schema["attributes"].items():
        assert key in doc or need != "required", f"{name}.{key}"
        if key not in doc:
            continue
        assert isinstance(doc[key], list) is array, f"{name}.{key}"
        for item in doc[key] if array else [doc[key]]:
            if kind in OCSF:
                check_ocsf(item, kind)
            elif kind in ("integer_t", "long_t", "timestamp_t", "port_t"):
                assert type(item) is int, f"{name}.{key}"
                assert not enum or item in enum, f"{name}.{key}"
            elif kind == "boolean_t":
                assert isinstance(item, bool)
            elif kind == "ip_t":
                ipaddress.ip_address(item)
            elif kind not in ("object", "json_t"):
                assert isinstance(item, str), f"{name}.{key}"
    assert set(doc) <= set(schema["attributes"]), name


def strings(doc: Any) -> Iterator[str]:
    if isinstance(doc, dict):
        for key, value in doc.items():
            yield key
            yield from strings(value)
    elif isinstance(doc, list):
        for value in doc:
            yield from strings(value)
    elif isinstance(doc, str):
        yield doc


def test_ecs_alert() -> None:
    doc = ecs.alert(sample(), ASSETS, SITE)
    check_ecs(doc)
    assert doc["event"]["kind"] == "alert"
    assert doc["threat"]["technique"]["id"] == ["T1692", "T0836"]
    assert doc["threat"]["technique"]["subtechnique"]["id"] == ["T1692.001"]
    assert doc["threat"]["tactic"]["id"] == ["TA0103", "TA0106"]  # in the matrix's order
    assert doc["network"]["community_id"] == COMMUNITY
    assert doc["gaugeglass"]["uids"] == ["CAbc1"]
    assert doc["host"]["mac"] == ["00-1B-1B-00-00-05"]
    assert doc["related"] == {"ip": ["10.0.0.66", "10.0.0.5"], "hosts": ["laptop", "plc-1"]}


def test_layer_2_ends_are_macs_not_ips() -> None:
    doc = ecs.alert(sample(client="02:00:00:00:00:66", server="fe80::1%eth0"), {}, SITE)
    check_ecs(doc)
    assert doc["source"] == {"address": "02:00:00:00:00:66", "mac": "02-00-00-00-00-66"}
    assert doc["destination"] == {"address": "fe80::1%eth0", "port": 502}


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_has_its_numbers(severity: str) -> None:
    one = sample(severity=severity)
    check_ecs(ecs.alert(one, ASSETS, SITE))
    check_ocsf(ocsf.alert(one, ASSETS, SITE))


def test_ocsf_alert() -> None:
    doc = ocsf.alert(sample(), ASSETS, SITE)
    check_ocsf(doc)
    assert (doc["class_uid"], doc["type_uid"]) == (2004, 200401)
    assert doc["metadata"]["version"] == ocsf.VERSION
    first, *_ = doc["finding_info"]["attacks"]
    assert first["technique"]["uid"] == "T1692"
    assert first["sub_technique"]["uid"] == "T1692.001"
    assert first["version"] == "19.1"
    assert [a["tactic"]["uid"] for a in doc["finding_info"]["attacks"]] == [
        "TA0103", "TA0106", "TA0106",
    ]  # fmt: skip


@given(hostile())
def test_hostile_alerts_stay_valid_documents(alert: Any) -> None:
    for doc in (ecs.alert(alert, ASSETS, SITE), ocsf.alert(alert, ASSETS, SITE)):
        (check_ecs if "ecs" in doc else check_ocsf)(doc)
        assert all(is_harmless(s) and len(s) <= 1024 for s in strings(doc))
        assert re.fullmatch("[ -~]+", line(doc))
        assert json.loads(line(doc)) == doc


@given(hostile_asset())
def test_hostile_assets_stay_valid_documents(asset: Any) -> None:
    doc = ecs.asset(asset, SITE)
    check_ecs(doc)
    assert doc["event"]["kind"] == "asset"
    assert all(is_harmless(s) for s in strings(doc))
