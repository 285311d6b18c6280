"""All BACnet devices are looked for, range by range, and their clocks set."""

from __future__ import annotations

import socket
import struct

from ..frames import bacnet
from ..node import Node

TITLE = "BACnet devices looked for range by range, clocks set by broadcast, by a new device"
TECHNIQUES = ("T0846.002", "T0836")
ORIGIN = "laptop"
ENTITIES = ("laptop",)
EVIDENCE = "bacapp.unconfirmed_service in {6, 8} && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """Who-Is of forty ranges, then TimeSynchronization three times."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind((node.ip, 47808))
        target = (node.ip.rsplit(".", 1)[0] + ".255", 47808)
        for low in range(0, 8000, 200):
            limits = b"\x0a" + struct.pack("!H", low) + b"\x1a" + struct.pack("!H", low + 199)
            sock.sendto(bacnet(b"\x10\x08" + limits, broadcast=True), target)
            node.pause(0.1)
        for _ in range(3):
            moment = bytes.fromhex("a465010101b403000000")
            sock.sendto(bacnet(b"\x10\x06" + moment, broadcast=True), target)
            node.pause(0.5)
