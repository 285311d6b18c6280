"""The network map: everything is placed, nothing lies on anything else, lines keep clear."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_plant import asset, plant

from gaugeglass.inventory.model import ROLES, Asset
from gaugeglass.report import layout, network
from gaugeglass.report.layout import FONT, LEFT, ROW_HEIGHT, WIDTH, Map


def drawn(assets: list[Asset], conduits: list[dict[str, object]]) -> Map:
    return layout.layout(network.network(assets, conduits, []))


def check(found: Map) -> None:
    boxes = [(p.x - 50, p.y - 8, p.x + 50, p.y + ROW_HEIGHT - 4) for p in found.places]
    for a, b in combinations(boxes, 2):
        apart = a[2] <= b[0] + 0.01 or b[2] <= a[0] + 0.01 or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (a, b)
    for x0, _, x1, y1 in boxes:
        assert x0 >= LEFT - 1
        assert x1 <= WIDTH + 1
        assert y1 <= found.height
    for place in found.places:
        band = found.bands[place.node.band]
        assert band.y <= place.y < band.y + band.height
        assert not band.empty


def test_the_plant_is_drawn_whole_and_nothing_overlaps() -> None:
    data = plant()
    found = layout.layout(network.network(data.assets, data.conduits, data.alerts))
    check(found)
    assert len(found.places) == len(data.assets) == 40
    pairs = {(c["client"], c["server"]) for c in data.conduits}
    pairs |= {(a.client, a.server) for a in data.alerts if a.severity != "info"}
    known = network.addresses(data.assets)
    assert len(found.lines) == len({p for p in pairs if p[0] in known and p[1] in known})
    assert any("outside the inventory" in note for note in found.notes)
    stop = next(n for n in found.lines if "s7comm/102" in n.title and n.link.alerts == 2)
    assert stop.link.kind == "program"


def test_lines_pass_beside_assets_not_through_them() -> None:
    data = plant()
    found = layout.layout(network.network(data.assets, data.conduits, data.alerts))
    at_x = {p.index: p for p in found.places}
    for line in found.lines:
        x = 0.0
        for command, numbers in re.findall(r"([MCV])([^MCV]*)", line.path):
            values = [float(n) for n in numbers.split()]
            if command == "V":  # crosses a row here
                for place in at_x.values():
                    if place.y - 3 <= values[0] <= place.y + ROW_HEIGHT + 1:
                        assert abs(place.x - x) > 20, (line.title, place.label)
            else:
                x = values[-2]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ROLES), st.sampled_from([None, 0, 0.5, 1, 2, 2.5, 3, 3.5, 4, 5, -1, 9]),
            st.booleans(),
        ),
        max_size=130,
    ),
    st.lists(st.tuples(st.integers(0, 129), st.integers(0, 129)), max_size=200),
)  # fmt: skip
def test_any_plant_fits(
    kinds: list[tuple[str, float | None, bool]], pairs: list[tuple[int, int]]
) -> None:
    assets = [
        asset(i, f"device {i}", role, level, f"10.0.0.{i}", local=local)
        for i, (role, level, local) in enumerate(kinds)
    ]
    conduits: list[dict[str, object]] = [
        {"client": f"10.0.0.{a}", "server": f"10.0.0.{b}", "actions": ["read"]} for a, b in pairs
    ]
    found = drawn(assets, conduits)
    check(found)
    assert sum(p.node.members for p in found.places) == len(assets)
    assert len(found.lines) <= network.LINKS_MAX


def test_beyond_the_cap_those_with_alerts_stand_alone_and_the_map_says_so() -> None:
    data = plant()
    more = [asset(100 + i, f"PLC {i}", "controller", 1, f"10.30.0.{i}") for i in range(100)]
    found = layout.layout(network.network([*data.assets, *more], data.conduits, data.alerts))
    check(found)
    alone = {p.node.key for p in found.places if p.node.members == 1}
    known = network.addresses(data.assets)
    loud = {a for n in data.alerts if n.severity != "info" for a in network.involved(n, known)}
    assert loud <= alone
    assert any("140 assets are too many" in note for note in found.notes)
    assert any(p.node.members > 50 and p.node.label.endswith("controllers") for p in found.places)


def test_an_address_of_two_assets_belongs_to_the_smaller_id() -> None:
    twins = [asset(1, "a", "hmi", 2, "10.0.0.1"), asset(2, "b", "hmi", 2, "10.0.0.1")]
    for order in (twins, twins[::-1]):
        assert network.addresses(order)["10.0.0.1"].id == "a001"


@pytest.mark.parametrize("text", ["W" * 300, "泵" * 60, "i" * 300, "a\u0301" * 90, "\u202e" * 40])
def test_labels_are_cut_to_their_room(text: str) -> None:
    shown = layout.fit(text, 100, FONT)
    assert shown.endswith("…")
    assert layout._wide(shown, FONT) <= 100


def test_a_line_shows_the_gravest_action_of_its_pair() -> None:
    pair = {"client": "10.20.4.11", "server": "10.20.1.11"}
    rows = [
        {**pair, "service": s, "port": 1, "actions": a}
        for s, a in (("x", ["read"]), ("y", ["restart", "read"]), ("z", ["connect"]))
    ]
    data = replace(plant(), conduits=rows, alerts=[])
    (line,) = network.network(data.assets, data.conduits, data.alerts).links
    assert line.kind == "program"
    assert line.services == {"x/1", "y/1", "z/1"}
