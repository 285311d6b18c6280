"""A support vendor reaches straight into the control zone: RDP, VNC, then SSH to the HMI."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import asyncssh

from ..devices.remote_desktop import CHALLENGE_SIZE, LOGIN
from ..node import Node

TITLE = "Interactive remote access from a vendor's address outside to the HMI (RDP, VNC, SSH)"
TECHNIQUES = ("T0822", "T0886")
ORIGIN = "vendor-support"
ENTITIES = ("vendor-support", "hmi")
EVIDENCE = "(rdp || vnc || ssh) && ip.src == 203.0.113.25"

RDP_COOKIE = b"Cookie: mstshash=support\r\n"
VNC_UPDATES = 25


def rdp(address: str) -> None:
    """Open an RDP connection as far as the negotiation."""
    negotiation = b"\x01\x00\x08\x00\x03\x00\x00\x00"
    x224 = b"\xe0\x00\x00\x00\x00\x00" + RDP_COOKIE + negotiation
    packet = bytes((len(x224),)) + x224
    with socket.create_connection((address, 3389), 3) as sock:
        sock.sendall(b"\x03\x00" + (len(packet) + 4).to_bytes(2, "big") + packet)
        sock.recv(64)


def vnc(address: str) -> None:
    """Log in to VNC and watch the screen for a while."""
    with socket.create_connection((address, 5900), 3) as sock:
        sock.recv(12)
        sock.sendall(b"RFB 003.008\n")
        sock.recv(2)
        sock.sendall(b"\x02")
        sock.recv(CHALLENGE_SIZE)
        sock.sendall(bytes(range(CHALLENGE_SIZE)))
        sock.recv(4)
        sock.sendall(b"\x01")
        sock.recv(256)
        for _ in range(VNC_UPDATES):
            sock.sendall(b"\x03\x00" + bytes(4) + b"\x00\x10\x00\x10")
            sock.recv(2048)
            time.sleep(0.15)


async def ssh(address: str) -> None:
    """One command over SSH."""
    name, password = LOGIN
    async with asyncssh.connect(
        address,
        username=name,
        password=password,
        known_hosts=None,
        config=None,
        client_keys=None,
        client_version="OpenSSH_for_Windows_8.6",
    ) as session:
        await session.run("systeminfo")


def run(node: Node) -> None:
    """RDP, VNC, SSH, one after the other."""
    address = node.peer("hmi")
    for step in (lambda: rdp(address), lambda: vnc(address), lambda: asyncio.run(ssh(address))):
        with contextlib.suppress(OSError):
            step()
        time.sleep(0.5)
