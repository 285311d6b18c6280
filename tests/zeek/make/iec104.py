"""Captures of IEC 60870-5-104 for the btests: ``python -m tests.zeek.make.iec104``.

Frame by frame, as a controlling and a controlled station send them, and as they shouldn't.
"""

from __future__ import annotations

import struct
from pathlib import Path

from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, merged, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces" / "iec104"
PORT = 2404
START, START_CON = b"\x68\x04\x07\0\0\0", b"\x68\x04\x0b\0\0\0"
STOP, STOP_CON = b"\x68\x04\x13\0\0\0", b"\x68\x04\x23\0\0\0"
TEST, TEST_CON = b"\x68\x04\x43\0\0\0", b"\x68\x04\x83\0\0\0"
NOW = bytes.fromhex("10270c0b180b1a")  # CP56Time2a
CLOCK = NOW[:3]  # CP24Time2a
FLOAT = struct.pack("<f", 231.5)
GOOD = b"\0"

SPONTANEOUS, ASKED, ACT, CON, DEACT, DEACT_CON, END, FILE, POLLED = 3, 5, 6, 7, 8, 9, 10, 13, 20
EVERYBODY = 0xFFFF

#: An object of each type that stations report, behind its address.
REPORTS = {
    1: b"\x01", 2: b"\x01" + CLOCK, 3: b"\x02", 4: b"\x02" + CLOCK, 5: b"\x7d" + GOOD,
    6: b"\x05" + GOOD + CLOCK, 7: b"\x01\x02\0\0" + GOOD, 8: b"\x01\x02\0\0" + GOOD + CLOCK,
    9: b"\0\x40" + GOOD, 10: b"\0\xc0" + GOOD + CLOCK, 11: b"\xff\xff" + GOOD,
    12: b"\x10\0" + GOOD + CLOCK, 13: FLOAT + GOOD, 14: FLOAT + GOOD + CLOCK,
    15: b"\x64\0\0\0\0", 16: b"\x64\0\0\0\0" + CLOCK, 17: b"\x01\x10\0" + CLOCK,
    18: b"\x01\0\x10\0" + CLOCK, 19: b"\x01\0\x10\0" + CLOCK, 20: b"\x05\0\0\0" + GOOD,
    21: b"\0\x20", 30: b"\x01" + NOW, 31: b"\x01" + NOW, 32: b"\x05" + GOOD + NOW,
    33: b"\x01\x02\0\0" + GOOD + NOW, 34: b"\0\x40" + GOOD + NOW, 35: b"\x10\0" + GOOD + NOW,
    36: FLOAT + GOOD + NOW, 37: b"\x64\0\0\0\0" + NOW, 38: b"\x01\x10\0" + NOW,
    39: b"\x01\0\x10\0" + NOW, 40: b"\x01\0\x10\0" + NOW, 70: b"\x01",
}  # fmt: skip
#: Commands and parameters, with the octet that holds the bit for select.
COMMANDS = {
    45: (b"\x01", 0), 46: (b"\x02", 0), 47: (b"\x01", 0), 48: (b"\0\x40\0", 2),
    49: (b"\x10\0\0", 2), 50: (FLOAT + b"\0", 4), 51: (b"\x01\x02\0\0", None),
    58: (b"\x01" + NOW, 0), 59: (b"\x02" + NOW, 0), 60: (b"\x01" + NOW, 0),
    61: (b"\0\x40\0" + NOW, 2), 62: (b"\x10\0\0" + NOW, 2), 63: (FLOAT + b"\0" + NOW, 4),
    64: (b"\x01\x02\0\0" + NOW, None), 110: (b"\0\x40\x01", None), 111: (b"\x10\0\x01", None),
    112: (FLOAT + b"\x01", None), 113: (b"\x03", None),
}  # fmt: skip
SYSTEM = {
    100: b"\x14", 101: b"\x05", 103: NOW, 104: b"\xaa\x55", 105: b"\x01", 106: b"\x0a\0",
    107: b"\x01\0" + NOW,
}  # fmt: skip
FILES = {
    120: b"\x01\0\x64\0\0\x80", 121: b"\x01\0\x01\x64\0\0\0", 122: b"\x01\0\0\x01",
    123: b"\x01\0\x01\x01\x20", 124: b"\x01\0\x01\x01", 125: b"\x01\0\x01\x04abcd",
    126: b"\x01\0\x64\0\0\0" + NOW, 127: b"\x01\0" + NOW + NOW,
}  # fmt: skip


def apdu(asdu: bytes, sent: int = 0) -> bytes:
    """An I frame."""
    return struct.pack("<BBHH", 0x68, 4 + len(asdu), sent << 1, 0) + asdu


def frame(
    kind: int, cause: int, *objects: tuple[int, bytes], station: int = 1, number: int | None = None
) -> bytes:
    """An I frame with a list of objects, each an address and what follows it."""
    body = b"".join(a.to_bytes(3, "little") + value for a, value in objects)
    count = len(objects) if number is None else number
    return apdu(struct.pack("<BBBBH", kind, count, cause, 0, station) + body)


def sequence(kind: int, cause: int, first: int, *values: bytes, station: int = 1) -> bytes:
    """An I frame with a sequence: one address, and values of it and those that follow."""
    header = struct.pack("<BBBBH", kind, 0x80 | len(values), cause, 0, station)
    return apdu(header + first.to_bytes(3, "little") + b"".join(values))


def acknowledged(received: int) -> bytes:
    """An S frame."""
    return struct.pack("<BBHH", 0x68, 4, 1, received << 1)


def asked(kind: int, value: bytes, address: int, station: int = 1) -> Exchange:
    """A command and its confirmation."""
    return [
        (C, frame(kind, ACT, (address, value), station=station)),
        (S, frame(kind, CON, (address, value), station=station)),
    ]


def selected(value: bytes, octet: int) -> bytes:
    return value[:octet] + bytes([value[octet] | 0x80]) + value[octet + 1 :]


def functions() -> Exchange:
    """Every type id."""
    said: list[tuple[str, bytes]] = [(C, START), (S, START_CON), (C, TEST), (S, TEST_CON)]
    for kind, value in REPORTS.items():
        said.append((S, frame(kind, SPONTANEOUS, (1000 + kind, value))))
    said.append((C, acknowledged(len(REPORTS))))
    for kind, (value, octet) in COMMANDS.items():
        if octet is not None:
            said += asked(kind, selected(value, octet), 4000 + kind)
        said += asked(kind, value, 4000 + kind)
        said.append((S, frame(kind, END, (4000 + kind, value))))
    for kind, value in SYSTEM.items():
        said += asked(kind, value, 0)
    said += [(C, frame(102, ASKED, (1013, b""))), (S, frame(13, ASKED, (1013, FLOAT + GOOD)))]
    for kind, value in FILES.items():
        side = C if kind in (122, 124, 127) else S
        said.append((side, frame(kind, FILE, (9000, value))))
    return [*said, (C, STOP), (S, STOP_CON)]


def blocks() -> Exchange:
    """Interrogation: of the station and of a group, answered in lists and sequences."""
    values = [struct.pack("<f", 10.0 * n) + GOOD for n in range(5)]
    return [
        (C, START), (S, START_CON),
        (C, frame(100, ACT, (0, b"\x14"))), (S, frame(100, CON, (0, b"\x14"))),
        (S, frame(1, POLLED, (1, b"\x01"), (2, b"\0"), (7, b"\x01"))),
        (S, sequence(13, POLLED, 700, *values)),
        (S, sequence(3, POLLED, 50, b"\x02")),
        (S, frame(100, END, (0, b"\x14"))),
        (C, frame(100, ACT, (0, b"\x16"))), (S, frame(100, CON, (0, b"\x16"))),
        (C, frame(101, ACT, (0, b"\x05"))), (S, frame(101, CON, (0, b"\x05"))),
        (S, frame(15, 37, (30, b"\x64\0\0\0\0"))),
        # Of a file the names of several: a list of what lies in the directory.
        (S, sequence(126, ASKED, 1, FILES[126], FILES[126])),
    ]  # fmt: skip


def outcomes() -> Exchange:
    """What stations refuse, cancel, or don't answer; a command to all of them."""
    on = b"\x01"
    return [
        (C, START), (S, START_CON),
        (C, frame(45, ACT, (1, on))), (S, frame(45, 0x40 | CON, (1, on))),
        (C, frame(45, ACT, (2, on))), (S, frame(45, 0x40 | 44, (2, on))),
        (C, frame(45, ACT, (3, on))), (S, frame(45, 0x40 | 45, (3, on))),
        (C, frame(45, ACT, (4, on), station=9)), (S, frame(45, 0x40 | 46, (4, on), station=9)),
        (C, frame(45, ACT, (5, on))), (S, frame(45, 0x40 | 47, (5, on))),
        (C, frame(46, ACT, (6, b"\x82"))), (S, frame(46, CON, (6, b"\x82"))),
        (C, frame(46, DEACT, (6, b"\x02"))), (S, frame(46, DEACT_CON, (6, b"\x02"))),
        (C, frame(45, ACT, (7, on))),
        # Twice before it is confirmed.
        (C, frame(45, ACT, (8, on))), (C, frame(45, ACT, (8, b"\0"))),
        (S, frame(45, CON, (8, on))), (S, frame(45, CON, (8, b"\0"))),
        # To every station behind this one; two answer.
        (C, frame(100, ACT, (0, b"\x14"), station=EVERYBODY)),
        (S, frame(100, CON, (0, b"\x14"), station=1)),
        (S, frame(100, CON, (0, b"\x14"), station=2)),
        # A confirmation of what nobody saw.
        (S, frame(45, CON, (10, on))),
        # The station's own clock.
        (S, frame(103, SPONTANEOUS, (0, NOW))),
    ]  # fmt: skip


def malformed() -> Exchange:
    """Frames that are wrong, each before one that is right."""
    right = [(S, frame(1, SPONTANEOUS, (n, b"\x01"))) for n in range(1, 10)]
    wrong = [
        frame(1, SPONTANEOUS, (100, b"\x01"), number=9),  # fewer objects than it says
        frame(13, SPONTANEOUS, (101, FLOAT)),  # an octet short
        frame(45, ACT, (102, b"\x01abc")),  # longer than its type
        frame(200, SPONTANEOUS, (103, b"\x01")),  # a type that isn't defined
        frame(1, SPONTANEOUS, number=0),  # nothing at all
        b"\x68\x02\x43\0",  # too short for a frame
        b"\x68\x0e\x01\0\x01\0" + b"\xff" * 10,  # neither I, S nor U
        b"\x68\xff" + b"\x68" * 40,  # noise
        frame(1, SPONTANEOUS, (104, b"\x01"))[:9],  # cut
    ]
    said: list[tuple[str, bytes]] = [(C, START), (S, START_CON)]
    for good, bad in zip(right, wrong, strict=True):
        said += [(S, bad), good]
    return said


def many() -> Exchange:
    """A session that is long enough to lose something of."""
    said: list[tuple[str, bytes]] = [(C, START), (S, START_CON)]
    for n in range(20):
        said.append((S, frame(13, SPONTANEOUS, (700 + n, struct.pack("<f", n) + GOOD))))
        said += asked(45, bytes([n & 1]), 4000 + n)
    return said


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    web = [
        (C, b"GET /h HTTP/1.1\r\nHost: plc\r\n\r\n"),
        (S, b"HTTP/1.1 200 OK\r\n\r\n" + b"h" * 900),
    ]
    captures = {
        "functions": tcp(HMI, PLC, PORT, functions()),
        "blocks": tcp(HMI, PLC, PORT, blocks()),
        "outcomes": tcp(HMI, PLC, PORT, outcomes()),
        "malformed": tcp(HMI, PLC, PORT, malformed()),
        "split": tcp(HMI, PLC, PORT, functions(), split=7),
        "coalesced": tcp(HMI, PLC, PORT, functions(), coalesce=True),
        "lost": tcp(HMI, PLC, PORT, many(), gap=(8, 17, 30), split=9),
        "joined": tcp(HMI, PLC, PORT, many()[5:], midstream=True)[1:],
        # From the middle of a frame on, and the server speaks first.
        "amid": tcp(PLC, HMI, 51000, [(C, many()[2][1][6:]), *(
            (C if side == S else S, data) for side, data in many()[3:]
        )], sport=PORT, midstream=True),
        "elsewhere": merged(
            tcp(HMI, PLC, 12404, many()),
            tcp(ENGINEER, PLC, 12405, many()[2:], sport=50001, midstream=True),
        ),
        "benign": tcp(HMI, PLC, PORT, web * 5),
    }  # fmt: skip
    for name, packets in captures.items():
        (TRACES / f"{name}.pcap").write_bytes(pcap(packets))


if __name__ == "__main__":
    main()
