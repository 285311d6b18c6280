"""IEC 60870-5-104 (IEC 60870-5-101:2003, 7.2 and 7.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.zeek.compare import Explained, Operation
from tests.zeek.tshark import Frame, Node

from gaugeglass.protocols.iec104 import TYPES

LAYERS = ("iec60870_104", "iec60870_asdu")
SERVICES = ("iec104",)
SCRIPTS = ("protocols/iec104.zeek",)
ANALYZERS = ("iec104",)

PORT = 2404
IDS = (
    *range(1, 22), *range(30, 41), *range(45, 52), *range(58, 65), 70, *range(100, 108),
    *range(110, 114), *range(120, 128),
)  # fmt: skip
NAMES = dict(zip(IDS, map(str.lower, TYPES), strict=True))
STARTDT, STOPDT = 0x01, 0x04
CONFIRMS = (7, 9, 44, 45, 46, 47)
ASKS = (5, 6, 8)
TERMINATION = 10
EVERYBODY = 65535

#: What a capture's requests wait for: by stream, type, common address and object.
Waiting = dict[tuple[str, int, int, str], int]


def _objects(asdu: Node, kind: int) -> list[str]:
    if kind == 100:
        return [f"group:{max((asdu.num('iec60870_asdu.qoi') or 0) - 20, 0)}"]
    addresses = asdu.nums("iec60870_asdu.ioa")
    number = asdu.num("iec60870_asdu.numix") or 0
    if asdu.num("iec60870_asdu.sq") and number > 1 and addresses:
        return [f"ioa:{addresses[0]}-{addresses[0] + number - 1}"]
    return [f"ioa:{a}" for a in addresses] or [""]


def _selects(asdu: Node) -> bool:
    return any(asdu.num(f"iec60870_asdu.{q}.se") for q in ("sco", "dco", "rco", "qos"))


def _asdu(frame: Frame, asdu: Node, waiting: Waiting) -> Iterator[Operation]:
    kind, cause = asdu.num("iec60870_asdu.typeid"), asdu.num("iec60870_asdu.causetx")
    unit = asdu.num("iec60870_asdu.addr")
    if kind is None or cause is None or unit is None:
        return
    asked = frame.dport == PORT
    own = 45 <= kind < 120 and kind != 70 and kind in NAMES
    name = NAMES.get(kind, f"type_{kind}") + ("_select" if own and _selects(asdu) else "")
    if own and cause == TERMINATION:
        return
    for what in _objects(asdu, kind):
        client, server = (frame.src, frame.dst) if asked else (frame.dst, frame.src)
        if own and cause in CONFIRMS:
            # A confirmation counts where no request for it was captured.
            client, server = frame.dst, frame.src
            keys = [(frame.stream, kind, u, what) for u in (EVERYBODY, unit)]
            if key := next((k for k in keys if waiting[k]), None):
                waiting[key] -= 1
                continue
        elif own and cause in ASKS:
            client, server = frame.src, frame.dst
            waiting[frame.stream, kind, unit, what] += 1
        yield Operation(client, server, str(unit), name, what)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Every command with its confirmation as one; every object of a report."""
    waiting: Waiting = defaultdict(int)
    for frame in frames:
        for node in frame.protos:
            if node.name == "iec60870_asdu":
                yield from _asdu(frame, node, waiting)
            elif node.num("iec60870_104.utype") == STARTDT:
                yield Operation(frame.src, frame.dst, "", "startdt", "")
            elif node.num("iec60870_104.utype") == STOPDT:
                yield Operation(frame.src, frame.dst, "", "stopdt", "")


EXPLAINED: tuple[Explained, ...] = ()
