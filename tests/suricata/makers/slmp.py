"""Cases of SLMP: 3E and 4E frames, binary and ASCII, over TCP and UDP."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 5007
ASCII = 500  # the rule for ASCII frames is this many sids after that for binary ones

WRITE, RANDOM, BUFFER, LABEL, BURST, INPUTS = range(1931001, 1931007)
RUN, STOP, PAUSE, LATCH, RESET, UNLOCK, LOCK, TRIES, ERROR, ADDRESS = range(1931010, 1931020)
FILE_WRITE, FILE_OPEN, FILE_READ, FILE_DELETE, FILE_COPY, FILES = range(1931030, 1931036)
TYPE, SWEEP, SEARCH, LOOP, MONITOR, READS = range(1931060, 1931066)
REFUSED, LENGTH, CONNECTIONS = range(1931080, 1931083)
BOTH = [
    *range(WRITE, INPUTS + 1),
    *range(RUN, ADDRESS + 1),
    *range(FILE_WRITE, FILES + 1),
    *range(TYPE, READS + 1),
    REFUSED,
]
GATE = 1931000  # a step that does not alert
ALL_SIDS = [*BOTH, *(sid + ASCII for sid in BOTH), LENGTH, CONNECTIONS]

Command = tuple[int, int, str, str]  # command, sub-command, data as hex, data in ASCII frames
# name: (description, [(command, sid)], [near misses])
THEMES: dict[str, tuple[str, list[tuple[Command, int]], list[Command]]] = {
    "memory": (
        "Devices, buffer memory and labels written.",
        [
            ((0x1401, 0, "640000a80100ff00", "D*0001000001" + "00FF"), WRITE),
            ((0x1402, 0, "0100640000a8ff00", "0100" + "D*000100" + "00FF"), RANDOM),
            ((0x1601, 0, "00000000020000000102", "00000000" + "0002" + "0000" + "0102"), BUFFER),
            ((0x141A, 0, "0100000004004100420043004400", "0100" + "0000"), LABEL),
            ((0x1401, 1, "0000009c010010", "X*0000000001" + "1"), INPUTS),
        ],
        [
            (0x0401, 0, "640000a80100", "D*0001000001"),
            (0x0403, 0, "0100640000a8", "0100" + "D*000100"),
            (0x0401, 1, "0000009c0100", "X*0000000001"),
            (0x041A, 0, "01000000", "01000000"),
        ],
    ),
    "control": (
        "RUN, STOP, PAUSE, latch clear, RESET; passwords, errors, addresses.",
        [
            ((0x1001, 0, "01000000", "00010000"), RUN),
            ((0x1002, 0, "0100", "0001"), STOP),
            ((0x1003, 0, "0100", "0001"), PAUSE),
            ((0x1005, 0, "0100", "0001"), LATCH),
            ((0x1006, 0, "0100", "0001"), RESET),
            ((0x1630, 0, "040031323334", "00041234"), UNLOCK),
            ((0x1631, 0, "040031323334", "00041234"), LOCK),
            ((0x1617, 0, "", ""), ERROR),
            ((0x0E31, 0, "020000000042", "02000000"), ADDRESS),
        ],
        [(0x0401, 0, "640000a80100", "D*0001000001"), (0x0406, 0, "0000", "0000")],
    ),
    "files": (
        "Files written, opened, read, deleted, copied, listed.",
        [
            ((0x1829, 0, "0000000000000400aabbccdd", "0000"), FILE_WRITE),
            ((0x1827, 0x40, "000000000400", "0000"), FILE_OPEN),
            ((0x1828, 0, "00000000000000040", "0000"), FILE_READ),
            ((0x1822, 0x40, "000000000400", "0000"), FILE_DELETE),
            ((0x1824, 0x40, "000000000400", "0000"), FILE_COPY),
            ((0x1810, 0x40, "000000000400", "0000"), FILES),
        ],
        [(0x182A, 0, "00000000", "0000"), (0x0401, 0, "640000a80100", "D*0001000001")],
    ),
    "discovery": (
        "Type, nodes, loop-back, monitoring.",
        [
            ((0x0101, 0, "", ""), TYPE),
            ((0x0E30, 0, "0200000042", "02000000"), SEARCH),
            ((0x0619, 0, "04004142 4344".replace(" ", ""), "0004ABCD"), LOOP),
            ((0x0801, 0, "0100640000a8", "0100" + "D*000100"), MONITOR),
        ],
        [
            (0x0802, 0, "", ""),
            (0x0401, 0, "640000a80100", "D*0001000001"),
            (0x0403, 0, "0100640000a8", "0100" + "D*000100"),
        ],
    ),
}
READ = (0x0401, 0, "640000a80100", "D*0001000001")


def binary(command: Command, serial: int | None = None) -> bytes:
    """A binary request, 4E when it has a serial number."""
    number, sub, data, _ = command
    raw = bytes.fromhex(data if len(data) % 2 == 0 else data + "0")
    body = struct.pack("<HHH", 0x10, number, sub) + raw
    head = b"\x50\0" if serial is None else b"\x54\0" + struct.pack("<HH", serial, 0)
    return head + b"\x00\xff\xff\x03\x00" + struct.pack("<H", len(body)) + body


def ascii_(command: Command, serial: int | None = None) -> bytes:
    """The same in ASCII."""
    number, sub, _, data = command
    body = f"0010{number:04X}{sub:04X}{data}"
    head = "5000" if serial is None else f"5400{serial:04X}0000"
    return f"{head}00FF03FF00{len(body):04X}{body}".encode()


DONE = {
    0: b"\xd0\x00\x00\xff\xff\x03\x00\x04\x00\x00\x00\x34\x12",
    ASCII: b"D00000FF03FF00000800001234",
}
BAD = {0: b"\xd0\x00\x00\xff\xff\x03\x00\x02\x00\x51\xc0", ASCII: b"D00000FF03FF000004C051"}


def stream(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = [step for p in payloads for step in ((C, p), (S, DONE[0]))]
    return tcp(ATTACKER, PLC, PORT, exchange)


def datagrams(payloads: Sequence[bytes]) -> list[Packet]:
    exchange = [step for p in payloads for step in ((C, p), (S, DONE[0]))]
    return udp(ATTACKER, PLC, PORT, exchange, step=0.4)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return tcp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times / 2)


def _operations() -> None:
    for code, encode, plus in (("binary", binary, 0), ("ascii", ascii_, ASCII)):
        for name, (description, steps, near) in THEMES.items():
            themes.pair(
                f"slmp-{code}-{name}",
                f"{description} ({code})",
                [(encode(command), {sid + plus}) for command, sid in steps],
                [*map(encode, near), DONE[plus]],
                stream,
            )
        burst = often(encode(THEMES["memory"][1][0][0]), 30, 3)
        alerts = {WRITE + plus: 1, BURST + plus: 1}
        case(f"slmp-{code}-burst", "Thirty writes in 3 s.", burst, alerts)
        one = stream([encode(THEMES["memory"][1][0][0])])
        case(
            f"slmp-{code}-write", "D, not X.", one, {WRITE + plus: 1}, [INPUTS + plus, BURST + plus]
        )
        unlock = encode(THEMES["control"][1][5][0])
        tries = {UNLOCK + plus: 1, TRIES + plus: 1}
        case(f"slmp-{code}-passwords", "Six.", often(unlock, 6, 3), tries)
        case(f"slmp-{code}-password", "One.", stream([unlock]), {UNLOCK + plus: 1}, [TRIES + plus])
        ask = encode((0x0101, 0, "", ""))
        flows = [
            tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, ask)], start=n / 5) for n in range(10, 18)
        ]
        asked = {TYPE + plus: 8, SWEEP + plus: 1}
        case(f"slmp-{code}-sweep", "Eight in 2 s.", merged(*flows), asked)
        case(f"slmp-{code}-type", "One.", stream([ask]), {TYPE + plus: 1}, [SWEEP + plus])
        reads = often(encode(READ), 250, 5)
        case(f"slmp-{code}-reads", "250 reads in 5 s.", reads, {READS + plus: 1})
        case(f"slmp-{code}-refused", "25.", often(BAD[plus], 25, 5, S), {REFUSED + plus: 1})
        few = often(BAD[plus], 3, 5, S)
        case(f"slmp-{code}-refused-few", "Three.", few, {}, [REFUSED + plus, READS + plus])


def _transport() -> None:
    stop = THEMES["control"][1][1][0]
    for name, frame, sid in (
        ("binary-4e", binary(stop, 7), STOP),
        ("ascii-4e", ascii_(stop, 7), STOP + ASCII),
        ("binary", binary(stop), STOP),
        ("ascii", ascii_(stop), STOP + ASCII),
    ):
        case(f"slmp-udp-{name}", "A STOP over UDP.", datagrams([frame]), {sid: 1})
    read, alerts = binary(READ), {STOP: 1}
    talk: Exchange = [(C, read), (S, DONE[0]), (C, binary(stop)), (S, DONE[0]), (C, read)]
    case("slmp-split", "In segments of 8 octets.", tcp(HMI, PLC, PORT, talk, split=8), alerts)
    together: Exchange = [(C, read), (C, binary(stop)), (C, read)]
    case("slmp-coalesced", "Behind a read.", tcp(HMI, PLC, PORT, together, coalesce=True), alerts)
    case("slmp-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, DONE[0]), *talk], midstream=True)
    case("slmp-midstream-server", "Joined, the controller speaks first.", late, alerts)
    case("slmp-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)
    case("slmp-other-port", "On port 5562.", tcp(HMI, PLC, 5562, talk), alerts)
    long = read[:7] + b"\xff\x7f" + read[9:]
    case("slmp-length", "Length 32,767.", tcp(ATTACKER, PLC, PORT, [(C, long)]), {LENGTH: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("slmp-connections", "120 in 2.4 s.", syns, {CONNECTIONS: 1})
    case("slmp-read", "One read.", stream([read]), {}, [LENGTH, CONNECTIONS])


def _benign() -> None:
    block = (0x0406, 0, "0100640000a80a00", "0100D*000100000A")
    cycle = [(C, binary(READ)), (S, DONE[0]), (C, binary(block)), (S, DONE[0])] * 20
    text = [(C, ascii_(READ)), (S, DONE[ASCII]), (C, ascii_(block)), (S, DONE[ASCII])] * 20
    polling = merged(
        tcp(HMI, PLC, PORT, cycle, step=0.1),
        udp(HMI, PLC, PORT, cycle, step=0.2),
        tcp(HMI, PLC, PORT, text, sport=50001, step=0.1),
    )
    case("slmp-polling", "Devices read.", polling, {}, [GATE, *ALL_SIDS])
    junk = [
        b"GET / HTTP/1.1\r\n\r\n",
        bytes(60),
        b"\x50\x00" + bytes(20),
        b"5000 units sold in 1002 days",
    ]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("slmp-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of SLMP."""
    _operations()
    _transport()
    _benign()
