"""The laptop asks every controller who it is: Modbus, S7, CIP and BACnet."""

from __future__ import annotations

import asyncio
import contextlib

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.primitivedata import ObjectIdentifier
from pycomm3 import CIPDriver
from pymodbus.client import ModbusTcpClient
from snap7.client import Client

from ..clients.hmi_bacnet import workstation
from ..node import Node

TITLE = "Device identities read over Modbus, S7, CIP and BACnet by a new device"
TECHNIQUES = ("T0888", "T0846.002")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-boiler", "plc-pump", "plc-turbine", "plc-fuel", "bms-hall")
EVIDENCE = (
    "(modbus.func_code == 43 || s7comm.param.userdata.subfunc == 1"
    " || enip.command == 0x63 || bacapp.unconfirmed_service == 8) && ip.src == 10.20.1.99"
)

IDENTITY_CLASS, GET_ATTRIBUTES_ALL = 0x01, 0x01
BACNET_IDENTITY = ("vendor-name", "model-name", "firmware-revision", "object-name")


def modbus(address: str) -> None:
    """Function 43/14: basic, then regular."""
    client = ModbusTcpClient(address, timeout=1)
    if client.connect():
        for level in (1, 2):
            client.read_device_information(read_code=level, object_id=0, device_id=1)
    client.close()


def s7(address: str) -> None:
    """SZL 0x11, 0x1C, 0x131, 0x232 and the block list."""
    client = Client()
    client.connect(address, 0, 2)
    for question in (
        client.get_order_code,
        client.get_cpu_info,
        client.get_cp_info,
        client.get_protection,
        client.list_blocks,
    ):
        with contextlib.suppress(Exception):
            question()
    client.disconnect()


def cip(address: str) -> None:
    """ListIdentity and the Identity object."""
    CIPDriver.list_identity(address)
    with CIPDriver(address) as driver:
        driver.generic_message(
            service=GET_ATTRIBUTES_ALL,
            class_code=IDENTITY_CLASS,
            instance=1,
            connected=False,
            unconnected_send=True,
        )


async def bacnet(node: Node) -> None:
    """Who-Is to everybody, then the device object of who answers."""
    application = workstation(node, 4_000_001, "SCAN")
    for found in await application.who_is(timeout=0.6):
        for name in BACNET_IDENTITY:
            with contextlib.suppress(ErrorRejectAbortNack):
                await application.read_property(
                    found.pduSource, ObjectIdentifier(found.iAmDeviceIdentifier), name
                )
    application.close()


def run(node: Node) -> None:
    """One protocol after the other; a device that will not answer is passed over."""
    steps = (
        lambda: modbus(node.peer("plc-boiler")),
        lambda: modbus(node.peer("plc-pump")),
        lambda: s7(node.peer("plc-turbine")),
        lambda: cip(node.peer("plc-fuel")),
        lambda: asyncio.run(bacnet(node)),
    )
    for step in steps:
        with contextlib.suppress(Exception):
            step()
        node.pause(0.3)
