"""A DNP3 outstation (opendnp3 by way of yadnp3): a substation's points.

It sends unsolicited events, obeys controls and restarts, and answers any
master: the defaults of a good many outstations in the field.
"""

from __future__ import annotations

import opendnp3 as dnp3

from ..node import Node

OUTSTATION_ADDRESS, MASTER_ADDRESS = 10, 1
POINTS = 5
RESTART_SECONDS = 5


class Commands(dnp3.ICommandHandler):
    """Accept every select and operate."""

    def Select(self, command: object, index: int) -> dnp3.CommandStatus:
        """A select always succeeds."""
        return dnp3.CommandStatus.SUCCESS

    def Operate(
        self, command: object, index: int, handler: object, operation: object
    ) -> dnp3.CommandStatus:
        """An operate always succeeds."""
        return dnp3.CommandStatus.SUCCESS


class Application(dnp3.IOutstationApplication):
    """Supports restarts, answering how long they take."""

    def ColdRestartSupport(self) -> dnp3.RestartMode:
        """Cold restarts are supported, with a delay in seconds."""
        return dnp3.RestartMode.SUPPORTED_DELAY_COARSE

    def ColdRestart(self) -> int:
        """Say how long a cold restart takes."""
        return RESTART_SECONDS

    def SupportsWriteAbsoluteTime(self) -> bool:
        """The master may set our clock."""
        return True

    def WriteAbsoluteTime(self, timestamp: dnp3.UTCTimestamp) -> bool:
        """Accept the clock."""
        return True


def configuration() -> dnp3.OutstationStackConfig:
    """Points, event buffers and link addresses."""
    database = dnp3.DatabaseConfig(POINTS)
    # Kinds of points a plain outstation lacks; empty strings also upset dissectors.
    database.octet_string, database.time_and_interval, database.double_binary = {}, {}, {}
    config = dnp3.OutstationStackConfig(database)
    config.outstation.eventBufferConfig = dnp3.EventBufferConfig.AllTypes(50)
    config.outstation.params.allowUnsolicited = True
    config.outstation.params.respondToAnyMaster = True
    config.link.LocalAddr, config.link.RemoteAddr = OUTSTATION_ADDRESS, MASTER_ADDRESS
    config.link.KeepAliveTimeout = dnp3.TimeDuration.Max()
    return config


def main(node: Node) -> None:
    """Serve until the run ends, changing a few points every other second."""
    manager = dnp3.DNP3Manager(1)
    # A second master replaces the first: that is what many serial-minded outstations do.
    channel = manager.AddTCPServer(
        "server",
        dnp3.LogLevels(0),
        dnp3.ServerAcceptMode.CloseExisting,
        dnp3.IPEndpoint(node.ip, 20000),
        None,
    )
    outstation = channel.AddOutstation("outstation", Commands(), Application(), configuration())
    outstation.Enable()
    for count in node.every(2.0):
        builder = dnp3.UpdateBuilder()
        index = count % POINTS
        builder.Update(dnp3.Analog(round(node.measure(f"substation:{index}", 0, 11000))), index)
        if count % 10 == 0:
            builder.Update(dnp3.Binary(node.rng.random() < 0.5), index)
        outstation.Apply(builder.Build())
    manager.Shutdown()
