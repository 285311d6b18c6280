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
    17: (path("05 210001002401"), ()),
    18: (path("05 200125000100|01"), (13,)),
    19: (path("07 21008e002401"), ()),
    20: (path("07 208e2401"), ()),
    21: (path("06 208e2401"), ()),
    22: (path("07 20642401|dead"), ()),
    23: (path("06 20642401|dead"), ()),
    24: (path("07 20a62401"), ()),
    25: (path("06 20a62401"), ()),
    26: (path("05 20722401"), ()),
    27: (path("4b 208e240120742401"), ()),
    28: (path("4c 208e240120742401"), ()),
    29: (path("4b 20532401|00000080"), ()),
    30: (path("08 206825002024|0a00"), ()),
    31: (path("09 206825002024"), ()),
    32: (path("50 206a250023b7|00000000"), ()),
    33: (path("4f 206a250023b7|00000000"), ()),
    34: (path("16 200f2401"), ()),
    35: (path("15 200f2401"), ()),
    36: (path("08 20a62400|01"), ()),
    37: (path("09 20a62401"), ()),
    38: (path("4b 20ac2401"), ()),
    39: (path("4b 203a2401"), ()),
    40: (path("4b 20a12401|16ff1b0000000000"), ()),
    41: (path("4d 20a12401|0100000000"), ()),
    42: (path("51 20a12401|16ff1b00"), ()),
    43: (path("4b 20372401|01"), ()),
    44: (path("4c 20372401|01"), ()),
    45: (path("50 20372401|0001"), ()),
    46: (path("4f 20372401|00"), ()),
    47: (path("51 20372401"), ()),
    48: (path("50 20442401|000001000700"), ()),
    49: (path("53 20422401|00"), ()),
    50: (WRITE, ()),
    51: (tag(0x53, NAME, "c400010000000000 0a000000".replace(" ", "")), ()),
    52: (tag(0x4E, NAME, "0400ffffffff00000000"), ()),
    53: (path("4d 206b25000a00|c40001000a000000"), ()),
    55: (path("55 206b25000000|020001000200"), ()),
    56: (path("03 206c25000f08|0400040005000200"), ()),
    57: (path("55 20692400|01000100"), ()),
    58: (path("5f 206a2400|010000001e0000000200"), ()),
    59: (path("4c 20f624013005"), ()),
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
    72: (path("05 207225000100"), ()),
    73: (path("07 20a625000100"), ()),
    74: (path("09 210038032401"), ()),
    77: (path("16 200f25000000"), ()),
    78: (path("19 2004246430032801|01"), ()),
    79: (bytes.fromhex("0a02200224010200f0f4098801000100"), ()),
    90: (path("03 20012401|04000100020003000700"), ()),
    91: (path("01 200125000100"), ()),
    92: (path("01 20f52401"), ()),
    93: (path("0e 20f624013003"), ()),
    94: (path("01 20f42401"), ()),
    95: (path("01 20472401"), ()),
    96: (path("0e 200224013001"), ()),
    97: (path("56 20062401|0100"), ()),
    98: (path("57 20062401|01004d0004030201"), ()),
    99: (path("5a 20062401|000220042464"), ()),
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
    123: (pccc(0x0F, "0a"), ()),
    124: (pccc(0x07, "00"), ()),
    125: (pccc(0x07, "04"), ()),
    126: (path("4c 20672401|01000000020000000f0034128001"), ()),
    127: (pccc(0x07, "06"), ()),
    128: (pccc(0x0F, "a7500000220000"), ()),
    129: (pccc(0x06, "07"), ()),
    140: (path("05 2001"), ()),
    141: (path("2c 20012401|" + "5a" * 48), ()),
    142: (path("53 20372401|" + "5a" * 16), ()),
}
QUIET = [
    path("0e 200424643003"),
    tag(0x4C, NAME, "0100"),
    tag(0x52, NAME, "010000000000"),
    path("0e 20f524013001"),
    path("0e 20f624013005"),
    path("03 208b2401|01000600"),
    pccc(0x0F, "a20207890000"),
    pccc(0x0F, "a202078900aa", b"PLC-1"),
    pccc(0x0F, "a114078900"),
    pccc(0x0F, "680000010007004e373a300001"),
    pccc(0x01, "0010"),
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
    more = (*range(1, 10), 54, *range(80, 89), *range(130, 134))
    return [FIRST + n for n in sorted({*MESSAGES, *more})]


def wanted(numbers: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(sorted({FIRST + k for n in numbers for k in (n, *MESSAGES[n][1])}), 1)


def _operations() -> None:
    groups = {
        "identity": (*range(10, 29), 90, 91, 140, 141),
        "program": (*range(30, 48), 142),
        "tags": range(50, 59),
        "attributes": (29, 48, 49, 59, *range(60, 80)),
        "discovery": range(92, 100),
        "pccc": range(101, 130),
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
    for number, name in ((4, "services"), (0x64, "interfaces")):
        case(
            f"enip-list-{name}",
            f"{name.capitalize()} asked by broadcast.",
            udp(ATTACKER, "10.10.20.255", PORT, [(C, encapsulated(number, session=0))]),
            {FIRST + (8 if number == 4 else 9): 1},
            [FIRST + (9 if number == 4 else 8)],
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


def _forms() -> None:
    """Paths of 16 bits, long names, other requesters, and what only looks like a write."""

    def one(
        name: str, text: str, messages: Iterable[bytes], fired: Iterable[int], silent: Iterable[int]
    ) -> None:
        spoken = [piece for n, m in enumerate(messages) for piece in answered(m, n, n % 2 == 0)]
        case(
            f"enip-{name}",
            text,
            tcp(ENGINEER, PLC, PORT, spoken, step=0.02),
            {FIRST + n: 1 for n in fired},
            [FIRST + n for n in silent],
        )

    value, read = "c40001000a000000", tag(0x4C, NAME, "0100")
    one(
        "class-16-bits",
        "Attributes of a class above 255 written, alone and together.",
        [path("10 2100380324013005|0100"), path("04 210038032500 0100|010005000100")],
        (60, 61),
        (72, 73, 74, 77, 78, 79),
    )
    one(
        "class-16-bits-start",
        "An object of such a class started, created, applied.",
        [path("06 210038032401"), path("08 210038032400"), path("0d 210038032401")],
        (73, 77),
        (19, 72, 74),
    )
    one(
        "class-16-bits-read",
        "Such a class read.",
        [
            path("0e 2100380324013005"),
            path("01 210038032500 0100"),
            path("03 21000a012401|01000100"),
        ],
        (),
        (17, 19, 60, 61, 72, 73, 74, 77, 78, 79),
    )
    one(
        "instance-16-bits",
        "Files and firmware of an instance of 16 bits.",
        [path(f"{n:02x} 203725 00c800|01") for n in (0x4B, 0x4C, 0x50, 0x4F, 0x51)]
        + [path(f"{n:02x} 20a12500 0100|0001") for n in (0x4B, 0x4D, 0x51)],
        range(40, 48),
        (),
    )
    one("file-part-read", "Part of a file read.", [path("4d 20372401|000000006400")], (43,), (44,))
    one("file-part-written", "Part written.", [path("4e 20372401|0000000001")], (44,), (43,))
    one(
        "file-others",
        "Attributes of a file, and services that the objects of other classes have.",
        [
            path("0e 203724003020"),
            path("4d 20a32401"),
            path("01 20372401"),
            path("53 20382401"),
            path("54 20422401"),
        ],
        (),
        (29, 39, *range(40, 50), 59, 142),
    )
    one(
        "discovery-near",
        "States and counters of the network polled, modules read one by one.",
        [
            path("0e 20f524013001"),
            path("0e 20f624013005"),
            path("0e 200424643003"),
            path("03 20692401|01000100"),
            path("0e 200224013002"),
            path("5b 20062401|00"),
        ],
        (),
        (55, 57, 58, *range(90, 100)),
    )
    segment = b"Program:MainProgram"
    scope = path("55 9113" + segment.hex() + "00206b25000000|020001000200")
    one("tags-of-a-program", "Tags of one program listed.", [scope], (55,), (56,))
    for service in (0x01, 0x11):
        listed = [path(f"{service:02x} 206b2407")]
        one(f"tags-{service:02x}", "Tags read in another way.", listed, (55,), (53,))
    one(
        "tags-polled", "A tag polled by its instance.", [path("4c 206b25000a00|0100")], (), (53, 55)
    )

    def member(service: int, first: str, second: str, data: str) -> bytes:
        parts = b"".join(tag(0, name)[2:] for name in (first, second))
        return bytes([service, len(parts) // 2]) + parts + bytes.fromhex(data)

    program = "Program:Main_Production_Sequence_And_Handling_1"
    long = member(0x4D, program, "SP", value)
    one("tag-long-name", "A tag of a program with a long name written.", [long], (50,), (51, 52))
    many = [tag(0x4C, f"Some_Quite_Long_Tag_Name_{n:02d}", "0100") for n in range(28)]
    for service, fired in ((0x4D, 50), (0x53, 51), (0x4E, 52)):
        last = tag(service, NAME, value)
        one(
            f"tag-last-of-many-{service:02x}",
            "A write behind 28 reads of long names in one packet.",
            [several([*many, last])],
            (fired,),
            (79,),
        )
    names = [member(0x4C, name, "Run", "0100") for name in ("TKM2", "TKN3", "TKS1", "PUMPS1")]
    one(
        "tag-names",
        "Reads in one packet, of names whose end looks like a write.",
        [several([read, *names]), several([*names, read])],
        (),
        (50, 51, 52, 54, 79),
    )
    batch = several([read, path("04 20042464|01000300 0000")])
    one("several-list", "A list of attributes written behind a read.", [batch], (61,), (60, 79))
    one(
        "several-many",
        "Two hundred reads in one packet.",
        [WRITE, several([read] * 200)],
        (50,),
        (79,),
    )
    count = bytes.fromhex("0a0220022401ffff") + bytes(40)
    one("several-count", "A count of 65535.", [count], (79,), (75,))
    mode = "8001"
    for name, message in {
        "longer": pccc(0x0F, mode, b"PLC-1"),
        "16-bits": pccc(0x0F, mode, target="206725000100"),
        "local": pccc(0x0F, mode, service=0x4D),
    }.items():
        one(f"pccc-{name}", "The mode changed by another form.", [message], (104,), (123, 126))
    written = [pccc(3, "0010aabb"), pccc(4, "001010"), pccc(0x0F, "0300000400060007000100")]
    one("pccc-physical", "Physical memory and a file.", written, (102, 111, 112), (119, 128))
    switched = [pccc(7, f"{n:02x}") for n in (1, 3, 5)]
    one("pccc-switched", "Program, scan, download mode.", switched, (124, 125), (127,))
    further = [
        pccc(0x0F, "07"), pccc(0x0F, "05"), pccc(0x0F, "5e0a00"), pccc(0x06, "090000"),
        pccc(0x0F, "a128000100"),
    ]  # fmt: skip
    one("pccc-further", "Other functions.", further, (102, 107, 117, 121, 123), (118, 129))
    one(
        "pccc-reads",
        "Reads, by DH+ too.",
        [
            *(pccc(0x0F, f) for f in ("a20207890000", "a114078900", "680000010007", "0100000400")),
            path("4c 20672401|01000000020000000f003412a20207890000"),
        ],
        (),
        range(100, 130),
    )


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _forms()
    _shapes()
    _numbers()
    _connections()
