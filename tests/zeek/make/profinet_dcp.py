"""Captures of PROFINET for the btests: ``python -m tests.zeek.make.profinet_dcp``."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address

from tests.zeek.make.layer2 import Timed, frame, spaced, write

GROUP = "01:0e:cf:00:00:00"
CONTROLLER, DEVICE, ENGINEER = "02:00:00:00:00:41", "02:00:00:00:00:42", "02:00:00:00:00:46"
KIND = 0x8892
HELLO, GET_SET, IDENTIFY, IDENTIFIED = 0xFEFC, 0xFEFD, 0xFEFE, 0xFEFF
GET, SET, IDENT, HELLO_SERVICE = 3, 4, 5, 6
REQUEST, OK, UNSUPPORTED = 0, 1, 5
NAME = (2, 2)


def block(option: tuple[int, int], data: bytes = b"", info: int | None = None) -> bytes:
    """An option with its data; ``info`` goes before them where there is one."""
    body = (b"" if info is None else struct.pack("!H", info)) + data
    return bytes(option) + struct.pack("!H", len(body)) + body + b"\0" * (len(body) % 2)


def dcp(
    frame_id: int, service: int, kind: int, xid: int, blocks: bytes, src: str = ENGINEER,
    dst: str = DEVICE, vlans: Sequence[int] = (),
) -> bytes:  # fmt: skip
    """A DCP frame."""
    head = struct.pack("!HBBIHH", frame_id, service, kind, xid, 1, len(blocks))
    return frame(src, dst, KIND, head + blocks, vlans)


def ask(service: int, xid: int, blocks: bytes, vlans: Sequence[int] = ()) -> bytes:
    """A request to one device."""
    return dcp(GET_SET, service, REQUEST, xid, blocks, vlans=vlans)


def reply(
    service: int, xid: int, blocks: bytes, kind: int = OK, vlans: Sequence[int] = ()
) -> bytes:
    """Its answer."""
    return dcp(GET_SET, service, kind, xid, blocks, DEVICE, ENGINEER, vlans)


def done(option: tuple[int, int], error: int = 0) -> bytes:
    """How an option was set."""
    return block((5, 4), bytes(option) + bytes([error]))


def addresses(ip: str, mask: str = "255.255.255.0", gateway: str = "0.0.0.0") -> bytes:
    """The three addresses of a device."""
    return b"".join(ip_address(a).packed for a in (ip, mask, gateway))


#: What a device says when it is asked who it is.
SELF = b"".join((
    block((2, 1), b"ET200SP", 0), block(NAME, b"io-rack-2", 0),
    block((2, 3), b"\0\x2a\x03\x13", 0), block((2, 4), b"\x01\0", 0),
    block((2, 5), b"\x02\x01\x02\x02", 0), block((1, 2), addresses("10.10.20.42"), 1),
))  # fmt: skip


def cyclic(frame_id: int, cycle: int, status: int = 0x35, src: str = DEVICE,
           dst: str = CONTROLLER, vlans: Sequence[int] = (0,)) -> bytes:  # fmt: skip
    """A frame of process data: 40 octets and the state of their sender."""
    tail = struct.pack("!HBB", cycle % 65536, status, 0)
    return frame(src, dst, KIND, struct.pack("!H", frame_id) + b"\x80" * 40 + tail, vlans)


def alarm(kind: int, slot: int, block_type: int = 2, pdu: int = 0x11) -> bytes:
    """An alarm of low priority, or what acknowledges one."""
    body = struct.pack("!HHBBHIHH", block_type, 24, 1, 0, kind, 0, slot, 1) + b"\0" * 10
    if pdu != 0x11:
        body = b""
    head = struct.pack("!HHHBBHHH", 0xFE01, 2, 1, pdu, 0x11, 1, 0, len(body))
    return frame(DEVICE, CONTROLLER, KIND, head + body, (0,))


def sets() -> list[bytes]:
    """Everything that can be set, and how it ends."""
    blink, reset = (5, 3), (5, 5)
    return [
        ask(SET, 1, block(NAME, b"io-rack-9", 1)), reply(SET, 1, done(NAME)),
        ask(SET, 2, block((1, 2), addresses("10.10.20.99"), 0)), reply(SET, 2, done((1, 2))),
        ask(SET, 3, block(blink, b"\x01\0", 0)), reply(SET, 3, done(blink)),
        ask(SET, 4, block(reset, info=0)), reply(SET, 4, done(reset)),
        ask(SET, 5, block((5, 6), info=4)), reply(SET, 5, done((5, 6), 2)),
        # Between the marks of one transaction, several at once; one of them fails.
        ask(SET, 6, block((5, 1)) + block(NAME, b"x", 0)
            + block((1, 2), addresses("10.10.20.98"), 0) + block((5, 2))),
        reply(SET, 6, done(NAME, 5) + done((1, 2))),
        ask(SET, 7, block((3, 61), b"\0mac", 0)), reply(SET, 7, b"", UNSUPPORTED),
        # Nobody answers.
        ask(SET, 8, block(NAME, b"io-rack-3", 0)),
    ]  # fmt: skip


def gets() -> list[bytes]:
    """Questions to one device."""
    return [
        ask(GET, 21, b"\x02\x02\x01\x02\x02\x03"), reply(GET, 21, SELF),
        ask(GET, 22, b"\x03\x3d"), reply(GET, 22, block((5, 4), b"\x03\x3d\x01")),
    ]  # fmt: skip


def captures() -> dict[str, list[Timed]]:
    """Every capture by name."""
    looks = [
        dcp(IDENTIFY, IDENT, REQUEST, 11, block((255, 255)), dst=GROUP),
        dcp(IDENTIFIED, IDENT, OK, 11, SELF, DEVICE, ENGINEER),
        dcp(IDENTIFY, IDENT, REQUEST, 12, block(NAME, b"io-rack-2"), CONTROLLER, GROUP, (0,)),
        dcp(IDENTIFIED, IDENT, OK, 12, SELF, DEVICE, CONTROLLER, (0,)),
        dcp(HELLO, HELLO_SERVICE, REQUEST, 13, SELF, DEVICE, "01:0e:cf:00:00:01"),
    ]
    name = ask(SET, 31, block(NAME, b"io-rack-9", 0))
    states = [0x35] * 10 + [0x25] * 3 + [0x35] * 3 + [0x15] * 2 + [0x31] * 2
    return {
        "identify": spaced(looks),
        "get": spaced(gets()),
        "set": spaced(sets()),
        "tagged": spaced([
            ask(SET, 41, block(NAME, b"a", 0), [7]), reply(SET, 41, done(NAME), vlans=[7]),
            ask(SET, 42, block(NAME, b"b", 0), [100, 7]),
            reply(SET, 42, done(NAME), vlans=[100, 7]),
        ]),
        # The answer to the first request, and the second request, are missing.
        "lost": spaced([sets()[0], sets()[3], sets()[4], sets()[5]]),
        "cyclic": spaced([cyclic(0x8001, 32 * n, s) for n, s in enumerate(states)], step=0.001)
        + spaced([cyclic(0x8000, 32 * n, src=CONTROLLER, dst=DEVICE) for n in range(20)],
                 0.0005, 0.001),
        "alarms": spaced([alarm(1, 2), alarm(0, 0, pdu=0x13), alarm(0x0C, 2), alarm(3, 4, 1),
                          alarm(1, 2, 0x8002), alarm(99, 1)]),
        "malformed": spaced([
            name[:20], name[:24] + b"\xff\xff" + name[26:], name[:28] + b"\xff\xff" + name[30:],
            frame(ENGINEER, DEVICE, KIND, b""), frame(ENGINEER, DEVICE, KIND, b"\xfe\xfd\x04"),
            frame(ENGINEER, DEVICE, KIND, b"\x80\x01"), dcp(GET_SET, 9, 0, 1, b""),
            ask(SET, 32, b"\x02\x02\x01"), ask(GET, 33, b"\x02"),
            frame(DEVICE, CONTROLLER, KIND, b"\xfe\x01\0\x01\0\x02\x11\x11\0\x01\0\0\xff\xff"),
            ask(SET, 34, block(NAME, bytes(240), 0)), reply(SET, 34, done(NAME)),
        ]),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    for name, frames in captures().items():
        write("profinet_dcp", name, frames)
    write("profinet_dcp", "truncated", captures()["identify"], snap=48)


if __name__ == "__main__":
    main()
