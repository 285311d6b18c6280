"""Detections, findings, alerts and assets for tests, from a few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import at

from gaugeglass.alerts.build import to_alert
from gaugeglass.alerts.model import Alert
from gaugeglass.detections.base import Card, Detection, Finding
from gaugeglass.inventory.model import Asset, Fact

CARD = Card("A controller was written to.", ("Who works on it now?",), ("Do not power-cycle it.",))


def detection(name: str = "new_write", **over: Any) -> Detection:
    base: dict[str, Any] = {
        "name": name, "title": name.replace("_", " ").capitalize(), "severity": "high",
        "techniques": ("T1692.001",), "card": CARD, "find": lambda context: (),
    }  # fmt: skip
    return Detection(**{**base, **over})


def finding(client: str = "10.0.0.66", server: str = "10.0.0.5", **over: Any) -> Finding:
    minute = over.pop("minute", 0)
    base: dict[str, Any] = {
        "key": (client, server), "summary": f"{client} wrote to {server}", "client": client,
        "server": server, "first": at(minute), "last": at(over.pop("until", minute)),
        "service": "modbus", "port": 502, "operation": "write_single_register",
        "object": "holding_register:7", "uids": ("Cabc",),
    }  # fmt: skip
    return Finding(**{**base, **over})


def alert(client: str = "10.0.0.66", server: str = "10.0.0.5", **over: Any) -> Alert:
    about = detection(over.pop("name", "new_write"), severity=over.pop("severity", "high"))
    return to_alert(finding(client, server, **over), about, "s")


def asset(label: str, *ips: str, role: str = "controller", **over: Any) -> Asset:
    base: dict[str, Any] = {
        "id": f"id-{label}", "ips": ips, "macs": ("00:1b:1b:00:00:05",), "label": label,
        "role": role, "role_evidence": "answers Modbus", "level": 1.0,
        "level_evidence": "a controller", "local": True,
        "facts": (
            Fact("vendor", "Siemens", "s7comm_known_devices", at(0), at(1), 0.9),
            Fact("model", "S7-1200", "s7comm_known_devices", at(0), at(1), 0.9),
        ),
        "services_offered": ("modbus/502",), "services_used": (), "first": at(0), "last": at(5),
    }  # fmt: skip
    return Asset(**{**base, **over})


def by_address(*assets: Asset) -> dict[str, Asset]:
    return {address: a for a in assets for address in (*a.ips, *a.macs)}


def ids(alerts: Iterable[Alert]) -> list[str]:
    return [a.id for a in alerts]
