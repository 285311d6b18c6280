"""A small site: an HMI polls two controllers; alerts, put straight into a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from kit import at, ledger

from gaugeglass.alerts import store
from gaugeglass.alerts.build import to_alert
from gaugeglass.alerts.model import Alert
from gaugeglass.detections.base import Finding
from gaugeglass.detections.registry import all_detections
from gaugeglass.ledger.manifest import Manifest

HMI, PLC, PLC2, LAPTOP = "10.0.0.10", "10.0.0.20", "10.0.0.21", "10.0.0.99"
DETECTIONS = {d.name: d for d in all_detections()}
CONFIG: dict[str, dict[str, Any]] = {
    "behaviour": {"trees": 10, "seed": 0}, "ingest": {"window_seconds": 60},
}  # fmt: skip


def read(minute: float, client: str = HMI, server: str = PLC, **more: Any) -> dict[str, Any]:
    """A poll of ten registers."""
    return {"minute": minute, "client": client, "server": server, "unit": "1", "count": 60,
            "object": "holding_register:0-9", **more}  # fmt: skip


def write(minute: float, client: str = LAPTOP, server: str = PLC, **more: Any) -> dict[str, Any]:
    """A write of one register."""
    return {"minute": minute, "client": client, "server": server, "unit": "1", "count": 1,
            "operation": "write_single_register", "action": "write",
            "object": "holding_register:5", "value_min": 7.0, "value_max": 7.0, **more}  # fmt: skip


def polls(minutes: int = 240) -> list[dict[str, Any]]:
    """What the HMI does all day."""
    return [read(m, server=ip) for m in range(minutes) for ip in (PLC, PLC2)]


def site(*more: dict[str, Any], minutes: int = 240) -> duckdb.DuckDBPyConnection:
    """The ordinary day and ``more``."""
    return ledger([*polls(minutes), *more])


def alert(detection: str, first: float, last: float, **fields: Any) -> Alert:
    """An alert of ``detection`` over minutes [first, last]."""
    known = DETECTIONS[detection]
    key = fields.pop("key", (str(fields.get("client")), str(fields.get("server"))))
    finding = Finding(key=key, summary="told", first=at(first), last=at(last), **fields)
    return to_alert(finding, known, "s")


def state(folder: Path, alerts: Iterable[Alert] = ()) -> Manifest:
    """A manifest that holds ``alerts``."""
    manifest = Manifest(folder)
    tell(manifest, *alerts)
    return manifest


def tell(manifest: Manifest, *alerts: Alert) -> None:
    """Store ``alerts`` as detection does."""
    with manifest.transaction() as tx:
        store.upsert(tx, alerts)


def grown(alert: Alert, last: float) -> Alert:
    """The alert as it is when it goes on until minute ``last``."""
    return replace(alert, last=at(last))


def table(db: duckdb.DuckDBPyConnection, name: str) -> list[tuple[Any, ...]]:
    """Every row of a table."""
    return db.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall()
