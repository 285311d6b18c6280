"""A serial device server: a web console that fetches firmware by TFTP when told."""

from __future__ import annotations

import socket
import struct
import threading
from urllib.parse import parse_qs

from ..node import Node
from ..web import Handler, WebServer, fixed

READ_REQUEST, DATA, ACKNOWLEDGE = 1, 3, 4
BLOCK = 512
LIMIT_BLOCKS = 400


def tftp_get(server: str, name: str) -> int:
    """Fetch a file by TFTP (RFC 1350) and return its size; bounded in time and blocks."""
    size = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(2.0)
        sock.sendto(struct.pack("!H", READ_REQUEST) + name.encode() + b"\0octet\0", (server, 69))
        for _ in range(LIMIT_BLOCKS):
            packet, sender = sock.recvfrom(BLOCK + 4)
            code, block = struct.unpack_from("!HH", packet)
            if code != DATA:
                break
            sock.sendto(struct.pack("!HH", ACKNOWLEDGE, block), sender)
            size += len(packet) - 4
            if len(packet) < BLOCK + 4:
                break
    return size


def main(node: Node) -> None:
    """Serve until the process is ended."""

    def upgrade(request: Handler) -> tuple[int, str, bytes]:
        form = parse_qs(request.body.decode("latin-1"))
        server, name = form["server"][0], form["file"][0]
        # The device answers first and fetches then, as it would before rebooting.
        threading.Timer(0.3, tftp_get, (server, name)).start()
        return 200, "text/html", b"<html>Upgrading, do not power off</html>"

    home = f"<html><title>{node.host.model}</title>Firmware {node.host.firmware}</html>".encode()
    pages = {
        ("GET", "/"): fixed("text/html", home),
        ("GET", "/status.htm"): fixed("text/html", b"<html>Port 1: 9600 8N1</html>"),
        ("POST", "/upgrade.htm"): upgrade,
    }
    WebServer(node, "MoxaHttp/1.0", pages).serve_forever()
