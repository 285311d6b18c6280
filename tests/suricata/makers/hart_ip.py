"""Cases of HART-IP: token-passing and direct PDUs over UDP and TCP."""

import struct
from collections.abc import Sequence
from functools import reduce

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 5094

RANGE, DAMPING, TRIM, FIX, SIMULATE, TAG, ADDRESS, ASSIGN, BURST_MODE = range(1933001, 1933010)
LOCK, PASSWORD, WRITES, OTHERS = range(1933010, 1933014)
RESET, SELF_TEST, EEPROM, FLAG, CLOCK, ACK, SUB_DEVICE, CHANNEL = range(1933020, 1933028)
EXTENDED, DIRECT, FIRMWARE, VENDOR, DIRECT_RESET = range(1933028, 1933033)
KEYS, DISCONNECT, STATUS = range(1933033, 1933036)
IDENTITY, DESCRIPTION, COUNT, SQUAWK, AUDIT, READS, PROTECTION = range(1933060, 1933067)
LISTED = 1933067
ERRORS, SHORT, SESSIONS, FLOOD, HEADER, LENGTH = range(1933080, 1933086)
GATE = 1933000  # a step that does not alert
ALL_SIDS = [
    *range(RANGE, OTHERS + 1),
    *range(RESET, STATUS + 1),
    *range(IDENTITY, LISTED + 1),
    *range(ERRORS, LENGTH + 1),
]

LONG = bytes.fromhex("2606010203")  # device type, identifier
OPEN = "01" + "00007530"  # primary master, closed after 30 s


def message(number: int, body: bytes, kind: int = 0, sequence: int = 9) -> bytes:
    """A HART-IP message: kind 0 request, 1 response; number 3 token-passing, 4 direct PDU."""
    return struct.pack("!4BHH", 1, kind, number, 0, sequence, 8 + len(body)) + body


def pdu(delimiter: int, command: int, data: bytes) -> bytes:
    """A token-passing PDU with its check octet."""
    body = bytes([delimiter]) + (LONG if delimiter & 0x80 else b"\x80")
    body += bytes([command, len(data)]) + data
    return body + bytes([reduce(lambda a, b: a ^ b, body)])


def ask(command: int, data: str = "", delimiter: int = 0x82) -> bytes:
    return message(3, pdu(delimiter, command, bytes.fromhex(data)))


def answer(command: int, data: str = "", status: int = 0) -> bytes:
    return message(3, pdu(0x86, command, bytes([status, 0]) + bytes.fromhex(data)), kind=1)


READ, VALUE = ask(3), answer(3, "41200000" + "20" + "42480000")


def datagrams(payloads: Sequence[bytes]) -> list[Packet]:
    exchange = [step for p in payloads for step in ((C, p), (S, VALUE))]
    return udp(ATTACKER, PLC, PORT, exchange, step=0.4)


def stream(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = [step for p in payloads for step in ((C, p), (S, VALUE))]
    return tcp(ATTACKER, PLC, PORT, exchange)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    asked = [(C, READ)] if side == S else []
    return udp(ATTACKER, PLC, PORT, asked + [(side, payload)] * times, step=seconds / times)


def _operations() -> None:
    number = "42c80000"
    writes = [
        (ask(35, "20" + number + "00000000"), {RANGE}),
        (ask(34, number), {DAMPING}),
        (ask(43), {TRIM}),
        (ask(40, number), {FIX}),
        (ask(79, "00" + "01" + "20" + number + "c0"), {SIMULATE}),
        (ask(18, "50" * 18 + "010126"), {TAG}),
        (ask(6, "0100"), {ADDRESS}),
        (ask(51, "00010203"), {ASSIGN}),
        (ask(109, "00"), {BURST_MODE}),
        (ask(71, "01"), {LOCK}),
        (ask(249, "3132"), {PASSWORD}),
        (ask(58, "50" * 21), {OTHERS}),
    ]
    reads = [READ, ask(1), ask(2), ask(48), ask(9, "00"), ask(33, "00"), ask(15, "", 0x86)]
    reads += [ask(105, "00"), ask(57), ask(101)]
    answers = [answer(n) for n in (35, 34, 43, 40, 79, 18, 6, 51, 109, 71)]
    for name, packets in (("udp", datagrams), ("tcp", stream)):
        themes.pair(f"hart_ip-{name}-write", "Settings written.", writes, reads + answers, packets)
    direct = message(4, b"\0\0" + struct.pack("!HB", 40, 4) + bytes.fromhex(number))
    themes.pair(
        "hart_ip-command",
        "Devices reset, tested, their memory, flags, clock, channels and firmware.",
        [
            (ask(42), {RESET}),
            (ask(41), {SELF_TEST}),
            (ask(39, "01"), {EEPROM}),
            (ask(38), {FLAG}),
            (ask(89, "00" + "180b7e" + "00000000" + "0000"), {CLOCK}),
            (ask(119, "00"), {ACK}),
            (ask(77, "0001" + "0082"), {SUB_DEVICE}),
            (ask(66, "01" + "00" + number), {CHANNEL}),
            (ask(31, "0201" + "00"), {EXTENDED}),
            (ask(31, "0300" + "11" * 16), {KEYS}),
            (ask(31, "03c0" + "00"), {DISCONNECT}),
            (ask(31, "020f" + "0801"), {STATUS}),
            (direct, {DIRECT}),
            (message(4, b"\0\0" + struct.pack("!HB", 42, 0)), {DIRECT_RESET}),
            (ask(111, "01"), {FIRMWARE}),
            (ask(160, "00"), {VENDOR}),
        ],
        [
            *reads,
            *(answer(n) for n in (42, 41, 39, 38, 89, 119, 66, 111, 160)),
            message(4, b"\0\0" + struct.pack("!HB", 3, 0)),
            answer(31, "0300"),
            message(4, b"\0\0" + struct.pack("!HB", 40, 0), kind=1),
        ],
        datagrams,
    )
    themes.pair(
        "hart_ip-discovery",
        "Identity, tags, sub-devices, locks and the audit log.",
        [
            (ask(0, "", 0x02), {IDENTITY}),
            (ask(13), {DESCRIPTION}),
            (ask(74), {COUNT}),
            (ask(72), {SQUAWK}),
            (message(5, b"\0\0\0\x08"), {AUDIT}),
            (ask(76), {PROTECTION}),
            (ask(31, "032e" + "000000"), {LISTED}),
        ],
        [
            READ,
            answer(31, "032e"),
            *(answer(n) for n in (0, 13, 74, 72, 76)),
            message(2, b""),
            message(1, b""),
        ],
        datagrams,
    )


def _counts() -> None:
    burst = often(ask(79, "00" + "01" + "20" + "42c80000" + "c0"), 30, 3)
    case("hart_ip-burst", "Thirty writes in 3 s.", burst, {SIMULATE: 1, WRITES: 1})
    few = often(ask(79, "00" + "01" + "20" + "42c80000" + "c0"), 5, 3)
    case("hart_ip-writes", "Five.", few, {SIMULATE: 1}, [WRITES])
    case("hart_ip-reads", "250 reads in 5 s.", often(READ, 250, 5), {READS: 1})
    bad = answer(130, "", 64)
    case("hart_ip-errors", "25 refused.", often(bad, 25, 5, S), {ERRORS: 1})
    case("hart_ip-errors-few", "Three.", often(bad, 3, 5, S), {}, [ERRORS, READS])
    opened = message(0, bytes.fromhex(OPEN))
    case("hart_ip-sessions", "Thirty sessions in 3 s.", often(opened, 30, 3), {SESSIONS: 1})
    case(
        "hart_ip-session",
        "One session.",
        often(opened, 1, 3),
        {},
        [SESSIONS, FLOOD, SHORT, LENGTH, HEADER],
    )
    odd = often(b"\1\0\x63" + READ[3:], 1, 1) + often(b"\x09" + READ[1:], 1, 1)
    case("hart_ip-header", "Number 99, version 9.", odd, {HEADER: 1})
    case("hart_ip-flood", "600 in half a second.", often(message(2, b""), 600, 0.5), {FLOOD: 1})
    long = READ[:6] + b"\xff\xf0" + READ[8:]
    case("hart_ip-length", "Length 65,520.", often(long, 1, 1), {LENGTH: 1})
    none = READ[:6] + b"\0\7" + READ[8:]
    case("hart_ip-length-short", "Length 7.", often(none, 1, 1), {SHORT: 1})


def _transport() -> None:
    reset, alerts = ask(42), {RESET: 1}
    talk: Exchange = [(C, READ), (S, VALUE), (C, reset), (S, VALUE), (C, READ)]
    case("hart_ip-split", "In segments of 6 octets.", tcp(HMI, PLC, PORT, talk, split=6), alerts)
    together: Exchange = [(C, READ), (C, reset), (C, READ)]
    behind = tcp(HMI, PLC, PORT, together, coalesce=True)
    case("hart_ip-coalesced", "Behind a read.", behind, alerts)
    case("hart_ip-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, VALUE), *talk], midstream=True)
    case("hart_ip-midstream-server", "Joined, the gateway speaks first.", late, alerts)
    case("hart_ip-vlan", "In a VLAN.", udp(HMI, PLC, PORT, talk, vlan=30), alerts)
    short = datagrams([ask(42, "", 0x02)])
    case("hart_ip-short", "A short address.", short, alerts)


def _benign() -> None:
    opening: Exchange = [(C, message(0, bytes.fromhex(OPEN))), (S, message(0, b"\1" * 5, 1))]
    cycle = [(C, READ), (S, VALUE), (C, ask(9, "0001")), (S, VALUE), (C, message(2, b""))] * 20
    polling = merged(
        udp(HMI, PLC, PORT, [*opening, *cycle], step=0.2),
        tcp(HMI, PLC, PORT, [*opening, *cycle], step=0.1),
    )
    case("hart_ip-polling", "Variables read.", polling, {}, [GATE, *ALL_SIDS])
    junk = [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 40, b"\x16\x03\x01\x00\x40" + b"\x11" * 64]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("hart_ip-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of HART-IP."""
    _operations()
    _counts()
    _transport()
    _benign()
