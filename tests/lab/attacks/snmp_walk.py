"""Devices are asked over SNMP with the community everybody knows."""

from __future__ import annotations

import socket

from ..frames import snmp_next
from ..node import Node

TITLE = "SNMP walk of devices with the community public by a new device"
TECHNIQUES = ("T0888", "T1694.001")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-boiler", "plc-turbine", "serial-server", "router")
EVIDENCE = "snmp && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """The system group of four devices, from each a dozen objects."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for name in ENTITIES[1:]:
            for number in range(12):
                oid = bytes.fromhex("2b060102010101") + bytes([number])
                sock.sendto(snmp_next("public", oid, number), (node.peer(name), 161))
                node.pause(0.08)
