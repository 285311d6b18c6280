"""The engineering workstation beacons: odd DNS names, then TLS to a server outside."""

from __future__ import annotations

import contextlib
import socket
import ssl

from dnslib import DNSRecord

from ..clients.timekeeper import ask
from ..node import Node

TITLE = "The engineering workstation beacons to a server outside over DNS and TLS"
TECHNIQUES = ("T0869", "T0885")
ORIGIN = "ews"
ENTITIES = ("ews", "dropzone")
EVIDENCE = "tls.handshake.type == 1 && ip.dst == 198.51.100.77"

SERVER_NAME = "cdn-telemetry.example"
BEACONS = 10
PERIOD_SECONDS = 0.8


def beacon(node: Node, context: ssl.SSLContext) -> None:
    """One TLS session with one short exchange."""
    with (
        socket.create_connection((node.peer("dropzone"), 443), 2) as sock,
        context.wrap_socket(sock, server_hostname=SERVER_NAME) as secure,
    ):
        secure.sendall(
            f"GET /p HTTP/1.1\r\nHost: {SERVER_NAME}\r\nConnection: close\r\n\r\n".encode()
        )
        while secure.recv(1024):
            pass


def run(node: Node) -> None:
    """Beacon at a machine's even pace."""
    gateway = node.plant.segments[node.host.segment].gateway
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(BEACONS):
        name = f"{node.rng.randbytes(10).hex()}.{SERVER_NAME}"
        with contextlib.suppress(OSError):
            ask(gateway, 53, DNSRecord.question(name).pack())
            beacon(node, context)
        node.pause(PERIOD_SECONDS)
