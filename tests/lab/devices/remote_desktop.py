"""The HMI's remote access: VNC (RFB 3.8), RDP's first exchange, and SSH.

VNC and RDP are answered as far as a passive sensor can see anything: version,
security type and challenge for RFB, X.224 negotiation then TLS for RDP.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct

import asyncssh

from ..node import Node
from .router import shell

LOGIN = ("operator", "Welcome1")
VNC_AUTHENTICATION, CHALLENGE_SIZE = 2, 16
SCREEN = (1280, 800)
X224_CONFIRM_TLS = bytes.fromhex("030000130ed000001234000209080001000000")


class Logins(asyncssh.SSHServer):
    """One account with a poor password."""

    def begin_auth(self, username: str) -> bool:
        """Everybody has to authenticate."""
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are what it takes."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """The one account."""
        return (username, password) == LOGIN


async def main(node: Node) -> None:
    """Serve until the run ends."""

    async def vnc(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            writer.write(b"RFB 003.008\n")
            await reader.readexactly(12)
            writer.write(bytes((1, VNC_AUTHENTICATION)))
            await reader.readexactly(1)
            writer.write(node.rng.randbytes(CHALLENGE_SIZE))
            await reader.readexactly(CHALLENGE_SIZE)
            writer.write(struct.pack("!I", 0))
            await reader.readexactly(1)
            name = node.name.upper().encode()
            pixels = struct.pack("!BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
            writer.write(struct.pack("!HH", *SCREEN) + pixels + struct.pack("!I", len(name)) + name)
            # A frame-buffer update of raw pixels for every request, until the client leaves.
            while await reader.read(64):
                writer.write(
                    struct.pack("!BxHHHHHi", 0, 1, 0, 0, 16, 16, 0) + node.rng.randbytes(1024)
                )
        writer.close()

    async def rdp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readexactly(4)
            await reader.readexactly(struct.unpack("!H", head[2:4])[0] - 4)
            writer.write(X224_CONFIRM_TLS)
            await reader.read(4096)
        writer.close()

    await asyncio.start_server(vnc, node.ip, 5900)
    await asyncio.start_server(rdp, node.ip, 3389)
    key = asyncssh.generate_private_key("ssh-ed25519")
    await asyncssh.create_server(
        Logins,
        node.ip,
        22,
        server_host_keys=[key],
        process_factory=shell,
        server_version="OpenSSH_for_Windows_8.1",
    )
    async for _ in node.every_async(1.0):
        pass
