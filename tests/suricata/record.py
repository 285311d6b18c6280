"""Have real stacks speak, and keep what they say: ``python -m tests.suricata.record [STACK...]``.

Needs what ``tests/lab/requirements.txt`` lists. Each deed of a client is a session of its own with
a server of the same stack on the loopback, taken down by :class:`~.makers.tap.Tap` and written to
``makers/said/STACK.txt``: a line with the deed's name, then a line a piece with its direction and
the bytes in hexadecimal. The makers lay these on the wire and need no stack.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .makers.tap import Tap

SAID = Path(__file__).parent / "makers" / "said"
Deeds = dict[str, Callable[[int], None]]  # by name: what a client does at a port of the loopback


def modbus() -> Iterator[tuple[int, Deeds]]:
    """pymodbus."""
    import asyncio

    from pymodbus.client import ModbusTcpClient
    from pymodbus.datastore import (
        ModbusDeviceContext,
        ModbusSequentialDataBlock,
        ModbusServerContext,
    )
    from pymodbus.server import ModbusTcpServer

    blocks = {k: ModbusSequentialDataBlock(1, [7] * 200) for k in ("di", "co", "hr", "ir")}
    context = ModbusServerContext(devices=ModbusDeviceContext(**blocks), single=True)

    async def serve() -> None:
        await ModbusTcpServer(context, address=("127.0.0.1", 15020)).serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()

    def deed(does: Callable[[ModbusTcpClient], object]) -> Callable[[int], None]:
        def done(port: int) -> None:
            client = ModbusTcpClient("127.0.0.1", port=port, timeout=1, retries=0)
            client.connect()
            client.read_holding_registers(0, count=4)
            with contextlib.suppress(Exception):
                does(client)
            client.close()

        return done

    def poll(c: ModbusTcpClient) -> None:
        for _ in range(3):
            c.read_coils(0, count=8), c.read_discrete_inputs(0, count=8)
            c.read_holding_registers(0, count=20), c.read_input_registers(0, count=20)

    yield 15020, {name: deed(does) for name, does in {
        "polling": poll,
        "coil": lambda c: c.write_coil(3, True),
        "coils": lambda c: c.write_coils(3, [True] * 9),
        "register": lambda c: c.write_register(5, 77),
        "registers": lambda c: c.write_registers(5, [1, 2, 3]),
        "masked": lambda c: c.mask_write_register(address=4, and_mask=0xF2, or_mask=0x25),
        "read and write": lambda c: c.readwrite_registers(
            read_address=1, read_count=2, write_address=5, values=[9]),
        "identity": lambda c: c.read_device_information(read_code=1, object_id=0),
        "server id": lambda c: c.report_device_id(),
        "restart": lambda c: c.diag_restart_communication(True),
        "listen only": lambda c: c.diag_force_listen_only(),
        "counters cleared": lambda c: c.diag_clear_counters(),
        "query data": lambda c: c.diag_query_data(b"\xa5\x37"),
        "exception status": lambda c: c.read_exception_status(),
        "event log": lambda c: c.diag_get_comm_event_log(),
    }.items()}  # fmt: skip


def s7comm() -> Iterator[tuple[int, Deeds]]:
    """python-snap7."""
    from datetime import UTC, datetime

    from snap7.client import Client
    from snap7.server import Server
    from snap7.type import Area, Block, SrvArea

    server = Server(log=False)
    for number in (1, 2, 10):
        server.register_area(SrvArea.DB, number, bytearray(512))
    for area in (SrvArea.MK, SrvArea.PE, SrvArea.PA):
        server.register_area(area, 0, bytearray(64))
    server.start_to("127.0.0.1", 10102)

    def deed(does: Callable[[Client], object]) -> Callable[[int], None]:
        def done(port: int) -> None:
            client = Client()
            client.connect("127.0.0.1", 0, 2, port)
            client.db_read(1, 0, 16)
            with contextlib.suppress(Exception):
                does(client)
            client.disconnect()

        return done

    def poll(c: Client) -> None:
        for _ in range(4):
            c.db_read(1, 0, 32), c.mb_read(0, 8), c.eb_read(0, 4)

    block = bytearray(b"\x70\x70\x01\x01\x01\x0a\x00\x0a" + bytes(60))
    yield 10102, {name: deed(does) for name, does in {
        "polling": poll,
        "data block": lambda c: c.db_write(2, 0, bytearray(b"\1\2\3\4")),
        "outputs": lambda c: c.ab_write(0, bytearray(b"\xff")),
        "flags": lambda c: c.mb_write(0, 1, bytearray(b"\x55")),
        "inputs": lambda c: c.write_area(Area.PE, 0, 0, bytearray(b"\1")),
        "stop": lambda c: c.plc_stop(),
        "warm start": lambda c: c.plc_hot_start(),
        "cold start": lambda c: c.plc_cold_start(),
        "clock": lambda c: c.set_plc_datetime(datetime(2026, 11, 24, 6, tzinfo=UTC)),
        "clock read": lambda c: c.get_plc_datetime(),
        "identity": lambda c: (c.get_order_code(), c.get_cpu_info()),
        "state": lambda c: c.get_cpu_state(),
        "blocks listed": lambda c: c.list_blocks(),
        "block asked": lambda c: c.get_block_info(Block.DB, 1),
        "upload": lambda c: c.full_upload(Block.DB, 1),
        "download": lambda c: c.download(block, 10),
        "delete": lambda c: c.delete(Block.DB, 10),
        "compress": lambda c: c.compress(1000),
        "copy to ROM": lambda c: c.copy_ram_to_rom(1000),
        "password": lambda c: c.set_session_password("secret12"),
    }.items()}  # fmt: skip


def iec104() -> Iterator[tuple[int, Deeds]]:
    """lib60870 by way of c104."""
    import c104

    kinds = {
        "single": (c104.Type.C_SC_NA_1, 101, True),
        "double": (c104.Type.C_DC_NA_1, 102, c104.Double.ON),
        "step": (c104.Type.C_RC_NA_1, 103, c104.Step.HIGHER),
        "normalised": (c104.Type.C_SE_NA_1, 104, c104.NormalizedFloat(0.25)),
        "scaled": (c104.Type.C_SE_NB_1, 105, c104.Int16(77)),
        "float": (c104.Type.C_SE_NC_1, 106, 12.5),
        "bits": (c104.Type.C_BO_NA_1, 107, c104.Byte32(0xA5)),
        "single, timed": (c104.Type.C_SC_TA_1, 111, True),
        "double, timed": (c104.Type.C_DC_TA_1, 112, c104.Double.OFF),
        "float, timed": (c104.Type.C_SE_TC_1, 116, 12.5),
    }
    server = c104.Server(ip="127.0.0.1", port=12404, tick_rate_ms=100)
    station = server.add_station(common_address=47)
    for address in (11, 12):
        point = station.add_point(io_address=address, type=c104.Type.M_ME_NC_1, report_ms=1000)
        point.value = 230.5
    for kind, address, _ in kinds.values():
        station.add_point(io_address=address, type=kind)
    server.start()

    def deed(does: Callable[[object, object], object], init: object) -> Callable[[int], None]:
        def done(port: int) -> None:
            client = c104.Client(tick_rate_ms=100, command_timeout_ms=1000)
            link = client.add_connection(ip="127.0.0.1", port=port, init=init)
            far = link.add_station(common_address=47)
            for address in (11, 12):
                far.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
            client.start()
            time.sleep(1.2)
            does(link, far)
            time.sleep(0.5)
            client.stop()

        return done

    def command(kind: object, address: int, value: object, select: bool = False):
        def does(_: object, far: object) -> None:
            point = far.add_point(io_address=address, type=kind)
            if select:
                point.command_mode = c104.CommandMode.SELECT_AND_EXECUTE
            point.value = value
            point.transmit(cause=c104.Cot.ACTIVATION)

        return does

    deeds = {name: deed(command(*what), c104.Init.NONE) for name, what in kinds.items()}
    select = command(*kinds["single"], select=True)
    yield (
        12404,
        {
            "polling": deed(lambda *_: time.sleep(4), c104.Init.INTERROGATION),
            **deeds,
            "single, selected": deed(select, c104.Init.NONE),
            "clock": deed(lambda link, _: link.clock_sync(common_address=47), c104.Init.NONE),
            "counters": deed(
                lambda link, _: link.counter_interrogation(common_address=47), c104.Init.NONE
            ),
            "test": deed(lambda link, _: link.test(common_address=47), c104.Init.NONE),
        },
    )


def dnp3() -> Iterator[tuple[int, Deeds]]:
    """opendnp3 by way of yadnp3."""
    import opendnp3 as d
    from tests.lab.devices.dnp3_outstation import Application, Commands, configuration

    manager = d.DNP3Manager(2)
    end = d.IPEndpoint("127.0.0.1", 12000)
    accept = d.ServerAcceptMode.CloseExisting
    channel = manager.AddTCPServer("server", d.LogLevels(0), accept, end, None)
    outstation = channel.AddOutstation("outstation", Commands(), Application(), configuration())
    outstation.Enable()

    class Events(d.ISOEHandler):
        def Process(self, info: object, values: object) -> None:
            """Drop the values."""

    def deed(does: Callable[[object], object], quiet: bool = False) -> Callable[[int], None]:
        def done(port: int) -> None:
            retry = d.ChannelRetry(d.TimeDuration.Seconds(1), d.TimeDuration.Seconds(1))
            link = manager.AddTCPClient(
                "client",
                d.LogLevels(0),
                retry,
                [d.IPEndpoint("127.0.0.1", port)],
                "127.0.0.1",
                None,
            )
            config = d.MasterStackConfig()
            config.master.responseTimeout = d.TimeDuration.Seconds(2)
            config.master.disableUnsolOnStartup = quiet
            config.master.ignoreRestartIIN = True
            config.link.LocalAddr, config.link.RemoteAddr = 1, 10
            config.link.KeepAliveTimeout = d.TimeDuration.Max()
            master = link.AddMaster("master", Events(), d.IMasterApplication(), config)
            master.Enable()
            time.sleep(1.0)
            does(master)
            time.sleep(2.0)
            link.Shutdown()

        return done

    def ignore(*_: object) -> None:
        """What came of it stands in the capture."""

    relay = d.ControlRelayOutputBlock(d.OperationType.LATCH_ON)
    classes = d.ClassField.AllEventClasses()

    def poll(master: object) -> None:
        master.AddClassScan(classes, d.TimeDuration.Milliseconds(700), Events())

    yield 12000, {name: deed(does) for name, does in {
        "polling": poll,
        "relay selected and operated": lambda m: m.SelectAndOperate(relay, 1, ignore),
        "relay operated": lambda m: m.DirectOperate(relay, 1, ignore),
        "set point, 16 bits": lambda m: m.DirectOperate(d.AnalogOutputInt16(77), 1, ignore),
        "set point, 32 bits": lambda m: m.DirectOperate(d.AnalogOutputInt32(77), 1, ignore),
        "set point, float": lambda m: m.DirectOperate(d.AnalogOutputFloat32(1.5), 1, ignore),
        "set point, double": lambda m: m.DirectOperate(d.AnalogOutputDouble64(1.5), 1, ignore),
        "cold restart": lambda m: m.Restart(d.RestartType.COLD, ignore),
        "warm restart": lambda m: m.Restart(d.RestartType.WARM, ignore),
        "clock": lambda m: m.Write(d.TimeAndInterval(
            d.DNPTime(1795500000000), 0, d.IntervalUnits.Undefined), 0),
        "range read": lambda m: m.ScanRange(d.GroupVariationID(30, 1), 0, 3, Events()),
    }.items()} | {"unsolicited off and on": deed(poll, quiet=True)}  # fmt: skip


def enip() -> Iterator[tuple[int, Deeds]]:
    """cpppo's controller; cpppo and pycomm3 as clients."""
    from cpppo.server.enip import client as cpppo
    from cpppo.server.enip.main import main as serve
    from pycomm3 import CIPDriver
    from tests.lab.devices.cip_plc import Supervisor

    logging.disable(logging.CRITICAL)
    tags = ["--address", "127.0.0.1:14481", "--no-print", "--log", os.devnull, "Flow=REAL[8]",
            "Set=REAL[2]", "State=DINT[4]"]  # fmt: skip
    signal.signal = lambda *_: None  # cpppo sets handlers, which only the main thread may
    threading.Thread(
        target=serve, kwargs={"argv": tags, "connection_manager_class": Supervisor}, daemon=True
    ).start()

    def asked(*operations: str) -> Callable[[int], None]:
        def done(port: int) -> None:
            with cpppo.connector(host="127.0.0.1", port=port, timeout=3) as link:
                todo = cpppo.parse_operations(operations)
                for _ in link.synchronous(operations=todo, timeout=3):
                    pass

        return done

    def listed(which: str) -> Callable[[int], None]:
        def done(port: int) -> None:
            with cpppo.client(host="127.0.0.1", port=port, timeout=3) as link:
                getattr(link, which)(timeout=3)
                cpppo.await_response(link, timeout=3)

        return done

    def serviced(service: int, target: int, data: bytes = b"", **more: object):
        def done(port: int) -> None:
            with CIPDriver(f"127.0.0.1:{port}") as driver:
                driver.generic_message(
                    service=service, class_code=target, instance=1, request_data=data,
                    connected=False, unconnected_send=True, **more,
                )  # fmt: skip

        return done

    yield (
        14481,
        {
            "polling": asked(*["Flow[0-7]", "State[0-3]"] * 4),
            "tag": asked("Flow[0-3]", "Set[0]=(REAL)850.5"),
            "tags together": asked("Set[0]=(REAL)1.0", "Set[1]=(REAL)2.0", "State[0]=(DINT)3"),
            "attribute read": serviced(0x0E, 0x01, attribute=1),
            "identity listed": listed("list_identity"),
            "services listed": listed("list_services"),
            "interfaces listed": listed("list_interfaces"),
            "reset": serviced(0x05, 0x01, b"\0"),
            "program stopped": serviced(0x07, 0x8E),
            "program started": serviced(0x06, 0x8E),
            "attribute set": serviced(0x10, 0x0F, b"\x07\0", attribute=1),
            "tags listed": serviced(0x55, 0x6B, b"\x02\0\x01\0\x02\0"),
        },
    )


STACKS = {f.__name__: f for f in (modbus, s7comm, iec104, dnp3, enip)}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suricata.record")
    parser.add_argument("stack", nargs="*", choices=[*STACKS, []], help="only these")
    options = parser.parse_args(arguments)
    for name in options.stack or STACKS:
        for port, deeds in STACKS[name]():
            time.sleep(2)  # the server starts
            lines = []
            for deed, does in deeds.items():
                with Tap(port) as tap:
                    try:
                        does(tap.port)
                    except Exception as error:
                        print(f"{name}, {deed}: {error!r}", file=sys.stderr)
                    time.sleep(0.3)
                lines.append(f"# {deed}")
                lines += [f"{side} {data.hex()}" for side, data in tap.exchange]
            (SAID / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
            print(f"{name}: {len(deeds)} deeds")
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the servers' threads would go on
