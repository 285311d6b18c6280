"""Assets as the report's table shows them: each field with where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaugeglass.alerts.model import Alert
from gaugeglass.inventory.model import Asset, Fact
from gaugeglass.report.network import BANDS, band, involved

ASSETS_MAX = 1500
SERVICES_MAX = 6
_COLUMNS = ("vendor", "model", "firmware")


@dataclass(frozen=True)
class AssetView:
    """One row. ``facts`` is vendor, model, firmware; ``more`` every other fact, best first."""

    asset: Asset
    level: str
    level_order: float
    alerts: int
    facts: list[Fact | None]
    more: list[Fact]
    offered: tuple[str, ...]
    offered_more: int
    used: tuple[str, ...]
    used_more: int


def table(
    assets: Sequence[Asset], alerts: Sequence[Alert], known: Mapping[str, Asset]
) -> list[AssetView]:
    """Rows by level as the map stacks them, those with alerts first within a level."""
    raised: Counter[str] = Counter()
    for alert in alerts:
        raised.update(involved(alert, known))
    order = sorted(
        assets, key=lambda a: (-raised[a.id] if len(assets) > ASSETS_MAX else 0, band(a),
                               -raised[a.id], a.label, a.id),
    )  # fmt: skip
    return [_view(a, raised[a.id]) for a in order[:ASSETS_MAX]]


def _view(asset: Asset, alerts: int) -> AssetView:
    best = [next((f for f in asset.facts if f.attribute == c), None) for c in _COLUMNS]
    chosen = [f for f in best if f is not None]
    level = (
        f"{asset.level:g}" if asset.level is not None else ("outside" if band(asset) == 0 else "")
    )
    return AssetView(
        asset, level, asset.level if asset.level is not None else float(len(BANDS) - band(asset)),
        alerts, best, [f for f in asset.facts if f not in chosen][:30],
        asset.services_offered[:SERVICES_MAX], max(0, len(asset.services_offered) - SERVICES_MAX),
        asset.services_used[:SERVICES_MAX], max(0, len(asset.services_used) - SERVICES_MAX),
    )  # fmt: skip
