"""Cases of the Modbus rules, scripted PDU by PDU; UMAS (function 90) stands in ``_umas``."""

from collections.abc import Iterable, Mapping

from scapy.packet import Packet

from . import _umas
from .wire import ATTACKER, ENGINEER, HMI, OUTSIDE, PLC, C, S, case, merged, tcp

PORT = 502
FIRST = 1_920_000
GATE = FIRST + 1  # speaks once an hour whenever more than plain reads are sent

READ, READ_REPLY = bytes.fromhex("0300000002"), bytes.fromhex("030400010002")
ZEROS = b"\x10\x00\x00\x00\x20\x40" + bytes(64)
ALL_ON = b"\x0f\x00\x00\x01\x00\x20" + b"\xff" * 32

#: One request a rule: last digits of its sid, PDU (function and data), unit.
REQUESTS: dict[int, str] = {
    10: "050004ff00",
    11: "0500040000",
    12: "0500041234",
    13: "0f0000000c020f05",
    14: "0600050bb8",
    15: "100010000204000100ff",
    16: "16000400f20025",
    17: "1700030006000e000102000f",
    18: "1509060004000700010a0b",
    19: "140706000400010002",
    20: "1804de",
    40: "0800010000",
    41: "0800040000",
    42: "0800033b00",
    43: "08000a0000",
    44: "080000a537",
    45: "08000b0000",
    46: "0800550000",
    50: "2b0e0100",
    51: "11",
    52: "07",
    53: "0c",
    54: "2b0d00010600000000",
    55: "2b5500",
    56: "6401020304",
    58: "0900010200",
    59: "1300",
    70: "0300000200",
    71: "1000000100020000",
    72: "8001",
}


def adu(pdu: bytes, tid: int = 1, unit: int = 1, length: int | None = None) -> bytes:
    """A PDU behind its MBAP header."""
    size = len(pdu) + 1 if length is None else length
    return tid.to_bytes(2) + bytes(2) + size.to_bytes(2) + bytes([unit]) + pdu


def polls(count: int, first: int = 1, unit: int = 1) -> list[tuple[str, bytes]]:
    """Reads of two registers, answered."""
    spoken = []
    for tid in range(first, first + count):
        spoken += [(C, adu(READ, tid, unit)), (S, adu(READ_REPLY, tid, unit))]
    return spoken


def said(pdus: Iterable[bytes], first: int = 100, unit: int = 1) -> list[tuple[str, bytes]]:
    """Requests, each answered with its own bytes, as most writes are."""
    return [(side, adu(pdu, first + n, unit)) for n, pdu in enumerate(pdus) for side in (C, S)]


def refusals(count: int, code: int, function: int = 3) -> list[tuple[str, bytes]]:
    spoken = []
    for tid in range(count):
        spoken.append((C, adu(READ if function == 3 else bytes([function, 0]), tid)))
        spoken.append((S, adu(bytes([function | 0x80, code]), tid)))
    return spoken


def flows(pdus: Mapping[int, bytes], start: int = 0) -> list[Packet]:
    """Each PDU in a session of its own, a second apart, polls before and after."""
    return merged(
        *(
            tcp(
                ENGINEER,
                PLC,
                PORT,
                [*polls(2), *said([pdu]), *polls(2, 7)],
                sport=51000 + n,
                start=start + 1.5 * n,
            )
            for n, pdu in enumerate(pdus.values())
        )
    )


def ours() -> list[int]:
    """All sids of the block."""
    counted = (30, 31, 32, 33, 34, 35, 36, 57, *range(60, 70), 73, 74, 77, *range(80, 83))
    found = {1, *REQUESTS, *counted, 90, 92, 93}
    return [FIRST + n for n in sorted(found)] + _umas.sids()


def _operations() -> None:
    pdus = {n: bytes.fromhex(pdu) for n, pdu in REQUESTS.items()}
    groups = {"writes": range(10, 20), "diagnostics": range(40, 47), "identity": range(50, 60)}
    for name, group in groups.items():
        chosen = {n: pdu for n, pdu in pdus.items() if n in group}
        case(
            f"modbus-{name}",
            f"One request for each of the rules of {name}.",
            flows(chosen),
            {GATE: 1, **{FIRST + n: 1 for n in chosen}},
            [sid for sid in ours() if sid not in {GATE, *(FIRST + n for n in chosen)}],
        )
    rest = {n: pdu for n, pdu in pdus.items() if not any(n in g for g in groups.values())}
    case(
        "modbus-queue-and-limits",
        "A FIFO read; reads, writes and functions outside the limits.",
        flows(rest),
        {GATE: 1, **{FIRST + n: 1 for n in rest}},
        [FIRST + 10, FIRST + 15],
    )
    # the same bytes from the server's side, and with another protocol id: no request of Modbus
    both = [FIRST + n for n in (*pdus, 33, 34, 35)] + [GATE, *_umas.sids()]
    every = [*pdus.values(), ZEROS, ALL_ON, *_umas.pdus()]
    case(
        "modbus-replies",
        "What servers say back, request's bytes and all, is no request.",
        tcp(HMI, PLC, PORT, [(S, adu(pdu, n)) for n, pdu in enumerate(every)]),
        {},
        both,
    )
    foreign = [(C, b"\x00\x01\x00\x07" + adu(pdu)[4:]) for pdu in every]
    case(
        "modbus-other-protocol",
        "Another protocol on the port: the protocol id is not 0.",
        tcp(HMI, PLC, PORT, foreign),
        {},
        ours(),
    )


def _shapes() -> None:
    """One write however the packets fall."""
    write, read = adu(bytes.fromhex("0600050bb8"), 9), adu(READ, 8)
    alerts = {FIRST + 14: 1, GATE: 1}
    talk = [*polls(3), (C, write), (S, write), *polls(3, 10)]
    shapes: dict[str, tuple[str, list[Packet]]] = {
        "split": ("A write cut into pieces of five bytes.", tcp(HMI, PLC, PORT, talk, split=5)),
        "coalesced": (
            "A write behind two reads in one segment.",
            tcp(
                HMI,
                PLC,
                PORT,
                [*polls(2), (C, read), (C, read), (C, write), (S, write)],
                coalesce=True,
            ),
        ),
        "midstream": (
            "Joined in the middle, the client first.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False),
        ),
        "midstream-server": (
            "Joined in the middle, at a reply.",
            tcp(HMI, PLC, PORT, talk[1:], midstream=True, close=False),
        ),
        "gap": ("A request before the write was lost.", tcp(HMI, PLC, PORT, talk, gap=[4])),
        "one-sided": (
            "Only the client's packets are seen.",
            tcp(HMI, PLC, PORT, talk, midstream=True, close=False, one_sided=C),
        ),
        "vlan": ("In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=20)),
    }
    for name, (text, packets) in shapes.items():
        case(f"modbus-write-{name}", text, packets, alerts, [FIRST + 15])
    stop, lying = adu(bytes.fromhex("5a1f41ff00"), 9), []
    behind = []
    for size in range(2, 34):
        first = adu(b"\x18" + bytes(size - 2), 8)
        at = {"start": 0.5 * size, "coalesce": True}
        server = f"10.10.20.{100 + size}"
        behind.append(tcp(ENGINEER, server, PORT, [(C, first), (C, stop)], **at))
        first = adu(b"\x18" + bytes(size - 2), 8, length=size + 1)
        lying.append(tcp(ENGINEER, server, PORT, [(C, first), (C, stop)], **at))
    umas_stop = _umas.FIRST + 1
    case(
        "modbus-behind-any",
        "A stop behind a request of each length from 2 to 33 in one segment.",
        merged(*behind),
        {GATE: 32, FIRST + 20: 30, umas_stop: 32},
        [FIRST + 15],
    )
    case(
        "modbus-behind-other",
        "The same behind requests that say to be one byte longer than they are.",
        merged(*lying),
        {GATE: 32, FIRST + 20: 31},
        [umas_stop],
    )
    pages = []
    for n in range(60):
        read = bytes([1 + n % 4]) + (n * 10).to_bytes(2) + bytes([0, 1 + n])
        size = 2 * (n + 1) if n % 4 > 1 else (n + 8) // 8
        reply = bytes([read[0], size]) + bytes((n * k + k) % 251 for k in range(size))
        pages += [(C, adu(read, n)), (S, adu(reply, n))]
    case(
        "modbus-polling",
        "Two minutes of polling: coils, inputs, registers, one, many, pipelined.",
        merged(
            tcp(HMI, PLC, PORT, pages, close=False, step=0.5),
            tcp(HMI, PLC, PORT, pages, sport=50001, split=7, step=0.05, midstream=True),
            tcp(HMI, "10.10.20.11", PORT, [p for p in pages if p[0] == C], coalesce=True),
        ),
        {},
        ours(),
    )


def _numbers() -> None:
    """Rules that count: the number that speaks, and one that does not."""
    coil, register = bytes.fromhex("050001ff00"), bytes.fromhex("0600010001")

    def burst(
        name: str,
        text: str,
        packets: list[Packet],
        alerts: dict[int, int],
        silent: Iterable[int] = (),
    ) -> None:
        case(
            f"modbus-{name}",
            text,
            packets,
            {FIRST + n: k for n, k in alerts.items()},
            [FIRST + n for n in silent],
        )

    def fast(spoken: list[tuple[str, bytes]]) -> list[Packet]:
        return tcp(ATTACKER, PLC, PORT, spoken, step=0.02)

    burst("coil-hammer", "A coil written 32 times.", fast(said([coil] * 32)), {30: 1, 10: 1, 1: 1})
    burst(
        "coil-some",
        "A coil written 12 times.",
        fast(said([coil] * 12)),
        {10: 1, 1: 1},
        [30, 31, 32],
    )
    burst(
        "register-hammer",
        "A register written 32 times.",
        fast(said([register] * 32)),
        {31: 1, 14: 1, 1: 1},
        [30],
    )
    many = merged(
        *(
            tcp(
                ATTACKER,
                f"10.10.20.{20 + n}",
                PORT,
                said([register] * 25),
                start=0.3 * n,
                step=0.01,
            )
            for n in range(5)
        )
    )
    burst("writes-everywhere", "One client writes to five servers.", many, {32: 1, 14: 5, 1: 5})
    burst(
        "broadcast",
        "A write to unit 0.",
        tcp(HMI, PLC, PORT, said([register], unit=0)),
        {33: 1, 14: 1, 1: 1},
    )
    burst(
        "zeros",
        "32 registers overwritten with zeros.",
        fast(said([ZEROS])),
        {34: 1, 15: 1, 1: 1},
        [35],
    )
    burst(
        "all-coils",
        "256 coils switched on together.",
        fast(said([ALL_ON])),
        {35: 1, 13: 1, 1: 1},
        [34],
    )
    burst(
        "blocks",
        "Mixed values for 32 registers and 256 coils.",
        fast(said([ZEROS[:-1] + b"\1", ALL_ON[:-1] + b"\0"])),
        {13: 1, 15: 1, 1: 1},
        [34, 35],
    )
    burst(
        "refused-writes",
        "Five writes refused.",
        tcp(ATTACKER, PLC, PORT, refusals(5, 4, 6)),
        {36: 1, 1: 1, 64: 1, 72: 0, 74: 0},
    )
    for sid, code, count in (
        (60, 1, 5),
        (61, 2, 5),
        (62, 3, 5),
        (63, 11, 10),
        (64, 4, 5),
        (65, 6, 10),
    ):
        burst(
            f"exception-{code}",
            f"Exception {code} over and over.",
            tcp(ATTACKER, PLC, PORT, refusals(count, code)),
            {sid: 1},
        )
        burst(
            f"exception-{code}-few",
            f"Exception {code} a few times.",
            tcp(ATTACKER, PLC, PORT, refusals(count - 1, code)),
            {},
            [sid, 36],
        )
    odd = [bytes([f]) for f in (7, 11, 12, 17, 65, 66, 67, 68, 69, 70)]
    burst(
        "functions-tried",
        "Ten functions tried one after the other.",
        fast(said(odd)),
        {57: 1, 56: 1, 51: 1, 52: 1, 53: 1, 1: 1},
    )
    burst("functions-few", "Three of them.", fast(said(odd[:3])), {52: 1, 53: 1, 1: 1}, [57])
    large = [bytes([3]) + (n * 125).to_bytes(2) + b"\x00\x7d" for n in range(20)]
    single = [bytes([1 + n % 4]) + n.to_bytes(2) + b"\x00\x01" for n in range(50)]
    reads = [(C, adu(pdu, n)) for n, pdu in enumerate(large)]
    burst("bulk-read", "Twenty reads of 125 registers at once.", fast(reads), {66: 1})
    burst(
        "bulk-read-slow",
        "The same, a poll a second.",
        tcp(HMI, PLC, PORT, reads, step=0.5),
        {},
        [66, 68],
    )
    burst(
        "bulk-bits", "A read of 2000 coils.", fast([(C, adu(bytes.fromhex("01000007d0")))]), {67: 1}
    )
    burst(
        "bulk-bits-less",
        "A read of 1999 coils and 2000 as an address.",
        fast([(C, adu(bytes.fromhex("01000007cf"))), (C, adu(bytes.fromhex("0107d00010")))]),
        {},
        [67, 70],
    )
    burst(
        "bits-beyond",
        "A read of 2001 coils.",
        fast([(C, adu(bytes.fromhex("01000007d1")))]),
        {70: 1, 1: 1},
        [67],
    )
    ones = [(C, adu(pdu, n)) for n, pdu in enumerate(single)]
    burst("single-reads", "Fifty reads of one item each at once.", fast(ones), {68: 1})

    def resumed(pdus: list[bytes], step: float, pause: float, rounds: int) -> list[Packet]:
        """Rounds of polls in one session that was joined in the middle."""
        talk, gaps = [], []
        for k in range(rounds * len(pdus)):
            talk.append((C, adu(pdus[k % len(pdus)], k)))
            gaps.append(k * step + k // len(pdus) * pause)
        packets = tcp(HMI, PLC, PORT, talk, midstream=True, close=False)
        begun = float(packets[0].time)
        for k, packet in enumerate(packets):  # a request and its acknowledgement
            packet.time = begun + gaps[k // 2] + k % 2 * step / 2
        return packets

    burst(
        "resumed-blocks",
        "A poll of twenty full blocks, again and again: told as it is resumed, and not again.",
        resumed(large, 0.05, 5, 8),
        {66: 1},
        [68],
    )
    burst(
        "resumed-items",
        "A poll of fifty single items a second: told as it is resumed, and not again.",
        resumed(single, 0.01, 0.5, 8),
        {68: 1},
        [66],
    )
    eight = bytes.fromhex("0300000008")
    burst(
        "gateway-units",
        "A gateway's sixty units polled in order, eight registers each.",
        tcp(
            HMI,
            PLC,
            PORT,
            [(C, adu(eight, k, unit=k)) for _ in range(3) for k in range(1, 61)],
            step=0.1,
        ),
        {},
        [69, 77],
    )
    units = [(C, adu(READ, n, unit=n)) for n in range(90, 120)]
    burst("units", "Units 90 to 119 tried.", fast(units), {69: 1})
    burst(
        "units-few",
        "Two of them, and unit 255.",
        fast([*units[20:22], (C, adu(READ, 1, 255))]),
        {},
        [69],
    )
    left = [*(bytes.fromhex(REQUESTS[n]) for n in (13, 15, 50, 51)), ZEROS, ALL_ON]
    left.append(bytes.fromhex("5a1f41ff00"))
    burst(
        "length-left",
        "Longer and shorter requests whose length was left at 6.",
        merged(
            *(
                tcp(ATTACKER, PLC, PORT, [(C, adu(p, length=6))], sport=51000 + n, start=0.5 * n)
                for n, p in enumerate(left)
            )
        ),
        {13: 1, 15: 1, 34: 1, 35: 1, 50: 1, 51: 1, 501: 1, 1: 1},
        [14],
    )
    burst(
        "length-left-5",
        "Writes whose length is 5.",
        fast([(C, adu(bytes.fromhex(REQUESTS[n]), length=5)) for n in (13, 15)]),
        {1: 1},
        [13, 15],
    )
    burst(
        "length-beyond",
        "Lengths of 64 kB.",
        fast([(C, adu(READ, n, length=0xFFF0)) for n in range(2)]),
        {73: 1, 1: 1},
    )
    burst(
        "length-below",
        "A length of one byte.",
        fast([(C, adu(READ, 1, length=1))]),
        {74: 1, 1: 1},
        [73],
    )
    burst(
        "length-beyond-once",
        "A lone one.",
        fast([(C, adu(READ, 1, length=0xFFF0))]),
        {1: 1},
        [73, 74],
    )


def _connections() -> None:
    def knock(hosts: Iterable[str], step: float) -> list[Packet]:
        return merged(
            *(
                tcp(ATTACKER, host, PORT, [], sport=40000 + n, close=False, start=n * step)[:1]
                for n, host in enumerate(hosts)
            )
        )

    sweep, flood, request = FIRST + 80, FIRST + 81, FIRST + 82
    case(
        "modbus-sweep",
        "Thirty hosts are tried.",
        knock((f"10.10.20.{n}" for n in range(1, 31)), 0.1),
        {sweep: 1},
        [flood],
    )
    case("modbus-connections-few", "Five connections.", knock([PLC] * 5, 0.1), {}, [sweep, flood])
    case(
        "modbus-connections-flood",
        "A hundred connections to one server.",
        knock([PLC] * 100, 0.01),
        {flood: 1, sweep: 1},
    )
    asked = [(C, adu(READ, n)) for n in range(620)]
    case(
        "modbus-request-flood",
        "620 requests in a second.",
        tcp(ATTACKER, PLC, PORT, asked, step=0.0008, one_sided=C),
        {request: 1},
    )
    case(
        "modbus-request-fast",
        "400 requests in four seconds.",
        tcp(HMI, PLC, PORT, asked[:400], step=0.01, one_sided=C),
        {},
        [request],
    )
    others = {
        90: ("http", b"GET /index.html HTTP/1.1\r\nHost: plc\r\n\r\n"),
        92: ("tls", bytes.fromhex("16030100310100002d0303") + bytes(43)),
    }
    for n, (name, data) in others.items():
        case(
            f"modbus-port-{name}",
            f"{name.upper()} on the port.",
            tcp(HMI, PLC, PORT, [(C, data)]),
            {FIRST + n: 1},
            [FIRST + k for k in others if k != n],
        )
    case(
        "modbus-outside",
        "A client from outside.",
        tcp(OUTSIDE, PLC, PORT, polls(2)),
        {FIRST + 93: 1},
    )


def make() -> None:
    """Write all cases of this protocol."""
    _operations()
    _shapes()
    _numbers()
    _connections()
    _umas.make(adu, polls, GATE)
