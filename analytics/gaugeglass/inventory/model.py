"""What an asset is: a device with the addresses, claims and role that evidence gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: Bounds of time: the ledger's timestamps are UTC without zone.
EARLIEST = datetime(1, 1, 1)  # noqa: DTZ001
LATEST = datetime(9999, 12, 31)  # noqa: DTZ001

ROLES: tuple[str, ...] = (
    "controller", "rtu", "io_device", "hmi", "engineering_workstation", "historian", "scada_server",
    "gateway", "switch", "router", "iot_device", "it_host", "server", "external", "unknown",
)  # fmt: skip

#: Attributes shown for an asset, each kept with its provenance.
FIELDS: tuple[str, ...] = (
    "hostname", "vendor", "model", "firmware", "hardware", "serial", "device_type", "product_code",
    "os", "software", "application", "name", "location", "description",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One field's value and where it comes from. ``confidence`` is 0 to 1."""

    attribute: str
    value: str
    source: str
    first: datetime
    last: datetime
    confidence: float


@dataclass(frozen=True)
class Asset:
    """One device. ``id`` is stable across runs: derived from its strongest address."""

    id: str  # from its first MAC, or its first IP where no MAC is known
    ips: tuple[str, ...]
    macs: tuple[str, ...]
    label: str  # best short name for a person: hostname, name, or first address
    role: str  # one of ROLES
    role_evidence: str  # a sentence: why this role
    level: float | None  # Purdue level 0..5 (3.5 for a DMZ); None = not enough evidence
    level_evidence: str
    local: bool  # belongs to the site
    facts: tuple[Fact, ...]  # best per attribute first, then the rest
    services_offered: tuple[str, ...]  # "modbus/502"
    services_used: tuple[str, ...]
    first: datetime
    last: datetime
    firmware_history: tuple[Fact, ...] = ()  # distinct values, first seen first
    former_ips: tuple[str, ...] = ()  # held once, another asset's now
    notes: tuple[str, ...] = ()  # sentences: address conflicts, shared MACs, values cut short

    def best(self, attribute: str) -> str | None:
        """The value believed for ``attribute``, or None."""
        return next((f.value for f in self.facts if f.attribute == attribute), None)
