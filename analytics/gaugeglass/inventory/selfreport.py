"""Claims that can identify a device across addresses: serials, BACnet instances, host names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import duckdb

from gaugeglass.inventory.addresses import canonical
from gaugeglass.inventory.bindings import HEARSAY_ORIGINS
from gaugeglass.inventory.confidence import SELF_REPORT, confidence, origin

#: Values that makers and programs use for "none".
PLACEHOLDERS: frozenset[str] = frozenset({
    "", "-", "(empty)", "0", "none", "null", "n/a", "na", "unknown", "undefined", "default",
    "empty", "not set", "not specified", "to be filled by o.e.m.", "123456", "1234567", "12345678",
    "123456789", "0123456789", "1234567890", "localhost", "localhost.localdomain",
})  # fmt: skip

#: The BACnet instance that means "any" or "not configured".
BACNET_WILDCARD = "4194303"


@dataclass(frozen=True)
class Claim:
    """``address`` says ``value`` of itself."""

    address: str
    value: str
    first: datetime
    last: datetime


class SelfReports:
    """What the ledger's claims say that could join addresses, or keep them apart."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.by: dict[str, list[Claim]] = defaultdict(list)
        self._of: dict[tuple[str, str], set[str]] = defaultdict(set)
        rows = db.execute(
            """
            SELECT asset, attribute, left("value", 128), source, min("first"), max("last")
            FROM claims
            WHERE attribute IN ('serial', 'instance', 'hostname', 'model', 'vendor')
                  AND asset IS NOT NULL AND "value" IS NOT NULL
            GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
        for asset, attribute, value, source, first, last in rows:
            address = canonical(asset)
            if address is None or not _counts(attribute, source):
                continue
            text = _normal(attribute, value)
            if text:
                self.by[attribute].append(Claim(address, text, first, last))
                self._of[attribute, address].add(text)

    def contradict(self, one: str, two: str) -> bool:
        """Whether two addresses name different serials."""
        a, b = self._of.get(("serial", one)), self._of.get(("serial", two))
        return bool(a and b and not a & b)

    def same_serial(self, most: int) -> list[list[Claim]]:
        """Groups of claims of one serial by addresses whose makers and models agree.

        A serial is unique to its maker at best. Where models differ, only addresses that name the
        same one belong together, and those that name none are left out.
        """
        out = []
        for claims in _by_value(self.by["serial"]):
            if not 2 <= len({c.address for c in claims}) <= most:
                continue
            named = [(c, self._names(c.address)) for c in claims]
            kinds = {n for _, n in named if n}
            if len(kinds) <= 1:
                out.append(claims)
            else:
                out += [[c for c, n in named if n == kind] for kind in sorted(kinds)]
        return out

    def same_instance(self) -> list[list[Claim]]:
        """Groups of claims of one BACnet instance by addresses that name no other.

        An address with several instances is a BACnet router, which speaks for others.
        """
        return [
            group
            for claims in _by_value(self.by["instance"])
            if 2 <= len({c.address for c in claims}) <= 4
            for group in [[c for c in claims if len(self._of["instance", c.address]) == 1]]
        ]

    def same_hostname(self) -> list[list[Claim]]:
        """Groups of claims of one host name by two addresses."""
        return [
            claims
            for claims in _by_value(self.by["hostname"])
            if len({c.address for c in claims}) == 2
        ]

    def _names(self, address: str) -> tuple[str, str] | None:
        model, vendor = (self._of.get((a, address), set()) for a in ("model", "vendor"))
        return (min(vendor, default=""), min(model)) if model else None


def _counts(attribute: str, source: str | None) -> bool:
    if attribute == "hostname":
        return not origin(source).startswith(HEARSAY_ORIGINS)
    if attribute == "instance":
        return origin(source).startswith("bacnet")
    return confidence(source) >= SELF_REPORT


def _normal(attribute: str, value: str) -> str | None:
    """The value in one spelling; None where it identifies nothing."""
    text = value.strip().lower()
    if text in PLACEHOLDERS:
        return None
    if attribute == "serial":
        bare = text.removeprefix("0x")
        return bare if len(bare) >= 4 and len(set(bare) - set(" -:")) > 1 else None
    if attribute == "instance":
        digits = text.replace(":", ",").rpartition(",")[2].strip()
        return digits if digits.isdecimal() and digits != BACNET_WILDCARD else None
    return text if attribute != "hostname" or len(text) >= 3 else None


def _by_value(claims: list[Claim]) -> list[list[Claim]]:
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.value].append(claim)
    return [groups[v] for v in sorted(groups)]
