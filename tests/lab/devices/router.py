"""The router's own services: DNS (dnslib), NTP, and SSH (asyncssh)."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import Any

import asyncssh
from dnslib import QTYPE, RR, A
from dnslib.server import BaseResolver, DNSServer

from ..node import Node

DOMAIN = "millbrook.example"
OUTSIDE_NAMES = {"cdn-telemetry.example": "dropzone", "support.vendor.example": "vendor-support"}
NTP_EPOCH = 2_208_988_800
LOGIN = ("netadmin", "Hedge-4410-row")


class Names(BaseResolver):  # type: ignore[misc]
    """Plant names from plant.toml, a few outside names, NXDOMAIN for the rest."""

    def __init__(self, node: Node) -> None:
        """Collect the names."""
        self.known = {f"{host.name}.{DOMAIN}": host.ip for host in node.plant.hosts.values()}
        self.outside = {name: node.peer(host) for name, host in OUTSIDE_NAMES.items()}

    def resolve(self, request: Any, handler: Any) -> Any:
        """Answer one question."""
        reply = request.reply()
        name = str(request.q.qname).rstrip(".").lower()
        address = self.known.get(name)
        for suffix, outside in self.outside.items():
            if name == suffix or name.endswith("." + suffix):
                address = outside
        if address is None:
            reply.header.rcode = 3
        elif request.q.qtype == QTYPE.A:
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=300))
        return reply


def ntp(address: str) -> None:
    """Answer NTP mode 3 with mode 4, stratum 2."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 123))
        while True:
            query, sender = sock.recvfrom(512)
            if len(query) < 48:
                continue
            now = int((time.time() + NTP_EPOCH) * 2**32)
            head = struct.pack(
                "!BBbb4s4s4s", 0x24, 2, 6, -20, b"\0\0\1\0", b"\0\0\1\0", b"\xc6\x33\x64\x0a"
            )
            body = struct.pack("!Q8sQQ", now, query[40:48], now, now)
            sock.sendto(head + body, sender)


class Logins(asyncssh.SSHServer):
    """One account with a password."""

    def begin_auth(self, username: str) -> bool:
        """Everybody has to authenticate."""
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are what it takes."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """The one account."""
        return (username, password) == LOGIN


async def shell(process: asyncssh.SSHServerProcess[str]) -> None:
    """Print what a router would and end."""
    process.stdout.write("uptime 61 days\nmac table 18 entries\n" * 6)
    process.exit(0)


async def main(node: Node) -> None:
    """Serve on every leg until the run ends."""
    for leg in node.host.interfaces:
        DNSServer(Names(node), address=leg.ip, port=53).start_thread()
        threading.Thread(target=ntp, args=(leg.ip,), daemon=True).start()
    key = asyncssh.generate_private_key("ssh-ed25519")
    await asyncssh.create_server(
        Logins,
        "",
        22,
        server_host_keys=[key],
        process_factory=shell,
        server_version="dropbear_2019.78",
    )
    async for _ in node.every_async(1.0):
        pass
