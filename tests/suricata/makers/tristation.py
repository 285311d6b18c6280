"""Cases of TriStation (Triconex safety controllers, UDP 1502).

A datagram: TCM type (u16), payload length (u16), payload, CRC-16 (ARC), little-endian throughout.
The payload of type 5: direction, channel, command, counter, 2 zero bytes, checksum (sum of the
bytes, the checksum itself as zero), length of the payload, data.
"""

import struct
from itertools import chain

from .wire import ATTACKER, CONTROLLER, ENGINEER, OUTSIDE, C, Exchange, S, case, merged, udp

PORT = 1502
OURS = range(1934001, 1934078)
CONNECT, CONNECTED, CLOSED, CLOSE, COMMAND, PING, LIMIT, _, DEAD, DENIED = range(1, 11)
REJECTED = 0x64
WORDS = struct.pack("<HHHH", 2, 0, 0, 0)

# sid: command, data, the reply's command
DOWNLOAD = {
    1934001: (0, bytes(16), 101),
    1934002: (59, struct.pack("<HHHI10sHHH", 0, 0, 13, 1, b"BURNER", 4, 2, 0), 101),
    1934003: (1, bytes(34), 102),
    1934004: (10, b"", 105),
    1934005: (11, b"", 103),
    1934006: (12, b"", 104),
    1934007: (55, struct.pack("<HHHHH", 3, 1, 5, 0, 2) + bytes(8), 153),
    1934008: (56, struct.pack("<HHHHH", 3, 1, 5, 0, 2) + bytes(8), 154),
    1934009: (72, WORDS, 168),
    1934010: (68, WORDS, 165),
    1934011: (63, bytes(20), 160),
    1934012: (49, bytes(12), 103),
    1934013: (80, b"", 101),
}
MODE = {
    1934014: (20, b"", 109),
    1934015: (21, b"", 110),
    1934016: (22, b"", 111),
    1934017: (23, b"", 112),
}
WRITES = {
    1934018: (16, WORDS, 103),
    1934019: (27, WORDS, 103),
    1934020: (17, b"", 103),
    1934021: (30, WORDS, 128),
    1934022: (57, b"", 155),
    1934023: (58, WORDS, 156),
    1934024: (60, WORDS, 157),
    1934025: (62, WORDS, 159),
    1934026: (9, b"\xc8\0", 114),
    1934027: (2, WORDS, 123),
    1934028: (4, WORDS, 107),
    1934029: (14, WORDS, 107),
    1934030: (5, WORDS, 138),
    1934031: (15, WORDS, 117),
    1934032: (45, b"\1\2", 144),
    1934033: (44, WORDS, 143),
    1934034: (26, b"\5\0", 126),
    1934035: (43, b"UNIT 2\0\0", 141),
    1934036: (52, b"\1\0", 149),
    1934037: (41, bytes.fromhex("010300000001"), 152),
    1934038: (7, bytes(8), 122),
    1934039: (31, bytes(4), 122),
}
ALARMS = {
    1934040: (37, b"\1\2", 133),
    1934041: (39, b"", 133),
    1934042: (38, b"\1\2", 134),
    1934043: (40, b"", 134),
    1934044: (32, b"", 130),
    1934045: (34, WORDS, 129),
    1934046: (35, b"\1\0", 135),
}
READS = {
    1934047: (65, WORDS, 162),
    1934048: (3, b"", 113),
    1934049: (18, b"", 120),
    1934050: (42, b"", 136),
    1934051: (74, WORDS, 170),
    1934052: (67, WORDS, 164),
    1934053: (69, WORDS, 107),
    1934054: (19, b"", 108),
    1934055: (29, b"\1\0", 127),
    1934056: (24, b"", 119),
    1934057: (47, b"", 142),
    1934058: (54, b"\1\0", 151),
    1934059: (64, b"", 161),
    1934060: (73, b"", 169),
    1934061: (46, b"", 150),
    1934062: (28, WORDS, 121),
    1934063: (61, WORDS, 158),
    1934064: (33, b"", 131),
    1934065: (36, b"", 137),
    1934066: (13, b"", 106),
}
COMMANDS = {**DOWNLOAD, **MODE, **WRITES, **ALARMS, **READS}


def crc16(data: bytes) -> int:
    register = 0
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (0xA001 if register & 1 else 0)
    return register


def tcm(kind: int, payload: bytes = b"") -> bytes:
    frame = struct.pack("<HH", kind, len(payload)) + payload
    return frame + struct.pack("<H", crc16(frame))


def message(command: int, data: bytes = b"", *, reply: bool = False, count: int = 1) -> bytes:
    size = 10 + len(data)
    head = struct.pack("<BBBBH", reply, reply, command, count, 0)
    tail = struct.pack("<H", size) + data
    return tcm(COMMAND, head + struct.pack("<H", sum(head + tail) & 0xFFFF) + tail)


def session(commands: dict[int, tuple[int, bytes, int]]) -> Exchange:
    """Each command with its reply, in a session that the monitoring joined after its connect."""
    said = []
    for count, (command, data, answer) in enumerate(commands.values(), 1):
        said.append((C, message(command, data, count=count)))
        said.append((S, message(answer, bytes(4), reply=True, count=count)))
    return said


def operations() -> None:
    for name, text, group in (
        ("download", "A program is downloaded, changed, appended.", DOWNLOAD),
        ("mode", "Run, halt, pause, single scan.", MODE),
        ("writes", "Points, retentive values, configuration and clock are written.", WRITES),
        ("alarms", "Voter diagnostics, module alarms and event recording are changed.", ALARMS),
        ("reads", "Program, names, identity, state and values are read.", READS),
    ):
        packets = udp(ENGINEER, CONTROLLER, PORT, session(group))
        case(f"tristation-{name}", text, packets, dict.fromkeys(group, 1))
    packets = udp(ENGINEER, CONTROLLER, PORT, session(MODE), vlan=20)
    case("tristation-mode-vlan", "The same modes on a VLAN.", packets, dict.fromkeys(MODE, 1))
    twice = session({**MODE, **{-sid: entry for sid, entry in MODE.items()}})
    packets = udp(ENGINEER, CONTROLLER, PORT, twice)
    case("tristation-mode-twice", "One alert for a pair of hosts.", packets, dict.fromkeys(MODE, 1))


def near_misses() -> None:
    echoes = [(S, message(c, d, reply=True)) for c, d, _ in COMMANDS.values()]
    text = "The numbers of all commands in the controller's direction."
    case("tristation-replies", text, udp(ENGINEER, CONTROLLER, PORT, echoes), silent=OURS)

    from_station = [(S, message(c, d)) for c, d, _ in COMMANDS.values()]
    text = "Commands that come from port 1502: what a station sends from there to another port."
    case("tristation-from-1502", text, udp(ENGINEER, CONTROLLER, PORT, from_station), silent=OURS)

    bad = [
        (C, m[:12] + b"\xff\0" + m[14:]) for c, d, _ in COMMANDS.values() if (m := message(c, d))
    ]
    text = "The two lengths of each command disagree: malformed, and none of the operations."
    quiet = [sid for sid in OURS if sid != 1934076]
    packets = udp(ENGINEER, CONTROLLER, PORT, bad)
    case("tristation-malformed", text, packets, {1934076: 1}, quiet)

    others = [
        bytes.fromhex("000100000006010300000001"),
        bytes.fromhex("0501") + b"example" + bytes(9),
        bytes.fromhex("123401000001000000000000037777770000010001"),
        b"\x05" * 30,
        b"M-SEARCH * HTTP/1.1\r\n\r\n",
    ]
    packets = udp(ENGINEER, CONTROLLER, PORT, [(C, payload) for payload in others])
    case("tristation-others", "Modbus, DNS, text on UDP 1502.", packets, silent=OURS)

    keep = [(C, tcm(PING)), (S, tcm(PING)), (C, tcm(CLOSE)), (S, tcm(CLOSED))] * 5
    packets = udp(ENGINEER, CONTROLLER, PORT, keep)
    case("tristation-keepalive", "Pings and a disconnect to one controller.", packets, silent=OURS)


def refusals() -> None:
    def refused(code: int) -> Exchange:
        return [(C, message(20)), (S, message(REJECTED, bytes([code, 0]), reply=True))]

    packets = udp(ENGINEER, CONTROLLER, PORT, refused(212))
    text = "Run program; the key switch prohibits it."
    case("tristation-key", text, packets, {1934014: 1, 1934067: 1})
    packets = udp(ENGINEER, CONTROLLER, PORT, [refused(201)[1], refused(233)[1]])
    text = "Rejected since a load is in progress or busy."
    case("tristation-busy", text, packets, silent=[1934067])


def connections() -> None:
    opened = [(C, tcm(CONNECT)), (S, tcm(CONNECTED)), (C, tcm(CLOSE)), (S, tcm(CLOSED))]
    packets = udp(ENGINEER, CONTROLLER, PORT, opened)
    quiet = [1934069, 1934070, 1934071, 1934072, 1934073, 1934074, 1934077]
    text = "A connection is opened and closed."
    case("tristation-connect", text, packets, {1934068: 1}, quiet)
    for kind, sid, text in (
        (DENIED, 1934071, "The access list of the controller refuses."),
        (LIMIT, 1934072, "The controller has no connection left."),
        (DEAD, 1934073, "The communication module finds no main processor."),
    ):
        packets = udp(ENGINEER, CONTROLLER, PORT, [(C, tcm(CONNECT)), (S, tcm(kind))])
        case(f"tristation-refused-{kind}", text, packets, {1934068: 1, sid: 1})
    replies = [(S, tcm(CONNECTED)), (S, tcm(PING)), (S, tcm(CLOSED)), (S, tcm(LIMIT, b"\0"))]
    packets = udp(ENGINEER, CONTROLLER, PORT, replies)
    case("tristation-accepted", "Other replies.", packets, silent=[1934071, 1934072, 1934073])

    found = udp(ATTACKER, "255.255.255.255", PORT, [(C, tcm(PING))])
    case("tristation-broadcast", "A ping to everybody.", found, {1934069: 1}, [1934070])
    sweep = [udp(ATTACKER, f"10.10.20.{n}", PORT, [(C, tcm(PING))], start=n) for n in range(30, 40)]
    text = "One host pings ten controllers."
    case("tristation-sweep", text, merged(*sweep), {1934070: 1}, [1934069])

    flows = [
        udp(ATTACKER, CONTROLLER, PORT, [(C, tcm(CONNECT))], sport=40000 + n, start=n * 0.1)
        for n in range(40)
    ]
    text = "40 connection requests in 4 s."
    case("tristation-flood", text, merged(*flows), {1934068: 1, 1934074: 1}, [1934070])
    pings = udp(ENGINEER, CONTROLLER, PORT, [(C, tcm(PING)), (S, tcm(PING))] * 30, step=1)
    case("tristation-pings", "A ping every two seconds.", pings, silent=OURS)
    slow = [udp(ENGINEER, CONTROLLER, PORT, opened, start=n * 20) for n in range(6)]
    text = "Six connections in two minutes."
    case("tristation-reconnect", text, merged(*slow), {1934068: 1}, [1934070, 1934074])

    burst = [(C, message(27, WORDS, count=n)) for n in range(12)]
    packets = udp(ATTACKER, CONTROLLER, PORT, burst, step=0.1)
    case("tristation-burst", "Twelve writes in 1.2 s.", packets, {1934019: 1, 1934075: 1})
    packets = udp(ENGINEER, CONTROLLER, PORT, burst[:4], step=5)
    case("tristation-no-burst", "Four writes in 20 s.", packets, {1934019: 1}, [1934075])

    inside = list(chain(opened, session({1: MODE[1934014]})))
    expected = {1934014: 1, 1934068: 1}
    packets = udp(OUTSIDE, CONTROLLER, PORT, inside)
    case("tristation-outside", "From outside.", packets, {**expected, 1934077: 1})
    text = "The same from inside."
    case("tristation-inside", text, udp(ENGINEER, CONTROLLER, PORT, inside), expected, [1934077])


def make() -> None:
    operations()
    near_misses()
    refusals()
    connections()
