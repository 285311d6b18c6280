"""Short hands for tests of the inventory: rows of activity and claims, and assets by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import kit

from gaugeglass.config import Config
from gaugeglass.inventory.build import build
from gaugeglass.inventory.model import Asset

Row = dict[str, Any]


def talk(client: str, server: str, service: str = "modbus", **more: Any) -> Row:
    """An activity; port 502 only where the service is modbus."""
    row: Row = {"client": client, "server": server, "service": service, "count": 30, **more}
    if service != "modbus":
        row.setdefault("port", {"dnp3": 20000, "s7comm": 102, "http": 80}.get(service, 1000))
    return row


def conn(client: str, server: str, service: str, outcome: str = "ok", **more: Any) -> Row:
    """A row as connection logs give it."""
    return talk(
        client, server, service, operation="connection", action="connect", outcome=outcome, **more
    )


def claim(asset: str, attribute: str, value: str, source: str = "cip_identity", **more: Any) -> Row:
    """A claim by a protocol made for identification, unless said otherwise."""
    return {"asset": asset, "attribute": attribute, "value": value, "source": source, **more}


def config(**site: Any) -> Config:
    """A configuration with these keys of ``[site]``."""
    made = Config()
    for key, value in site.items():
        made.set("site", key, value, "test")
    return made


def assets(
    activity: Iterable[Mapping[str, Any]] = (),
    claims: Iterable[Mapping[str, Any]] = (),
    **site: Any,
) -> list[Asset]:
    """The inventory of a ledger with these rows."""
    return build(kit.ledger(activity, claims), config(**site))


def by_address(found: Iterable[Asset]) -> dict[str, Asset]:
    """Assets by each IP and MAC they hold."""
    return {a: asset for asset in found for a in (*asset.ips, *asset.macs)}
