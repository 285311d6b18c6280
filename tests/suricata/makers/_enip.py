"""Messages of EtherNet/IP: encapsulation, CIP requests (plain, routed, several in one), PCCC."""

import struct

SESSION = 0x0A0B0C0D


def encapsulated(command: int, data: bytes = b"", status: int = 0, session: int = SESSION) -> bytes:
    """Data behind the encapsulation header of 24 bytes."""
    context = b"gaugegls"
    return struct.pack("<HHII8sI", command, len(data), session, status, context, 0) + data


def unconnected(message: bytes) -> bytes:
    """A CIP message in SendRRData."""
    items = struct.pack("<IHHHHHH", 0, 10, 2, 0, 0, 0xB2, len(message))
    return encapsulated(0x6F, items + message)


def connected(message: bytes, number: int = 1) -> bytes:
    """A CIP message in SendUnitData, on connection 0x00a10001."""
    items = struct.pack("<IHHHHIHHH", 0, 10, 2, 0xA1, 4, 0x00A10001, 0xB1, len(message) + 2, number)
    return encapsulated(0x70, items + message)


def routed(message: bytes, slot: int = 0) -> bytes:
    """A CIP message wrapped in Unconnected_Send to a slot of the backplane."""
    padding = b"\0" * (len(message) % 2)
    head = bytes.fromhex("52022006240105f7") + struct.pack("<H", len(message))
    return head + message + padding + bytes([1, 0, 1, slot])


def several(messages: list[bytes]) -> bytes:
    """Several CIP messages in one multiple service packet."""
    at, offsets = 2 + 2 * len(messages), []
    for message in messages:
        offsets.append(at)
        at += len(message)
    table = struct.pack(f"<{len(messages) + 1}H", len(messages), *offsets)
    return bytes.fromhex("0a0220022401") + table + b"".join(messages)


def path(text: str) -> bytes:
    """A request from hex text: service, path (its size is put between), data after a bar."""
    head, _, data = text.replace(" ", "").partition("|")
    service, segments = bytes.fromhex(head[:2]), bytes.fromhex(head[2:])
    return service + bytes([len(segments) // 2]) + segments + bytes.fromhex(data)


def tag(service: int, name: str, data: str = "") -> bytes:
    """A request on a tag by its name."""
    text = name.encode()
    segment = bytes([0x91, len(text)]) + text + b"\0" * (len(text) % 2)
    return bytes([service, len(segment) // 2]) + segment + bytes.fromhex(data)


def pccc(
    command: int, function: str, more: bytes = b"", target: str = "20672401", service: int = 0x4B
) -> bytes:
    """A PCCC command in CIP: requester, command, status, transaction, function and data.

    :param more: what a requester says of itself behind vendor and serial number
    """
    requester = bytes([7 + len(more)]) + bytes.fromhex("4d0001020304") + more
    body = bytes([command, 0]) + struct.pack("<H", 0x1234) + bytes.fromhex(function)
    return path(f"{service:02x} {target}") + requester + body
