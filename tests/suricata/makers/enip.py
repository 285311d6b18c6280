"""Cases of the EtherNet/IP rules: CIP requests message by message, PCCC, counts and shapes."""

from collections.abc import Iterable

from scapy.packet import Packet

from ._enip import connected, encapsulated, path, pccc, routed, several, tag, unconnected
from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, PLC, C, S, case, merged, tcp, udp

PORT = 44818
FIRST = 1_922_000
GATE = FIRST  # a step that does not alert

NAME = "Motor1"
WRITE = tag(0x4D, NAME, "c40001000a000000")
IDENTITY = path("01 20012401")

#: A CIP request a rule: last digits of its sid, message, other rules that fire on it.
MESSAGES: dict[int, tuple[bytes, tuple[int, ...]]] = {
    10: (IDENTITY, ()),
    11: (path("0e 200124013007"), ()),
    12: (path("05 20012401"), ()),
    13: (path("05 200124013000"), ()),
    14: (path("05 20012401|01"), (12,)),
    15: (path("4b 20012401|05"), ()),
    16: (path("10 20012401 3007|0000"), (60,)),
    20: (path("07 208e2401"), ()),
    21: (path("06 208e2401"), ()),
    22: (path("07 20642401|dead"), ()),
    23: (path("06 20642401|dead"), ()),
    24: (path("07 20a62401"), ()),
    25: (path("06 20a62401"), ()),
    26: (path("05 20722401"), ()),
    27: (path("4b 208e240120742401"), ()),
    28: (path("4c 208e240120742401"), ()),
    30: (path("08 206825002024|0a00"), ()),
    31: (path("09 206825002024"), ()),
    32: (path("50 206a250023b7|00000000"), ()),
    33: (path("4f 206a250023b7|00000000"), ()),
    34: (path("16 200f2401"), ()),
    35: (path("15 200f2401"), ()),
    36: (path("08 20a62400|01"), ()),
    37: (path("09 20a62401"), ()),
    38: (path("4b 20ac2401"), ()),
    40: (path("4b 20a12401|16ff1b0000000000"), ()),
    41: (path("4d 20a12401|0100000000"), ()),
    42: (path("51 20a12401|16ff1b00"), ()),
    43: (path("4b 20372401|01"), ()),
    44: (path("4c 20372401|01"), ()),
    45: (path("50 20372401|0001"), ()),
    46: (path("4f 20372401|00"), ()),
    47: (path("51 20372401"), ()),
    50: (WRITE, ()),
    51: (tag(0x53, NAME, "c400010000000000 0a000000".replace(" ", "")), ()),
    52: (tag(0x4E, NAME, "0400ffffffff00000000"), ()),
    53: (path("4d 206b25000a00|c40001000a000000"), ()),
    55: (path("55 206b25000000|020001000200"), ()),
    56: (path("03 206c25000f08|0400040005000200"), ()),
    60: (path("10 20a624013001|01"), ()),
    61: (path("04 20a62401|0100010001 00".replace(" 00", "00")), ()),
    62: (path("10 200424643003|0000"), (60,)),
    63: (path("10 200924013003|01"), (60,)),
    64: (path("10 200f24013001|6400"), (60,)),
    65: (path("10 20f524013005|0a0a1401ffffff00"), (60,)),
    66: (path("10 20f624013006|01000000"), (60,)),
    67: (path("10 208b24013006|c072"), (60,)),
    68: (path("54 20392401|00"), ()),
    69: (path("4b 205d2401"), ()),
    71: (path("4b 205e2401"), ()),
    70: (path("0d 20a62401"), ()),
    75: (bytes.fromhex("0a0220022401f4f009098804"), ()),
    76: (bytes.fromhex("0e0320f52401104324011043"), ()),
    101: (pccc(0x0F, "aa0207890000f401"), ()),
    102: (pccc(0x0F, "670000010700"), ()),
    103: (pccc(0x0F, "260207890000ff000100"), ()),
    104: (pccc(0x0F, "8001"), ()),
    105: (pccc(0x0F, "41"), ()),
    106: (pccc(0x0F, "42"), ()),
    107: (pccc(0x0F, "50"), ()),
    108: (pccc(0x0F, "52"), ()),
    109: (pccc(0x0F, "53"), ()),
    110: (pccc(0x0F, "57"), ()),
    111: (pccc(0x0F, "180000000004aabbccdd"), ()),
    112: (pccc(0x0F, "170000000004"), ()),
    113: (pccc(0x0F, "810301 0000".replace(" ", "")), ()),
    114: (pccc(0x0F, "11"), ()),
    115: (pccc(0x0F, "8f"), ()),
    116: (pccc(0x06, "03"), ()),
    117: (pccc(0x06, "00abcd"), ()),
    118: (pccc(0x06, "04ff"), ()),
    119: (pccc(0x08, "0000aabb"), ()),
    120: (pccc(0x0F, "8802"), ()),
    121: (pccc(0x0F, "a2280001 01 00".replace(" ", "")), ()),
    122: (pccc(0x0F, "99"), ()),
}
QUIET = [
    path("0e 200424643003"),
    tag(0x4C, NAME, "0100"),
    tag(0x52, NAME, "010000000000"),
    path("0e 20f524013001"),
    path("03 208b2401|01000600"),
    pccc(0x0F, "a20207890000"),
    several([tag(0x4C, NAME, "0100"), path("03 20692400|04000100020005 000700".replace(" ", ""))]),
]
FORWARD_OPEN = bytes.fromhex("5402200624010af7") + bytes(4) + bytes(range(1, 31))
FORWARD_CLOSE = bytes.fromhex("4e02200624010af7") + bytes(range(1, 15))


def answered(message: bytes, number: int = 1, plain: bool = True) -> list[tuple[str, bytes]]:
    """A request and its success, unconnected or connected."""
    reply = bytes([message[0] | 0x80, 0, 0, 0])
    if plain:
        return [(C, unconnected(message)), (S, unconnected(reply))]
    return [(C, connected(message, number)), (S, connected(reply, number))]


def polls(count: int) -> list[tuple[str, bytes]]:
    spoken = []
    for number in range(count):
        reply = b"\xcc\0\0\0\xc4\0" + number.to_bytes(4, "little")
        spoken += [(C, connected(tag(0x4C, NAME, "0100"), number)), (S, connected(reply, number))]
    return spoken


def ours() -> list[int]:
    more = (1, 2, 3, 4, 5, 6, 7, 54, *range(80, 89), *range(130, 134))
    return [FIRST + n for n in sorted({*MESSAGES, *more})]


def wanted(numbers: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(sorted({FIRST + k for n in numbers for k in (n, *MESSAGES[n][1])}), 1)


def _operations() -> None:
    groups = {
        "identity": range(10, 29),
        "program": range(30, 48),
        "tags": range(50, 57),
        "attributes": range(60, 77),
        "pccc": range(101, 123),
    }
    ways = {
        "": ("unconnected", lambda m: unconnected(m)),
        "-connected": ("on a connection", lambda m: connected(m)),
        "-routed": ("routed to a slot", lambda m: unconnected(routed(m))),
    }
    for name, group in groups.items():
        chosen = [n for n in MESSAGES if n in group]
        for suffix, (text, wrap) in ways.items():
            flows = (
                tcp(
                    ENGINEER,
                    PLC,
                    PORT,
                    [*polls(1), (C, wrap(MESSAGES[n][0]))],
                    sport=51000 + k,
                    start=1.1 * k,
                )
                for k, n in enumerate(chosen)
            )
            others = [s for s in ours() if s not in wanted(chosen)]
            case(
                f"enip-{name}{suffix}",
                f"A request for each rule of {name}, {text}.",
                merged(*flows),
                wanted(chosen),
                [] if suffix else others,
            )
    every = [message for message, _ in MESSAGES.values()]
    replies = [
        (S, connected(bytes([m[0] | 0x80, 0, 0, 0]) + m[2:], n)) for n, m in enumerate(every)
    ]
    case(
        "enip-replies",
        "Answers that carry the requests' paths and data.",
        tcp(HMI, PLC, PORT, replies),
        {},
        ours(),
    )
    foreign = [(C, b"\x16\x03" + bytes([n]) + m) for n, m in enumerate(every)]
    case(
        "enip-other-protocol",
        "The messages without the encapsulation.",
        tcp(HMI, PLC, PORT, foreign),
        {},
        ours(),
    )


def _shapes() -> None:
    stop = path("07 208e2401")
    talk = [*polls(2), *answered(stop, 9, plain=False), *polls(2)]
    alerts = {FIRST + 20: 1}
    batch = several([tag(0x4C, NAME, "0100"), WRITE])
    shapes: dict[str, tuple[str, list[Packet], dict[int, int]]] = {
        "split": ("Cut into pieces of 11 bytes.", tcp(HMI, PLC, PORT, talk, split=11), alerts),
        "coalesced": (
            "Behind two reads in one segment.",
            tcp(HMI, PLC, PORT, [p for p in talk if p[0] == C], coalesce=True),
            alerts,
        ),
        "midstream": (
            "Joined in the middle, the client first.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False),
            alerts,
        ),
        "midstream-server": (
            "Joined in the middle, at a reply.",
            tcp(HMI, PLC, PORT, talk[1:], midstream=True, close=False),
            alerts,
        ),
        "vlan": ("In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=20), alerts),
        "multiple-service": (
            "A write behind a read in one multiple service packet.",
            tcp(HMI, PLC, PORT, [(C, connected(batch))]),
            {FIRST + 50: 1},
        ),
    }
    for name, (text, packets, fired) in shapes.items():
        case(f"enip-shape-{name}", text, packets, fired, [FIRST + 21])
    day = [(C, encapsulated(0x65, b"\1\0\0\0", session=0)), (S, encapsulated(0x65, b"\1\0\0\0"))]
    day += answered(FORWARD_OPEN)
    for number in range(10):
        day += [piece for m in QUIET for piece in answered(m, number, plain=number % 2 == 0)]
    day += answered(FORWARD_CLOSE)
    case(
        "enip-polling",
        "A session: register, open, reads of all kinds, close.",
        merged(
            tcp(HMI, PLC, PORT, day, step=0.2, close=False),
            tcp(HMI, CONTROLLER, PORT, day, split=13, midstream=True),
        ),
        {},
        [GATE, *ours()],
    )


def _numbers() -> None:
    def one(
        name: str,
        text: str,
        spoken: list[tuple[str, bytes]],
        fired: Iterable[int],
        silent: Iterable[int] = (),
    ) -> None:
        case(
            f"enip-{name}",
            text,
            tcp(ATTACKER, PLC, PORT, spoken, step=0.02),
            {FIRST + n: 1 for n in fired},
            [FIRST + n for n in silent],
        )

    def ask(message: bytes, count: int) -> list[tuple[str, bytes]]:
        return [(C, unconnected(message)) for _ in range(count)]

    identity = encapsulated(0x63, session=0)
    case(
        "enip-list-identity",
        "Who is there, by broadcast.",
        udp(ATTACKER, "10.10.20.255", PORT, [(C, identity)]),
        {FIRST + 1: 1},
        [FIRST + 5],
    )
    asked = (
        udp(ATTACKER, f"10.10.20.{n}", PORT, [(C, identity)], start=0.1 * n) for n in range(12)
    )
    case(
        "enip-list-identity-sweep",
        "Twelve hosts asked.",
        merged(*asked),
        {FIRST + 1: 12, FIRST + 5: 1},
    )
    listed = [(C, encapsulated(command)) for command in (0x63, 0x04, 0x64)]
    one("list", "Identity, services and interfaces asked over TCP.", listed, (2, 3, 4), (1, 7))
    refused = [(S, encapsulated(0x70, status=0x64))] * 5
    one("status", "Five commands refused.", refused, (6,))
    one("status-few", "Two.", refused[:2], (), (6,))
    one("unknown-command", "Command 0x1234.", [(C, encapsulated(0x1234, b"\0\0\0\0"))], (7,))
    one("tag-hammer", "A tag written 32 times.", ask(WRITE, 32), (50, 54))
    one("tag-some", "Ten times.", ask(WRITE, 10), (50,), (54,))
    slots = [(C, unconnected(routed(IDENTITY, slot))) for slot in range(6)]
    one("slots", "Six slots tried.", slots, (10, 80))
    one("slots-few", "Two.", slots[:2], (10,), (80, 81))
    objects = [(C, unconnected(path(f"01 20{n:02x}2401"))) for n in range(0x20, 0x30)]
    one("objects", "Sixteen classes tried.", objects, (81,))
    one("objects-few", "Five.", objects[:5], (), (80, 81))
    for n, status, count in ((82, 8, 5), (83, 5, 5), (88, 4, 5), (84, 15, 3)):
        replies = [(S, unconnected(bytes([0x81, 0, status, 0])))] * count
        one(f"cip-status-{status}", f"Status {status} over and over.", replies, (n,))
        one(f"cip-status-{status}-few", "Once.", replies[:1], (), (82, 83, 84, 88))
    one("forward-open-hammer", "22 connections opened.", ask(FORWARD_OPEN, 22), (85,), (86,))
    one("forward-close-hammer", "22 connections closed.", ask(FORWARD_CLOSE, 22), (86,), (85,))
    register = [(C, encapsulated(0x65, b"\1\0\0\0", session=0))]
    one("register-hammer", "22 sessions registered.", register * 22, (87,))
    one("register-some", "Three.", register * 3, (), (87,))


def _connections() -> None:
    def knock(hosts: Iterable[str], step: float) -> list[Packet]:
        return merged(
            *(
                tcp(ATTACKER, host, PORT, [], sport=40000 + n, close=False, start=n * step)[:1]
                for n, host in enumerate(hosts)
            )
        )

    sweep, flood, busy, outside = (FIRST + n for n in range(130, 134))
    case(
        "enip-sweep",
        "Thirty hosts are tried.",
        knock((f"10.10.20.{n}" for n in range(1, 31)), 0.1),
        {sweep: 1},
        [flood],
    )
    case("enip-connections-few", "Five connections.", knock([PLC] * 5, 0.1), {}, [sweep, flood])
    case("enip-connections-flood", "A hundred.", knock([PLC] * 100, 0.01), {flood: 1, sweep: 1})
    asked = [(C, connected(tag(0x4C, NAME, "0100"), n)) for n in range(1520)]
    case(
        "enip-request-flood",
        "1520 requests in a second.",
        tcp(ATTACKER, PLC, PORT, asked, step=0.0006, one_sided=C),
        {busy: 1},
    )
    case(
        "enip-request-fast",
        "300 requests in three seconds.",
        tcp(HMI, PLC, PORT, asked[:300], step=0.005, one_sided=C),
        {},
        [busy],
    )
    case("enip-outside", "A client from outside.", tcp(OUTSIDE, PLC, PORT, polls(2)), {outside: 1})


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _shapes()
    _numbers()
    _connections()
