"""What a sensor says about itself: counted, and left out of the ledger by design."""

from __future__ import annotations

from gaugeglass.protocols.base import Source

_WHY = "the sensor's own bookkeeping"

SOURCES = tuple(
    Source(kind=kind, columns={}, used="FALSE", ignored=_WHY)
    for kind in (
        "stats", "capture_loss", "packet_filter", "loaded_scripts", "reporter", "cluster",
        "broker", "config", "telemetry", "telemetry_histogram", "print", "prof",
        "eve:stats",
    )
)  # fmt: skip
