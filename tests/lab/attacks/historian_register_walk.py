"""Registers of the pump PLC are read one at a time by the historian."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient

from ..node import Node

TITLE = "Registers of the pump PLC read one by one, slowly, by the historian"
TECHNIQUES = ("T0861", "T0801")
ORIGIN = "historian"
ENTITIES = ("historian", "plc-pump")
EVIDENCE = "modbus.func_code == 3 && ip.src == 10.20.3.10"


def run(node: Node) -> None:
    """Twenty-five single registers, one a second."""
    client = ModbusTcpClient(node.peer("plc-pump"), timeout=1)
    client.connect()
    for address in range(25):
        client.read_holding_registers(address, count=1, device_id=1)
        node.pause(0.8)
    client.close()
