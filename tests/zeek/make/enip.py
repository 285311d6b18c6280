"""Captures of EtherNet/IP and CIP for the btests: ``python -m tests.zeek.make.enip``.

Message by message, as clients and controllers send them, and as they shouldn't.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from tests.suricata.makers._enip import (
    connected,
    encapsulated,
    path,
    pccc,
    routed,
    several,
    tag,
    unconnected,
)
from tests.suricata.makers.wire import (
    CONTROLLER,
    ENGINEER,
    HMI,
    PLC,
    C,
    Exchange,
    S,
    merged,
    pcap,
    tcp,
    udp,
)

TRACES = Path(__file__).parents[2] / "traces" / "enip"
PORT = 44818
IO_PORT = 2222
BROADCAST = "10.10.255.255"

REGISTER = b"\x01\0\0\0"
#: Vendor 1, device type 14, product 166, revision 20.11, status, serial, name, state.
IDENTITY = struct.pack("<HHHBBHI", 1, 14, 166, 20, 11, 0x3060, 0x00C0FFEE) + b"\x0b1769-L32E\0\x03"
SOCKET = struct.pack("!HH4s8x", 2, PORT, bytes([10, 10, 20, 10]))
LISTED = struct.pack("<HHHH", 1, 0x0C, 2 + 16 + len(IDENTITY), 1) + SOCKET + IDENTITY
SERVICES = struct.pack("<HHHHH16s", 1, 0x100, 20, 1, 0x120, b"Communications")
#: Ticks, connection ids, serial, vendor, originator, multiplier, intervals and sizes both ways,
#: transport; then the way to it: the backplane and the message router.
FORWARD_OPEN = path(
    "54 20062401|0a0e 00000000 01000180 0100 4d00 78563412 03000000"
    " 40420f00 f443 40420f00 f443 a3 03 0100 20022401"
)
OPENED = bytes.fromhex("d4000000 0100a100 01000180 01004d0078563412 40420f0040420f000000")
FORWARD_CLOSE = path("4e 20062401|0a0e 0100 4d00 78563412 0300 0100 20022401")

#: Services with what their replies carry.
COMMON = (
    ("01 20012401", IDENTITY[:-1]),
    ("0e 200124013007", b"\x0b1769-L32E\0"),
    ("03 20ac2401|0100 0100", b"\x01\0\x01\0\0\0\x05\0"),
    ("02 20f52401|00", b""),
    ("04 20692401|01000100 05", b""),
    ("10 200424643003|0000", b""),
    ("05 20012401|01", b""),
    ("05 20722401", b""),
    ("06 208e2401", b""),
    ("07 208e2401", b""),
    ("08 206825002024|0a00", b""),
    ("09 206825002024", b""),
    ("0d 206f2401", b""),
    ("11 20042400|01", b""),
    ("15 200f2401", b""),
    ("16 200f2401", b""),
    ("17 20062401", b""),
    ("18 20042464", b""),
    ("19 20042464|0000", b""),
    ("1a 20042464|0000", b""),
    ("1b 20042464|0000", b""),
    ("1c 20432401|00", b""),
    ("1d 20042464", b""),
    ("10 208b24013006|c072", b""),
    ("4b 20a12401|16ff1b00", b""),
    ("4d 20a12401|01000000", b""),
    ("51 20a12401|16ff1b00", b""),
    ("4b 20372401|01", b""),
    ("4c 20372401|01", b""),
    ("4d 20372401|01", b""),
    ("4e 20372401|01", b""),
    ("4f 20372401|00", b""),
    ("50 20372401|0001", b""),
    ("51 20372401", b""),
    ("4f 206a250023b7|00000000", b""),
    ("50 206a250023b7|00000000", b""),
    ("4c 206c25000f08|00000000", b""),
    ("4b 20ac2401", b""),
    ("4b 206b2400", b""),
    ("4b 20742401", b""),
    ("4c 20742401", b""),
    ("55 206b25000000|020001000200", b""),
    ("4c 20722400|01", b""),
    ("0e 210034032401", b""),
)  # fmt: skip
TAGS = (
    (tag(0x4C, "Motor1.Speed", "0100"), b"\xca\0" + struct.pack("<f", 12.5)),
    (tag(0x4C, "Program:Main.Levels", "0300"), b"\xc3\0" + struct.pack("<3h", -5, 7, 100)),
    (tag(0x52, "Recipe", "010000000000"), b"\xa0\x02\xce\x0f" + bytes(8)),
    (tag(0x4D, "Motor1.Speed", "ca000100" + struct.pack("<f", 50.0).hex()), b""),
    (tag(0x4D, "Counter", "c40002000a00000014000000"), b""),
    (tag(0x53, "Big", "c300020000000000" + struct.pack("<2h", -1, 1).hex()), b""),
    (tag(0x4E, "Flags", "0400ffffffff00000000"), b""),
    (path("4c 206b25000a00|0100"), b"\xc4\0\x2a\0\0\0"),
)
ELEMENT = bytes.fromhex("4c05 9106 4c6576656c73 2803 0100")
PCCC = (
    ("0f", "a21407890000", "0102"),
    ("0f", "aa0207890000f401", ""),
    ("0f", "a9048a080005" + struct.pack("<f", 1.5).hex(), ""),
    ("0f", "a20203860201", "0000"),
    ("0f", "a202ff0101891200", "0000"),
    ("0f", "670000010700", ""),
    ("0f", "680000010700", "00"),
    ("0f", "8001", ""),
    ("0f", "3a06", ""),
    ("0f", "50", ""),
    ("0f", "52", ""),
    ("0f", "53", ""),
    ("0f", "57", ""),
    ("0f", "180000000004aabbccdd", ""),
    ("0f", "8103010000", "0100"),
    ("0f", "0a", ""),
    ("06", "03", "00ee"),
    ("06", "00abcd", "abcd"),
    ("07", "00", ""),
    ("08", "0000aabb", ""),
    ("0f", "99", ""),
)


def reply(message: bytes, data: bytes = b"", status: int = 0, more: bytes = b"") -> bytes:
    """The reply to a request: service, status, additional words, data."""
    return bytes([message[0] | 0x80, 0, status, len(more) // 2]) + more + data


def pccc_reply(command: int, status: int = 0, extended: int = 0, data: str = "") -> bytes:
    body = bytes([command | 0x40, status]) + struct.pack("<H", 0x1234)
    body += bytes([extended]) if status == 0xF0 else b""
    return b"\xcb\0\0\0" + bytes.fromhex("074d0001020304") + body + bytes.fromhex(data)


def told(message: bytes, number: int) -> bytes:
    """A CIP message from the server, on the connection that leads back."""
    return connected(message, number).replace(
        struct.pack("<I", 0x00A10001), struct.pack("<I", 0x80010001), 1
    )


def opened() -> Exchange:
    return [(C, encapsulated(0x65, REGISTER, session=0)), (S, encapsulated(0x65, REGISTER))]


def asked(message: bytes, data: bytes = b"", **how: object) -> Exchange:
    """An unconnected request and its reply."""
    return [(C, unconnected(message)), (S, unconnected(reply(message, data, **how)))]  # type: ignore[arg-type]


def polled(count: int, first: int = 1) -> list[tuple[str, bytes]]:
    """A tag read on a connection again and again."""
    said = []
    for n in range(first, first + count):
        message, data = tag(0x4C, "Level", "0100"), b"\xc3\0" + struct.pack("<h", n)
        said += [(C, connected(message, n)), (S, told(reply(message, data), n))]
    return said


def functions() -> Exchange:
    """Every command, service and PCCC function that has a name."""
    said = [
        (C, encapsulated(0x00)),
        (C, encapsulated(0x04, session=0)), (S, encapsulated(0x04, SERVICES, session=0)),
        (C, encapsulated(0x64, session=0)), (S, encapsulated(0x64, b"\0\0", session=0)),
        (C, encapsulated(0x63, session=0)), (S, encapsulated(0x63, LISTED, session=0)),
        *opened(),
    ]  # fmt: skip
    for text, data in COMMON:
        said += asked(path(text), data)
    for message, data in TAGS:
        said += asked(message, data)
    said += asked(ELEMENT, b"\xc3\0\x07\0")
    for command, function, data in PCCC:
        said += [
            (C, unconnected(pccc(int(command, 16), function))),
            (S, unconnected(pccc_reply(int(command, 16), data=data))),
        ]
    said += [(C, unconnected(FORWARD_OPEN)), (S, unconnected(OPENED)), *polled(3)]
    inside = [TAGS[0][0], path("03 20692400|01000400"), TAGS[4][0]]
    answers = [reply(inside[0], TAGS[0][1]), reply(inside[1], b"\x01\0"), reply(inside[2])]
    packed = several(answers)[6:]
    said += [
        (C, connected(several(inside), 9)),
        (S, told(b"\x8a\0\0\0" + packed, 9)),
        (C, unconnected(routed(TAGS[0][0], 2))),
        (S, unconnected(reply(TAGS[0][0], TAGS[0][1]))),
        (C, unconnected(routed(several(inside)))),
        (S, unconnected(b"\x8a\0\0\0" + packed)),
        (C, unconnected(far(path("01 20012401")))),
        (S, unconnected(reply(b"\x01", IDENTITY[:-1]))),
        (C, unconnected(FORWARD_CLOSE)),
        (S, unconnected(reply(FORWARD_CLOSE, bytes(10)))),
        (C, encapsulated(0x66)),
    ]
    return said


def far(message: bytes) -> bytes:
    """A message by way of another chassis: backplane, then an address on its network."""
    address = b"192.168.7.9"
    way = bytes([1, 3, 0x12, len(address)]) + address + b"\0"
    padding = b"\0" * (len(message) % 2)
    head = bytes.fromhex("52022006240105f7") + struct.pack("<H", len(message))
    return head + message + padding + bytes([len(way) // 2, 0]) + way


def outcomes() -> Exchange:
    """Errors of every layer, one service of several that fails, and silence."""
    inside = [TAGS[0][0], path("03 20692400|01000400"), TAGS[4][0]]
    answers = [
        reply(inside[0], TAGS[0][1]),
        reply(inside[1], status=0x05),
        reply(inside[2], status=0x0F),
    ]
    said: list[tuple[str, bytes]] = [*opened()]
    for status in (0x05, 0x08, 0x0C, 0x0F, 0x14, 0x16, 0x1F, 0x77):
        said += asked(path("0e 200124013007"), status=status)
    said += asked(TAGS[0][0], TAGS[0][1], status=0x06)
    for more in (0x0100, 0x0107, 0x0111, 0x0315, 0x7777):
        said += [
            (C, unconnected(FORWARD_OPEN)),
            (S, unconnected(reply(FORWARD_OPEN, bytes(10), 1, struct.pack("<H", more)))),
        ]
    said += [
        (C, unconnected(routed(TAGS[0][0], 5))),
        (S, unconnected(bytes.fromhex("d20001010403") + b"\x02\0")),
        (C, connected(several(inside), 4)),
        (S, told(b"\x8a\0\x1e\0" + several(answers)[6:], 4)),
        (C, unconnected(pccc(0x0F, "8001"))),
        (S, unconnected(pccc_reply(0x0F, status=0xF0, extended=0x0B))),
        (C, unconnected(pccc(0x0F, "aa0207890000f401"))),
        (S, unconnected(pccc_reply(0x0F, status=0x70))),
        (C, unconnected(path("05 20012401"))),
        (S, encapsulated(0x6F, status=0x64)),
        (C, encapsulated(0x65, b"\x09\0\0\0", session=0)),
        (S, encapsulated(0x65, REGISTER, status=0x69, session=0)),
        (C, unconnected(path("07 208e2401"))),
    ]
    return said


def malformed() -> Exchange:
    """What is wrong in a message ends with it: a right one follows each."""
    good = asked(TAGS[0][0], TAGS[0][1])
    packed = several([TAGS[0][0], TAGS[4][0]])
    wrong = [
        unconnected(b""),
        unconnected(b"\x4c"),
        unconnected(b"\x4c\xff\x91"),
        unconnected(b"\x4c\x02\x91\xff\x41\x42"),
        unconnected(b"\x0e\x03\x36\0\0\0\x20\x01"),
        unconnected(b"\x0e\x02\x1f\xff\0\0"),
        unconnected(packed[:6] + b"\xff\xff" + packed[8:]),
        unconnected(packed[:6] + b"\x02\0\xff\xff\0\0" + packed[12:]),
        unconnected(packed[:9]),
        unconnected(pccc(0x0F, "a2")[:12]),
        unconnected(routed(TAGS[0][0])[:12]),
        unconnected(tag(0x4D, "x", "c400ffff00")),
        encapsulated(0x6F, b"\0\0\0\0\0\0\x10\0\xb2\0\xff\xff\x4c"),
        encapsulated(0x6F, b"\0\0"),
        encapsulated(0x70, b"\0\0\0\0\0\0\x02\0\xa1\0\x02\0\0\0\xb1\0\x01\0\x4c"),
        encapsulated(0x63, LISTED[:20]),
        b"\xff" * 24,
        struct.pack("<HHII8sI", 0x6F, 0, 0, 0, b"x" * 8, 7),
        b"\x6f\0" * 40,
    ]
    said: list[tuple[str, bytes]] = [*opened()]
    for data in wrong:
        said += [(C, data), *good]
    return said


def io(count: int) -> list[tuple[str, bytes]]:
    """Datagrams of an I/O connection, to and fro."""
    said = []
    for n in range(count):
        for side, to in ((C, 0x00A10001), (S, 0x80010001)):
            head = struct.pack("<HHHIIHHH", 2, 0x8002, 8, to, n, 0xB1, 10, n)
            said.append((side, head + bytes(8)))
    return said


HTTP = [(C, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), (S, b"HTTP/1.1 200 OK\r\n\r\n" + b"p\0" * 9000)]


def write(name: str, packets: Iterable[object]) -> None:
    (TRACES / f"{name}.pcap").write_bytes(pcap(packets))  # type: ignore[arg-type]


def main() -> None:
    """Write all captures."""
    write("functions", tcp(HMI, PLC, PORT, functions()))
    write("coalesced", tcp(HMI, PLC, PORT, functions(), coalesce=True))
    write("split", tcp(HMI, PLC, PORT, functions(), split=7))
    write("outcomes", tcp(ENGINEER, PLC, PORT, outcomes()))
    write("malformed", tcp(HMI, PLC, PORT, malformed()))
    session = [*opened(), *polled(40)]
    write("lost", tcp(HMI, PLC, PORT, session, gap={20, 21, 40, 55}))
    amid = [(S, polled(1)[1][1][30:]), *polled(20)]
    write("joined", tcp(HMI, PLC, PORT, amid, midstream=True, close=False))
    write("replies", tcp(HMI, PLC, PORT, polled(5), midstream=True, one_sided=S, close=False))
    write(
        "elsewhere",
        merged(
            tcp(HMI, PLC, 4000, session),
            tcp(ENGINEER, PLC, 4001, polled(5), midstream=True, start=5),
            udp(CONTROLLER, PLC, 4002, io(3), sport=4003, start=7),
        ),
    )
    discovery = encapsulated(0x63, session=0)
    listed = encapsulated(0x63, LISTED, session=0)
    write(
        "discovery",
        merged(
            udp(HMI, BROADCAST, PORT, [(C, discovery)]),
            udp(PLC, HMI, 50000, [(C, listed)], sport=PORT, start=0.1),
            udp(ENGINEER, PLC, PORT, [(C, discovery), (S, listed)], start=1),
            udp(ENGINEER, PLC, PORT, [(C, b"\x63"), (C, listed[:40]), (C, discovery)], start=2),
        ),
    )
    write("io", udp(CONTROLLER, PLC, IO_PORT, io(50), sport=IO_PORT))
    write(
        "benign",
        merged(
            tcp(HMI, PLC, PORT, HTTP),
            udp(HMI, PLC, IO_PORT, [(C, b"hello"), (S, b"\x02\0" * 20)], start=2),
            udp(HMI, PLC, PORT, [(C, b"hello there, who is it that listens")], start=3),
        ),
    )


if __name__ == "__main__":
    main()
