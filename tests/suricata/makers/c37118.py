"""Cases of IEEE C37.118: command, configuration and data frames with their CRC."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 4712

OFF, TOGGLE, EXTENDED, USER, UNKNOWN = range(1941001, 1941006)
ON, HEADER, CONFIG_1, CONFIG_2 = range(1941020, 1941024)
TRIED, COMMANDS = 1941025, 1941026
INVALID, TRIGGER, CHANGED, FORGED = range(1941040, 1941044)
SHORT, LENGTH, KIND, CONNECTIONS, SIZE = range(1941080, 1941085)
ALL_SIDS = [
    *range(OFF, UNKNOWN + 1),
    *range(ON, CONFIG_2 + 1),
    TRIED,
    COMMANDS,
    *range(INVALID, FORGED + 1),
    *range(SHORT, SIZE + 1),
]


def crc(data: bytes) -> int:
    """CRC-CCITT, start 0xffff, as the standard has it."""
    value = 0xFFFF
    for octet in data:
        value ^= octet << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def frame(kind: int, body: bytes, code: int = 7, size: int | None = None) -> bytes:
    """A frame of the kind and version; its length, time and CRC."""
    size = 16 + len(body) if size is None else size
    head = struct.pack("!BBHHII", 0xAA, kind, size, code, 1_795_500_000, 0x00001000)
    return head + body + struct.pack("!H", crc(head + body))


def command(number: int, code: int = 7, more: bytes = b"") -> bytes:
    return frame(0x41, struct.pack("!H", number) + more, code)


def data(status: int = 0, code: int = 7) -> bytes:
    """One phasor, frequency, its change, one analog value."""
    return frame(0x01, struct.pack("!HhhhhH", status, 14635, 0, 2500, 0, 100), code)


# one device: time base, name, format, one phasor, one analog value, no digital ones
CONFIGURATION = frame(
    0x31,
    struct.pack("!IH16sHHHHH", 1_000_000, 1, b"Station A", 7, 0, 1, 1, 0)
    + b"VA".ljust(16)
    + b"ANALOG1".ljust(16)
    + struct.pack("!IIHHh", 915527, 1, 0, 22, 30),
)
NOTE = frame(0x11, b"Station A, bay 1")


def sent(payloads: Sequence[bytes]) -> list[Packet]:
    talk = [step for p in payloads for step in ((C, p), (S, data()))]
    return udp(ATTACKER, PLC, PORT, talk, step=0.4)


def session(payloads: Sequence[bytes]) -> list[Packet]:
    talk: Exchange = [step for p in payloads for step in ((C, p), (S, data()))]
    return tcp(ATTACKER, PLC, PORT, talk)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return udp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times)


def _operations() -> None:
    steps = [
        (command(1), {OFF}),
        (command(2), {ON}),
        (command(3), {HEADER}),
        (command(4), {CONFIG_1}),
        (command(5), {CONFIG_2}),
        (command(8, 7, b"\0\1"), {EXTENDED}),
        (command(0x0101), {USER}),
        (command(0x0077), {UNKNOWN}),
    ]
    near = [data(), CONFIGURATION, NOTE, data(0x0001)]

    def answered(payloads: Sequence[bytes]) -> list[Packet]:
        return tcp(HMI, PLC, PORT, [(S, p) for p in payloads])

    for name, packets in (("udp", sent), ("tcp", session)):
        themes.pair(f"c37118-{name}-commands", "Each command.", steps, near, packets, answered)
    odd = frame(0x42, struct.pack("!H", 1))
    case("c37118-version-2", "Off, in version 2.", sent([odd]), {OFF: 1})
    forged = tcp(ATTACKER, PLC, PORT, [(C, command(5)), (C, CONFIGURATION), (C, data()), (C, NOTE)])
    case("c37118-forged", "A configuration and data sent to it.", forged, {CONFIG_2: 1, FORGED: 1})
    rightly = [(C, command(5)), (S, CONFIGURATION), (S, data()), (S, NOTE)]
    case(
        "c37118-answered",
        "The same sent by it.",
        tcp(HMI, PLC, PORT, rightly),
        {CONFIG_2: 1},
        [FORGED],
    )
    case("c37118-config-3", "Configuration 3 asked for.", sent([command(6)]), {CONFIG_2: 1})


def _counts() -> None:
    toggled = sent([command(n) for n in (1, 2) * 4])
    case("c37118-toggle", "Off and on four times.", toggled, {OFF: 1, ON: 1, TOGGLE: 1})
    once = sent([command(1), command(5), command(2)])
    case(
        "c37118-start",
        "A concentrator starts.",
        once,
        {OFF: 1, ON: 1, CONFIG_2: 1},
        [TOGGLE, TRIED],
    )
    codes = sent([command(5, code) for code in range(1, 16)])
    case("c37118-codes", "15 id codes tried.", codes, {CONFIG_2: 1, TRIED: 1})
    flood = often(command(3), 60, 3)
    case("c37118-flood", "60 in 3 s.", flood, {HEADER: 1, TRIED: 1, COMMANDS: 1})
    few = often(command(3), 3, 3)
    case("c37118-few", "Three.", few, {HEADER: 1}, [TRIED, COMMANDS])
    bad = often(data(0x8000), 120, 4, S)
    case("c37118-invalid", "120 invalid frames in 4 s.", bad, {INVALID: 1}, [TRIGGER])
    trigger = often(data(0x0800), 120, 4, S)
    case("c37118-trigger", "120 triggers in 4 s.", trigger, {TRIGGER: 1}, [INVALID])
    configured = often(CONFIGURATION, 8, 4, S)
    case("c37118-configurations", "Eight in 4 s.", configured, {CHANGED: 1})
    two = often(CONFIGURATION, 2, 4, S)
    case("c37118-configuration", "Two.", two, {}, [CHANGED, INVALID, TRIGGER])


def _malformed() -> None:
    themes.pair(
        "c37118-malformed",
        "Frames too short, of a wrong length, of an unknown kind.",
        [
            (command(1)[:12], {SHORT}),
            (frame(0x41, b"\0\1", size=40000), {LENGTH}),
            (frame(0x71, b"\0\1"), {KIND}),
            (frame(0x41, b"\0\1", size=0), {SIZE}),
            (frame(0x42, b"\0\1", size=17), {SIZE}),
        ],
        [(command(2), {ON}), data(), CONFIGURATION],
        sent,
    )
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("c37118-connections", "120 in 2.4 s.", syns, {CONNECTIONS: 1})
    case("c37118-connection", "One.", tcp(HMI, PLC, PORT, [(S, data())]), {}, [CONNECTIONS])


def _transport() -> None:
    off, on, alerts = command(1), command(2), {OFF: 1, ON: 1}
    talk: Exchange = [(C, on), (S, data()), (C, off), (S, data()), (C, on)]
    case("c37118-split", "In segments of 5 octets.", tcp(HMI, PLC, PORT, talk, split=5), alerts)
    together: Exchange = [(C, on), (C, off)]
    behind = tcp(HMI, PLC, PORT, together, coalesce=True)
    case("c37118-coalesced", "Off behind on.", behind, alerts)
    case("c37118-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, data()), *talk], midstream=True)
    case("c37118-midstream-server", "Joined, the device speaks first.", late, alerts)
    case("c37118-vlan", "In a VLAN.", udp(HMI, PLC, PORT, talk, vlan=30), alerts)
    case("c37118-second-port", "On port 4713.", udp(HMI, PLC, PORT + 1, talk), alerts)


def _benign() -> None:
    stream = [(S, data())] * 90
    polling = merged(
        tcp(HMI, PLC, PORT, stream, step=0.02, midstream=True),
        udp(HMI, PLC, PORT, stream, step=0.03),
    )
    case("c37118-polling", "Thirty values a second.", polling, {}, ALL_SIDS)
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"\x16\x03\x01" + bytes(80)]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("c37118-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of C37.118."""
    _operations()
    _counts()
    _malformed()
    _transport()
    _benign()
