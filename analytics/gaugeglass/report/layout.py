"""Geometry of the network map: bands, rows, and lines that go round what they do not touch.

Assets of a level stand in rows, ordered so that neighbours are near. A line leaves its upper end
downwards, crosses the rows between through the gaps beside their assets, and enters its lower end
from above; lines within a row arch over it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

from gaugeglass.report.network import BANDS, Link, Network, Node, link_title
from gaugeglass.report.text import visible

WIDTH = 1280
LEFT = 132  # where band names end and assets begin
RIGHT = 20
PITCH_MIN, PITCH_MAX = 100, 150
ICON, ROW_HEIGHT = 30, 62
EMPTY_BAND = 26
FONT, FONT_SMALL = 11.0, 9.5


@dataclass
class Place:
    """A node and where it stands: ``x`` is its middle, ``y`` the icon's top."""

    node: Node
    index: int
    x: float
    y: float
    label: str
    detail: str


@dataclass(frozen=True)
class Line:
    """A link's path, its arrow head (an SVG points list), the nodes it joins and what it says."""

    link: Link
    path: str
    arrow: str
    a: int
    b: int
    title: str


@dataclass(frozen=True)
class BandBox:
    """A band's box; ``empty`` ones are thin strips."""

    name: str
    note: str
    y: float
    height: float
    empty: bool


@dataclass(frozen=True)
class Map:
    """Everything the template draws."""

    width: int
    height: float
    bands: list[BandBox]
    places: list[Place]
    lines: list[Line]
    notes: list[str]


@dataclass
class _Row:
    nodes: list[Node]
    xs: list[float]
    pitch: float
    top: float = 0.0

    def gaps(self) -> list[float]:
        """Middles between neighbours, and the two sides."""
        return [self.xs[0] - self.pitch / 2, *(x + self.pitch / 2 for x in self.xs)]


def layout(net: Network) -> Map:
    """Place ``net``'s nodes and route its links. Deterministic."""
    rows, band_of = _rows(_ordered(net))
    home = {
        n.key: (r, x) for r, row in enumerate(rows) for n, x in zip(row.nodes, row.xs, strict=True)
    }
    crossing: Counter[int] = Counter()  # lines in the channel above each row
    for link in net.links:
        a, b = sorted((home[link.client][0], home[link.server][0]))
        crossing.update(range(a + 1, b + 1) if a != b else [a])
    bands, height = _stack(rows, band_of, crossing)
    index = {n.key: i for i, n in enumerate(net.nodes)}
    places = [
        Place(
            n, index[n.key], x, row.top,
            fit(n.label, row.pitch - 8, FONT), fit(n.detail, row.pitch - 8, FONT_SMALL),
        )
        for row in rows
        for n, x in zip(row.nodes, row.xs, strict=True)
    ]  # fmt: skip
    return Map(WIDTH, height, bands, places, _lines(net, rows, home, index), net.notes)


def _ordered(net: Network) -> dict[int, list[Node]]:
    """Nodes per band, each near the mean position of what it talks to (barycentre sweeps)."""
    bands: dict[int, list[Node]] = defaultdict(list)
    for node in net.nodes:
        bands[node.band].append(node)
    near: dict[str, list[str]] = defaultdict(list)
    for link in net.links:
        near[link.client].append(link.server)
        near[link.server].append(link.client)
    place = {n.key: (i + 0.5) / len(nodes) for nodes in bands.values() for i, n in enumerate(nodes)}
    for sweep in range(8):
        for number in sorted(bands, reverse=bool(sweep % 2)):
            nodes = bands[number]
            want = {
                n.key: sum(place[k] for k in near[n.key]) / len(near[n.key])
                if near[n.key]
                else place[n.key]
                for n in nodes
            }
            nodes.sort(key=lambda n: (round(want[n.key], 6), n.label, n.key))
            for i, node in enumerate(nodes):
                place[node.key] = (i + 0.5) / len(nodes)
    return bands


def _rows(bands: dict[int, list[Node]]) -> tuple[list[_Row], list[int]]:
    """Split each band into rows that fit the width; each row's band beside it."""
    room = WIDTH - LEFT - RIGHT
    rows: list[_Row] = []
    band_of: list[int] = []
    for number in sorted(bands):
        nodes = bands[number]
        count = -(-len(nodes) * PITCH_MIN // (room - PITCH_MIN // 2))
        for part in range(count):
            mine = nodes[part::count]
            # Rows of one band are staggered, so that lines pass between the assets above.
            pitch = min(PITCH_MAX, room / (len(nodes[::count]) + (0.5 if count > 1 else 0)))
            shift = pitch / 4 * (1 if part % 2 else -1) if count > 1 else 0.0
            start = LEFT + room / 2 - pitch * (len(mine) - 1) / 2 + shift
            rows.append(_Row(mine, [start + i * pitch for i in range(len(mine))], pitch))
            band_of.append(number)
    return rows, band_of


def _stack(
    rows: list[_Row], band_of: list[int], crossing: Counter[int]
) -> tuple[list[BandBox], float]:
    """Give every row its height, and every band its box."""
    boxes: list[BandBox] = []
    y = 0.0
    for number, (_, text) in enumerate(BANDS):
        mine = [i for i, b in enumerate(band_of) if b == number]
        name, note = text.split("|")
        start = y
        for i in mine:
            y += 22 + min(46, 1.4 * crossing[i])
            rows[i].top = y
            y += ROW_HEIGHT + 12 + min(30, 0.8 * crossing[i + 1])
        if not mine:
            y += EMPTY_BAND
        boxes.append(BandBox(name, note, start, y - start, not mine))
    return boxes, y


def _lines(
    net: Network, rows: list[_Row], home: dict[str, tuple[int, float]], index: dict[str, int]
) -> list[Line]:
    names = {n.key: n.label for n in net.nodes}
    used: Counter[tuple[int, int]] = Counter()
    routes: list[tuple[Link, list[tuple[int, float]]]] = []  # per row crossed: (row, x)
    # Quiet lines first: grave ones are drawn over them.
    for link in sorted(net.links, key=lambda n: (n.alerts > 0, n.rank, n.client, n.server)):
        ends = sorted((home[link.client], home[link.server]))
        (top, x0), (bottom, x1) = ends
        route = [(top, x0)]
        for r in range(top + 1, bottom):
            straight = x0 + (x1 - x0) * (r - top) / (bottom - top)
            gaps = rows[r].gaps()
            gap = min(range(len(gaps)), key=lambda g: (abs(gaps[g] - straight), g))
            lane = used[r, gap]
            used[r, gap] += 1
            route.append((r, gaps[gap] + (lane + 1) // 2 * 3.0 * (1 if lane % 2 else -1)))
        route.append((bottom, x1))
        routes.append((link, route))
    ports = _ports(routes)
    lines = []
    for i, (link, route) in enumerate(routes):
        x0, x1 = route[0][1] + ports[i, 0], route[-1][1] + ports[i, 1]
        down = home[link.server] >= home[link.client]
        if route[0][0] == route[-1][0]:
            y = rows[route[0][0]].top - 3
            rise = min(24.0, 9 + abs(x1 - x0) * 0.05)
            over = y - rise
            path = f"M{x0:.1f} {y:.1f}C{x0:.1f} {over:.1f} {x1:.1f} {over:.1f} {x1:.1f} {y:.1f}"
            arrow = _arrow(x1 if down else x0, y, True)
        else:
            path = _path(rows, route, x0, x1)
            top_y, end_y = rows[route[0][0]].top + ROW_HEIGHT, rows[route[-1][0]].top - 3
            arrow = _arrow(x1, end_y, True) if down else _arrow(x0, top_y, False)
        ends_ = index[link.client], index[link.server]
        lines.append(Line(link, path, arrow, *ends_, link_title(link, names)))
    return lines


def _ports(routes: list[tuple[Link, list[tuple[int, float]]]]) -> dict[tuple[int, int], float]:
    """Sideways offset of each line's two ends, so that lines at one node do not lie on another."""
    sides: dict[tuple[float, int, bool], list[tuple[float, int, int]]] = defaultdict(list)
    for i, (_, route) in enumerate(routes):
        flat = route[0][0] == route[-1][0]
        # (x, row, whether it leaves upwards) names a node's side; x is a node's own.
        sides[route[0][1], route[0][0], flat].append((route[1][1], i, 0))
        sides[route[-1][1], route[-1][0], True].append((route[-2][1], i, 1))
    offsets = {}
    for ends in sides.values():
        step = min(6.0, 40 / len(ends))
        for place, (_, i, end) in enumerate(sorted(ends)):
            offsets[i, end] = (place - (len(ends) - 1) / 2) * step
    return offsets


def _path(rows: list[_Row], route: list[tuple[int, float]], x0: float, x1: float) -> str:
    """An SVG path: straight through each crossed row, an S-curve in each channel."""
    x, y = x0, rows[route[0][0]].top + ROW_HEIGHT
    path = f"M{x:.1f} {y:.1f}"
    for r, at in route[1:]:
        last = r == route[-1][0]
        to_x, to_y = (x1 if last else at), rows[r].top - 3
        mid = (y + to_y) / 2
        path += f"C{x:.1f} {mid:.1f} {to_x:.1f} {mid:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
        if not last:
            y = rows[r].top + ROW_HEIGHT
            path += f"V{y:.1f}"
    return path


def _arrow(x: float, y: float, down: bool) -> str:
    back = y - 6 if down else y + 6
    return f"{x:.1f},{y:.1f} {x - 3:.1f},{back:.1f} {x + 3:.1f},{back:.1f}"


def fit(text: str, room: float, font: float) -> str:
    """``text`` made visible and cut to ``room`` pixels, by a cautious estimate of its width."""
    text = visible(text[:200])
    if _wide(text, font) <= room:
        return text
    while text and _wide(text + "…", font) > room:
        text = text[:-1]
    return text + "…"


def _wide(text: str, font: float) -> float:
    total = 0.0
    for char in text:
        if char in "iljftrI.,:;|!'()[] ":
            total += 0.36
        elif char in "mwMW@%" or unicodedata.east_asian_width(char) in "WF":
            total += 1.0
        else:
            total += 0.68 if char.isupper() else 0.58
    return total * font
