"""Cases of the IEC 60870-5-104 rules, frame by frame."""

import struct
from collections.abc import Iterable

from scapy.layers.inet import IP, TCP
from scapy.packet import Packet

from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, PLC, C, S, case, merged, tcp

PORT = 2404
FIRST = 1_924_000

START, START_CON = b"\x68\x04\x07\0\0\0", b"\x68\x04\x0b\0\0\0"
STOP, TEST, TEST_CON = b"\x68\x04\x13\0\0\0", b"\x68\x04\x43\0\0\0", b"\x68\x04\x83\0\0\0"
NOW = "10270c0b180b1a"  # CP56Time2a


def frame(
    kind: int,
    value: str,
    cause: int = 6,
    station: int = 1,
    address: int = 4001,
    count: int = 1,
    sent: int = 0,
    received: int = 0,
) -> bytes:
    """An information frame: type, cause, station, object address and what follows it as hex."""
    body = struct.pack("<BBBBH", kind, count, cause, 0, station)
    body += address.to_bytes(3, "little") + bytes.fromhex(value)
    return struct.pack("<BBHH", 0x68, 4 + len(body), sent << 1, received << 1) + body


def acknowledged(received: int) -> bytes:
    return struct.pack("<BBHH", 0x68, 4, 1, received << 1)


FLOAT = "0000c841"
#: A frame a rule: last digits of its sid, frame, other rules that fire on it.
FRAMES: dict[int, tuple[bytes, tuple[int, ...]]] = {
    10: (frame(45, "01"), ()),
    11: (frame(45, "00"), ()),
    12: (frame(45, "81"), ()),
    13: (frame(46, "02"), ()),
    14: (frame(46, "01"), ()),
    15: (frame(46, "82"), ()),
    16: (frame(47, "01"), ()),
    17: (frame(48, "001000"), ()),
    18: (frame(49, "001000"), ()),
    19: (frame(50, FLOAT + "00"), ()),
    20: (frame(51, "01000080"), ()),
    21: (frame(58, "01" + NOW), ()),
    22: (frame(59, "02" + NOW), ()),
    23: (frame(60, "01" + NOW), ()),
    24: (frame(61, "001000" + NOW), ()),
    25: (frame(62, "001000" + NOW), ()),
    26: (frame(63, FLOAT + "00" + NOW), ()),
    27: (frame(64, "01000080" + NOW), ()),
    28: (frame(46, "03"), ()),
    29: (frame(45, "01", 8), ()),
    32: (frame(47, "02", station=0xFFFF), (16,)),
    33: (frame(47, "01a20f0002", count=2), (16,)),
    34: (frame(45, "01", 3), ()),
    40: (frame(105, "01", address=0), ()),
    41: (frame(105, "01", address=0, station=0xFFFF), (40,)),
    42: (frame(103, NOW, address=0), ()),
    43: (frame(101, "85", address=0), ()),
    44: (frame(102, "", 5), ()),
    46: (frame(104, "aa55", address=0), ()),
    47: (frame(106, "0a00", address=0), ()),
    50: (frame(100, "15", address=0), ()),
    49: (frame(100, "14", address=0, station=0xFFFF), ()),
    51: (frame(100, "14", 8, address=0), ()),
    60: (frame(110, "001001"), ()),
    61: (frame(111, "001001"), ()),
    62: (frame(112, FLOAT + "01"), ()),
    63: (frame(113, "03"), ()),
    64: (frame(113, "03", 8), ()),
    70: (frame(122, "01000001", 13), ()),
    71: (frame(122, "01000004", 13), ()),
    72: (frame(120, "010064000080", 13), ()),
    73: (frame(125, "0100010461626364", 13), ()),
    74: (frame(127, "0100" + NOW * 2, 5), ()),
    80: (STOP, ()),
    100: (frame(13, FLOAT + "00", 3), ()),
    101: (frame(136, "01", 6), ()),
    102: (frame(72, "01"), ()),
    103: (b"\x68\x02\x43\0\0\0", ()),
    104: (b"\x68\x08\x43\0\0\0abcd", ()),
    105: (b"\x68\x04\xff\0\0\0", ()),
    106: (b"\x68\xfe\x43\0\0\0", ()),
}


def report(number: int) -> bytes:
    """A measured value, spontaneous."""
    value = struct.pack("<f", 230.0 + number % 7).hex() + "00"
    return frame(13, value, 3, address=1001 + number % 20, sent=number)


def polls(count: int, first: int = 0) -> list[tuple[str, bytes]]:
    """What a station reports by itself, acknowledged in twos."""
    spoken = []
    for number in range(first, first + 2 * count, 2):
        spoken += [(S, report(number)), (S, report(number + 1)), (C, acknowledged(number + 2))]
    return spoken


def opened() -> list[tuple[str, bytes]]:
    interrogation = frame(100, "14", address=0)
    return [
        (C, START),
        (S, START_CON),
        (C, interrogation),
        (S, frame(100, "14", 7, address=0)),
        (S, frame(1, "01", 20)),
        (S, frame(100, "14", 10, address=0)),
    ]


def ours() -> list[int]:
    more = (30, 31, 45, 48, 57, 81, 82, *range(90, 95), *range(110, 114))
    return [FIRST + n for n in sorted({*FRAMES, *more})]


def wanted(numbers: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(sorted({FIRST + k for n in numbers for k in (n, *FRAMES[n][1])}), 1)


def _operations() -> None:
    groups = {
        "commands": range(10, 40),
        "system": range(40, 65),
        "files": range(70, 75),
        "odd": range(80, 107),
    }
    for name, group in groups.items():
        chosen = [n for n in FRAMES if n in group]
        short = {FIRST + 56: 1} if name == "system" else {}
        flows = (
            tcp(
                ENGINEER,
                PLC,
                PORT,
                [*polls(1), (C, FRAMES[n][0]), *polls(1, 2)],
                sport=51000 + k,
                start=1.1 * k,
            )
            for k, n in enumerate(chosen)
        )
        case(
            f"iec104-{name}",
            f"A frame for each rule of {name}.",
            merged(*flows),
            {**wanted(chosen), **short},
            [s for s in ours() if s not in wanted(chosen)],
        )
    every = [data for data, _ in FRAMES.values()]
    case(
        "iec104-replies",
        "The same frames from the station's port.",
        tcp(HMI, PLC, PORT, [(S, data) for data in every]),
        {},
        ours(),
    )
    foreign = [(C, b"\x67" + data[1:]) for data in every]
    case(
        "iec104-other-protocol", "Another start than 68.", tcp(HMI, PLC, PORT, foreign), {}, ours()
    )


def _shapes() -> None:
    command = FRAMES[10][0]
    talk = [*polls(2), (C, command), (S, frame(45, "01", 7)), *polls(2, 4)]
    more = [(C, acknowledged(2)), (C, TEST), (C, command)]
    shapes: dict[str, tuple[str, list[Packet]]] = {
        "split": ("Cut into pieces of five bytes.", tcp(HMI, PLC, PORT, talk, split=5)),
        "coalesced": (
            "Behind an acknowledgement and a test in one segment.",
            tcp(HMI, PLC, PORT, more, coalesce=True),
        ),
        "midstream": (
            "Joined in the middle, the client first.",
            tcp(HMI, PLC, PORT, [(C, acknowledged(2)), *talk], midstream=True, close=False),
        ),
        "midstream-server": (
            "Joined in the middle, at a report.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False),
        ),
        "vlan": ("In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=20)),
    }
    for name, (text, packets) in shapes.items():
        case(f"iec104-command-{name}", text, packets, {FIRST + 10: 1}, [FIRST + 11])
    day = [
        *opened(),
        *polls(30),
        (C, TEST),
        (S, TEST_CON),
        (C, frame(101, "05", address=0)),
        (S, frame(15, "0a00000001", 37)),
        *polls(10, 60),
    ]
    case(
        "iec104-polling",
        "Start, interrogation, counters, reports, a link test.",
        merged(
            tcp(HMI, PLC, PORT, day, step=0.4, close=False),
            tcp(HMI, CONTROLLER, PORT, day, split=9, midstream=True),
        ),
        {},
        [FIRST, *ours()],  # the first is a step that does not alert
    )


def torn(packets: list[Packet]) -> list[Packet]:
    """The session with a reset by the client at its end."""
    last = next(p for p in reversed(packets) if p[TCP].dport == PORT)
    reset = last.copy()
    reset[TCP].seq += len(last[TCP].payload)
    reset[TCP].remove_payload()
    reset[TCP].flags = "RA"
    reset[IP].id += 1
    reset.time = packets[-1].time + 0.01
    return [*packets, reset]


def _visits() -> None:
    """Who comes, interrogates and leaves, and who stays."""
    counters = [(C, START), (S, START_CON), (C, frame(101, "05", address=0))]
    answers = [(S, frame(101, "05", 7, address=0)), (S, frame(15, "0a00000001", 37)), *polls(2)]
    visits = {
        "points-reset": torn(tcp(ATTACKER, PLC, PORT, [*opened(), *polls(2)], close=False)),
        "counters": tcp(ATTACKER, PLC, PORT, [*counters, *answers]),
        "counters-reset": torn(tcp(ATTACKER, PLC, PORT, [*counters, *answers], close=False)),
    }
    for name, packets in visits.items():
        case(f"iec104-visit-{name}", "Interrogated, gone.", packets, {FIRST + 56: 1}, [FIRST + 43])
    stays = tcp(HMI, PLC, PORT, [*counters, *answers], close=False)
    long = tcp(HMI, PLC, PORT, [*counters, *answers], step=3.0, sport=50123, start=20, close=False)
    idle = tcp(HMI, PLC, PORT, [(C, START), (S, START_CON)], sport=50124, start=200, close=False)
    case(
        "iec104-visit-none",
        "Counters asked by one who stays and by one who leaves after a minute; one asks nothing.",
        [*stays, *torn(long), *torn(idle)],
        {},
        [FIRST + 56, FIRST + 57],
    )


def _pieces() -> None:
    """A command taken back, in pieces of four bytes and as the first packet that is seen."""
    back = [*polls(1), (C, frame(50, FLOAT + "00", 8)), *polls(1, 2)]
    flows = [
        tcp(ENGINEER, PLC, PORT, back, split=4),
        tcp(ENGINEER, CONTROLLER, PORT, [*back[3:], (C, TEST)], midstream=True, start=2),
    ]
    case("iec104-deactivated", "A set-point taken back.", merged(*flows), {FIRST + 29: 2})
    near = [frame(50, FLOAT + "00", 9), frame(100, "14", 6, address=0x0108), acknowledged(0x0401)]
    packets = tcp(ENGINEER, PLC, PORT, [(C, data) for data in near], close=False)
    case("iec104-deactivated-near", "Its end, and others.", packets, {}, [FIRST + 29])
    many = [(C, frame(45, "01a20f0001", 8, count=2)), (C, frame(45, "01", 0x48))]
    packets = tcp(ENGINEER, PLC, PORT, many)
    more = {FIRST + 33: 1, FIRST + 34: 1}
    case("iec104-deactivated-more", "Two at once; refused.", packets, more, [FIRST + 29])


def _numbers() -> None:
    def one(
        name: str,
        text: str,
        frames: list[bytes],
        fired: Iterable[int],
        silent: Iterable[int] = (),
        side: str = C,
        step: float = 0.05,
    ) -> None:
        packets = tcp(ATTACKER, PLC, PORT, [(side, data) for data in frames], step=step)
        case(
            f"iec104-{name}",
            text,
            packets,
            {FIRST + n: 1 for n in fired},
            [FIRST + n for n in silent],
        )

    command, point = FRAMES[10][0], FRAMES[19][0]
    one("command-hammer", "A command 20 times.", [command] * 20, (10, 30))
    one("command-some", "Five times.", [command] * 5, (10,), (30, 31))
    one("set-point-hammer", "A set-point 24 times.", [point] * 24, (19, 31))
    one("set-point-some", "Five times.", [point] * 5, (19,), (30, 31))
    reads = [frame(102, "", 5, address=n) for n in range(12)]
    one("read-scan", "Twelve objects read by address.", reads, (44, 45))
    one("read-few", "Three.", reads[:3], (44,), (45,))
    asked = [frame(100, "14", address=0, station=n + 1) for n in range(5)]
    one("interrogations", "Five stations interrogated.", asked, (48, 56))
    one("interrogations-few", "Two.", asked[:2], (56,), (48, 49, 50))
    one("start-stop", "Transfer started and stopped twelve times.", [STOP, START] * 6, (80, 81))
    one("start-once", "Started.", [START], (), (80, 81))
    one("tests", "The link tested 18 times.", [TEST] * 18, (82,))
    one("tests-few", "Three times.", [TEST] * 3, (), (82,))
    for n, cause in ((90, 0x47), (91, 0x6C), (92, 0x6E), (93, 0x6F), (94, 0x6D)):
        refusals = [frame(45, "01", cause, address=k) for k in range(3)]
        one(f"refused-{cause:x}", f"Cause {cause & 63}, negative, thrice.", refusals, (n,), side=S)
        one(f"refused-{cause:x}-once", "Once.", refusals[:1], (), range(90, 95), side=S)

    def knock(hosts: Iterable[str], step: float) -> list[Packet]:
        return merged(
            *(
                tcp(ATTACKER, host, PORT, [], sport=40000 + n, close=False, start=n * step)[:1]
                for n, host in enumerate(hosts)
            )
        )

    sweep, flood, busy, outside = (FIRST + n for n in range(110, 114))
    case(
        "iec104-sweep",
        "Thirty hosts are tried.",
        knock((f"10.10.20.{n}" for n in range(1, 31)), 0.1),
        {sweep: 1},
        [flood],
    )
    case("iec104-connections-few", "Five connections.", knock([PLC] * 5, 0.1), {}, [sweep, flood])
    case("iec104-connections-flood", "A hundred.", knock([PLC] * 100, 0.01), {flood: 1, sweep: 1})
    counters = [(C, frame(101, "05", address=0))] * 320
    case(
        "iec104-frame-flood",
        "320 frames in a second.",
        tcp(ATTACKER, PLC, PORT, counters, step=0.0015, one_sided=C),
        {busy: 1, FIRST + 56: 1},
    )
    case(
        "iec104-frames-fast",
        "100 acknowledgements in a second.",
        tcp(HMI, PLC, PORT, [(C, acknowledged(n)) for n in range(100)], step=0.005),
        {},
        [busy],
    )
    case(
        "iec104-outside",
        "A master from outside.",
        tcp(OUTSIDE, PLC, PORT, opened(), close=False),
        {outside: 1},
    )


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _shapes()
    _visits()
    _pieces()
    _numbers()
