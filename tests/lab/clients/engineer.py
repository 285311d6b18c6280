"""The engineering workstation's ordinary day: looking, never changing.

It looks at the router over SSH, at the camera and the serial server over HTTP,
and asks two PLCs who they are.
"""

from __future__ import annotations

import asyncio
import contextlib

import asyncssh
import requests
from pymodbus.client import ModbusTcpClient
from snap7.client import Client

from ..devices import router
from ..devices.camera import CREDENTIALS
from ..node import Node
from ..web import BROWSER

PERIOD_SECONDS = 9.0
HTTP_TIMEOUT = 3


async def look_at_router(node: Node) -> None:
    """One SSH session with one command."""
    gateway = node.plant.segments[node.host.segment].gateway
    name, password = router.LOGIN
    async with asyncssh.connect(
        gateway,
        username=name,
        password=password,
        known_hosts=None,
        config=None,
        client_keys=None,
        client_version="PuTTY_Release_0.78",
    ) as session:
        await session.run("show status")


def look_at_camera(node: Node) -> None:
    """One still picture."""
    name, _, password = CREDENTIALS[1].partition(":")
    url = f"http://{node.peer('camera-gate')}/ISAPI/Streaming/channels/101/picture"
    requests.get(url, auth=(name, password), timeout=HTTP_TIMEOUT, headers=BROWSER)


def look_at_serial_server(node: Node) -> None:
    """The status page."""
    url = f"http://{node.peer('serial-server')}/status.htm"
    requests.get(url, timeout=HTTP_TIMEOUT, headers=BROWSER)


def ask_modbus_identity(node: Node) -> None:
    """Basic device identification of the pump's PLC."""
    client = ModbusTcpClient(node.peer("plc-pump"), timeout=1)
    if client.connect():
        client.read_device_information(read_code=1, object_id=0, device_id=1)
    client.close()


def ask_s7_identity(node: Node) -> None:
    """Order code and CPU information of the turbine's PLC."""
    client = Client()
    client.connect(node.peer("plc-turbine"), 0, 2)
    client.get_cpu_info()
    client.get_order_code()
    client.disconnect()


def main(node: Node) -> None:
    """Go round until the run ends."""
    rounds = (
        look_at_camera,
        look_at_serial_server,
        None,
        look_at_camera,
        ask_modbus_identity,
        look_at_camera,
        ask_s7_identity,
    )
    for beat in node.every(PERIOD_SECONDS, jitter=0.15):
        look = rounds[beat % len(rounds)]
        with contextlib.suppress(Exception):  # a device may be busy being attacked
            if look is None:
                asyncio.run(asyncio.wait_for(look_at_router(node), 5))
            else:
                look(node)
