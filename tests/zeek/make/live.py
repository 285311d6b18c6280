"""Captures of real stacks: ``python -m tests.zeek.make.live`` (needs asyncua and c104).

Client and server speak through a relay on the loopback interface, which notes what each side says;
a capture with fixed times is made of that. Names, nonces and time stamps inside differ each time.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import c104
from asyncua import Client, Server, ua, uamethod
from tests.suricata.makers.wire import HMI, PLC, C, S, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces"


class Relay:
    """Forwards connections from one loopback port to another and notes their payloads."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.said: list[tuple[str, bytes]] = []

    async def _forward(
        self, side: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            self.said.append((side, data))
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(
            self._forward(C, reader, to_server[1]), self._forward(S, to_server[0], writer)
        )

    async def start(self) -> None:
        await asyncio.start_server(self._accept, "127.0.0.1", self.port)


async def opcua(relay: Relay) -> None:
    """A client that logs in, looks round, reads, writes, calls and subscribes."""
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{relay.target}/")
    server.set_server_name("Plant server")
    space = await server.register_namespace("urn:plant")
    tank = await server.nodes.objects.add_object(space, "Tank")
    level = await tank.add_variable(f"ns={space};s=Tank.Level", "Level", 42.5)
    aim = await tank.add_variable(f"ns={space};s=Tank.Setpoint", "Setpoint", 40.0)
    await aim.set_writable()

    @uamethod
    def dose(parent: object, litres: float) -> float:
        return litres * 2

    pump = await tank.add_method(
        ua.NodeId("Tank.Dose", space), "Dose", dose, [ua.VariantType.Double],
        [ua.VariantType.Double],
    )  # fmt: skip
    async with server:
        client = Client(f"opc.tcp://127.0.0.1:{relay.port}/")
        client.set_user("operator")
        client.set_password("hunter2-password")
        await client.connect_and_get_server_endpoints()
        async with client:
            await client.nodes.objects.get_children()
            for _ in range(5):
                await client.get_node(level.nodeid).read_value()
            await client.read_values([client.get_node(n.nodeid) for n in (level, aim)])
            await client.get_node(level.nodeid).read_browse_name()
            for name in ("ProductName", "ManufacturerName", "SoftwareVersion"):
                number = getattr(ua.ObjectIds, f"Server_ServerStatus_BuildInfo_{name}")
                await client.get_node(number).read_value()
            await client.get_node(aim.nodeid).write_value(70.0)
            with contextlib.suppress(ua.UaStatusCodeError):
                await client.get_node(level.nodeid).write_value(1.0)
            await client.get_node(tank.nodeid).call_method(pump.nodeid, 1.5)
            subscription = await client.create_subscription(50, _Ignore())
            await subscription.subscribe_data_change(client.get_node(level.nodeid))
            for value in (43.0, 44.0):
                await level.write_value(value)
                await asyncio.sleep(0.2)
            await subscription.delete()


class _Ignore:
    def datachange_notification(self, node: object, value: object, data: object) -> None:
        """Called for each change; what matters here is the traffic."""


async def iec104(relay: Relay) -> None:
    """A client that interrogates, commands and sets points of a station that reports."""
    station = c104.Server(ip="127.0.0.1", port=relay.target)
    unit = station.add_station(common_address=7)
    for n in range(5):
        point = unit.add_point(io_address=700 + n, type=c104.Type.M_ME_NC_1)
        point.value = 10.0 * n
    switch = unit.add_point(io_address=100, type=c104.Type.M_SP_NA_1)
    unit.add_point(io_address=4500, type=c104.Type.C_SC_NA_1)
    unit.add_point(io_address=5020, type=c104.Type.C_SE_NC_1)
    station.start()
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1", port=relay.port, init=c104.Init.ALL)
    remote = connection.add_station(common_address=7)
    command = remote.add_point(io_address=4500, type=c104.Type.C_SC_NA_1)
    aim = remote.add_point(io_address=5020, type=c104.Type.C_SE_NC_1)

    def talk() -> None:
        client.start()
        until = time.monotonic() + 10
        while not connection.is_connected and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)
        command.value = True
        command.transmit(cause=c104.Cot.ACTIVATION)
        aim.value = 55.5
        aim.transmit(cause=c104.Cot.ACTIVATION)
        switch.value = True
        switch.transmit(cause=c104.Cot.SPONTANEOUS)
        connection.counter_interrogation(common_address=7)
        connection.test(common_address=7)
        time.sleep(1)
        client.stop()

    speaker = threading.Thread(target=talk)
    speaker.start()
    while speaker.is_alive():
        await asyncio.sleep(0.1)
    station.stop()


async def recorded(name: str, port: int, talk: Callable[[Relay], Awaitable[None]]) -> None:
    relay = Relay(port + 10000, port + 20000)
    await relay.start()
    await talk(relay)
    await asyncio.sleep(0.3)
    (TRACES / name / "live.pcap").write_bytes(pcap(tcp(HMI, PLC, port, relay.said)))


def main() -> None:
    """Write both captures."""
    asyncio.run(recorded("opcua", 4840, opcua))
    asyncio.run(recorded("iec104", 2404, iec104))


if __name__ == "__main__":
    main()
