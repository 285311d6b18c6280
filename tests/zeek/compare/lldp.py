"""LLDP (IEEE 802.1AB): one announcement a frame, of one port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("lldp",)
SERVICES = ("lldp",)
SCRIPTS = ("protocols/lldp.zeek",)
ANALYZERS = ("lldp",)


def _port(pdu: Node) -> str:
    kind = pdu.num("lldp.port.subtype")
    if kind == 3:
        return pdu.get("lldp.port.id.mac") or ""
    if kind == 4:
        return pdu.get("lldp.port.id.ip4") or pdu.get("lldp.port.id.ip6") or ""
    return (pdu.get("lldp.port.id") or "").strip()


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Announcements with a chassis id, without which there is none."""
    for frame in frames:
        for pdu in frame.of("lldp"):
            if pdu.has("lldp.chassis.subtype"):
                yield Operation(frame.eth_src, frame.eth_dst, "", "announce", f"port:{_port(pdu)}")
