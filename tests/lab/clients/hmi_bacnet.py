"""The HMI reading the hall's ventilation over BACnet/IP (bacpypes3)."""

from __future__ import annotations

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.app import Application
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject
from bacpypes3.pdu import Address
from bacpypes3.primitivedata import ObjectIdentifier

from ..node import Node

POLL_SECONDS = 2.0
WRITE_EVERY = 15
WHO_IS_EVERY = 30
READS = ("analog-input,1", "analog-input,2", "analog-value,1")


def workstation(node: Node, instance: int, name: str) -> Application:
    """A BACnet device that only asks."""
    prefix = node.plant.segments[node.host.segment].prefix_length
    device = DeviceObject(
        objectIdentifier=("device", instance),
        objectName=name,
        vendorIdentifier=999,
        vendorName="Operator station",
    )
    port = NetworkPortObject(
        f"{node.ip}/{prefix}", objectIdentifier=("network-port", 1), objectName="Ethernet"
    )
    return Application.from_object_list([device, port])


async def main(node: Node) -> None:
    """Poll until the run ends."""
    application = workstation(node, 3001, "HMI")
    controller = Address(node.peer("bms-hall"))
    async for beat in node.every_async(POLL_SECONDS):
        try:
            if beat % WHO_IS_EVERY == 2:
                await application.who_is(timeout=0.5)
            for point in READS:
                await application.read_property(
                    controller, ObjectIdentifier(point), "present-value"
                )
            if beat % WRITE_EVERY == 7:
                value = float(round(node.rng.uniform(17.5, 18.5), 1))
                await application.write_property(
                    controller, ObjectIdentifier("analog-value,1"), "present-value", value
                )
        except (ErrorRejectAbortNack, OSError):
            continue
