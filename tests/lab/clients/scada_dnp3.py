"""The SCADA server's DNP3 master: event polls, integrity polls, unsolicited events."""

from __future__ import annotations

import opendnp3 as dnp3

from ..devices.dnp3_outstation import MASTER_ADDRESS, OUTSTATION_ADDRESS
from ..node import Node

EVENT_POLL_SECONDS, INTEGRITY_POLL_SECONDS = 3, 30
RECONNECT_SECONDS = 6  # long enough that a second master has its session


class Events(dnp3.ISOEHandler):
    """Drops what is measured: only the packets matter here."""

    def Process(self, info: object, values: object) -> None:
        """Drop the values."""


def master(
    node: Node, local_address: int, reconnect: int = RECONNECT_SECONDS
) -> tuple[dnp3.DNP3Manager, dnp3.IMaster]:
    """A master on its own TCP channel to the substation."""
    manager = dnp3.DNP3Manager(1)
    retry = dnp3.ChannelRetry(
        dnp3.TimeDuration.Seconds(reconnect), dnp3.TimeDuration.Seconds(reconnect)
    )
    # Without a delay two masters would throw each other out hundreds of times a second.
    retry.reconnectDelay = dnp3.TimeDuration.Seconds(reconnect)
    channel = manager.AddTCPClient(
        "client",
        dnp3.LogLevels(0),
        retry,
        [dnp3.IPEndpoint(node.peer("rtu-substation"), 20000)],
        node.ip,
        None,
    )
    config = dnp3.MasterStackConfig()
    config.master.responseTimeout = dnp3.TimeDuration.Seconds(2)
    # Off, so that "disable unsolicited" is not something this plant's master ever says.
    config.master.disableUnsolOnStartup = False
    config.master.ignoreRestartIIN = True
    config.link.LocalAddr, config.link.RemoteAddr = local_address, OUTSTATION_ADDRESS
    config.link.KeepAliveTimeout = dnp3.TimeDuration.Max()
    return manager, channel.AddMaster("master", Events(), dnp3.IMasterApplication(), config)


def main(node: Node) -> None:
    """Poll until the run ends; the stack keeps the periods itself."""
    node.wait_for("rtu-substation", 20000)
    manager, station = master(node, MASTER_ADDRESS)
    events = Events()
    for field, seconds in (
        (dnp3.ClassField.AllEventClasses(), EVENT_POLL_SECONDS),
        (dnp3.ClassField.AllClasses(), INTEGRITY_POLL_SECONDS),
    ):
        station.AddClassScan(field, dnp3.TimeDuration.Seconds(seconds), events)
    station.Enable()
    for _ in node.every(1.0):
        pass
    manager.Shutdown()
