"""The fuel controller's tags are listed, and each is read once."""

from __future__ import annotations

import contextlib

from cpppo.server.enip import client as enip
from pycomm3 import CIPDriver

from ..devices.cip_plc import GET_INSTANCE_ATTRIBUTE_LIST, TAGS
from ..node import Node

TITLE = "CIP tags of the fuel controller listed and read by a new device"
TECHNIQUES = ("T0861", "T0888")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-fuel")
EVIDENCE = "cip.sc == 0x55 && ip.src == 10.20.1.99"

SYMBOL_CLASS = 0x6B
NAME_AND_TYPE = b"\x02\0\x01\0\x02\0"


def run(node: Node) -> None:
    """Get Instance Attribute List on the Symbol class, then Read Tag for each."""
    with CIPDriver(node.peer("plc-fuel")) as driver:
        for first in (0, 3):
            driver.generic_message(
                service=GET_INSTANCE_ATTRIBUTE_LIST,
                class_code=SYMBOL_CLASS,
                instance=first,
                request_data=NAME_AND_TYPE,
                connected=False,
                unconnected_send=True,
            )
            node.pause(0.3)
    reads = [f"{name}[0-{count - 1}]" for name, (_, count) in TAGS.items()]
    with (
        contextlib.suppress(Exception),
        enip.connector(host=node.peer("plc-fuel"), timeout=3) as link,
    ):
        for _ in link.synchronous(operations=enip.parse_operations(reads), timeout=3):
            node.pause(0.2)
