"""The SCADA server's IEC 104 link: spontaneous values, interrogation now and then."""

from __future__ import annotations

import c104

from ..devices.iec104_rtu import BREAKER_STATE, COMMON_ADDRESS, MEASURED
from ..node import Node

INTERROGATE_SECONDS = 12.0


def connect(address: str) -> tuple[c104.Client, c104.Connection, c104.Station]:
    """A client and a link to the RTU that is not yet open."""
    client = c104.Client(tick_rate_ms=200, command_timeout_ms=2000)
    connection = client.add_connection(ip=address, port=2404, init=c104.Init.ALL)
    if connection is None:
        raise RuntimeError("no second connection to the same station")
    return client, connection, connection.add_station(common_address=COMMON_ADDRESS)


def main(node: Node) -> None:
    """Keep the link until the run ends."""
    node.wait_for("rtu-feeder", 2404)
    client, connection, station = connect(node.peer("rtu-feeder"))
    for address in MEASURED:
        station.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
    station.add_point(io_address=BREAKER_STATE, type=c104.Type.M_SP_NA_1)
    client.start()
    for _ in node.every(INTERROGATE_SECONDS):
        if connection.is_connected:
            connection.interrogation(common_address=COMMON_ADDRESS)
    client.stop()
