"""The HMI polling both Modbus PLCs, and now and then writing a setpoint."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from ..node import Node

POLL_SECONDS = 1.5
WRITE_EVERY = 16  # polls between an operator's setpoint changes
UNIT = 1


def poll(client: ModbusTcpClient, pump: bool) -> None:
    """One cycle: measurements, setpoints, outputs."""
    client.read_input_registers(0, count=24 if pump else 36, device_id=UNIT)
    client.read_holding_registers(0, count=10, device_id=UNIT)
    if pump:
        client.read_coils(0, count=8, device_id=UNIT)


def write(node: Node, client: ModbusTcpClient, pump: bool) -> None:
    """An operator trims a setpoint: always the same few registers."""
    if pump:
        client.write_registers(
            0, [node.rng.randrange(640, 660), node.rng.randrange(700, 740)], device_id=UNIT
        )
    else:
        client.write_register(node.rng.choice((0, 1)), node.rng.randrange(600, 700), device_id=UNIT)


def main(node: Node) -> None:
    """Poll until the run ends, reconnecting after a failure."""
    names = ("plc-boiler", "plc-pump")
    clients = {name: ModbusTcpClient(node.peer(name), timeout=0.7, retries=0) for name in names}
    for beat in node.every(POLL_SECONDS):
        for name, client in clients.items():
            pump = name == "plc-pump"
            try:
                if not client.connected and not client.connect():
                    continue
                poll(client, pump)
                if beat % WRITE_EVERY == (WRITE_EVERY // 2 if pump else 3):
                    write(node, client, pump)
            except (ModbusException, OSError):
                client.close()
