"""Every Modbus function code is tried on one PLC, to see which it knows."""

from __future__ import annotations

from ..mbap import RawModbus
from ..node import Node

TITLE = "All Modbus function codes tried on the boiler PLC; most are illegal"
TECHNIQUES = ("T0888", "T0846")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-boiler")
EVIDENCE = "modbus.exception_code == 1 && ip.dst == 10.20.1.99"

WRITES = (5, 6, 15, 16, 22, 23)  # left out: a scan to learn, not to change
LAST_FUNCTION = 100


def run(node: Node) -> None:
    """One request for each function code."""
    raw = RawModbus(node.peer("plc-boiler"), timeout=0.3)
    try:
        for function in range(1, LAST_FUNCTION + 1):
            if function not in WRITES:
                raw.ask(function, b"\0\0\0\1")
                node.pause(0.03)
    finally:
        raw.close()
