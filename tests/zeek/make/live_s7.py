"""A capture of a real S7 stack: ``python -m tests.zeek.make.live_s7`` (needs python-snap7).

Client and server speak through a relay on the loopback interface, which notes what each side says;
a capture with fixed times is made of that.
"""

from __future__ import annotations

import contextlib
import ctypes
import socket
import threading
import time
from pathlib import Path

from snap7.client import Client
from snap7.server import Server
from snap7.type import Block, SrvArea
from tests.suricata.makers.wire import HMI, PLC, C, S, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces" / "s7comm"
SERVER, RELAY = 10102, 11102


class Relay(threading.Thread):
    """Forwards one connection and notes its payloads."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.said: list[tuple[str, bytes]] = []
        self.listener = socket.create_server(("127.0.0.1", RELAY))

    def run(self) -> None:
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", SERVER))
        back = threading.Thread(target=self._forward, args=(S, server, client), daemon=True)
        back.start()
        self._forward(C, client, server)

    def _forward(self, side: str, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.said.append((side, data))
                target.sendall(data)


def talk() -> None:
    """Reads, writes, identification, blocks, clock, stop and start."""
    client = Client()
    client.connect("127.0.0.1", 0, 2, RELAY)
    for _ in range(5):
        client.db_read(1, 0, 10)
    client.db_write(1, 4, bytearray(b"\0\x2a"))
    client.mb_read(0, 4)
    client.db_read_real(1, 8)
    asks = (
        client.get_cpu_info, client.get_order_code, client.get_cpu_state, client.list_blocks,
        lambda: client.list_blocks_of_type(Block.DB, 10),
        lambda: client.get_block_info(Block.DB, 1),
        client.get_plc_datetime, client.set_plc_system_datetime, client.get_protection,
        lambda: client.db_read(99, 0, 4), lambda: client.set_session_password("hunter22"),
        lambda: client.upload(1), client.plc_stop, client.plc_hot_start, client.compress,
    )  # fmt: skip
    for ask in asks:
        # What this server doesn't know it refuses, as some controllers do.
        with contextlib.suppress(Exception):
            ask()
    client.disconnect()


def main() -> None:
    """Write the capture."""
    server = Server()
    server.register_area(SrvArea.DB, 1, (ctypes.c_ubyte * 64)())
    server.register_area(SrvArea.MK, 0, (ctypes.c_ubyte * 64)())
    server.start(SERVER)
    relay = Relay()
    relay.start()
    talk()
    time.sleep(0.5)
    server.stop()
    TRACES.mkdir(parents=True, exist_ok=True)
    (TRACES / "live.pcap").write_bytes(pcap(tcp(HMI, PLC, 102, relay.said)))


if __name__ == "__main__":
    main()
