"""Captures of BACnet/IP for the btests: ``python -m tests.zeek.make.bacnet``.

Datagram by datagram, as clients and devices send them, and as they shouldn't.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.suricata.makers.bacnet import bvlc, network, npdu
from tests.suricata.makers.wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    HMI,
    PLC,
    C,
    S,
    merged,
    pcap,
    udp,
)

TRACES = Path(__file__).parents[2] / "traces" / "bacnet"
PORT = 47808
BROADCAST = "10.10.255.255"

SIMPLE, COMPLEX = 0x20, 0x30
PASSWORD = "1d0700736563726574"
DEVICE = "0c02000007"
VALUE = "0c000000011955"
TIME = "a47e0b18 02 b40c1e0000"

#: Confirmed services: choice, data, data of a complex acknowledgment (None: a simple one).
CONFIRMED: tuple[tuple[int, str, str | None], ...] = (
    (0, "09011c000000012902 3e19003f 4c0300 6e21013f", None),
    (1, "09121c020000072c00000001 3a0258 4e09552e44428200002f4f", None),
    (2, "09011c020000072c00000001 3e19013f 49045964690089 00a901b900c902", None),
    (3, "", "c400000001910382 0520"),
    (4, "0900", "c40000000191029102210a2104"),
    (5, "09121c0000000129013900", None),
    (6, "c402800001 0e310021640f", "110e310062aabb0f"),
    (7, "c402800001 0e310063aabbcc0f", "0900"),
    (8, "0c03c0000519663e21013f", None),
    (9, "0c03c0000519663e21013f", None),
    (10, "0e09020f", "c400800002"),
    (11, "c400800002", None),
    (12, VALUE, VALUE + "3e44428200003f"),
    (12, "0c0080000a1955", "0c0080000a19553e91013f"),
    (12, DEVICE + "194c", DEVICE + "194c3ec402000007c4000000013f"),
    (12, DEVICE + "194c2903", DEVICE + "194c29033ec4000000013f"),
    (12, DEVICE + "1946", DEVICE + "19463e7506004550372d313f"),
    (12, DEVICE + "192c", DEVICE + "192c3e750400322e313f"),
    (13, "0e0f", "00"),
    (14, "0c000000011e0955096f1f0c000000021e09551f",
     "0c000000011e29554e44428200004f296f4e8204004f1f0c000000021e29554e44428200004f1f"),
    (14, DEVICE + "1e0979094d094b1f",
     DEVICE + "1e29794e75090041636d6520496e634f294d4e750500506c616e4f"
     "294b4ec4020000074f1f"),
    (15, "0c0040000119553e44424800003f4908", None),
    (15, "0c0100000319553e91013f", None),
    (15, "0c00400001194d3e750500506c616e3f", None),
    (16, "0c004000011e09552e44424800002f1f0c004000021e09552e44424800002f39081f", None),
    (17, "0a012c19012d0700736563726574", None),
    (17, "1900", None),
    (18, "0905190a", "0905190a"),
    (19, "0c0200000719003d050068656c6c", None),
    (20, "0900" + PASSWORD, None),
    (20, "0902", None),
    (20, "0904" + PASSWORD, None),
    (20, "0907", None),
    (21, "9100210a", "2101"),
    (22, "2101", None),
    (23, "210161002100", "0900"),
    (24, "09", None),
    (25, "09", None),
    (26, "0c050000011983 3e2101 310a3f", "0c0500000119833a04004901"),
    (27, "09011d0700706f6c6963652904 3c05400001", None),
    (28, "09121c000000012900393c4e09554f", None),
    (29, "", "0e0f1900"),
    (30, "0912", None),
    (31, "0912", None),
    (77, "", None),
)  # fmt: skip
UNCONFIRMED = (
    (0, "c402000007 2205c4 9103 2205" + "00"),
    (1, "c402000007c400000001750500506c616e"),
    (2, "09121c020000072c000000013a02584e09552e44428200002f4f"),
    (3, "09011c020000072c000000013e19013f49045964690089 00a901b900c902"),
    (4, "0905190a"),
    (5, "0c0200000719003d040068656c"),
    (6, TIME),
    (7, "3d0500506c616e"),
    (7, "09001a27102c00000001"),
    (8, ""),
    (8, "09071a0100"),
    (9, TIME),
    (10, "0b1234561902"),
    (11, "0912"),
    (13, "220005"),
    (14, "220005"),
    (88, ""),
)
#: Functions of the link with what answers them.
LINK = (
    (1, "0a0a140abac0ffffffff", 0, "0000"),
    (2, "", 3, "0a0a140abac0ffffffff"),
    (5, "003c", 0, "0000"),
    (6, "", 7, "0a0a0a05bac0003c0001"),
    (8, "0a0a0a05bac0", 0, "0050"),
    (12, "00", 0, "0060"),
)


def ask(service: int, data: str, invoke: int, **how: object) -> bytes:
    """A confirmed request, not segmented."""
    return npdu(bytes([0x00, 0x05, invoke, service]) + bytes.fromhex(data), **how)  # type: ignore[arg-type]


def answer(kind: int, invoke: int, rest: str, **how: object) -> bytes:
    """A PDU that answers one."""
    return npdu(bytes([kind, invoke]) + bytes.fromhex(rest), **{"control": 0, **how})  # type: ignore[arg-type]


def tell(service: int, data: str, function: int = 11) -> bytes:
    """An unconfirmed request to everybody."""
    body = bytes([0x10, service]) + bytes.fromhex(data)
    return npdu(body, function=function, control=0x20, addresses="ffff00ff")


def functions() -> list[tuple[str, bytes]]:
    """Every confirmed service and its acknowledgment."""
    said = []
    for invoke, (service, data, more) in enumerate(CONFIRMED, 1):
        said.append((C, ask(service, data, invoke)))
        if more is None:
            said.append((S, answer(SIMPLE, invoke, f"{service:02x}")))
        else:
            said.append((S, answer(COMPLEX, invoke, f"{service:02x}" + more)))
    return said


def outcomes() -> list[tuple[str, bytes]]:
    """Errors, rejects and aborts, and silence."""
    write = "0c0040000119553e44424800003f4908"
    return [
        (C, ask(12, VALUE, 1)), (S, answer(0x50, 1, "0c9101911f")),
        (C, ask(15, write, 2)), (S, answer(0x50, 2, "0f91029128")),
        (C, ask(20, "0900" + PASSWORD, 3)), (S, answer(0x50, 3, "149104911a")),
        (C, ask(16, "0c004000011e09552e44424800002f1f", 4)),
        (S, answer(0x50, 4, "100e910291250f1e0c004000010955 1f")),
        (C, ask(12, VALUE, 5)), (S, answer(0x50, 5, "0c910192ffee")),
        (C, ask(12, VALUE, 6)), (S, answer(0x50, 6, "0c")),
        (C, ask(99, "", 7)), (S, answer(0x60, 7, "09")),
        (C, ask(14, "0c", 8)), (S, answer(0x60, 8, "04")),
        (C, ask(14, "0c020000071e09081f", 9)), (S, answer(0x71, 9, "04")),
        (C, ask(14, "0c020000071e09081f", 10)), (S, answer(0x71, 10, "ee")),
        (C, ask(7, "c4028000010e310063aabbcc0f", 11)), (C, answer(0x70, 11, "00")),
        (C, ask(17, "1901", 12)),
        (S, answer(0x50, 77, "0f91029128")),
        (S, answer(SIMPLE, 78, "0f")),
    ]  # fmt: skip


def routed() -> list[tuple[str, bytes]]:
    """The same invoke id for two devices behind a router, and what is forwarded."""
    near, far_ = "000501aa", "000501bb"
    told = bytes([0x10, 0]) + bytes.fromhex("c4020000082205c491032105")
    source = bytes([10, 10, 30, 40]) + struct.pack("!H", PORT)
    return [
        (C, ask(12, VALUE, 1, control=0x24, addresses=near + "ff")),
        (C, ask(15, "0c0040000119553e44424800003f4908", 1, control=0x24, addresses=far_ + "ff")),
        (S, answer(SIMPLE, 1, "0f", control=0x08, addresses=far_)),
        (S, answer(COMPLEX, 1, "0c" + VALUE + "3e44428200003f", control=0x08, addresses=near)),
        (S, npdu(told, function=11, control=0x08, addresses=near)),
        (S, bvlc(4, source + b"\x01\x00" + told)),
    ]


def segmented() -> list[tuple[str, bytes]]:
    """A long answer in three parts, and a long request: counted once each."""
    names = DEVICE + "194c3e" + "c400000001" * 8
    parts = [
        npdu(bytes([0x30 | flags, 1, number, 4, 12]) + bytes.fromhex(names), control=0)
        for number, flags in enumerate((0x0C, 0x0C, 0x08))
    ]
    acks = [npdu(bytes([0x40, 1, number, 4]), control=0) for number in range(3)]
    request = [
        npdu(bytes([flags, 0x75, 2, number, 4, 7]) + bytes.fromhex("c402800001" + "00" * 30))
        for number, flags in enumerate((0x0C, 0x08))
    ]
    said: list[tuple[str, bytes]] = [(C, ask(12, DEVICE + "194c", 1))]
    for part, ack in zip(parts, acks, strict=True):
        said += [(S, part), (C, ack)]
    said += [(C, r) for r in request]
    return [*said, (S, answer(COMPLEX, 2, "070900"))]


def malformed() -> list[tuple[str, bytes]]:
    """What is wrong in a datagram ends with it: a right one follows each."""
    good = [(C, ask(12, VALUE, 1)), (S, answer(COMPLEX, 1, "0c" + VALUE + "3e44428200003f"))]
    whole = ask(14, "0c000000011e0955096f1f", 9)
    wrong = [
        b"\x81", b"\x81\x0a\x00\x00", b"\x81\x0a\x00\xff\x01\x04", b"\x81\x0a\x00\x04",
        b"\x82\x01\x00\x07abc", b"\x00" * 30,
        bvlc(10, b"\x02\x04\x00\x05\x01\x0c"), bvlc(10, b"\x01\x20"),
        bvlc(10, b"\x01\x28\xff\xff\xff" + b"\x01" * 9), bvlc(4, b"\x0a\x0a"),
        bvlc(4, b"\x0a\x0a\x1e\x28\xba\xc0\x01"), bvlc(10, b"\x01\x80"), bvlc(0, b""),
        *(bvlc(10, whole[4:n]) for n in range(6, len(whole))),
        ask(15, "0c0040000119553e55ff", 3), ask(15, "0c0040000119553e5500ffffff", 4),
        ask(16, "0c004000011e" * 20, 5), ask(17, "1d", 6), ask(5, "fefffffe", 7),
        ask(12, "0dff0000ff1955", 8), ask(14, "0c000000011e" + "0e" * 40, 9),
        tell(0, "c402000007"), tell(0, "c40200"), tell(7, "3d0504ffff"), tell(8, "0d"),
        answer(COMPLEX, 9, "0e0c020000071e2979"), answer(0x50, 9, ""), answer(0x80, 9, "00"),
    ]  # fmt: skip
    said = list(good)
    for data in wrong:
        said += [(C, data), *good]
    return said


def polls(count: int) -> list[tuple[str, bytes]]:
    said = []
    for n in range(count):
        value = struct.pack("!f", 20.0 + n).hex()
        said.append((C, ask(12, VALUE, n & 0xFF)))
        said.append((S, answer(COMPLEX, n & 0xFF, "0c" + VALUE + f"3e44{value}3f")))
    return said


def slow() -> list[object]:
    """Polls so far apart that each is a connection of its own, two of them within a minute.

    The last request but one has no reply; the last poll comes from another link-layer address.
    """
    packets = [p for at in (5, 25, 95, 185) for p in between(polls(1), start=at)]
    packets += between(polls(1)[:1], start=275)
    other = between(polls(1), start=365)
    for packet, end in zip(other, ("src", "dst"), strict=True):
        setattr(packet, end, "02:00:00:00:00:99")
    return [*packets, *other]


def write(name: str, packets: Iterable[object]) -> None:
    (TRACES / f"{name}.pcap").write_bytes(pcap(packets))  # type: ignore[arg-type]


def between(said: Sequence[tuple[str, bytes]], client: str = HMI, **how: object) -> list[object]:
    return list(udp(client, PLC, PORT, said, sport=PORT, **how))  # type: ignore[arg-type]


def main() -> None:
    """Write all captures."""
    write("functions", between(functions()))
    shouted = [(C, tell(service, data)) for service, data in UNCONFIRMED]
    shouted += [(C, network(kind, "0005")) for kind in (0, 1, 2, 3, 4, 5, 6, 7, 18, 19, 99)]
    write("slow", slow())
    write("unconfirmed", udp(PLC, BROADCAST, PORT, shouted, sport=PORT))
    link = []
    for function, data, back, result in LINK:
        link.append((C, bvlc(function, bytes.fromhex(data))))
        link.append((S, bvlc(back, bytes.fromhex(result))))
    link += [(C, bvlc(5, b"\0\x3c")), (C, bvlc(11, b"\x01\0\x10\x08"))]
    write("link", between(link, ATTACKER))
    write("outcomes", between(outcomes(), ENGINEER))
    write("routed", between(routed()))
    write("segmented", between(segmented()))
    write("malformed", between(malformed()))
    session = polls(40)
    write("lost", between([p for n, p in enumerate(session) if n not in {11, 20, 21, 40}]))
    write("replies", between([p for p in polls(5) if p[0] == S]))
    write(
        "elsewhere",
        merged(
            udp(HMI, PLC, 4000, session, sport=4001),
            udp(CONTROLLER, PLC, 4002, [(C, bvlc(5, b"\0\x3c")), (S, bvlc(0, b"\0\0"))], start=5),
        ),
    )
    write(
        "benign",
        merged(
            udp(HMI, PLC, PORT, [(C, b"\x81 but not BACnet"), (S, b"hello")] * 3),
            udp(ENGINEER, PLC, PORT, [(C, b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01x\0")], start=2),
        ),
    )


if __name__ == "__main__":
    main()
