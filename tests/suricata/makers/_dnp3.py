"""Frames of DNP3 (IEEE 1815): link header, transport byte, blocks with their CRCs."""

import struct

MASTER, OUTSTATION = 1, 10
FROM_MASTER, FROM_OUTSTATION = 0xC4, 0x44


def crc(data: bytes) -> bytes:
    """CRC-16/DNP, little-endian."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA6BC if value & 1 else value >> 1
    return struct.pack("<H", value ^ 0xFFFF)


def link(user: bytes, control: int, to: int = OUTSTATION, source: int = MASTER) -> bytes:
    """A link frame around user data (with its transport byte)."""
    head = struct.pack("<BBBBHH", 0x05, 0x64, 5 + len(user), control, to, source)
    blocks = [user[at : at + 16] for at in range(0, len(user), 16)]
    return b"".join(part + crc(part) for part in (head, *blocks))


def request(application: str, to: int = OUTSTATION, number: int = 0) -> bytes:
    """A request in one frame; the hex text starts with the function code."""
    head = bytes([0xC0 | number & 63, 0xC0 | number & 15])
    return link(head + bytes.fromhex(application), FROM_MASTER, to)


def response(application: str, number: int = 0, function: int = 0x81, iin: str = "0000") -> bytes:
    """A response in one frame; the hex text is what follows the indications."""
    head = bytes([0xC0 | number & 63, 0xC0 | number & 15, function]) + bytes.fromhex(iin)
    return link(head + bytes.fromhex(application), FROM_OUTSTATION, MASTER, OUTSTATION)
