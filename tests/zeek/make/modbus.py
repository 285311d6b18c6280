"""Captures of Modbus/TCP for the btests: ``python -m tests.zeek.make.modbus``."""

from __future__ import annotations

from collections.abc import Iterable

from scapy.packet import Packet
from tests.suricata.makers.modbus import adu
from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, merged, tcp
from tests.zeek.make import save

PORT = 502

#: Request and reply of every function that the specification or a maker names.
FUNCTIONS = (
    ("0100130010", "0102cd6b"),
    ("0200c40016", "0203acdb35"),
    ("03006b0003", "0306022b00000064"),
    ("0400080001", "0402000a"),
    ("0500acff00", "0500acff00"),
    ("0500ad0000", "0500ad0000"),
    ("0600010003", "0600010003"),
    ("07", "076d"),
    ("080000a537", "080000a537"),
    ("0800010000", "0800010000"),
    ("0800040000", "0800040000"),
    ("0800550000", "0800550000"),
    ("0b", "0bffff0108"),
    ("0c", "0c08000001080121 2000"),
    ("0f0013000a02cd01", "0f0013000a"),
    ("0f0020000402 0000", "0f00200004"),
    ("1000010002 04000a0102", "1000010002"),
    ("11", "110501ff414243"),
    ("140e06000400010002 06000300090002", "140c05060dfe0020 050633cd0040"),
    ("150d06000400070003 06af04be100d", "150d06000400070003 06af04be100d"),
    ("16000400f20025", "16000400f20025"),
    ("1700030006000e000306 00ff00ff00ff", "170c00fe0acd00010003000d00ff"),
    ("1804de", "18000600 0201b81284"),
    ("2b0e0100", "2b0e0101000003 000941636d6520496e632e 01045044313030 0205312e322e33"),
    ("2b0d0001", "2b0d0001"),
    ("5a0010", "5a00fe"),
    ("5a0040", "5a00fe"),
    ("5b0001", "5b0001"),
    ("7d00", "7d00"),
    ("6401", "6401"),
)


def say(pairs: Iterable[tuple[str, str]], unit: int = 1, first: int = 1) -> Exchange:
    """Requests and replies, given as hex; an empty reply is none."""
    spoken = []
    for tid, (request, reply) in enumerate(pairs, first):
        spoken.append((C, adu(bytes.fromhex(request), tid, unit)))
        if reply:
            spoken.append((S, adu(bytes.fromhex(reply), tid, unit)))
    return spoken


def poll(count: int, first: int = 1, address: int = 0, value: int = 0) -> Exchange:
    """Reads of two holding registers; the values count up from ``value``."""
    return say(
        (
            (f"03{address:04x}0002", f"0304{(value + n) % 65536:04x}{100 + n:04x}")
            for n in range(count)
        ),
        first=first,
    )


def captures() -> dict[str, list[Packet]]:
    """Every capture by name."""
    whole = adu(bytes.fromhex("0300000002"), 1)
    backwards = [
        (C, adu(bytes.fromhex("0300000001"), 1)),
        (C, adu(bytes.fromhex("0300100001"), 2)),
        (C, adu(bytes.fromhex("0300200001"), 3)),
        (S, adu(bytes.fromhex("03020003"), 3)),
        (S, adu(bytes.fromhex("03020002"), 2)),
        (S, adu(bytes.fromhex("03020001"), 1)),
    ]
    gateway = [
        (C, adu(bytes.fromhex("0300000001"), 7, 1)),
        (C, adu(bytes.fromhex("0300000001"), 7, 2)),
        (S, adu(bytes.fromhex("03020022"), 7, 2)),
        (S, adu(bytes.fromhex("8304"), 7, 1)),
    ]
    exceptions = [(f"0300{code:02x}0001", f"83{code:02x}") for code in range(1, 13)]
    broken = [
        (C, whole[:2] + b"\0\1" + whole[4:]),  # another protocol id
        (C, adu(bytes.fromhex("1000000002 03 000102"), 2)),  # an odd number of octets
        (S, adu(bytes.fromhex("0303000102"), 2)),
        (C, adu(b"", 3, length=1)),  # no function code
        (C, b"\xff" * 300),
    ]
    # Two requests before their replies, then one after the other; 500 was read among the former.
    two = [("0300000001", "030201f4"), ("0300100001", "03020001")]
    asked, answered = say(two)[::2], say(two)[1::2]
    overlapping = [*asked, *answered, *say([*two[1:], ("0300000001", "03020002")] * 3, first=10)]
    return {
        "functions": tcp(HMI, PLC, PORT, say(FUNCTIONS)),
        "outcomes": tcp(HMI, PLC, PORT, [*say(exceptions), *say([("0600010001", "")], first=90)]),
        "polling": tcp(HMI, PLC, PORT, poll(200), step=0.2),
        "pipelined": tcp(HMI, PLC, PORT, [*backwards, *gateway]),
        "coalesced": tcp(HMI, PLC, PORT, backwards, coalesce=True),
        "split": tcp(HMI, PLC, PORT, poll(3), split=3),
        "masters": merged(
            tcp(HMI, PLC, PORT, poll(5)),
            tcp(ENGINEER, PLC, PORT, say([("0600010003", "0600010003")] * 3), sport=50001),
            tcp(HMI, PLC, PORT, poll(5, value=50), sport=50002, start=0.005),
        ),
        "overlapping": tcp(HMI, PLC, PORT, overlapping),
        # One of two falls silent, and its connection stays.
        "falls_silent": merged(
            tcp(HMI, PLC, PORT, poll(20), step=1.0, close=False),
            tcp(ENGINEER, PLC, PORT, poll(100), sport=50001, step=1.0, close=False),
        ),
        "lost": tcp(HMI, PLC, PORT, poll(20), gap={4, 9, 10, 17}),
        "joined": tcp(HMI, PLC, PORT, poll(5), midstream=True, close=False),
        "requests_only": tcp(HMI, PLC, PORT, poll(5), one_sided=C),
        "replies_only": tcp(HMI, PLC, PORT, poll(5), one_sided=S, midstream=True),
        "malformed": tcp(HMI, PLC, PORT, [*poll(2), *broken]),
        "truncated": tcp(HMI, PLC, PORT, [*poll(2), (C, whole[:9])]),
        "benign": tcp(
            HMI, PLC, PORT, [(C, b"GET / HTTP/1.1\r\n\r\n"), (S, b"HTTP/1.1 404 No\r\n\r\n")]
        ),
    }  # fmt: skip


if __name__ == "__main__":
    save("modbus", captures())
