"""Cases of PROFINET IO context management: DCE/RPC calls by UDP, in either byte order."""

import struct
from collections.abc import Sequence
from uuid import UUID

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, CONTROLLER, HMI, PLC, C, S, case, merged, udp

PORT = 34964

CONNECT, SUPERVISOR, CONNECTS, MANY, RELEASE, RELEASES = range(1942001, 1942007)
WRITE, IDENTITY, PORTS, LINK, ENERGY, BURST, RECORD = range(1942010, 1942017)
PARAMETERS, BEGIN, CONTROL = range(1942020, 1942023)
MAPPER, MAPPERS, IMPLICIT, READ_IDENTITY, MODULES, NEIGHBOURS = range(1942040, 1942046)
DIAGNOSIS, READS, IMAGE, READS_BIG = range(1942046, 1942050)
ERRORS, REJECTS, SHORT, OPERATION, FLOOD = range(1942080, 1942085)
GATE = 1942000  # a step that does not alert
ALL_SIDS = [
    *range(CONNECT, RELEASES + 1),
    *range(WRITE, RECORD + 1),
    *range(PARAMETERS, CONTROL + 1),
    *range(MAPPER, READS_BIG + 1),
    *range(ERRORS, FLOOD + 1),
]

DEVICE = UUID("dea00001-6c97-11d1-8271-00a02442df7d")
CONTROLLER_INTERFACE = UUID("dea00002-6c97-11d1-8271-00a02442df7d")
MAPPER_INTERFACE = UUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa")
OBJECT = UUID("dea00000-6c97-11d1-8271-00010003015a")
AR = UUID("7c74224e-166c-4a58-bf6b-6c25a75870f0").bytes


def call(
    operation: int,
    body: bytes,
    *,
    interface: UUID = DEVICE,
    kind: int = 0,
    little: bool = True,
    status: int = 0,
) -> bytes:
    """An RPC of kind 0 (request), 2 (response), 3 (fault) or 6 (reject)."""
    order = "<" if little else ">"
    name, device = (u.bytes_le if little else u.bytes for u in (interface, OBJECT))
    first = status if kind else 4096  # PNIO status, or the most the caller can take
    arguments = struct.pack(order + "5I", first, len(body), 4096, 0, len(body)) + body
    head = bytes([4, kind, 0x20, 0, 0x10 if little else 0, 0, 0, 0])
    head += device + name + UUID(int=7).bytes
    head += struct.pack(
        order + "IIIHHHHHBB", 0, 1, 1, operation, 0xFFFF, 0xFFFF, len(arguments), 0, 0, 0
    )
    return head + arguments


def block(kind: int, body: bytes) -> bytes:
    """A block, version 1.0."""
    return struct.pack("!HHBB", kind, len(body) + 2, 1, 0) + body


def connect(kind: int = 1, little: bool = True) -> bytes:
    station = b"io-controller"
    body = struct.pack("!H", kind) + AR + struct.pack("!H", 1) + bytes(6) + OBJECT.bytes
    body += struct.pack("!IHHH", 0x11, 100, 0x8892, len(station)) + station
    return call(0, block(0x0101, body), little=little)


def record(kind: int, index: int, data: bytes = b"", sequence: int = 1) -> bytes:
    """A header of a read (9) or a write (8) and the data."""
    body = struct.pack("!H", sequence) + AR + struct.pack("!IHHHHI", 0, 0, 1, 0, index, len(data))
    return block(kind, body + bytes(24)) + data


def write(index: int, data: bytes = b"\0\1", little: bool = True) -> bytes:
    return call(3, record(8, index, data), little=little)


def read(index: int, little: bool = True) -> bytes:
    return call(2, record(9, index), little=little)


def control(kind: int, command: int) -> bytes:
    return call(4, block(kind, bytes(2) + AR + struct.pack("!HHHH", 1, 0, command, 0)))


RELEASED = call(1, block(0x0114, bytes(2) + AR + struct.pack("!HHHH", 1, 0, 4, 0)))
PLAIN = read(0x8024)  # a record that is none of those below
DONE = call(2, record(0x8009, 0x8024, b"\0\0"), kind=2)
REFUSED = call(0, b"", kind=2, status=0xDB810102)


def answer(operation: int) -> bytes:
    """A good response to the operation."""
    bodies = {2: record(0x8009, 0x8024, b"\0\0"), 3: record(0x8008, 0x8024)}
    return call(operation, bodies.get(operation, b""), kind=2)


def sent(payloads: Sequence[bytes], step: float = 0.4) -> list[Packet]:
    talk = [turn for p in payloads for turn in ((C, p), (S, answer(p[68])))]
    return udp(ATTACKER, PLC, PORT, talk, sport=49153, step=step)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return udp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times)


def each(payload: bytes, seconds: float, count: int = 15) -> list[Packet]:
    """The same to many devices."""
    return merged(
        *(
            udp(ATTACKER, f"10.10.20.{n}", PORT, [(C, payload)], start=n * seconds / count)
            for n in range(10, 10 + count)
        )
    )


def _operations() -> None:
    answers = [answer(number) for number in range(5)]
    themes.pair(
        "profinet_cm-connect",
        "A device taken by a controller, then by a supervisor, then let go.",
        [(connect(), {CONNECT}), (connect(6), {SUPERVISOR}), (RELEASED, {RELEASE})],
        [*answers, PLAIN, call(0, b"", interface=CONTROLLER_INTERFACE)],
        sent,
    )
    # slot, subslot; AdjustLinkState: padding, down, properties
    link = bytes(2) + struct.pack("!HH", 0, 0x8001) + block(0x021B, bytes(2) + b"\0\2" + bytes(2))
    adjust = block(0x0202, link)
    themes.pair(
        "profinet_cm-write",
        "Records written: identification, ports, a link, energy saving, a user's record.",
        [
            (write(0x8024), {WRITE}),
            (write(0xAFF1, block(0x0021, b"TAG".ljust(54))), {IDENTITY}),
            (write(0x802F, adjust), {PORTS, LINK}),
            (write(0x80A0, block(0x0800, b"\1\1\0\0")), {ENERGY}),
            (write(0x0001), {RECORD}),
        ],
        [*answers, read(0xAFF0 - 0x10), PLAIN, call(0, bytes(40), interface=CONTROLLER_INTERFACE)],
        sent,
    )
    several = call(
        3,
        record(8, 0xE040)
        + record(8, 0xAFF2, block(0x0022, b"2026-11-24".ljust(16)))
        + record(8, 0x8071, b"\0\1"),
    )
    alerts = {WRITE: 1, IDENTITY: 1, PORTS: 1}
    case("profinet_cm-write-multiple", "Several records in one write.", sent([several]), alerts)
    only = sent([write(0x8024)])
    case(
        "profinet_cm-write-plain", "One record.", only, {WRITE: 1}, [IDENTITY, PORTS, LINK, ENERGY]
    )
    themes.pair(
        "profinet_cm-control",
        "Parameters ended and begun again, another control.",
        [
            (control(0x0110, 1), {PARAMETERS}),
            (control(0x0118, 0x40), {BEGIN}),
            (control(0x0116, 8), {CONTROL}),
        ],
        [
            *answers,
            PLAIN,
            call(4, block(0x0112, bytes(26)), interface=CONTROLLER_INTERFACE),
        ],
        sent,
    )
    lookup = call(2, bytes(60), interface=MAPPER_INTERFACE)
    themes.pair(
        "profinet_cm-discovery",
        "Endpoint mapper, reads without a connection, identification, modules, ports, diagnosis.",
        [
            (lookup, {MAPPER}),
            (call(5, record(9, 0x8024)), {IMPLICIT}),
            (read(0xAFF0), {READ_IDENTITY}),
            (read(0xF000), {MODULES}),
            (read(0x802A), {NEIGHBOURS}),
            (read(0x800C), {DIAGNOSIS}),
            (read(0x8028), {IMAGE}),
        ],
        [
            *answers,
            PLAIN,
            read(0x0001),
            call(2, bytes(60), interface=MAPPER_INTERFACE, kind=2),
            call(4, bytes(20), interface=MAPPER_INTERFACE),
        ],
        sent,
    )


def _counts() -> None:
    case(
        "profinet_cm-connects",
        "15 in 3 s.",
        often(connect(), 15, 3),
        {CONNECT: 1, CONNECTS: 1, MANY: 1},
    )
    case("profinet_cm-many", "15 devices.", each(connect(), 6), {CONNECT: 15, MANY: 1})
    one = sent([connect()])
    case("profinet_cm-start", "One connect.", one, {CONNECT: 1}, [CONNECTS, MANY, RELEASES])
    case("profinet_cm-releases", "Eight.", often(RELEASED, 8, 8), {RELEASE: 1, RELEASES: 1})
    case(
        "profinet_cm-burst",
        "220 writes in 5 s.",
        often(write(0x8024), 220, 5),
        {WRITE: 1, BURST: 1},
    )
    few = often(write(0x8024), 20, 5)
    case("profinet_cm-writes", "Twenty writes.", few, {WRITE: 1}, [BURST])
    lookup = call(2, bytes(60), interface=MAPPER_INTERFACE)
    case("profinet_cm-mappers", "15 devices.", each(lookup, 6), {MAPPER: 15, MAPPERS: 1})
    case("profinet_cm-mapper", "One.", sent([lookup]), {MAPPER: 1}, [MAPPERS])
    for number, name in enumerate(("insert", "delete", "lookup", "map")):
        for little in (True, False):
            asked = call(number, bytes(60), interface=MAPPER_INTERFACE, little=little)
            only = udp(ATTACKER, PLC, PORT, [(C, asked)])
            order = "" if little else "-big-endian"
            case(f"profinet_cm-mapper-{name}{order}", "One.", only, {MAPPER: 1}, [MAPPERS])
    case("profinet_cm-reads", "220 reads in 5 s.", often(PLAIN, 220, 5), {READS: 1})
    big = often(read(0x8024, little=False), 220, 5)
    case("profinet_cm-reads-big", "220 in big-endian.", big, {READS_BIG: 1})
    case("profinet_cm-errors", "15 refused.", often(REFUSED, 15, 5, S), {ERRORS: 1})
    reject = call(0, struct.pack("<I", 0x1C010003), kind=6)
    case("profinet_cm-rejects", "15 rejected.", often(reject, 15, 5, S), {REJECTS: 1})
    three = udp(HMI, PLC, PORT, [(S, REFUSED), (S, reject)] * 3)
    case("profinet_cm-failures", "Three each.", three, {}, [ERRORS, REJECTS, READS])
    case("profinet_cm-flood", "600 in half a second.", often(DONE, 600, 0.5), {FLOOD: 1})


def _malformed() -> None:
    themes.pair(
        "profinet_cm-malformed",
        "Calls that end in their header, and of an operation that does not exist.",
        [(connect()[:84], {SHORT}), (call(9, bytes(40)), {OPERATION})],
        [PLAIN, DONE],
        sent,
    )
    case("profinet_cm-no-flood", "Two datagrams.", sent([PLAIN]), {}, [FLOOD, SHORT, OPERATION])


def _transport() -> None:
    big = [connect(little=False), write(0xAFF1, block(0x0021, b"TAG".ljust(54)), little=False)]
    alerts = {CONNECT: 1, WRITE: 1, IDENTITY: 1}
    case("profinet_cm-big-endian", "Headers in big endian.", sent(big), alerts)
    high = udp(ATTACKER, PLC, 49152, [(C, write(0x8024))], sport=49153)
    case("profinet_cm-other-port", "A write on the port a device gave.", high, {WRITE: 1})
    tagged = udp(ATTACKER, PLC, PORT, [(C, write(0x8024))], vlan=30)
    case("profinet_cm-vlan", "In a VLAN.", tagged, {WRITE: 1})
    late = udp(ATTACKER, PLC, PORT, [(S, DONE), (C, write(0x8024))])
    case("profinet_cm-midstream-server", "The response seen first.", late, {WRITE: 1})


def _benign() -> None:
    ready = call(4, block(0x0112, bytes(2) + AR + bytes(8)), interface=CONTROLLER_INTERFACE)
    polling = merged(
        udp(CONTROLLER, PLC, PORT, [(C, PLAIN), (S, DONE)] * 30, step=0.3),
        udp(PLC, CONTROLLER, PORT, [(C, ready), (S, call(4, b"", kind=2))]),
    )
    case("profinet_cm-polling", "Records read, a device ready.", polling, {}, [GATE, *ALL_SIDS])
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(140), b"\x04\x00" + b"\x11" * 140]
    other = udp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("profinet_cm-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of PROFINET IO context management."""
    _operations()
    _counts()
    _malformed()
    _transport()
    _benign()
