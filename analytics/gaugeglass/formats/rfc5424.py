"""Syslog messages (RFC 5424) that carry an alert in a structured element and in full as text."""

from __future__ import annotations

from collections.abc import Mapping

from gaugeglass.alerts.model import Alert
from gaugeglass.formats.clean import clean, printable_ascii
from gaugeglass.formats.jsonl import rfc3339
from gaugeglass.formats.render import SMALLEST, render
from gaugeglass.inventory.model import Asset

FACILITIES: tuple[str, ...] = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
)  # fmt: skip

#: Alert severity to syslog severity: critical, error, warning, notice, informational.
SEVERITY: dict[str, int] = {"critical": 2, "high": 3, "medium": 4, "low": 5, "info": 6}

#: A message of this many bytes has room for any alert.
SMALLEST_MESSAGE = SMALLEST + 1024

# 32473 is the enterprise number set aside for those without one (RFC 5612).
_SD_ID = "gaugeglass@32473"


def message(
    alert: Alert,
    fmt: str,
    assets_by_address: Mapping[str, Asset],
    site: str,
    *,
    facility: str = "local0",
    hostname: str = "-",
    size: int = 8192,
) -> bytes:
    """One message of at most ``size`` bytes, without framing.

    The time is when the alert was last seen. The text has no byte order mark: JSON is ASCII, and
    CEF readers expect ``CEF:`` first.
    """
    priority = FACILITIES.index(facility) * 8 + SEVERITY[alert.severity]
    head = " ".join(
        (
            f"<{priority}>1",
            rfc3339(alert.last),
            printable_ascii(hostname, 255),
            "gaugeglass",
            "-",
            printable_ascii(alert.detection, 32),
            _structured(alert, site),
            "",
        )
    ).encode()
    return head + render(alert, fmt, assets_by_address, site, size - len(head)).encode()


def octet_counted(data: bytes) -> bytes:
    """``data`` framed for a stream (RFC 6587, 3.4.1): its length, a space, itself."""
    return b"%d %s" % (len(data), data)


def escape(value: str) -> str:
    """A structured data parameter's value: ``"``, ``\\`` and ``]`` escaped."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _structured(alert: Alert, site: str) -> str:
    params: dict[str, object] = {
        "id": alert.id,
        "severity": alert.severity,
        "risk": alert.risk,
        "count": alert.count,
        "incident": alert.incident,
        "techniques": " ".join(t.id for t in alert.techniques),
        "site": clean(site, 32),
        "sensor": clean(alert.sensor, 32),
    }
    shown = " ".join(f'{k}="{escape(clean(v, 128))}"' for k, v in params.items() if v != "")
    return f"[{_SD_ID} {shown}]"
