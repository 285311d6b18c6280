"""A telnet console (port 23) with a login prompt and factory passwords.

It negotiates ECHO and SUPPRESS-GO-AHEAD, asks for login and password, and runs
nothing: whatever is typed gets a prompt back.
"""

from __future__ import annotations

import asyncio

from ..node import Node

FACTORY = {"Hikvision": ("root", "12345"), "Moxa": ("admin", "moxa")}
WILL_ECHO_DO_SGA = b"\xff\xfb\x01\xff\xfd\x03"
LINE_TIMEOUT = 20.0


async def _line(reader: asyncio.StreamReader) -> str:
    data = await asyncio.wait_for(reader.readline(), LINE_TIMEOUT)
    if not data:
        raise EOFError
    while data.startswith(b"\xff"):  # the client's own option negotiation
        data = data[3:]
    return data.strip().decode("latin-1")


async def main(node: Node) -> None:
    """Serve until the run ends."""
    login, password = FACTORY[node.host.vendor]

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(WILL_ECHO_DO_SGA + f"\r\n{node.host.model}\r\n".encode())
            for _ in range(3):
                writer.write(b"login: ")
                name = await _line(reader)
                writer.write(b"Password: ")
                word = await _line(reader)
                if (name, word) == (login, password):
                    break
                writer.write(b"\r\nLogin incorrect\r\n")
            else:
                return
            while True:
                writer.write(b"\r\n# ")
                if await _line(reader) in ("exit", "quit"):
                    return
        except (TimeoutError, EOFError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(session, node.ip, 23)
    async with server:
        async for _ in node.every_async(1.0):
            pass
