"""What any host does beside its work: ask for the time and for names."""

from __future__ import annotations

import contextlib
import socket
import struct
import time

from dnslib import DNSRecord

from ..devices.router import DOMAIN, NTP_EPOCH
from ..node import Node

PERIOD_SECONDS = 17.0
NAMES = {
    "hmi": ("plc-boiler", "plc-fuel"),
    "scada": ("rtu-feeder",),
    "historian": ("ipc-metering", "broker"),
    "ews": ("router", "plc-turbine", "serial-server"),
}


def ask(server: str, port: int, query: bytes) -> bytes:
    """One UDP question and its answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1.0)
        sock.sendto(query, (server, port))
        return sock.recv(2048)


def main(node: Node) -> None:
    """Ask until the run ends."""
    gateway = node.plant.segments[node.host.segment].gateway
    for beat in node.every(PERIOD_SECONDS):
        now = int((time.time() + NTP_EPOCH) * 2**32)
        with contextlib.suppress(OSError):
            ask(gateway, 123, b"\x23\0\x06\xec" + bytes(36) + struct.pack("!Q", now))
            for name in NAMES[node.name] if beat % 2 else ():
                ask(gateway, 53, DNSRecord.question(f"{name}.{DOMAIN}").pack())
