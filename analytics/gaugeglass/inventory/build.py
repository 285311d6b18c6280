"""The ledger's claims and activity to the list of assets."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from gaugeglass.config import Config
from gaugeglass.inventory.addresses import is_mac
from gaugeglass.inventory.facts import Facts, firmware_history
from gaugeglass.inventory.identity import Device, devices
from gaugeglass.inventory.levels import FIELD_ROLES, THIN, Places, level
from gaugeglass.inventory.local import LocalNetworks, parse_networks
from gaugeglass.inventory.model import EARLIEST, Asset, Fact
from gaugeglass.inventory.roles import Role, role
from gaugeglass.inventory.subject import Subject, peers, serving
from gaugeglass.inventory.traffic import Profile, listed, profiles
from gaugeglass.inventory.vocabulary import CONTROLLER, INDUSTRIAL, TELECONTROL

#: Longest label; the whole name stays in the facts.
LABEL_MAX = 64
#: A name is used as label when it is believed this far.
LABEL_CONFIDENCE = 0.6
#: Roles of the plant, whose custom places a server at level 3.
_PLANT: frozenset[str] = FIELD_ROLES | {"hmi", "scada_server", "historian", "gateway"}

_MEMBER = "inventory_member"


def build(db: duckdb.DuckDBPyConnection, config: Config) -> list[Asset]:
    """Assets from the views ``claims`` and ``activity`` of ``db``, in the order of addresses.

    The same ledger gives the same list. Temporary tables named ``inventory_*`` come and go.

    Raises:
        ConfigError: a network in the configuration is not one.
    """
    local = LocalNetworks.of(db, config)
    places = Places(parse_networks(config.get("site.control_networks"), "site.control_networks"))
    found = devices(db, local.is_local)
    _write_members(db, found)
    try:
        traffic = profiles(db, len(found), _MEMBER)
        facts = Facts(db, len(found), _MEMBER)
    finally:
        db.execute(f'DROP TABLE IF EXISTS "{_MEMBER}"')
    for i, device in enumerate(found):
        facts.add_makers(i, device)
    ranked = [facts.ranked(i) for i in range(len(found))]
    at_home = [_is_local(d, local) for d in found]
    roles = _roles(found, traffic, ranked, at_home)
    for device, chosen in zip(found, roles, strict=True):
        if chosen.name in FIELD_ROLES and chosen.score >= THIN:
            places.add_field(device.addresses(mac=False))
    plant = {i for i, r in enumerate(roles) if r.name in _PLANT and r.score >= THIN}
    assets = [
        _asset(device, traffic[i], ranked[i], facts.notes[i], roles[i], at_home[i], places,
               bool(peers(traffic[i].serves) & plant))
        for i, device in enumerate(found)
    ]  # fmt: skip
    shared = Counter(a.label for a in assets)
    return [a if shared[a.label] == 1 else _told_apart(a) for a in assets]


def _told_apart(asset: Asset) -> Asset:
    """``asset`` with its first address in a label that others have too."""
    address = next(iter((*asset.ips, *asset.macs, *asset.former_ips)), asset.label)
    return asset if address == asset.label else replace(asset, label=f"{asset.label} ({address})")


def _write_members(db: duckdb.DuckDBPyConnection, found: Sequence[Device]) -> None:
    """Table (raw, start, stop, asset): every spelling of every address, who held it when."""
    rows = [
        (raw, node.start, node.stop, i)
        for i, device in enumerate(found)
        for node in device.nodes
        for raw in sorted(node.raw)
    ]
    columns = [list(c) for c in zip(*rows, strict=True)] if rows else [[], [], [], []]
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE "{_MEMBER}" AS
        SELECT unnest($raw::VARCHAR[]) AS raw, unnest($start::TIMESTAMP[]) AS start,
               unnest($stop::TIMESTAMP[]) AS stop, unnest($asset::INTEGER[]) AS asset
        """,
        dict(zip(("raw", "start", "stop", "asset"), columns, strict=True)),
    )


def _is_local(device: Device, local: LocalNetworks) -> bool:
    ips = [n.address for n in device.nodes if not is_mac(n.address)]
    return not ips or any(local.is_local(ip) for ip in ips)


def _roles(
    found: Sequence[Device],
    traffic: Sequence[Profile],
    facts: Sequence[tuple[Fact, ...]],
    at_home: Sequence[bool],
) -> list[Role]:
    field = CONTROLLER | TELECONTROL
    controllers = frozenset(
        i for i, p in enumerate(traffic) if p.serves.keys() & (field - {"bacnet"})
        or serving({s: d for s, d in p.serves.items() if s == "bacnet"})
    )  # fmt: skip
    return [
        role(Subject(i, traffic[i], facts[i], at_home[i], device.router, controllers, traffic))
        for i, device in enumerate(found)
    ]


def _asset(
    device: Device,
    profile: Profile,
    facts: tuple[Fact, ...],
    notes: Sequence[str],
    chosen: Role,
    local: bool,
    places: Places,
    serves_plant: bool,
) -> Asset:
    ips, macs = device.addresses(mac=False), device.addresses(mac=True)
    former = device.addresses(mac=False, current=False)
    process = bool(profile.serves.keys() & (INDUSTRIAL | {"mqtt"}))
    place = level(chosen, ips, places, serves_plant, process)
    seen = [(n.first, n.last) for n in device.nodes] + [(f.first, f.last) for f in facts]
    return Asset(
        id="asset-" + hashlib.sha256(device.strongest().encode()).hexdigest()[:16],
        ips=tuple(ips),
        macs=tuple(macs),
        label=_label(facts, [*ips, *macs, *former]),
        role=chosen.name,
        role_evidence=chosen.why,
        level=place.value,
        level_evidence=place.why,
        local=local,
        facts=facts,
        services_offered=listed(profile.serves),
        services_used=listed(profile.uses),
        first=min((a for a, _ in seen), default=EARLIEST),
        last=max((b for _, b in seen), default=EARLIEST),
        firmware_history=firmware_history(facts),
        former_ips=tuple(former),
        notes=tuple(sorted({*notes, *(n for node in device.nodes for n in node.notes)})),
    )


def _label(facts: Sequence[Fact], addresses: Sequence[str]) -> str:
    """The best host name, else the best name, else the first address."""
    for attribute in ("hostname", "name"):
        best = next((f for f in facts if f.attribute == attribute), None)
        if best and best.confidence >= LABEL_CONFIDENCE and best.value.strip():
            name = best.value.strip()
            return name if len(name) <= LABEL_MAX else name[: LABEL_MAX - 1] + "…"
    return addresses[0] if addresses else "unknown"
