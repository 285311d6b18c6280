"""ArcSight Common Event Format (CEF:0), one line."""

from __future__ import annotations

from collections.abc import Mapping

from gaugeglass import __version__
from gaugeglass.alerts.model import Alert
from gaugeglass.formats import address
from gaugeglass.formats.clean import LIMIT, clean
from gaugeglass.formats.jsonl import millis
from gaugeglass.inventory.model import Asset

#: CEF severity: 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high.
SEVERITY: dict[str, int] = {"info": 1, "low": 3, "medium": 5, "high": 8, "critical": 10}


def alert(
    alert: Alert, assets_by_address: Mapping[str, Asset], site: str, limit: int = LIMIT
) -> str:
    """The alert as a CEF line; values are cut at ``limit`` characters."""
    header = "|".join(
        _header(part, limit)
        for part in (
            "CEF:0",
            "Gaugeglass",
            "Gaugeglass",
            __version__,
            alert.detection,
            alert.title,
            SEVERITY[alert.severity],
        )
    )
    fields = _fields(alert, assets_by_address, site)
    known = [(k, clean(v, limit)) for k, v in fields if v is not None and v != ""]
    return header + "|" + " ".join(f"{k}={_value(v)}" for k, v in known)


def _fields(
    alert: Alert, assets: Mapping[str, Asset], site: str
) -> list[tuple[str, str | int | float | None]]:
    client = assets.get(alert.client or "")
    server = assets.get(alert.server or "")
    return [
        ("externalId", alert.id),
        ("rt", millis(alert.last)),
        ("start", millis(alert.first)),
        ("end", millis(alert.last)),
        ("cnt", alert.count),
        *_end(alert.client, "src", "smac", 2, "Source"),
        ("shost", client.label if client else None),
        *_end(alert.server, "dst", "dmac", 3, "Destination"),
        ("dhost", server.label if server else None),
        ("dpt", alert.port),
        ("app", alert.service),
        ("act", alert.operation),
        ("dvchost", alert.sensor),
        ("msg", alert.summary),
        *_labelled("cn1", "risk", alert.risk),
        *_labelled("cfp1", "anomalyScore", alert.score),
        *_labelled("cs1", "attackTechniques", " ".join(t.id for t in alert.techniques)),
        *_labelled("cs2", "incident", alert.incident),
        *_labelled("cs3", "object", alert.object),
        *_labelled("cs4", "observed", alert.observed),
        *_labelled("cs5", "normal", alert.normal),
        *_labelled("cs6", "uids", " ".join(alert.uids)),
        *_labelled("flexString1", "site", site),
        *_labelled("flexString2", "sensorRule", alert.rule),
    ]


def _end(
    who: str | None, ip_key: str, mac_key: str, slot: int, name: str
) -> list[tuple[str, str | int | float | None]]:
    """An endpoint: CEF:0 has IPv4 fields, and labelled custom ones for IPv6."""
    version = address.version(who)
    if version == 4:
        return [(ip_key, address.ip(who))]
    if version == 6:
        return _labelled(f"c6a{slot}", f"{name} IPv6 Address", address.ip(who))
    return [(mac_key, who.replace("-", ":"))] if who and address.mac(who) else []


def _labelled(
    key: str, label: str, value: str | int | float | None
) -> list[tuple[str, str | int | float | None]]:
    return [] if value is None or value == "" else [(f"{key}Label", label), (key, value)]


def _header(value: str | int, limit: int) -> str:
    return clean(value, limit).replace("\\", "\\\\").replace("|", "\\|")


def _value(value: str) -> str:
    return value.replace("\\", "\\\\").replace("=", "\\=")
