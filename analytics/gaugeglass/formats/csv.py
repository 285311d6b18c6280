"""Alerts and assets as CSV that a spreadsheet shows and does not execute.

Every cell is quoted and is one line. A cell that a spreadsheet might take for a formula gets a
leading apostrophe, as does what follows a ``;`` or ``,`` inside a cell: where a spreadsheet
splits at another separator than the comma, that is where the next cell starts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from gaugeglass.alerts.model import Alert
from gaugeglass.formats.clean import clean
from gaugeglass.formats.jsonl import rfc3339
from gaugeglass.inventory.model import FIELDS, Asset

ALERT_COLUMNS: tuple[str, ...] = (
    "id", "first", "last", "count", "severity", "risk", "detection", "title", "summary",
    "techniques", "tactics", "client", "server", "service", "port", "operation", "object",
    "observed", "normal", "score", "rule", "incident", "sensor", "assets", "uids", "meaning",
)  # fmt: skip
ASSET_COLUMNS: tuple[str, ...] = (
    "id", "label", "role", "level", "local", "ips", "macs", *FIELDS,
    "services_offered", "services_used", "first", "last", "role_evidence", "level_evidence",
)  # fmt: skip

# ASCII starters, their full-width forms, and what a clean value shows for tab and CR.
_FORMULA = re.compile(r"(^|[;,])(['\"\s]*)(?=[=+\-@＝＋－＠]|\\t|\\r)")


def cell(value: object) -> str:
    """One value as a harmless cell. Numbers stay numbers; True and False become yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return _FORMULA.sub(r"\1'\2", clean(value))


def alert_row(alert: Alert) -> list[str]:
    """The alert's cells, in the order of :data:`ALERT_COLUMNS`."""
    tactics = dict.fromkeys(name for t in alert.techniques for _, name in t.tactics)
    values = (
        alert.id, rfc3339(alert.first), rfc3339(alert.last), alert.count, alert.severity,
        alert.risk, alert.detection, alert.title, alert.summary,
        " ".join(t.id for t in alert.techniques), "; ".join(tactics), alert.client, alert.server,
        alert.service, alert.port, alert.operation, alert.object, alert.observed, alert.normal,
        alert.score, alert.rule, alert.incident, alert.sensor, " ".join(alert.assets),
        " ".join(alert.uids), alert.card.meaning,
    )  # fmt: skip
    return [cell(v) for v in values]


def asset_row(asset: Asset) -> list[str]:
    """The asset's cells, in the order of :data:`ASSET_COLUMNS`."""
    values = (
        asset.id, asset.label, asset.role, asset.level, asset.local, " ".join(asset.ips),
        " ".join(asset.macs), *(asset.best(name) for name in FIELDS),
        " ".join(asset.services_offered), " ".join(asset.services_used), rfc3339(asset.first),
        rfc3339(asset.last), asset.role_evidence, asset.level_evidence,
    )  # fmt: skip
    return [cell(v) for v in values]


def alerts(items: Iterable[Alert]) -> str:
    """A header and a row per alert."""
    return text([list(ALERT_COLUMNS), *map(alert_row, items)])


def assets(items: Iterable[Asset]) -> str:
    """A header and a row per asset."""
    return text([list(ASSET_COLUMNS), *map(asset_row, items)])


def text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of harmless cells (see :func:`cell`) as CSV (RFC 4180, lines end in LF)."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()
