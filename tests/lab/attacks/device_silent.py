"""The pump PLC's cable is pulled and stays out."""

from __future__ import annotations

from ..node import LAB, Node

TITLE = "The pump PLC falls silent: its switch port goes down and stays down"
TECHNIQUES = ("T1695.002", "T0829", "T0826")
ORIGIN = LAB
ENTITIES = ("plc-pump",)
EVIDENCE = "arp.opcode == 1 && arp.dst.proto_ipv4 == 10.20.1.12"

SILENT_SECONDS = 25.0


def run(node: Node) -> None:
    """Pull the cable and let the plant go on without it."""
    node.plug("plc-pump", False)
    node.pause(SILENT_SECONDS)
