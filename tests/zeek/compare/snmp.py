"""SNMP 1 to 3: one operation for each request, trap and inform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame

LAYERS = ("snmp",)
SERVICES = ("snmp",)
SCRIPTS = ("protocols/snmp.zeek",)
ANALYZERS: tuple[str, ...] = ()

#: By the choice of PDU (RFC 3416, 3; RFC 1157, 4.1); responses are left out.
NAMES = {
    0: "get", 1: "get_next", 3: "set", 4: "trap_v1", 5: "get_bulk", 6: "inform", 7: "trap_v2",
    8: "report",
}  # fmt: skip


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Version 3 without a readable PDU is ``encrypted``."""
    for frame in frames:
        for message in frame.of("snmp"):
            community = message.get("snmp.community")
            what = ""
            if community is not None:
                known = community.lower() in ("public", "private")
                what = "community:" + (community.lower() if known else "not_default")
            kind = message.num("snmp.data")
            if kind in NAMES:
                yield Operation(frame.src, frame.dst, "", NAMES[kind], what)
            elif message.has("snmp.encryptedPDU"):
                yield Operation(frame.src, frame.dst, "", "encrypted", "")
