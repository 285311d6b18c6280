"""A BACnet/IP building controller (bacpypes3): hall temperatures and setpoints.

ReinitializeDevice is not in bacpypes3's services; a controller that accepts it
is the point of one attack, so the application answers it here.
"""

from __future__ import annotations

import asyncio

from bacpypes3.apdu import ReinitializeDeviceRequest, SimpleAckPDU
from bacpypes3.app import Application
from bacpypes3.local.analog import AnalogInputObject, AnalogValueObject
from bacpypes3.local.binary import BinaryValueObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject

from ..node import Node

DEVICE_INSTANCE = 4120
DELTA_CONTROLS = 8  # ASHRAE vendor id


class Controller(Application):
    """An application that also obeys ReinitializeDevice."""

    async def do_ReinitializeDeviceRequest(self, apdu: ReinitializeDeviceRequest) -> None:
        """Acknowledge a warm or cold start."""
        await self.response(SimpleAckPDU(context=apdu))


def objects(node: Node) -> list[object]:
    """The device, its port and its points."""
    device = DeviceObject(
        objectIdentifier=("device", DEVICE_INSTANCE),
        objectName=node.name.upper(),
        vendorIdentifier=DELTA_CONTROLS,
        vendorName=node.host.vendor,
        modelName=node.host.model,
        firmwareRevision=node.host.firmware,
        applicationSoftwareVersion="HALL 2.1",
        description="Turbine hall ventilation",
    )
    prefix = node.plant.segments[node.host.segment].prefix_length
    port = NetworkPortObject(
        f"{node.ip}/{prefix}", objectIdentifier=("network-port", 1), objectName="Ethernet"
    )
    points: list[object] = [device, port]
    for index, name in enumerate(("Supply Air Temp", "Hall Temp", "Duct Pressure", "CO2"), start=1):
        points.append(
            AnalogInputObject(
                objectIdentifier=("analog-input", index), objectName=name, presentValue=20.0
            )
        )
    for index, (name, value) in enumerate(
        (("Hall Setpoint", 18.0), ("Night Setpoint", 14.0)), start=1
    ):
        points.append(
            AnalogValueObject(
                objectIdentifier=("analog-value", index), objectName=name, presentValue=value
            )
        )
    points.append(
        BinaryValueObject(
            objectIdentifier=("binary-value", 1), objectName="Fan Enable", presentValue="active"
        )
    )
    return points


async def main(node: Node) -> None:
    """Announce ourselves, then answer and refresh until the run ends."""
    application = Controller.from_object_list(objects(node))
    await asyncio.sleep(0.5)
    application.i_am()
    inputs = [o for o in application.iter_objects() if isinstance(o, AnalogInputObject)]
    async for _ in node.every_async(1.0):
        for point in inputs:
            point.presentValue = round(node.measure(str(point.objectName), 12, 30), 2)
