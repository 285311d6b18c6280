"""Modbus/TCP frames by hand, for what a well-behaved client library will not send."""

from __future__ import annotations

import socket
import struct


class RawModbus:
    """One connection that sends any function code with any data."""

    def __init__(self, address: str, unit: int = 1, timeout: float = 1.0) -> None:
        """Connect."""
        self.sock = socket.create_connection((address, 502), timeout)
        self.unit, self.transaction = unit, 0

    def ask(self, function: int, data: bytes = b"") -> bytes:
        """Send one request and return the reply's PDU, empty when there is none."""
        self.transaction = (self.transaction + 1) & 0xFFFF
        head = struct.pack("!HHHBB", self.transaction, 0, len(data) + 2, self.unit, function)
        self.sock.sendall(head + data)
        try:
            return self.sock.recv(300)[7:]
        except TimeoutError:
            return b""

    def close(self) -> None:
        """Close the connection."""
        self.sock.close()
