"""OCSF Detection Finding (class 2004), schema version pinned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gaugeglass import __version__
from gaugeglass.alerts.model import Alert
from gaugeglass.attack import table
from gaugeglass.attack.table import Technique
from gaugeglass.detections.base import Card
from gaugeglass.formats import address
from gaugeglass.formats.clean import known, tree
from gaugeglass.formats.jsonl import millis, rfc3339
from gaugeglass.inventory.model import Asset

VERSION = "1.5.0"
CLASS_UID = 2004
_CREATE = 1

SEVERITY: dict[str, tuple[int, str]] = {
    "info": (1, "Informational"),
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_RISK = ((80, 4, "Critical"), (60, 3, "High"), (40, 2, "Medium"), (20, 1, "Low"), (0, 0, "Info"))
#: Roles that OCSF has an endpoint type for; the others are 99 with the role as their type.
_ENDPOINT = {"server": 1, "scada_server": 1, "historian": 1, "iot_device": 7, "switch": 10,
             "router": 12}  # fmt: skip


def alert(alert: Alert, assets_by_address: Mapping[str, Asset], site: str) -> dict[str, Any]:
    """A finding whose ``finding_info.uid`` is the alert's id. Times are epoch milliseconds."""
    severity_id, severity = SEVERITY[alert.severity]
    level_id, level = next((i, name) for least, i, name in _RISK if alert.risk >= least)
    start, end = millis(alert.first), millis(alert.last)
    learned = alert.score is not None
    doc: dict[str, Any] = {
        "class_uid": CLASS_UID,
        "class_name": "Detection Finding",
        "category_uid": 2,
        "category_name": "Findings",
        "activity_id": _CREATE,
        "activity_name": "Create",
        "type_uid": CLASS_UID * 100 + _CREATE,
        "type_name": "Detection Finding: Create",
        "time": end,
        "start_time": start,
        "end_time": end,
        "count": alert.count,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "is_alert": True,
        "message": alert.summary,
        "risk_score": alert.risk,
        "risk_level_id": level_id,
        "risk_level": level,
        "metadata": {
            "version": VERSION,
            "product": {
                "name": "Gaugeglass",
                "vendor_name": "Gaugeglass",
                "version": __version__,
            },
            "log_name": "gaugeglass.alert",
            "log_provider": alert.sensor,
            "event_code": alert.detection,
            "correlation_uid": alert.incident,
            "labels": [f"site:{site}"] if site else [],
        },
        "finding_info": {
            "uid": alert.id,
            "title": alert.title,
            "desc": alert.summary,
            "types": [alert.detection],
            "first_seen_time": start,
            "last_seen_time": end,
            "analytic": {
                "uid": alert.detection,
                "name": alert.title,
                "type_id": 4 if learned else 1,
                "type": "Learning (ML/DL)" if learned else "Rule",
            },
            "attacks": [a for t in alert.techniques for a in _attacks(t)],
        },
        "evidences": [e for e in [known(_evidence(alert, assets_by_address))] if e],
        "resources": _resources(alert, assets_by_address),
        "observables": _observables(alert),
        "remediation": {"desc": _advice(alert.card)},
        "unmapped": {
            "card": {
                "meaning": alert.card.meaning,
                "check": list(alert.card.check),
                "avoid": list(alert.card.avoid),
            },
            "first": rfc3339(alert.first),
            "last": rfc3339(alert.last),
            "score": alert.score,
            "sensor_rule": alert.rule,
        },
    }
    cleaned: dict[str, Any] = tree(known(doc))
    return cleaned


def _attacks(technique: Technique) -> list[dict[str, Any]]:
    """One entry per tactic, as OCSF wants since it deprecated ``tactics``."""
    above = table.technique(technique.parent) if technique.parent else technique
    found = []
    for uid, name in technique.tactics:
        entry: dict[str, Any] = {
            "version": table.VERSION,
            "tactic": {"uid": uid, "name": name},
            "technique": {"uid": above.id, "name": above.name, "src_url": above.url},
        }
        if technique.parent:
            entry["sub_technique"] = {
                "uid": technique.id,
                "name": technique.name,
                "src_url": technique.url,
            }
        found.append(entry)
    return found


def _evidence(alert: Alert, assets: Mapping[str, Asset]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if alert.client:
        found["src_endpoint"] = _endpoint(alert.client, assets)
    if alert.server:
        found["dst_endpoint"] = _endpoint(alert.server, assets)
        if alert.port is not None:
            found["dst_endpoint"]["port"] = alert.port
        if alert.service:
            found["dst_endpoint"]["svc_name"] = alert.service
    if alert.client and alert.server:
        found["connection_info"] = {"direction_id": 0, "direction": "Unknown"}
        if alert.uids:
            community = address.community_ids(alert.uids)
            found["connection_info"]["uid"] = alert.uids[0]
            if community:
                found["connection_info"]["community_uid"] = community[0]
    found["data"] = {
        "service": alert.service,
        "operation": alert.operation,
        "object": alert.object,
        "observed": alert.observed,
        "normal": alert.normal,
        "uids": list(alert.uids),
    }
    return found


def _endpoint(who: str, assets: Mapping[str, Asset]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if address.ip(who):
        found["ip"] = address.ip(who)
    elif address.mac(who):
        found["mac"] = who
    asset = assets.get(who)
    found["name"] = asset.label if asset else who
    if asset:
        found["uid"] = asset.id
        found["type_id"] = _ENDPOINT.get(asset.role, 99)
        found["type"] = asset.role
    return found


def _resources(alert: Alert, assets: Mapping[str, Asset]) -> list[dict[str, Any]]:
    """The assets acted on."""
    targets = [a for a in alert.assets if a != alert.client] or list(alert.assets)
    found: dict[str, dict[str, Any]] = {}
    for who in filter(None, targets):
        asset = assets.get(who)
        entry = {"uid": asset.id, "name": asset.label, "type": asset.role} if asset else {
            "uid": who, "name": who
        }  # fmt: skip
        if address.ip(who):
            entry["ip"] = address.ip(who) or who
        found.setdefault(entry["uid"], entry)
    return list(found.values())


def _observables(alert: Alert) -> list[dict[str, Any]]:
    found = []
    for end, who in (("src_endpoint", alert.client), ("dst_endpoint", alert.server)):
        if ip := address.ip(who):
            found.append(
                {"name": f"evidences[].{end}.ip", "type_id": 2, "type": "IP Address", "value": ip}
            )
        elif who and address.mac(who):
            found.append(
                {"name": f"evidences[].{end}.mac", "type_id": 3, "type": "MAC Address",
                 "value": who}
            )  # fmt: skip
    return found


def _advice(card: Card) -> str:
    check = " ".join(f"({n}) {line}" for n, line in enumerate(card.check, 1))
    avoid = " ".join(f"({n}) {line}" for n, line in enumerate(card.avoid, 1))
    parts = (f"Check: {check}" if check else "", f"Do not: {avoid}" if avoid else "")
    return " ".join(p for p in parts if p) or card.meaning
