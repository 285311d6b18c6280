"""An IEC 60870-5-104 remote terminal unit (lib60870 by way of c104).

Measured values go out spontaneously, two breakers obey single and double
commands. No postponed annotations here: c104 checks a callback's signature.
"""

import c104

from ..node import Node

COMMON_ADDRESS = 47
MEASURED = (11, 12, 13, 14)  # information object addresses
BREAKER_STATE, SINGLE_COMMAND, DOUBLE_COMMAND = 21, 101, 102


def obey(
    point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
) -> c104.ResponseState:
    """Accept every command: the protocol has no notion of who may."""
    return c104.ResponseState.SUCCESS


def main(node: Node) -> None:
    """Serve until the run ends, transmitting one changed value a second."""
    server = c104.Server(ip=node.ip, port=2404, tick_rate_ms=200)
    station = server.add_station(common_address=COMMON_ADDRESS)
    measured = [
        station.add_point(io_address=address, type=c104.Type.M_ME_NC_1) for address in MEASURED
    ]
    station.add_point(io_address=BREAKER_STATE, type=c104.Type.M_SP_NA_1)
    for address, kind in (
        (SINGLE_COMMAND, c104.Type.C_SC_NA_1),
        (DOUBLE_COMMAND, c104.Type.C_DC_NA_1),
    ):
        command = station.add_point(io_address=address, type=kind)
        command.on_receive(callable=obey)
    server.start()
    try:
        for count in node.every(1.0):
            point = measured[count % len(measured)]
            point.value = node.measure(f"feeder:{point.io_address}", 0, 400)
            if server.has_active_connections:
                point.transmit(cause=c104.Cot.SPONTANEOUS)
    finally:
        server.stop()
