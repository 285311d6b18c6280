"""The operator station polls the pump PLC many times faster than it ever did."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient

from ..node import Node

TITLE = "The pump PLC polled many times faster than usual by the operator station"
TECHNIQUES = ("T0814", "T0802")
ORIGIN = "hmi"
ENTITIES = ("hmi", "plc-pump")
EVIDENCE = "modbus.func_code == 4 && ip.src == 10.20.1.50 && ip.dst == 10.20.1.12"


def run(node: Node) -> None:
    """The usual request, eight times a second."""
    client = ModbusTcpClient(node.peer("plc-pump"), timeout=1)
    client.connect()
    for _ in range(120):
        client.read_input_registers(0, count=24, device_id=1)
        node.pause(0.1)
    client.close()
