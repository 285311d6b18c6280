"""Cases of Beckhoff ADS: AMS/TCP frames, discovery and routes (as pyads asks for one) by UDP."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT, UDP_PORT = 48898, 48899

STOP, RUN, RESET, CONFIG, OTHER = range(1940001, 1940006)
WRITE, OUTPUTS, INPUTS, SUM, BURST, CLEAR, BOTH, SUM_BOTH = range(1940010, 1940018)
OPEN_WRITE, OPEN_READ, FILE_WRITE, FILE_READ, DELETE, RENAME, LIST = range(1940020, 1940027)
PROCESS, REGISTRY, READ_REGISTRY, CLOCK, ROUTE, UNROUTE, ROUTES, FOLDER = range(1940027, 1940035)
INFO, SWEEP, STATE, SYMBOLS, NAMES, NOTIFY, READS, IMAGES = range(1940060, 1940068)
HARDWARE, LOOKED = 1940068, 1940069
DISCOVERY, ADD, DEFAULT, REFUSED = range(1940070, 1940074)
ERRORS, LENGTH, CONNECTIONS, LONG, BARE = range(1940080, 1940085)
ALL_SIDS = [
    *range(STOP, OTHER + 1),
    *range(WRITE, SUM_BOTH + 1),
    *range(OPEN_WRITE, FOLDER + 1),
    *range(INFO, LOOKED + 1),
    *range(DISCOVERY, REFUSED + 1),
    *range(ERRORS, BARE + 1),
]
RUNTIME, SYSTEM = 851, 10000
TARGET, SOURCE = bytes([10, 10, 20, 10, 1, 1]), bytes([10, 10, 10, 66, 1, 1])


def frame(command: int, data: bytes, port: int = RUNTIME, flags: int = 4, error: int = 0) -> bytes:
    """An AMS/TCP frame; flags 4 is a request, 5 a response."""
    head = TARGET + struct.pack("<H", port) + SOURCE + struct.pack("<H", 32905)
    head += struct.pack("<HHIII", command, flags, len(data), error, 17)
    return b"\0\0" + struct.pack("<I", len(head) + len(data)) + head + data


def control(state: int) -> bytes:
    return frame(5, struct.pack("<HHI", state, 0, 0))


def write(group: int, offset: int = 0, data: bytes = b"\1\0", port: int = RUNTIME) -> bytes:
    return frame(3, struct.pack("<III", group, offset, len(data)) + data, port)


def read(group: int, offset: int = 0, port: int = RUNTIME) -> bytes:
    return frame(2, struct.pack("<III", group, offset, 4), port)


def exchange(group: int, offset: int = 0, data: bytes = b"", port: int = RUNTIME) -> bytes:
    """ReadWrite."""
    return frame(9, struct.pack("<IIII", group, offset, 4, len(data)) + data, port)


def system(group: int, offset: int = 0, data: bytes = b"x") -> bytes:
    return exchange(group, offset, data, SYSTEM)


READ = read(0xF005, 0x1A000001)
VALUE = frame(2, struct.pack("<II", 0, 4) + b"\0\0\xac\x41", flags=5)
WRITTEN = frame(3, bytes(4), flags=5)
BAD = frame(2, struct.pack("<II", 0x702, 0), flags=5)


def session(payloads: Sequence[bytes]) -> list[Packet]:
    talk: Exchange = [step for p in payloads for step in ((C, p), (S, VALUE))]
    return tcp(ATTACKER, PLC, PORT, talk)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return tcp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times / 2)


def _operations() -> None:
    themes.pair(
        "ads-control",
        "The state of the runtime changed.",
        [
            (control(6), {STOP}),
            (control(5), {RUN}),
            (control(2), {RESET}),
            (control(15), {CONFIG}),
            (control(8), {OTHER}),
        ],
        [READ, frame(5, bytes(4), flags=5), frame(2, struct.pack("<HHII", 6, 0, 0, 0), flags=5)],
        session,
    )
    themes.pair(
        "ads-write",
        "Values, outputs and inputs written.",
        [
            (write(0xF005, 0x1A000001), {WRITE}),
            (write(0xF030), {OUTPUTS}),
            (write(0xF020), {INPUTS}),
            (write(0xF040), {CLEAR}),
            (exchange(0xF081, 2, bytes(24) + b"\1\0\2\0"), {SUM}),
            (exchange(0xF005, 0x1A000001, b"\1\0"), {BOTH}),
            (exchange(0xF082, 2, bytes(32)), {SUM_BOTH}),
        ],
        [
            READ,
            exchange(0xF005, 0x1A000001),
            exchange(0xF003, 0, b"a.b\0"),
            write(0xF006, 0, struct.pack("<I", 7)),
            exchange(0xF080, 2, bytes(24)),
            WRITTEN,
        ],
        session,
    )
    plain = session([write(0xF005, 0x1A000001)])
    case("ads-write-value", "One value.", plain, {WRITE: 1}, [OUTPUTS, INPUTS, CLEAR, SUM, BURST])
    path = b"C:\\TwinCAT\\3.1\\Boot\\Plc\\Port_851.app\0"
    themes.pair(
        "ads-system",
        "Files, processes, registry, clock and routes of the system service.",
        [
            (system(120, 0x12, path), {OPEN_WRITE}),
            (system(120, 0x11, path), {OPEN_READ}),
            (system(123, 5, b"program"), {FILE_WRITE}),
            (system(122, 5, b""), {FILE_READ}),
            (system(131, 0, path), {DELETE}),
            (system(132, 0, path), {RENAME}),
            (system(133, 1, path), {LIST}),
            (system(138, 1, b"C:\\new\0"), {FOLDER}),
            (write(500, 0, b"cmd.exe\0", SYSTEM), {PROCESS, WRITE}),
            (write(200, 0, b"SOFTWARE\\Beckhoff\0", SYSTEM), {REGISTRY}),
            (system(200, 0, b"SOFTWARE\\Beckhoff\0"), {READ_REGISTRY}),
            (write(400, 1, bytes(16), SYSTEM), {CLOCK}),
            (write(801, 0, SOURCE + bytes(40), SYSTEM), {ROUTE}),
            (write(802, 0, b"eve\0", SYSTEM), {UNROUTE}),
            (read(803, 0, SYSTEM), {ROUTES}),
        ],
        [
            system(121, 5, b""),
            read(400, 1, SYSTEM),
            exchange(120, 0x12, path),  # the same groups of a runtime are no system service
            exchange(123, 5, path),
            exchange(131, 0, path),
            exchange(138, 0, path),
            (write(500, 0, b"cmd.exe\0"), {WRITE}),
            write(801),
            read(803),
            READ,
        ],
        session,
    )
    themes.pair(
        "ads-discovery",
        "Name, state, symbols, notifications, process images.",
        [
            (frame(1, b""), {INFO}),
            (frame(4, b""), {STATE}),
            (read(0xF00B), {SYMBOLS}),
            (frame(6, struct.pack("<6I", 0xF005, 1, 4, 4, 0, 10000) + bytes(16)), {NOTIFY}),
            (read(0xF020), {IMAGES}),
            (read(700, 1, SYSTEM), {HARDWARE}),
            (exchange(0xF009, 0, b"MAIN.a\0"), {LOOKED}),
        ],
        [
            READ,
            frame(7, struct.pack("<I", 1)),
            frame(8, struct.pack("<II", 0, 0)),
            frame(1, bytes(24), flags=5),
            frame(4, bytes(8), flags=5),
            frame(6, bytes(8), flags=5),
        ],
        session,
    )


def _udp(service: int, data: bytes = b"") -> bytes:
    head = bytes.fromhex("03661471") + struct.pack("<II", 0, service)
    return head + SOURCE + struct.pack("<H", SYSTEM) + data


def _tags(*tags: tuple[int, bytes]) -> bytes:
    return struct.pack("<I", len(tags)) + b"".join(
        struct.pack("<HH", tag, len(value)) + value for tag, value in tags
    )


def _routes() -> None:
    def route(password: bytes) -> bytes:
        user = (13, b"Administrator\0")
        return _udp(
            6, _tags((12, b"eve\0"), (7, SOURCE), user, (2, password), (5, b"10.10.10.66\0"))
        )

    def ask(payloads: Sequence[bytes]) -> list[Packet]:
        return udp(ATTACKER, PLC, UDP_PORT, [(C, p) for p in payloads], step=0.4)

    themes.pair(
        "ads-route",
        "Controllers discovered, a route added with the password of every new one.",
        [(_udp(1, _tags()), {DISCOVERY}), (route(b"1\0"), {ADD, DEFAULT})],
        [_udp(0x80000001, _tags((5, b"CX-1\0"))), _udp(0x80000006, _tags((1, bytes(4))))],
        ask,
        made_by="lab",
    )
    long = udp(ATTACKER, PLC, UDP_PORT, [(C, _udp(0, bytes(1200)))])
    case("ads-route-long", "1,220 octets.", long, {LONG: 1})
    short = udp(ATTACKER, PLC, UDP_PORT, [(C, _udp(0, bytes(900)))])
    case("ads-route-short", "920 octets.", short, {}, [LONG])
    own = ask([route(b"Tz7!kk\0")])
    case("ads-route-password", "A password of its own.", own, {ADD: 1}, [DEFAULT], "lab")
    for name, status, alerts, silent in (
        ("refused", b"\x04\x07\0\0", {REFUSED: 1}, []),
        ("accepted", bytes(4), {}, [REFUSED]),
    ):
        told = (S, _udp(0x80000006, _tags((1, status))))
        steps = [(C, _udp(0x80000001, _tags())), *[told] * 4]
        replies = udp(ATTACKER, PLC, UDP_PORT, steps)
        case(f"ads-route-{name}", "Four answers.", replies, alerts, silent)


def _counts() -> None:
    value = write(0xF005, 0x1A000001)
    case("ads-burst", "Thirty writes in 3 s.", often(value, 30, 3), {WRITE: 1, BURST: 1})
    flows = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, frame(1, b""))], start=n / 5)
        for n in range(10, 18)
    ]
    case("ads-sweep", "Eight in 2 s.", merged(*flows), {INFO: 8, SWEEP: 1})
    case("ads-info", "One.", session([frame(1, b"")]), {INFO: 1}, [SWEEP])
    case("ads-reads", "350 reads in 5 s.", often(READ, 350, 5), {READS: 1})
    handles = often(exchange(0xF003, 0, b"MAIN.nLevel\0"), 120, 5)
    case("ads-names", "120 symbols by name in 5 s.", handles, {NAMES: 1})
    case("ads-errors", "25 errors.", often(BAD, 25, 5, S), {ERRORS: 1})
    case("ads-errors-few", "Three.", often(BAD, 3, 5, S), {}, [ERRORS])
    bare = frame(2, b"", flags=5, error=7)
    case("ads-errors-bare", "25 without data.", often(bare, 25, 5, S), {BARE: 1})
    case("ads-errors-bare-few", "Three.", often(bare, 3, 5, S), {}, [ERRORS, BARE])
    few = often(exchange(0xF003, 0, b"MAIN.nLevel\0"), 10, 5)
    case("ads-names-few", "Ten.", few, {}, [NAMES, READS])
    long = READ[:2] + b"\xff\xff\xff\x7f" + READ[6:]
    case("ads-length", "Length 2 GB.", tcp(ATTACKER, PLC, PORT, [(C, long)]), {LENGTH: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("ads-connections", "120 in 2.4 s.", syns, {CONNECTIONS: 1})
    case("ads-read", "One read.", session([READ]), {}, [LENGTH, CONNECTIONS])


def _transport() -> None:
    stop, alerts = control(6), {STOP: 1}
    talk: Exchange = [(C, READ), (S, VALUE), (C, stop), (S, WRITTEN), (C, READ)]
    case("ads-split", "In segments of 9 octets.", tcp(HMI, PLC, PORT, talk, split=9), alerts)
    together: Exchange = [(C, READ), (C, stop), (C, READ)]
    case("ads-coalesced", "Behind a read.", tcp(HMI, PLC, PORT, together, coalesce=True), alerts)
    case("ads-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, VALUE), *talk], midstream=True)
    case("ads-midstream-server", "Joined, the controller speaks first.", late, alerts)
    case("ads-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)


def _benign() -> None:
    several = exchange(0xF080, 2, struct.pack("<III", 0xF005, 1, 4) * 2)
    cycle = [(C, READ), (S, VALUE), (C, several), (S, VALUE)] * 30
    polling = tcp(HMI, PLC, PORT, cycle, step=0.1)
    case("ads-polling", "Values read, one and several.", polling, {}, ALL_SIDS)
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(80), b"\x16\x03\x01" + bytes(80)]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, UDP_PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("ads-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of ADS."""
    _operations()
    _routes()
    _counts()
    _transport()
    _benign()
