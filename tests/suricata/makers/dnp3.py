"""Cases of the DNP3 rules, scripted frame by frame, over TCP and UDP."""

from collections.abc import Iterable

from scapy.packet import Packet

from ._dnp3 import FROM_MASTER, link, request, response
from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, PLC, C, S, case, merged, tcp, udp

PORT = 20000
FIRST = 1_921_000
OTHER = FIRST + 1  # speaks once an hour whenever more than reads are sent

TIME = "0701a1b2c3d4e501"
NAME = "2f612e747874"  # /a.txt


def opened(mode: int) -> str:
    """A file open request (70 var 3) with its mode: 1 read, 2 write, 3 append."""
    record = f"1a000600{'00' * 6}a40100000000{'00' * 4}{mode:02x}00000401{'00' * 2}" + NAME
    return f"1946035b01{len(record) // 2:02x}00{record}"


#: Requests a rule: last digits of its sid, application data from the function code on; and the
#: other rules that fire on it.
REQUESTS: dict[int, tuple[str, tuple[int, ...]]] = {
    10: ("030c0117010503 01 64000000 64000000 00", ()),
    11: ("040c0117010503 01 64000000 64000000 00", ()),
    12: ("050c0128010005000301640000006400000000", ()),
    13: ("060c0117010503 01 64000000 64000000 00", ()),
    14: ("0329021701022c0100", ()),
    15: ("0429021701022c0100", ()),
    16: ("05290128010002002c01000000", ()),
    17: ("0629021701022c0100", ()),
    18: ("0578030001010000000100" + "0c0117010503016400000064000000 00" + "0102030405060708", ()),
    19: ("050c0128010005008101640000006400000000", (12,)),
    20: ("040c0117010541 01 64000000 64000000 00", (11,)),
    21: ("050c0117010504 01 64000000 64000000 00", (12,)),
    22: ("050c0117010520 01 00000000 00000000 00", (12,)),
    23: ("050c011705" + "".join(f"0{n}030164000000640000 0000" for n in range(5)), (12,)),
    26: ("050c021701050301640000006400000000", (12,)),
    27: ("05", ()),
    30: ("023201" + TIME, ()),
    31: ("025001000707 00", ()),
    32: ("020a0100000703", ()),
    33: ("0228020000000a0000", ()),
    34: ("0222010000000a00", ()),
    35: ("026e0300000061 62 63", ()),
    36: ("0270041701014c697374", ()),
    37: ("0257015b0103000102 03", ()),
    38: ("0255015b010300010203", ()),
    39: ("0200f0000000010568656c6c6f", ()),
    40: ("0250010004040 1", (31,)),
    41: ("0714000 6", ()),
    42: ("08140006", ()),
    43: ("09140006", ()),
    44: ("0a140006", ()),
    45: ("071e0006", ()),
    46: ("021e010000000109000000", ()),
    50: ("0d", ()),
    51: ("0e", ()),
    52: ("0f", ()),
    53: ("105a015b0100", ()),
    54: ("11", ()),
    55: ("12", ()),
    56: ("13", ()),
    57: ("1f46085b0106006f6e6c", ()),
    60: ("143c02063c03063c0406", ()),
    61: ("153c02063c03063c0406", ()),
    62: ("163c020601000006", ()),
    63: ("163c010601000006", (62,)),
    64: ("18", ()),
    70: (opened(1), ()),
    71: (opened(2), ()),
    72: ("0246055b010c00010000000000008068656c6c", ()),
    73: ("0146055b0108000100000000000000", ()),
    74: ("1b46035b011a00" + "00" * 26, ()),
    75: ("1c46075b011a00" + "00" * 26, ()),
    76: ("1d46025b010c00" + "00" * 12, ()),
    77: ("1e46045b0108000100000000000000", ()),
    78: ("19", ()),
    80: ("20780a5b010a0001020300000000000000", ()),
    81: ("20780d5b01080001020304050607 08", ()),
    90: ("0100fe06", ()),
    91: ("01560106", ()),
    92: ("011e01010000ffff", ()),
    97: ("011e0102 00000000 ffffffff", ()),
    121: ("3000", ()),
    122: ("010100000900", ()),
    123: ("810000", ()),
    124: ("01010001 f401 0100", ()),
}
READS = {73, 90, 91, 92, 97, 122, 124}

#: Requests of a rule without an object, or with another one than is usual: to a station each.
BARE: dict[int, tuple[str, ...]] = {
    27: ("03", "04", "05", "06", "050a02000101 81", "033c0206", "061e0006"),
    46: ("02", "022901170102 2c0100", "020c011701 0503016400000064000000 00", "02010200000081",
         "021401000000 0100000000", "026501000000 0700", "026601000000 07",
         "0246075b010400 00000000"),
    60: ("14", "141e0006"),
    61: ("15", "151e0006"),
    62: ("16", "16010006"),
    74: ("1b",), 75: ("1c",), 76: ("1d",), 77: ("1e",),
    78: ("19", "193c0206"),
}  # fmt: skip

CLASSES = "013c02063c03063c0406"
VALUES = "1e02000009" + "".join(f"01{n:02x}{n * 7 % 256:02x}" for n in range(10))


def application(n: int) -> str:
    return REQUESTS[n][0].replace(" ", "")


def polls(count: int, first: int = 0) -> list[tuple[str, bytes]]:
    """Class polls, answered with ten analog inputs."""
    spoken = []
    for n in range(first, first + count):
        spoken += [(C, request(CLASSES, number=n)), (S, response(VALUES, number=n))]
    return spoken


def ours() -> list[int]:
    more = (1, 24, 25, 58, 82, 93, 94, 95, 96, 99, 110, 111, 115, 120, *range(130, 134))
    return [FIRST + n for n in sorted({*REQUESTS, *more})]


def wanted(numbers: Iterable[int]) -> dict[int, int]:
    """Alerts of the requests by sid, one each since they come from one host."""
    chosen = list(numbers)
    fired = {FIRST + k for n in chosen for k in (n, *REQUESTS[n][1])}
    return dict.fromkeys(fired | ({OTHER} if set(chosen) - READS else set()), 1)


def _operations() -> None:
    groups = {
        "controls": range(10, 28),
        "writes": range(30, 47),
        "restarts": range(50, 65),
        "files": range(70, 82),
        "discovery": range(90, 125),
    }
    for name, group in groups.items():
        chosen = [n for n in REQUESTS if n in group]
        talks = [[*polls(1), (C, request(application(n))), (S, response(""))] for n in chosen]
        over_tcp = merged(
            *(
                tcp(ENGINEER, PLC, PORT, talk, sport=51000 + n, start=1.1 * n)
                for n, talk in enumerate(talks)
            )
        )
        others = [sid for sid in ours() if sid not in wanted(chosen)]
        case(
            f"dnp3-{name}",
            f"A request for each rule of {name}, over TCP.",
            over_tcp,
            wanted(chosen),
            others,
        )
        over_udp = merged(
            *(
                udp(ENGINEER, PLC, PORT, talk, sport=PORT if n % 2 else 51000 + n, start=1.1 * n)
                for n, talk in enumerate(talks)
            )
        )
        case(
            f"dnp3-{name}-udp",
            f"A request for each rule of {name}, over UDP.",
            over_udp,
            wanted(chosen),
            others,
        )
    bare = [(n, data) for n, texts in BARE.items() for data in texts]
    talks = [
        tcp(ENGINEER, f"10.10.20.{100 + k}", PORT, [(C, request(data))], start=0.5 * k)
        for k, (_, data) in enumerate(bare)
    ]
    case(
        "dnp3-bare",
        "Requests without an object or with an unusual one, each to a station of its own.",
        merged(*talks),
        {OTHER: len(bare), **{FIRST + n: len(texts) for n, texts in BARE.items()}},
        [FIRST + n for n in (10, 12, 16, 63, 70, 71, 121)],
    )
    limits = {90: "0100c4000000", 121: "7f", 122: "011e01000500", 124: "01010201c8006400"}
    edge = ["0100c3000000", "0101020100000900", "01010201ff000001", "0101020164006400",
            "011e010200000000ffffff00", "011e01000505"]  # fmt: skip
    case(
        "dnp3-limits",
        "The first device attribute, the last function code, ranges that end before they start.",
        tcp(HMI, PLC, PORT, [(C, request(text)) for text in limits.values()]),
        {OTHER: 1, **{FIRST + n: 1 for n in limits}},
        [FIRST + 97],
    )
    case(
        "dnp3-limits-near",
        "Attributes below, ranges in order and of one point.",
        tcp(HMI, PLC, PORT, [(C, request(text)) for text in edge]),
        {},
        [FIRST + n for n in (*limits, 97)],
    )
    back = []
    for n in REQUESTS:  # direction bit of an outstation, from its port
        user = b"\xc0\xc0" + bytes.fromhex(application(n))
        back.append((S, link(user, 0x44, 1, 10)))
    case(
        "dnp3-replies",
        "The requests' bytes as an outstation would say them.",
        tcp(HMI, PLC, PORT, back),
        {},
        [s for s in ours() if s != FIRST + 96],
    )
    foreign = [(C, b"\x05\x65" + request(application(n))[2:]) for n in REQUESTS]
    case(
        "dnp3-other-protocol", "Another start than 0564.", tcp(HMI, PLC, PORT, foreign), {}, ours()
    )
    tail = [
        (C, link(bytes([0x81]) + b"\xc0" + bytes.fromhex(application(n)), FROM_MASTER))
        for n in REQUESTS
    ]
    case(
        "dnp3-later-segment",
        "A transport segment that is not the first has no function code.",
        tcp(HMI, PLC, PORT, tail),
        {},
        ours(),
    )
    near = ["010c0106", "01290206", "01320106", "01140006", "0146045b0100", "17", "00"]
    case(
        "dnp3-near",
        "Reads of what the rules watch being written; a delay measured.",
        tcp(HMI, PLC, PORT, [(C, request(a)) for a in near]),
        {},
        ours(),
    )


def _shapes() -> None:
    restart, read = request("0d"), request(CLASSES)
    alerts = {FIRST + 50: 1, OTHER: 1}
    talk = [*polls(2), (C, restart), (S, response("", iin="8000")), *polls(2, 5)]
    shapes: dict[str, tuple[str, list[Packet]]] = {
        "split": ("Cut into pieces of five bytes.", tcp(HMI, PLC, PORT, talk, split=5)),
        "coalesced": (
            "Behind two polls in one segment.",
            tcp(HMI, PLC, PORT, [(C, read), (C, read), (C, restart)], coalesce=True),
        ),
        "midstream": (
            "Joined in the middle, the master first.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False),
        ),
        "midstream-server": (
            "Joined in the middle, at a response.",
            tcp(HMI, PLC, PORT, talk[1:], midstream=True, close=False),
        ),
        "vlan": ("In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=20)),
        "one-datagram": ("A lone datagram.", udp(HMI, PLC, PORT, [(C, restart)], sport=PORT)),
    }
    for name, (text, packets) in shapes.items():
        case(f"dnp3-restart-{name}", text, packets, alerts, [FIRST + 51])
    confirm = link(b"\xc1\xd0\x00", FROM_MASTER)
    unsolicited = response("02030700000a0102", function=0x82)
    day = [
        *polls(20),
        (S, unsolicited),
        (C, confirm),
        (C, link(b"", 0xC9)),
        (S, link(b"", 0x0B)),
        (C, request("013c01063c02063c03063c0406")),
        (S, response(VALUES)),
        *polls(9, 3),
    ]
    case(
        "dnp3-polling",
        "Class polls, events, link status, confirmations, over TCP and UDP.",
        merged(
            tcp(HMI, PLC, PORT, day, step=0.5, close=False),
            tcp(HMI, CONTROLLER, PORT, day, split=9, midstream=True),
            udp(HMI, "10.10.20.31", PORT, day, sport=PORT),
        ),
        {},
        ours(),
    )


def _numbers() -> None:
    def one(
        name: str,
        text: str,
        frames: Iterable[bytes],
        fired: Iterable[int],
        silent: Iterable[int] = (),
        side: str = C,
        step: float = 0.05,
    ) -> None:
        packets = tcp(ATTACKER, PLC, PORT, [(side, f) for f in frames], step=step)
        case(
            f"dnp3-{name}",
            text,
            packets,
            {FIRST + n: 1 for n in fired},
            [FIRST + n for n in silent],
        )

    crob, analog = request(application(12)), request(application(16))
    one("relay-hammer", "A relay operated 24 times.", [crob] * 24, (1, 12, 24))
    one("relay-some", "Six times.", [crob] * 6, (1, 12), (24, 25))
    one("analog-hammer", "An analog output operated 24 times.", [analog] * 24, (1, 16, 25), (24,))
    one("analog-some", "Six times.", [analog] * 6, (1, 16), (25,))
    one("user-process-reset", "The user process is reset.", [link(b"", 0xC1)], (58,))
    failed = [response("78075b010c00" + "00" * 12, function=0x83)] * 3
    one("authentication-failed", "Three times.", failed, (82,), side=S)
    one("authentication-failed-once", "Once.", failed[:1], (), (82,), side=S)
    whole = request("013c01063c02063c03063c0406")
    one("integrity-hammer", "320 integrity polls in seconds.", [whole] * 320, (93,), step=0.01)
    one("integrity-some", "Ten.", [whole] * 10, (), (93,))
    static = request("013c0106")
    one("integrity-second", "Class 0 each second.", [static] * 60, (), (93,), step=0.5)
    status = [link(b"", 0xC9, to) for to in range(16)]
    one("link-scan", "16 link addresses tried.", status, (94,), (95,))
    one(
        "link-reset-scan",
        "16 links reset.",
        [link(b"", 0xC0, to) for to in range(16)],
        (95,),
        (94,),
    )
    one(
        "link-some",
        "Four of each.",
        [*status[:4], *[link(b"", 0xC0, to) for to in range(4)]],
        (),
        (94, 95),
    )
    for n, iin in ((96, "0001"), (96, "0002")):
        one(f"refused-{iin[-1]}", "Five refusals.", [response("", iin=iin)] * 5, (n,), side=S)
        one(f"refused-{iin[-1]}-few", "Three.", [response("", iin=iin)] * 3, (), (n,), side=S)
    one("self-address", "To the self-address.", [request(CLASSES, 0xFFFC)], (99,))
    one(
        "broadcast-restart",
        "A cold restart for all.",
        [request("0d", 0xFFFF)],
        (1, 50, 110),
        (111,),
    )
    one(
        "broadcast-time",
        "The time for all.",
        [request("023201" + TIME, 0xFFFD)],
        (1, 30, 111),
        (110,),
    )
    one("broadcast-almost", "To address 65280.", [request("0d", 0xFF00)], (1, 50), (110, 111, 99))
    one(
        "wrong-side",
        "An unsolicited response to the port.",
        [response("02030700000a0102", function=0x82)],
        (115,),
    )
    one(
        "length-below", "A link length of 2.", [b"\x05\x64\x02\xc4\x0a\x00\x01\x00\x12\x34"], (120,)
    )

    def knock(hosts: Iterable[str], step: float) -> list[Packet]:
        return merged(
            *(
                tcp(ATTACKER, host, PORT, [], sport=40000 + n, close=False, start=n * step)[:1]
                for n, host in enumerate(hosts)
            )
        )

    sweep, flood, busy, outside = (FIRST + n for n in range(130, 134))
    case(
        "dnp3-sweep",
        "Thirty hosts are tried.",
        knock((f"10.10.20.{n}" for n in range(1, 31)), 0.1),
        {sweep: 1},
        [flood],
    )
    case("dnp3-connections-few", "Five connections.", knock([PLC] * 5, 0.1), {}, [sweep, flood])
    case("dnp3-connections-flood", "A hundred.", knock([PLC] * 100, 0.01), {flood: 1, sweep: 1})
    asked = [(C, request(CLASSES))] * 420
    case(
        "dnp3-request-flood",
        "420 requests in a second.",
        udp(ATTACKER, PLC, PORT, asked, step=0.002),
        {busy: 1},
    )
    case(
        "dnp3-request-fast",
        "80 requests in eight seconds.",
        udp(HMI, PLC, PORT, asked[:80], step=0.1),
        {},
        [busy],
    )
    case("dnp3-outside", "A master from outside.", tcp(OUTSIDE, PLC, PORT, polls(2)), {outside: 1})


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _shapes()
    _numbers()
