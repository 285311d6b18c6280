"""Elastic Common Schema documents. What ECS has no field for stands under ``gaugeglass``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gaugeglass import __version__
from gaugeglass.alerts.model import Alert
from gaugeglass.attack.table import Tactic, Technique, tactics, technique
from gaugeglass.formats import address
from gaugeglass.formats.clean import known, tree
from gaugeglass.formats.jsonl import rfc3339
from gaugeglass.inventory.model import FIELDS, Asset, Fact

VERSION = "8.17.0"

#: ``event.severity``: the numbers Elastic's own detection rules use, info below them.
SEVERITY: dict[str, int] = {"info": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}


def alert(alert: Alert, assets_by_address: Mapping[str, Asset], site: str) -> dict[str, Any]:
    """An ``event.kind: alert`` document. Its ``event.id`` is the alert's, in every version of it.

    ``@timestamp`` is when it was last seen; ``event.start`` and ``event.end`` span it.
    """
    involved = [(a, assets_by_address.get(a)) for a in alert.assets]
    target = assets_by_address.get(alert.server or (alert.assets[-1] if alert.assets else ""))
    known = list({asset.id: asset for _, asset in involved if asset}.values())
    community = address.community_ids(alert.uids)
    doc = {
        "@timestamp": rfc3339(alert.last),
        "ecs": {"version": VERSION},
        "message": alert.summary,
        "event": {
            "kind": "alert",
            "category": ["intrusion_detection"],
            "type": ["info"],
            "module": "gaugeglass",
            "dataset": "gaugeglass.alert",
            "provider": "gaugeglass",
            "id": alert.id,
            "code": alert.detection,
            "action": alert.operation,
            "reason": alert.observed,
            "severity": SEVERITY[alert.severity],
            "risk_score": alert.risk,
            "risk_score_norm": alert.risk,
            "start": rfc3339(alert.first),
            "end": rfc3339(alert.last),
        },
        "threat": _threat(alert.techniques),
        "rule": {
            "id": alert.detection,
            "name": alert.title,
            "ruleset": "gaugeglass",
            "description": alert.card.meaning,
        },
        "source": _endpoint(alert.client, None),
        "destination": _endpoint(alert.server, alert.port),
        "network": {
            "protocol": alert.service,
            "type": _network_type(alert.server or alert.client),
            "community_id": community[0] if community else None,
        },
        "observer": _observer(alert.sensor),
        "host": _host(target) if target else None,
        "device": _device(target) if target else None,
        "related": {
            "ip": address.ips([alert.client, alert.server, *alert.assets]),
            "hosts": sorted({a.label for a in known}),
        },
        "gaugeglass": {
            "site": site,
            "severity": alert.severity,
            "incident": alert.incident,
            "count": alert.count,
            "service": alert.service,
            "operation": alert.operation,
            "object": alert.object,
            "observed": alert.observed,
            "normal": alert.normal,
            "score": alert.score,
            "sensor_rule": alert.rule,
            "uids": [u for u in alert.uids if u not in community],
            "community_ids": community,
            "assets": [_brief(a, asset) for a, asset in involved],
            "card": {
                "meaning": alert.card.meaning,
                "check": list(alert.card.check),
                "avoid": list(alert.card.avoid),
            },
        },
    }
    return _document(doc)


def asset(asset: Asset, site: str) -> dict[str, Any]:
    """An ``event.kind: asset`` document: the device, and where each fact about it comes from."""
    doc = {
        "@timestamp": rfc3339(asset.last),
        "ecs": {"version": VERSION},
        "message": f"{asset.label}: {asset.role.replace('_', ' ')}",
        "event": {
            "kind": "asset",
            "category": ["host"],
            "type": ["info"],
            "module": "gaugeglass",
            "dataset": "gaugeglass.asset",
            "provider": "gaugeglass",
            "id": asset.id,
            "start": rfc3339(asset.first),
            "end": rfc3339(asset.last),
        },
        "host": _host(asset),
        "device": _device(asset),
        "related": {
            "ip": address.ips(asset.ips),
            "hosts": sorted({h for h in (asset.label, asset.best("hostname")) if h}),
        },
        "gaugeglass": {
            "site": site,
            "asset": {
                "id": asset.id,
                "label": asset.label,
                "role": asset.role,
                "role_evidence": asset.role_evidence,
                "level": asset.level,
                "level_evidence": asset.level_evidence,
                "local": asset.local,
                **{name: asset.best(name) for name in FIELDS},
                "facts": [_fact(f) for f in asset.facts],
                "services_offered": list(asset.services_offered),
                "services_used": list(asset.services_used),
                "firmware_history": [_fact(f) for f in asset.firmware_history],
            },
        },
    }
    return _document(doc)


def _threat(techniques: Sequence[Technique]) -> dict[str, Any] | None:
    if not techniques:
        return None
    named = {i for t in techniques for i, _ in t.tactics}
    above = list({i: technique(i) for i in (t.parent or t.id for t in techniques)}.values())
    below = [t for t in techniques if t.parent]
    return {
        "framework": "MITRE ATT&CK",
        "tactic": _references([t for t in tactics() if t.id in named]),
        "technique": {**_references(above), "subtechnique": _references(below)},
    }


def _references(entries: Sequence[Technique | Tactic]) -> dict[str, list[str]]:
    return {
        "id": [e.id for e in entries],
        "name": [e.name for e in entries],
        "reference": [e.url for e in entries],
    }


def _endpoint(who: str | None, port: int | None) -> dict[str, Any] | None:
    if not who:
        return None
    return {"address": who, "ip": address.ip(who), "mac": address.mac(who), "port": port}


def _network_type(who: str | None) -> str | None:
    version = address.version(who)
    return f"ipv{version}" if version else None


def _observer(sensor: str) -> dict[str, str]:
    return {
        "name": sensor,
        "type": "ids",
        "vendor": "Gaugeglass",
        "product": "Gaugeglass",
        "version": __version__,
    }


def _host(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "name": asset.label,
        "hostname": asset.best("hostname"),
        "ip": address.ips(asset.ips),
        "mac": address.macs(asset.macs),
        "type": asset.role,
        "os": {"full": asset.best("os")},
    }


def _device(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "manufacturer": asset.best("vendor"),
        "model": {"identifier": asset.best("product_code"), "name": asset.best("model")},
        "serial_number": asset.best("serial"),
    }


def _brief(who: str, asset: Asset | None) -> dict[str, Any]:
    if asset is None:
        return {"address": who}
    return {
        "address": who,
        "id": asset.id,
        "label": asset.label,
        "role": asset.role,
        "level": asset.level,
        "local": asset.local,
        "vendor": asset.best("vendor"),
        "model": asset.best("model"),
        "firmware": asset.best("firmware"),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "attribute": fact.attribute,
        "value": fact.value,
        "source": fact.source,
        "first": rfc3339(fact.first),
        "last": rfc3339(fact.last),
        "confidence": fact.confidence,
    }


def _document(doc: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = tree(known(doc))
    return found
