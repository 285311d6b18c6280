"""The HMI reading the fuel controller's tags over EtherNet/IP (cpppo)."""

from __future__ import annotations

import logging

from cpppo.server.enip import client as enip

from ..node import Node

POLL_SECONDS = 2.0
WRITE_EVERY = 14
READS = ["Fuel_Flow[0-7]", "Valve_Pos[0-3]"]


def main(node: Node) -> None:
    """Poll until the run ends, reconnecting after a failure."""
    logging.disable(logging.WARNING)
    connection = None
    for beat in node.every(POLL_SECONDS):
        operations = list(READS)
        if beat % 4 == 0:
            operations.append("Burner_State[0-3]")
        if beat % WRITE_EVERY == 6:
            operations.append(f"Setpoint_Temp[0]=(REAL){node.rng.uniform(840, 860):.1f}")
        try:
            if connection is None:
                connection = enip.connector(host=node.peer("plc-fuel"), timeout=3)
            # One by one rather than in a Multiple Service Packet: each request is then a row.
            # (`with` takes the connection's lock; it does not close it.)
            with connection:
                requests = enip.parse_operations(operations)
                for _ in connection.synchronous(operations=requests, timeout=3):
                    pass
        except Exception:  # the stack raises many kinds, and all mean: try again
            if connection is not None:
                connection.close()
            connection = None
