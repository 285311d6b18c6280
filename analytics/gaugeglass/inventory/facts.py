"""Claims to facts: what an asset was seen to say of itself, with source, span and confidence."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import duckdb

from gaugeglass.inventory.confidence import confidence
from gaugeglass.inventory.identity import Device
from gaugeglass.inventory.model import FIELDS, LATEST, Fact
from gaugeglass.inventory.oui import vendor
from gaugeglass.inventory.selfreport import PLACEHOLDERS
from gaugeglass.ledger.schema import ATTRIBUTES

#: Longest value kept; what is longer is cut, and a note says so.
VALUE_MAX = 512
#: Most values kept of one attribute of one asset, the latest first; a note says what was left.
VALUES_MAX = 16

_ORDER = {name: i for i, name in enumerate(FIELDS)}


class Facts:
    """Facts of all assets. Values are as they came off the wire, except for their length."""

    def __init__(self, db: duckdb.DuckDBPyConnection, assets: int, member: str) -> None:
        """Read the claims of ``assets`` assets; ``member`` says who held an address when."""
        self.of: list[list[Fact]] = [[] for _ in range(assets)]
        self.notes: list[list[str]] = [[] for _ in range(assets)]
        rows = db.execute(
            f"""
            WITH grouped AS (
                SELECT m.asset AS asset, c.attribute AS attribute,
                       left(c."value", {VALUE_MAX}) AS text, c.source AS source,
                       bool_or(length(c."value") > {VALUE_MAX}) AS cut,
                       min(c."first") AS first, max(c."last") AS last
                FROM claims c
                JOIN "{member}" m
                ON m.raw = c.asset AND c."first" < m.stop AND c."last" >= m.start
                WHERE c.attribute IN (SELECT unnest($attributes))
                      AND lower(trim(left(c."value", 64))) NOT IN (SELECT unnest($placeholders))
                GROUP BY ALL
            )
            SELECT asset, attribute, text, source, cut, first, last,
                   count(*) OVER (PARTITION BY asset, attribute) AS known
            FROM grouped
            QUALIFY row_number() OVER (
                PARTITION BY asset, attribute ORDER BY last DESC, first DESC, text, source
            ) <= {VALUES_MAX}
            ORDER BY ALL
            """,
            {
                "attributes": [a for a in ATTRIBUTES if a not in ("mac", "ip")],
                "placeholders": sorted(PLACEHOLDERS - {"localhost", "localhost.localdomain"}),
            },
        ).fetchall()
        dropped: dict[tuple[int, str], int] = {}
        for asset, attribute, text, source, cut, first, last, known in rows:
            self.of[asset].append(
                Fact(attribute, text, source or "", first, last, confidence(source))
            )
            if cut:
                note = f"{attribute}: a value longer than {VALUE_MAX} characters was cut"
                if note not in self.notes[asset]:
                    self.notes[asset].append(note)
            if known > VALUES_MAX:
                dropped[asset, attribute] = known - VALUES_MAX
        for (asset, attribute), n in dropped.items():
            self.notes[asset].append(f"{attribute}: {n} further values, older ones, are not kept")

    def add_makers(self, asset: int, device: Device) -> None:
        """Add a weak vendor claim for each MAC of ``device`` whose prefix is registered."""
        for node in device.nodes:
            name = vendor(node.address)
            if name:
                self.of[asset].append(
                    Fact("vendor", name, "oui", node.first, node.last, confidence("oui"))
                )

    def ranked(self, asset: int) -> tuple[Fact, ...]:
        """The best of each attribute, in the order of ``FIELDS``, then the rest likewise."""
        best: dict[str, Fact] = {}
        rest: list[Fact] = []
        for fact in sorted(set(self.of[asset]), key=_rank):
            if best.setdefault(fact.attribute, fact) is not fact:
                rest.append(fact)
        order = sorted(best.values(), key=lambda f: (_ORDER.get(f.attribute, 99), f.attribute))
        rest.sort(key=lambda f: (_ORDER.get(f.attribute, 99), f.attribute, _rank(f)))
        return (*order, *rest)


def firmware_history(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Distinct firmware values, first seen first, each with its best source and whole span.

    Spans that overlap are parts of one device, as the modules of a rack, not a change.
    """
    by_value: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.attribute == "firmware":
            by_value[fact.value].append(fact)
    merged = [
        Fact(
            "firmware", value, min(same, key=_rank).source, min(f.first for f in same),
            max(f.last for f in same), max(f.confidence for f in same),
        )
        for value, same in by_value.items()
    ]  # fmt: skip
    return tuple(sorted(merged, key=lambda f: (f.first, f.last, f.value)))


def _rank(fact: Fact) -> tuple[float, timedelta, timedelta, str, str]:
    """Most believed first, then the latest."""
    return (
        -fact.confidence,
        LATEST - fact.last,
        LATEST - fact.first,
        fact.value,
        fact.source,
    )
