"""Cases of the S7comm and S7comm-plus rules, message by message."""

from collections.abc import Iterable

from scapy.packet import Packet

from ._s7 import answer, connect, data, job, plus, user
from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, PLC, C, S, case, merged, tcp

PORT = 102
FIRST = 1_923_000
STEP = FIRST + 1  # opens what other rules wait at, and does not alert


def write(area: str, items: int = 1) -> bytes:
    item = f"120a10020001000a{area}000040"
    return job(f"05{items:02x}" + item * items, "00040008ff00" * items)


def invoke(name: str, arguments: str = "") -> bytes:
    """Program invocation: the service's name, its arguments as hex."""
    size = len(arguments) // 2
    text = f"{len(name):02x}" + name.encode().hex()
    return job(f"28000000000000fd{size:04x}{arguments}{text}")


def szl(identity: str, index: str = "0000") -> bytes:
    return user("4401", "ff090004" + identity + index)


COLD = "4320"
P_PROGRAM = "09" + b"P_PROGRAM".hex()
STOP = "29000000000009505f50524f4752414d"
RUN = "000000340190770008%s0000000000000000000000"
TOGETHER = (
    "0000003401019077010008%s000000000000000000"  # the same by several variables in one write
)
SESSION = "000003a0"  # what plus() puts in its heads
PASSWORD = SESSION + "018e36100214" + "5a" * 20
DOWNLOAD = "1a0001000000000009"

#: A message a rule: last digits of its sid, message, other rules that fire on it.
MESSAGES: dict[int, tuple[bytes, tuple[int, ...]]] = {
    10: (write("84"), ()),
    70: (job("1b000000000000000a5f303830303030303150", "0001" + "5a" * 30), ()),
    71: (job("1a000100000000000a5f323030303030303150"), ()),
    72: (job("04ff" + "120a10020001000184000000" * 3), ()),
    11: (write("82"), ()),
    12: (write("81"), ()),
    13: (write("83"), ()),
    14: (write("1c"), ()),
    15: (job("0501120eb20000000000000000000000", "00040008ff00"), ()),
    17: (write("84", 12), (10,)),
    20: (job(STOP), ()),
    21: (invoke("P_PROGRAM"), ()),
    22: (invoke("P_PROGRAM", COLD), ()),
    23: (invoke("_INSE", "01003038303030303150"), ()),
    24: (invoke("_DELE", "01003038303030303142"), ()),
    25: (invoke("_GARB"), ()),
    26: (invoke("_MODU", "4550"), ()),
    27: (invoke("_N_EXTMOD"), ()),
    28: (invoke("PBERR"), ()),
    29: (job("2900000000000541424344 45".replace(" ", "")), ()),
    30: (job(DOWNLOAD + "5f30413030303031500d31303030"), ()),
    31: (job(DOWNLOAD + "5f30383030303031500d31303030"), (30,)),
    32: (job(DOWNLOAD + "5f30423030303031500d31303030"), (30,)),
    33: (answer("1b00", "000400fb70700101"), ()),
    34: (answer("1c"), ()),
    35: (job("1d00000000000000095f30384130303031 41".replace(" ", "")), ()),
    36: (job("1e00000000000007"), ()),
    37: (job("1a000100000000000b5f4e5f4d5046305f4d50460d31303030"), ()),
    38: (user("410a", "ff09000400010002", True), ()),
    39: (user("4108", "ff09000400010002", True), ()),
    40: (user("4109", "ff09000400010002", True), ()),
    41: (user("410c"), ()),
    42: (user("4102", "ff09000400010002", True), ()),
    43: (user("4302", "ff0900023038"), ()),
    44: (user("4303", "ff0900083038303030303141"), ()),
    45: (szl("0131", "0003"), ()),
    46: (szl("0011"), (45,)),
    47: (szl("0424"), (45,)),
    48: (szl("00a0"), (45,)),
    49: (szl("0232", "0004"), (45,)),
    50: (user("4407", "ff0900020000"), ()),
    51: (user("4408", "ff0900020000"), ()),
    52: (user("440b", "ff0900020000", True), ()),
    53: (user("4501", "ff09000864666263616a6a6b"), ()),
    55: (user("4502"), ()),
    56: (user("4702", "ff09000a00191602082308100002"), ()),
    57: (user("4701"), ()),
    58: (job("04"), ()),
    59: (user("480b", "ff09000c000101100601000184000720"), ()),
    65: (job("040112", kind=9), ()),
    67: (job("1d000000000000000b5f4e5f4d5046305f4d5046"), ()),
    68: (user("4f01", "ff0900085f4e5f4d50463100"), ()),
    69: (user("4f06", "ff0900085f4e5f4d50463100"), ()),
    501: (plus("04f2", RUN % "01"), ()),
    502: (plus("04f2", RUN % "03", 3), ()),
    503: (plus("04f2", "0000005201920a0004000000000000000000000000000000000000"), ()),
    504: (plus("0542", "00000000018a0e00010203", 3), ()),
    505: (plus("04ca", "0000021f", 3), ()),
    506: (plus("04d4", "00000300", 3), ()),
    507: (plus("04bb", "00000003"), ()),
    508: (plus("056b", "00000300"), ()),
    509: (plus("0556"), ()),
    510: (plus("0560"), ()),
    511: (plus("0586"), ()),
    512: (plus("0524"), ()),
    514: (plus("057c", "000003a1000114", 3), ()),
    515: (plus("0506", "00000034", 1), ()),
    516: (plus("051a", "00000034"), ()),
    517: (plus("0590", "00000034", 3), ()),
    518: (plus("0542", TOGETHER % "01"), (504,)),
    519: (plus("0542", TOGETHER % "03", 3), (504,)),
    520: (connect(called=b"SIMATIC-ROOT-ES"), ()),
    521: (plus("04ca", "0000011d", 1), ()),
    522: (plus("04f2", "00000032019d240008040000" + "00" * 12), ()),
    523: (plus("04f2", RUN.replace("%s", "05")), ()),
    524: (plus("04f2", PASSWORD), ()),
}

READ = job("0402120a10020004000184000000120a1002000a000082000000")
VALUES = answer("0402", "ff0400200001000aff04005000000000000000000001")


def polls(count: int) -> list[tuple[str, bytes]]:
    return [(C, READ), (S, VALUES)] * count


def ours() -> list[int]:
    more = (16, 54, *range(60, 65), 66, *range(80, 84), 513, 525)
    return [FIRST + n for n in sorted({*MESSAGES, *more})]


def wanted(numbers: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(sorted({FIRST + k for n in numbers for k in (n, *MESSAGES[n][1])}), 1)


def _operations() -> None:
    groups = {
        "writes": range(10, 18),
        "program": (*range(20, 38), 67, 70, 71),
        "user-data": (*range(38, 60), 68, 69),
        "odd": (*range(60, 67), 72),
        "plus": range(500, 530),
    }
    for name, group in groups.items():
        chosen = [n for n in MESSAGES if n in group]
        flows = (
            tcp(
                ENGINEER,
                PLC,
                PORT,
                [*polls(1), (C, MESSAGES[n][0]), *polls(1)],
                sport=51000 + k,
                start=1.1 * k,
            )
            for k, n in enumerate(chosen)
        )
        case(
            f"s7comm-{name}",
            f"A message for each rule of {name}.",
            merged(*flows),
            wanted(chosen),
            [s for s in ours() if s not in wanted(chosen)],
        )
    every = [message for message, _ in MESSAGES.values()]
    case(
        "s7comm-replies",
        "The same bytes from the controller's port.",
        tcp(HMI, PLC, PORT, [(S, m) for m in every]),
        {},
        ours(),
    )
    foreign = [(C, m[:7] + b"\x60" + m[8:]) for m in every if len(m) > 7]
    case(
        "s7comm-other-protocol",
        "Another protocol over COTP, as MMS is.",
        tcp(HMI, PLC, PORT, [p for p in foreign if b"SIMATIC" not in p[1]]),
        {},
        ours(),
    )


def _shapes() -> None:
    stop = job(STOP)
    talk = [*polls(2), (C, stop), (S, answer("29")), *polls(2)]
    shapes: dict[str, tuple[str, list[Packet]]] = {
        "split": ("Cut into pieces of seven bytes.", tcp(HMI, PLC, PORT, talk, split=7)),
        "coalesced": (
            "Behind two reads in one segment.",
            tcp(HMI, PLC, PORT, [(C, READ), (C, READ), (C, stop)], coalesce=True),
        ),
        "midstream": (
            "Joined in the middle, the client first.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False),
        ),
        "midstream-server": (
            "Joined in the middle, at an answer.",
            tcp(HMI, PLC, PORT, talk[1:], midstream=True, close=False),
        ),
        "vlan": ("In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=20)),
    }
    for name, (text, packets) in shapes.items():
        case(f"s7comm-stop-{name}", text, packets, {FIRST + 20: 1}, [FIRST + 29])
    panel = [(C, plus("04ca", "0000011d00040000000000", 1))]
    for version in (2, 3):
        panel += [(C, plus("054c", "00000000018a0e000102", version))] * 3
        panel += [(C, plus("04ca", SESSION + "00040000000000", version))]
    panel += [(C, plus("04d4", SESSION + "00", version)) for version in (2, 3)]
    case(
        "s7comm-plus-panel",
        "A panel: session, reads, subscriptions in that session, which it deletes in the end.",
        merged(
            tcp(HMI, PLC, PORT, panel),
            tcp(HMI, PLC, PORT, panel, split=9, sport=50001, start=0.5),
            tcp(HMI, CONTROLLER, PORT, panel[1:], midstream=True, start=1),
            tcp(HMI, CONTROLLER, PORT, panel, coalesce=True, sport=50002, start=2),
        ),
        {FIRST + 521: 2},
        [FIRST + n for n in (503, 504, 505, 506)],
    )
    setup = job("f0000001000101e0")
    subscribe = user("4402", "ff09000c8000486d6952746d20200800")
    poll = plus("054c", "00000000018a0e000102", 3)
    day = [
        (C, connect()),
        (S, connect()),
        (C, setup),
        (S, answer("f0000001000100f0")),
        (C, subscribe),
        *polls(20),
        (C, data(b"", last=False)),
        (C, poll),
        (S, poll),
    ]
    case(
        "s7comm-polling",
        "Connect, set up, subscribe, read; multiple reads of S7comm-plus.",
        merged(
            tcp(HMI, PLC, PORT, day, step=0.3, close=False),
            tcp(HMI, CONTROLLER, PORT, day, split=9, midstream=True),
        ),
        {},
        [STEP, *ours()],
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
            f"s7comm-{name}",
            text,
            tcp(ATTACKER, PLC, PORT, spoken, step=0.02),
            {FIRST + n: 1 for n in fired},
            [FIRST + n for n in silent],
        )

    put, many = MESSAGES[10][0], MESSAGES[504][0]
    password = MESSAGES[53][0]
    one("write-hammer", "A data block written 32 times.", [(C, put)] * 32, (10, 16))
    one("write-some", "Ten times.", [(C, put)] * 10, (10,), (16,))
    one("plus-hammer", "Variables written 32 times.", [(C, many)] * 32, (504, 513))
    one("plus-some", "Ten times.", [(C, many)] * 10, (504,), (513,))
    several = SESSION + "01018e3601100214" + "5a" * 20
    guesses = [(C, plus("04f2", PASSWORD)), (C, plus("0542", several, 3))] * 3
    one("plus-passwords", "Six passwords of S7comm-plus.", guesses, (524, 525), (503, 504, 513))
    one("plus-password", "One.", guesses[:1], (524,), (503, 525))
    one("passwords", "Five passwords.", [(C, password)] * 5, (53, 54))
    one("password", "One.", [(C, password)], (53,), (54,))
    knocks = (
        tcp(ATTACKER, PLC, PORT, [(C, connect(slot))], sport=52000 + slot, start=0.2 * slot)
        for slot in range(8)
    )
    case("s7comm-slots", "Eight slots tried.", merged(*knocks), {FIRST + 60: 1})
    one("slots-few", "Two connection requests.", [(C, connect()), (C, connect(3))], (), (60,))
    setup = job("f0000001000101e0")
    one("setups", "Set up ten times.", [(C, setup)] * 10, (61,))
    one("setups-few", "Three times.", [(C, setup)] * 3, (), (61,))
    refused = answer("04", error="8104")
    one("refused", "Five refusals.", [(S, refused)] * 5, (62,))
    one("refused-few", "Two.", [(S, refused)] * 2, (), (62, 63))
    missing = answer("0401", "0a000000")
    one("missing", "Five variables that do not exist.", [(S, missing)] * 5, (63,))
    beyond = answer("0401", "05000000")
    one("out-of-range", "Five addresses out of range.", [(S, beyond)] * 5, (64,), (63,))
    one("out-of-range-few", "Two.", [(S, beyond)] * 2, (), (62, 63, 64))
    one("missing-few", "Two.", [(S, missing)] * 2, (), (62, 63))
    pieces = [(C, data(READ[7:][n : n + 4], last=False)) for n in range(0, 16, 4)]
    one("fragments", "A read in transport fragments of four bytes.", pieces, (66,))
    one("fragment", "One.", [(C, data(READ[7:] + bytes(80), last=False))], (66,))
    full = data(b"\x32\x01\0\0\0\1" + bytes(119), last=False)
    one("fragment-full", "As large as the smallest size to agree on.", [(C, full)], (), (66,))
    one("fragment-none", "None.", polls(2), (), (66,))

    one(
        "starts",
        "Starts whose seventh byte is another, and with an argument that no manual has.",
        [(C, job(f"28{'00' * 7}0000{P_PROGRAM}")), (C, job(f"28{'00' * 7}00024d20{P_PROGRAM}"))],
        (21,),
        (22, 28),
    )
    cold = [(C, MESSAGES[25][0]), (C, job(f"28{'00' * 7}0002{COLD}{P_PROGRAM}"))]
    case(
        "s7comm-start-cold",
        "A cold one behind another service, in one segment.",
        tcp(ATTACKER, PLC, PORT, cold, coalesce=True),
        {FIRST + 22: 1, FIRST + 25: 1},
        [FIRST + 21],
    )
    for number in (0x0D, 0x12):
        changed = [(C, user(f"41{number:02x}", "ff09000400010002", True))]
        one(f"programmer-{number:02x}", "A programmer's job stopped.", changed, (39,), (42,))
    looked = [(C, user(f"41{n:02x}", "ff09000400010002", True)) for n in (0x13, *[0x0E] * 9, 0x0F)]
    looked += [(C, user(f"41{n:02x}", "ff09000400010002", True)) for n in (0x10, 0x11)]
    one("programmer-watches", "Jobs listed and read, a block watched.", looked, (42,), (39,))
    for identity in ("0124", "0524"):
        asked = [(C, szl(identity))]
        one(f"state-{identity}", "The operating state by another list.", asked, (45, 47))
    one("state-none", "A list that is none of the state's.", [(C, szl("0224"))], (45,), (47,))
    ended = [(C, job("1f00000000000007"))]
    one("upload-ended", "The end of an upload alone.", ended, (36,), (35,))
    near = [
        (C, job("0401120a10020001000184000000", reference=1)),
        (C, user("4f05", "ff0900085f4e5f4d50463100")),
        (C, user("4f09", "ff0900085f4e5f4d50463100")),
        (C, user("4601", "ff0900080000000100000000")),
    ]
    one(
        "groups-near", "A read of one item, other functions and groups.", near, (), (58, 59, 68, 69)
    )

    def knock(hosts: Iterable[str], step: float) -> list[Packet]:
        return merged(
            *(
                tcp(ATTACKER, host, PORT, [], sport=40000 + n, close=False, start=n * step)[:1]
                for n, host in enumerate(hosts)
            )
        )

    sweep, flood, busy, outside = (FIRST + n for n in range(80, 84))
    case(
        "s7comm-sweep",
        "Thirty hosts are tried.",
        knock((f"10.10.20.{n}" for n in range(1, 31)), 0.1),
        {sweep: 1},
        [flood],
    )
    case("s7comm-connections-few", "Five connections.", knock([PLC] * 5, 0.1), {}, [sweep, flood])
    case("s7comm-connections-flood", "A hundred.", knock([PLC] * 100, 0.01), {flood: 1, sweep: 1})
    case(
        "s7comm-request-flood",
        "620 requests in a second.",
        tcp(ATTACKER, PLC, PORT, [(C, READ)] * 620, step=0.0008, one_sided=C),
        {busy: 1},
    )
    case(
        "s7comm-request-fast",
        "100 requests in two seconds.",
        tcp(HMI, PLC, PORT, [(C, READ)] * 100, step=0.01, one_sided=C),
        {},
        [busy],
    )
    case(
        "s7comm-outside", "A client from outside.", tcp(OUTSIDE, PLC, PORT, polls(2)), {outside: 1}
    )


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _shapes()
    _numbers()
