"""The HMI polling the turbine's S7 PLC."""

from __future__ import annotations

import contextlib
import struct

from snap7.client import Client

from ..devices.s7_plc import MEASUREMENTS, SETPOINTS
from ..node import Node

POLL_SECONDS = 1.5
WRITE_EVERY = 18
SPEED_SETPOINT_OFFSET = 0


def main(node: Node) -> None:
    """Poll until the run ends, reconnecting after a failure."""
    client = Client()
    for beat in node.every(POLL_SECONDS):
        try:
            if not client.get_connected():
                client.connect(node.peer("plc-turbine"), 0, 2)
            client.db_read(MEASUREMENTS, 0, 32)
            if beat % 2 == 0:
                client.db_read(SETPOINTS, 0, 16)
            if beat % WRITE_EVERY == 5:
                speed = struct.pack(">f", node.rng.uniform(2990, 3010))
                client.db_write(SETPOINTS, SPEED_SETPOINT_OFFSET, bytearray(speed))
        except Exception:  # the stack raises many kinds, and all mean: try again
            with contextlib.suppress(Exception):
                client.disconnect()
