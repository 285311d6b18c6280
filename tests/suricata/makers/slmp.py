"""Cases of SLMP: 3E and 4E frames, binary and ASCII, over TCP and UDP."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 5007
ASCII = 500  # the rule for ASCII frames is this many sids after that for binary ones

WRITE, RANDOM, BUFFER, LABEL, BURST, INPUTS = range(1931001, 1931007)
RUN, STOP, PAUSE, LATCH, RESET, UNLOCK, LOCK, TRIES, ERROR, ADDRESS, PARAMETERS = range(
    1931010, 1931021
)
FILE_WRITE, FILE_OPEN, FILE_READ, FILE_DELETE, FILE_COPY, FILES, DEFRAGMENT, FILE_LOCK = range(
    1931030, 1931038
)
MELSOFT = range(1931040, 1931045)  # run, stop, pause, search, type
OLD_RUN, OLD_STOP, OLD_BITS, OLD_WORDS, OLD_TYPE = range(1931045, 1931050)  # 1E frames
TYPE, SWEEP, SEARCH, LOOP, MONITOR, READS, DEMAND = range(1931060, 1931067)
REFUSED, LENGTH, CONNECTIONS = range(1931080, 1931083)
FLOOD = 1931084
BOTH = [
    *range(WRITE, INPUTS + 1),
    *range(RUN, PARAMETERS + 1),
    *range(FILE_WRITE, FILE_LOCK + 1),
    *range(TYPE, DEMAND + 1),
    REFUSED,
]
GATES = (1931000, 1931500)  # steps that do not alert: TCP, UDP
OLD = [*range(OLD_RUN, OLD_TYPE + 1), OLD_RUN + ASCII, OLD_STOP + ASCII]
ALL_SIDS = [
    *BOTH,
    *(sid + ASCII for sid in BOTH),
    LENGTH,
    CONNECTIONS,
    FLOOD,
    *MELSOFT,
    *OLD,
]

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
            ((0x0E34, 0, "0100000000000000", "0001000000000000"), PARAMETERS),
        ],
        [
            (0x0401, 0, "640000a80100", "D*0001000001"),
            (0x0406, 0, "0000", "0000"),
            (0x0E33, 0, "0100000000000000", "0001000000000000"),
        ],
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
            ((0x1207, 0, "01000000", "00010000"), DEFRAGMENT),
            ((0x0808, 0, "01000000", "00010000"), FILE_LOCK),
        ],
        [
            (0x182A, 0, "00000000", "0000"),
            (0x0401, 0, "640000a80100", "D*0001000001"),
            (0x0205, 0, "01000000", "00010000"),
            (0x1208, 0, "01000000", "00010000"),
            (0x0802, 0, "", ""),
        ],
    ),
    "discovery": (
        "Type, nodes, loop-back, monitoring.",
        [
            ((0x0101, 0, "", ""), TYPE),
            ((0x0E30, 0, "0200000042", "02000000"), SEARCH),
            ((0x0619, 0, "04004142 4344".replace(" ", ""), "0004ABCD"), LOOP),
            ((0x0801, 0, "0100640000a8", "0100" + "D*000100"), MONITOR),
            ((0x2101, 0, "01000200", "00010002"), DEMAND),
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


BAD_4E = {
    0: b"\xd4\x00\x07\x00\x00\x00\x00\xff\xff\x03\x00\x02\x00\x51\xc0",
    ASCII: b"D4000007000000FF03FF000004C051",
}
GOOD_4E = {
    0: b"\xd4\x00\x07\x00\x00\x00\x00\xff\xff\x03\x00\x04\x00\x00\x00\x34\x12",
    ASCII: b"D4000007000000FF03FF00000800001234",
}


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
        burst = often(encode(THEMES["memory"][1][0][0]), 60, 3)
        alerts = {WRITE + plus: 1, BURST + plus: 1}
        case(f"slmp-{code}-burst", "Sixty writes in 3 s.", burst, alerts)
        beats = often(encode(THEMES["memory"][1][0][0]), 80, 20)
        text = "A heartbeat is written four times a second."
        case(f"slmp-{code}-heartbeat", text, beats, {WRITE + plus: 1}, [BURST + plus])
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
        again = [tcp(HMI, PLC, PORT, [(C, ask)], sport=40000 + n, start=4 * n) for n in range(12)]
        text = "One controller is asked twelve times, from another port each time."
        case(f"slmp-{code}-asked-again", text, merged(*again), {TYPE + plus: 1}, [SWEEP + plus])
        reads = often(encode(READ), 250, 5)
        case(f"slmp-{code}-reads", "250 reads in 5 s.", reads, {READS + plus: 1})
        case(f"slmp-{code}-refused", "25.", often(BAD[plus], 25, 5, S), {REFUSED + plus: 1})
        late = [often(BAD_4E[plus], 25, 5, S), often(GOOD_4E[plus], 25, 5, S)]
        case(f"slmp-{code}-refused-4e", "25 in 4E frames.", late[0], {REFUSED + plus: 1})
        case(f"slmp-{code}-accepted-4e", "25 are well.", late[1], {}, [REFUSED + plus])
        few = often(BAD[plus], 3, 5, S)
        case(f"slmp-{code}-refused-few", "Three.", few, {}, [REFUSED + plus, READS + plus])


def routed(frame: bytes, module: int, station: int) -> bytes:
    """A binary 3E request to another module and station."""
    return frame[:4] + struct.pack("<HB", module, station) + frame[7:]


def _stations() -> None:
    """Commands to another module of the rack (03D0 to 03D3, 03E0 to 03E3) and another station."""
    sent = [binary(THEMES[name][1][n][0]) for name, n in (("memory", 1), ("control", 1))]
    wanted = {RANDOM: 1, STOP: 1}
    for module, station in ((0x3D0, 0), (0x3D3, 5), (0x3E1, 1), (0x3FF, 31)):
        frames = [routed(frame, module, station) for frame in sent]
        name = f"slmp-module-{module:03x}-{station}"
        case(name, f"Module {module:04X}, station {station}.", stream(frames), wanted)
        case(f"{name}-udp", "The same over UDP.", datagrams(frames), wanted)
    frames = [routed(frame, 0x2D0, 0) for frame in sent]
    case("slmp-module-none", "No such module.", stream(frames), {}, [RANDOM, STOP])
    text = [ascii_(THEMES[name][1][n][0]) for name, n in (("memory", 1), ("control", 1))]
    frames = [frame.replace(b"03FF00", b"03D105", 1) for frame in text]
    wanted = {sid + ASCII: 1 for sid in wanted}
    case("slmp-module-ascii", "Module 03D1, station 5.", stream(frames), wanted)
    frames = [frame.replace(b"03FF00", b"03C105", 1) for frame in text]
    case("slmp-module-ascii-none", "No such module.", stream(frames), {}, list(wanted))


def _older_files() -> None:
    """Commands of older controllers on files (group 12, 0206), parameters' other commands."""
    for number, sid in (
        (0x1202, FILE_WRITE),
        (0x1203, FILE_WRITE),
        (0x1204, FILE_COPY),
        (0x1205, FILE_DELETE),
        (0x1206, FILE_COPY),
        (0x0206, FILE_READ),
        (0x0E35, PARAMETERS),
        (0x0E36, PARAMETERS),
        (0x0E3A, PARAMETERS),
    ):
        command = (number, 0, "0100000000000000", "0001000000000000")
        for code, encode, plus in (("binary", binary, 0), ("ascii", ascii_, ASCII)):
            case(
                f"slmp-{code}-command-{number:04x}",
                f"Command {number:04X}.",
                datagrams([encode(command)]),
                {sid + plus: 1},
            )


def melsoft(command: int, data: bytes, *, serial: int = 0, long: bool = True) -> bytes:
    """A request with the long head (20 octets) or the short one (8)."""
    head = b"\x0a\x16\x14" + bytes(20) if long else b"\x0a\x0a\x08" + bytes(8)
    body = b"\x1c" + head + struct.pack(">H", command) + data
    start = struct.pack("<BBHB", 0x57, long, serial, 0) + b"\x11\x11\x07\0\0\xff\xff\x03\0\0"
    return start + b"\xfe\x03\0\0" + struct.pack("<H", len(body)) + body


def _melsoft() -> None:
    orders = [
        (command, sid)
        for command, sid in zip((0x1001, 0x1002, 0x1003, 0x0B20, 0x0101), MELSOFT, strict=True)
    ]
    reply = b"\xd7" + melsoft(0x1002, bytes(6))[1:21] + b"\x9c" + melsoft(0x1002, bytes(6))[22:]
    wanted = dict.fromkeys(MELSOFT, 1)
    for port in (5560, 5006):
        said = [
            step
            for n, (command, _) in enumerate(orders)
            for step in ((C, melsoft(command, bytes(6), serial=n)), (S, reply))
        ]
        packets = udp(ATTACKER, PLC, port, said)
        case(f"slmp-melsoft-{port}", f"Each order, UDP {port}.", packets, wanted)
    said = [(C, melsoft(command, bytes(6), long=False)) for command, _ in orders]
    packets = tcp(ATTACKER, PLC, 5007, said, midstream=True)
    case("slmp-melsoft-tcp", "With the short head, joined.", packets, wanted)
    late = tcp(ATTACKER, PLC, 5007, [(S, reply), *said], midstream=True)
    case("slmp-melsoft-server", "Joined at a reply.", late, wanted)
    asked = udp(ATTACKER, "10.10.20.255", 5561, [(C, melsoft(0x0B20, bytes(4)))])
    case("slmp-melsoft-search", "Everybody is asked.", asked, {MELSOFT[3]: 1}, [MELSOFT[0]])
    stop = melsoft(0x1002, bytes(6))
    near = [
        melsoft(0x0401, bytes(10)),
        melsoft(0x0121, bytes(6)),
        b"\x56" + stop[1:],
        stop[:21] + b"\x9c" + stop[22:],
        stop[:24] + b"\x15" + stop[25:],
        stop[:7] + b"\x08" + stop[8:],
        stop[:-8],
    ]
    near_by = merged(
        udp(HMI, PLC, 5560, [(C, payload) for payload in near] + [(S, stop), (S, reply)]),
        tcp(HMI, PLC, 5007, [(C, payload) for payload in near] + [(S, stop), (S, reply)]),
    )
    case("slmp-melsoft-near", "Reads, replies, another head.", near_by, {}, MELSOFT)


def _old_frames() -> None:
    """1E frames: command, station ff, timer; head device, device code, count, 0, data."""
    bits = bytes.fromhex("02ff0a0064000000204d02001 1".replace(" ", ""))
    words = bytes.fromhex("03ff0a006400000020440100 3412".replace(" ", ""))
    orders = {
        OLD_RUN: b"\x13\xff\x0a\0",
        OLD_STOP: b"\x14\xff\x0a\0",
        OLD_BITS: bits,
        OLD_WORDS: words,
        OLD_TYPE: b"\x15\xff\x0a\0",
        OLD_RUN + ASCII: b"13FF000A",
        OLD_STOP + ASCII: b"14FF000A",
    }
    wanted = dict.fromkeys(orders, 1)
    read = bytes.fromhex("01ff0a00640000002044 0a00".replace(" ", ""))
    answer = b"\x81\0" + bytes(20)
    said = [s for order in orders.values() for s in ((C, read), (S, answer), (C, order))]
    case("slmp-1e", "Each, TCP.", tcp(ATTACKER, PLC, PORT, said), wanted)
    case("slmp-1e-udp", "Each, UDP.", udp(ATTACKER, PLC, 5000, said), wanted)
    late = tcp(ATTACKER, PLC, PORT, [(S, answer), *said], midstream=True)
    case("slmp-1e-server", "Joined at a reply.", late, wanted)
    near = [
        read,
        b"\x14\xff\x0a\0\0",
        b"\x14\xff\x0a",
        b"\x14\xfe\x0a\0",
        b"\x14\xff\xff\xff",
        b"14FF000A0",
        b"14FF00-1",
        words + b"\0",
        words[:-1],
        bits + b"\x22",
        b"\x03\xff" + bytes(12),
    ]
    steps = [(C, payload) for payload in near] + [(S, order) for order in orders.values()]
    near_by = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("slmp-1e-near", "Reads, other lengths and stations.", near_by, {}, OLD)


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
    case("slmp-read", "One read.", stream([read]), {}, [LENGTH, CONNECTIONS, FLOOD])
    many = udp(ATTACKER, PLC, PORT, [(C, read)] * 600, step=0.001)
    case("slmp-flood", "600 reads in 0.6 s.", many, {FLOOD: 1, READS: 1})


def _benign() -> None:
    label = (0x041A, 0, "01000000", "01000000")
    other_reads = [(0x0802, 0, "", ""), (0x0613, 0, "780000000100", "000000780001"), label]
    block = (0x0406, 0, "0100640000a80a00", "0100D*000100000A")
    cycle = [(C, binary(READ)), (S, DONE[0]), (C, binary(block)), (S, DONE[0])] * 20
    text = [(C, ascii_(READ)), (S, DONE[ASCII]), (C, ascii_(block)), (S, DONE[ASCII])] * 20
    cycle += [(C, routed(binary(c), 0x3D0, 3)) for c in other_reads]
    text += [(C, ascii_(c)) for c in other_reads]
    polling = merged(
        tcp(HMI, PLC, PORT, cycle, step=0.1),
        udp(HMI, PLC, PORT, cycle, step=0.2),
        tcp(HMI, PLC, PORT, text, sport=50001, step=0.1),
    )
    case("slmp-polling", "Devices read.", polling, {}, [*GATES, *ALL_SIDS])
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
    _stations()
    _older_files()
    _melsoft()
    _old_frames()
    _transport()
    _benign()
