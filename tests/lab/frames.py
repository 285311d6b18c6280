"""Frames made by hand: DNP3, IEC 104, BACnet and SNMP, for requests that the stacks won't send."""

from __future__ import annotations

import socket
import struct


def crc(data: bytes) -> bytes:
    """The CRC of DNP3's link layer (IEEE 1815-2012, 9.2.4.2)."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA6BC if value & 1 else 0)
    return struct.pack("<H", value ^ 0xFFFF)


def dnp3(
    function: int, objects: bytes = b"", sequence: int = 0, to: int = 10, own: int = 1
) -> bytes:
    """A request in one link frame, sent by master ``own`` to outstation ``to``."""
    user = bytes([0xC0 | sequence & 0x3F, 0xC0 | sequence & 0x0F, function]) + objects
    head = b"\x05\x64" + bytes([len(user) + 5, 0xC4]) + struct.pack("<HH", to, own)
    blocks = [user[i : i + 16] for i in range(0, len(user), 16)]
    return head + crc(head) + b"".join(block + crc(block) for block in blocks)


STARTDT = bytes.fromhex("680407000000")


def iec104(
    type_id: int, cause: int, address: int, element: bytes, sent: int, station: int = 47
) -> bytes:
    """An I-frame with one information object (IEC 60870-5-104:2006, 5; -5-101:2003, 7.2)."""
    asdu = bytes([type_id, 1, cause, 0]) + struct.pack("<H", station)
    asdu += struct.pack("<I", address)[:3] + element
    return bytes([0x68, len(asdu) + 4]) + struct.pack("<HH", sent << 1, 0) + asdu


def bacnet(apdu: bytes, broadcast: bool = False) -> bytes:
    """An APDU over BACnet/IP (ANSI/ASHRAE 135, annex J)."""
    network = b"\x01\x20\xff\xff\x00\xff" if broadcast else b"\x01\x00"
    size = 4 + len(network) + len(apdu)
    return struct.pack("!BBH", 0x81, 0x0B if broadcast else 0x0A, size) + network + apdu


def snmp_next(community: str, oid: bytes, number: int) -> bytes:
    """An SNMPv2c GetNextRequest (RFC 3416)."""

    def tlv(tag: int, body: bytes) -> bytes:
        return bytes([tag, len(body)]) + body

    binding = tlv(0x30, tlv(0x06, oid) + b"\x05\x00")
    pdu = tlv(0xA1, tlv(2, bytes([number & 0x7F])) + b"\x02\x01\x00\x02\x01\x00"
              + tlv(0x30, binding))  # fmt: skip
    return tlv(0x30, b"\x02\x01\x01" + tlv(4, community.encode()) + pdu)


class Tcp:
    """A TCP connection that says bytes and doesn't care much for the answers."""

    def __init__(self, address: str, port: int, timeout: float = 1.5) -> None:
        self.sock = socket.create_connection((address, port), timeout)

    def say(self, frame: bytes) -> bytes:
        """Send, and whatever comes back at once."""
        self.sock.sendall(frame)
        try:
            return self.sock.recv(4096)
        except TimeoutError:
            return b""

    def close(self) -> None:
        """Close the connection."""
        self.sock.close()
