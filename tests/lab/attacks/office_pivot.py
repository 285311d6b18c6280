"""An office PC reaches past the operations zone: SSH to the HMI, Modbus reads from a PLC."""

from __future__ import annotations

import asyncio
import contextlib

from pymodbus.client import ModbusTcpClient

from ..node import Node
from .vendor_remote_access import ssh

TITLE = "An office PC logs in to the HMI over SSH and reads the boiler PLC over Modbus"
TECHNIQUES = ("T0886", "T0859", "T0801")
ORIGIN = "office"
ENTITIES = ("office", "hmi", "plc-boiler")
EVIDENCE = "(ssh || modbus) && ip.src == 10.20.5.30"

READS = 8


def run(node: Node) -> None:
    """A login and a few reads, across two zone boundaries."""
    with contextlib.suppress(OSError):
        asyncio.run(ssh(node.peer("hmi")))
    client = ModbusTcpClient(node.peer("plc-boiler"), timeout=1)
    client.connect()
    for block in range(READS):
        client.read_holding_registers(block * 2, count=2, device_id=1)
        node.pause(0.3)
    client.close()
