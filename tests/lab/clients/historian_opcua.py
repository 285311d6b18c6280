"""The historian's OPC UA session: a subscription, and a read now and then."""

from __future__ import annotations

import asyncio
import logging

from asyncua import Client, ua
from asyncua import Node as UaNode

from ..devices.opcua_server import MEASURES, NAMESPACE_URI
from ..node import Node

READ_SECONDS = 4.0
PUBLISH_MILLISECONDS = 3000
WATCHDOG_SECONDS = 20.0


class Sink:
    """Receives data changes; the packets are all we want."""

    def datachange_notification(self, node: UaNode, value: object, data: object) -> None:
        """Drop the value."""


async def collect(node: Node) -> None:
    """One session until the run ends or it breaks."""
    url = f"opc.tcp://{node.peer('ipc-metering')}:4840/"
    client = Client(url, timeout=4, watchdog_intervall=WATCHDOG_SECONDS)
    client.application_uri = "urn:historian:PlantArchive:Collector"
    client.set_user("collector")
    client.set_password("Archive-19")
    async with client:
        index = await client.get_namespace_index(NAMESPACE_URI)
        nodes = [client.get_node(ua.NodeId(name, index)) for name in MEASURES]
        subscription = await client.create_subscription(PUBLISH_MILLISECONDS, Sink())
        await subscription.subscribe_data_change(nodes[:2])
        async for _ in node.every_async(READ_SECONDS):
            await client.read_values(nodes)


async def main(node: Node) -> None:
    """Collect until the run ends, reconnecting after a failure."""
    logging.disable(logging.WARNING)
    node.wait_for("ipc-metering", 4840)
    while node.running:
        try:
            await collect(node)
        except (TimeoutError, OSError, ua.UaError):
            await asyncio.sleep(3)
