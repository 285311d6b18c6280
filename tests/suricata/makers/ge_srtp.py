"""Cases of GE-SRTP: requests of 56 octets, short and with data behind them."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 18245

WRITE, OUTPUT, INPUT, FORCE, BURST = range(1932001, 1932006)
MODE, LOAD, STORE, PROGRAM, READ_PROGRAM, LOGON, PRIVILEGE, TRIES = range(1932010, 1932018)
NAME, CLOCK, FAULTS = range(1932018, 1932021)
TYPE, SWEEP, STATUS, NAMES, READ_FAULTS, READS, TIME = range(1932060, 1932067)
ERRORS, LENGTH, CONNECTIONS = range(1932080, 1932083)
GATE = 1932000  # a step that does not alert
ALL_SIDS = [
    *range(WRITE, BURST + 1),
    *range(MODE, FAULTS + 1),
    *range(TYPE, TIME + 1),
    *range(ERRORS, CONNECTIONS + 1),
]
REGISTERS, INPUTS, OUTPUTS = 0x08, 0x10, 0x12
CONNECT, CONNECTED = bytes(56), b"\x01" + bytes(7) + b"\x0f" + bytes(47)


def request(service: int, selector: int = 0, data: bytes = b"", number: int = 6) -> bytes:
    """A request; with data it takes the long form, the service behind the second packet count."""
    where = bytes([service, selector]) + b"\0\0" + struct.pack("<H", max(1, len(data) // 2))
    kind, short = (0x80, bytes(6)) if data else (0xC0, where)
    head = bytes([2, 0, number, 0]) + struct.pack("<H", len(data)) + bytes(3) + b"\x01" + bytes(7)
    head += b"\x01" + bytes(8) + bytes([0, 0, 0, 0, number, kind]) + bytes(4)
    tail = b"\x01\x01" + where if data else bytes(8)
    return head + b"\x10\x0e\x00\x00" + b"\x01\x01" + short + tail + data


def reply(kind: int = 0xD4, status: int = 0) -> bytes:
    """An acknowledgement (0xd4) or an error (0xd1)."""
    head = bytes([3, 0, 6, 0]) + bytes(13) + b"\x01" + bytes(12) + bytes([6, kind])
    return (
        head + b"\x10\x0e\x00\x00" + b"\x60\x01\x00\x00" + b"\x01\x01" + bytes([status]) + bytes(13)
    )


READ, ACK = request(0x04, REGISTERS), reply()


def session(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = [(C, CONNECT), (S, CONNECTED)]
    for payload in payloads:
        exchange = [*exchange, (C, payload), (S, ACK)]
    return tcp(ATTACKER, PLC, PORT, exchange)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return tcp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times / 2)


def _operations() -> None:
    words = b"\x34\x12" * 8
    themes.pair(
        "ge_srtp-memory",
        "Registers, outputs and inputs written, memory forced.",
        [
            (request(0x07, REGISTERS, words), {WRITE}),
            (request(0x07, OUTPUTS), {OUTPUT}),
            (request(0x07, INPUTS), {INPUT}),
            (request(0x44, OUTPUTS), {FORCE}),
        ],
        [
            READ,
            request(0x04, OUTPUTS),
            request(0x04, INPUTS),
            (request(0x25), {TIME}),
            reply(0xD4, 7),
        ],
        session,
    )
    case(
        "ge_srtp-write-registers",
        "Registers are neither inputs nor outputs.",
        session([request(0x07, REGISTERS)]),
        {WRITE: 1},
        silent=[OUTPUT, INPUT, BURST],
    )
    themes.pair(
        "ge_srtp-control",
        "Mode, programs, privilege, identity, clock and faults.",
        [
            (request(0x23, 1), {MODE}),
            (request(0x40, 0, words), {LOAD}),
            (request(0x3F), {STORE}),
            (request(0x09, 0, words), {PROGRAM}),
            (request(0x06), {READ_PROGRAM}),
            (request(0x20), {LOGON}),
            (request(0x21, 2), {PRIVILEGE}),
            (request(0x22, 0, b"PLC-9\0\0\0"), {NAME}),
            (request(0x24, 0, bytes.fromhex("26112400")), {CLOCK}),
            (request(0x39), {FAULTS}),
        ],
        [READ, *(reply(0xD4, n) for n in (0x23, 0x40, 0x3F, 0x21, 0x39))],
        session,
    )
    burst = often(request(0x07, REGISTERS), 30, 3)
    case("ge_srtp-burst", "Thirty writes in 3 s.", burst, {WRITE: 1, BURST: 1})
    tries = often(request(0x21, 2), 6, 3)
    case("ge_srtp-privileges", "Six times.", tries, {PRIVILEGE: 1, TRIES: 1})
    case("ge_srtp-privilege", "Once.", session([request(0x21, 2)]), {PRIVILEGE: 1}, [TRIES])
    themes.pair(
        "ge_srtp-discovery",
        "Type, status, programs and faults asked for.",
        [
            (request(0x43), {TYPE}),
            (request(0x00), {STATUS}),
            (request(0x03), {NAMES}),
            (request(0x38), {READ_FAULTS}),
            (request(0x25), {TIME}),
        ],
        [READ, reply(0xD4, 0x25), request(0x04, OUTPUTS), ACK, reply(0xD4, 0x43)],
        session,
    )


def _counts() -> None:
    flows = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, CONNECT), (C, request(0x43))], start=n / 5)
        for n in range(10, 18)
    ]
    case("ge_srtp-sweep", "Eight in 2 s.", merged(*flows), {TYPE: 8, SWEEP: 1})
    again = [
        tcp(HMI, PLC, PORT, [(C, CONNECT), (C, request(0x43))], sport=40000 + n, start=4 * n)
        for n in range(12)
    ]
    text = "One controller is asked twelve times, from another port each time."
    case("ge_srtp-asked-again", text, merged(*again), {TYPE: 1}, [SWEEP])
    case("ge_srtp-sweep-one", "One.", session([request(0x43)]), {TYPE: 1}, [SWEEP])
    case("ge_srtp-reads", "250 reads in 5 s.", often(READ, 250, 5), {READS: 1})
    bad = reply(0xD1, 5)
    case("ge_srtp-errors", "Fifteen errors.", often(bad, 15, 5, S), {ERRORS: 1})
    case("ge_srtp-errors-few", "Three.", often(bad, 3, 5, S), {}, [ERRORS, READS])
    long = READ[:4] + b"\xff\x7f" + READ[6:]
    case("ge_srtp-length", "Length 32,767.", tcp(ATTACKER, PLC, PORT, [(C, long)]), {LENGTH: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("ge_srtp-connections", "120 in 2.4 s.", syns, {CONNECTIONS: 1})
    case("ge_srtp-read", "One read.", session([READ]), {}, [LENGTH, CONNECTIONS])


def _transport() -> None:
    stop, alerts = request(0x23, 1), {MODE: 1}
    talk: Exchange = [(C, READ), (S, ACK), (C, stop), (S, ACK), (C, READ)]
    case("ge_srtp-split", "In segments of 20 octets.", tcp(HMI, PLC, PORT, talk, split=20), alerts)
    together: Exchange = [(C, READ), (C, stop), (C, READ)]
    behind = tcp(HMI, PLC, PORT, together, coalesce=True)
    case("ge_srtp-coalesced", "Behind a read.", behind, alerts)
    case("ge_srtp-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, ACK), *talk], midstream=True)
    case("ge_srtp-midstream-server", "Joined, the controller speaks first.", late, alerts)
    case("ge_srtp-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)
    case("ge_srtp-second-port", "On port 18246.", tcp(HMI, PLC, PORT + 1, talk), alerts)


def _benign() -> None:
    cycle = [(C, READ), (S, ACK), (C, request(0x04, OUTPUTS)), (S, ACK)] * 20
    polling = tcp(HMI, PLC, PORT, [(C, CONNECT), (S, CONNECTED), *cycle], step=0.1)
    case("ge_srtp-polling", "Memory read.", polling, {}, [GATE, *ALL_SIDS])
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(56), b"\x02\x00" + bytes(80)]
    other = tcp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("ge_srtp-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of GE-SRTP."""
    _operations()
    _counts()
    _transport()
    _benign()
