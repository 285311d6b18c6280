"""Captures of OPC UA binary for the btests: ``python -m tests.zeek.make.opcua``.

Messages are put together by hand after OPC 10000-6, so that wrong ones can be made too.
"""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, merged, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces" / "opcua"
PORT = 4840
NONE = b"http://opcfoundation.org/UA/SecurityPolicy#None"
SHA256 = b"http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256"
TIME = bytes.fromhex("004095bfa67bdd01")
NULL = struct.pack("<i", -1)
NO_ID = b"\0\0"
NO_EXTENSION = NO_ID + b"\0"
GOOD = 0
ID_UNKNOWN, NOT_WRITABLE, NO_SUBSCRIPTION = 0x80340000, 0x803B0000, 0x80790000
NOT_FOUND, TIMED_OUT, TOO_LARGE, INVALID = 0x803E0000, 0x800A0000, 0x80800000, 0x80AB0000
TOKEN_REJECTED, UNSUPPORTED, ACCESS_DENIED = 0x80210000, 0x800B0000, 0x801F0000
#: The services whose bodies the sensor has no use for, by their request's id.
PLAIN = (
    422, 437, 479, 488, 494, 506, 533, 554, 560, 566, 615, 621, 700, 763, 769, 775, 781, 787, 793,
    799, 832, 841, 847,
)  # fmt: skip


def text(value: bytes | str) -> bytes:
    """A String or ByteString."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<i", len(raw)) + raw


def number(value: int) -> bytes:
    return struct.pack("<I", value)


def node(name: int | str | bytes, space: int = 0) -> bytes:
    """A NodeId in the form that fits: numbers short, strings, or a GUID from 16 bytes."""
    if isinstance(name, int):
        if not space and name < 256:
            return struct.pack("<BB", 0, name)
        if space < 256 and name < 65536:
            return struct.pack("<BBH", 1, space, name)
        return struct.pack("<BHI", 2, space, name)
    if isinstance(name, bytes):
        return struct.pack("<BH", 4, space) + name
    return struct.pack("<BH", 3, space) + text(name)


def opaque(name: bytes, space: int) -> bytes:
    return struct.pack("<BH", 5, space) + text(name)


def array(*items: bytes) -> bytes:
    return struct.pack("<i", len(items)) + b"".join(items)


def double(value: float) -> bytes:
    return b"\x0b" + struct.pack("<d", value)


def data(variant: bytes | None, status: int = GOOD) -> bytes:
    """A DataValue with its source's time."""
    mask = (variant is not None) | (2 if status else 0) | 4
    return bytes([mask]) + (variant or b"") + (number(status) if status else b"") + TIME


def message(tag: bytes, body: bytes) -> bytes:
    return tag + number(len(body) + 8) + body


def request(service: int, body: bytes = b"", handle: int = 1) -> bytes:
    """A service's request: its id, a header with a secret session token, and its body."""
    token = struct.pack("<BH", 5, 1) + text(b"session-secret")
    header = token + TIME + number(handle) + number(0) + NULL + number(10000) + NO_EXTENSION
    return node(service) + header + body


def response(service: int, body: bytes = b"", status: int = GOOD, handle: int = 1) -> bytes:
    header = TIME + number(handle) + number(status) + b"\0" + NULL + NO_EXTENSION
    return node(service) + header + body


class Talk:
    """One secure channel: says things, each in messages with the next sequence number."""

    def __init__(self, channel: int = 7) -> None:
        self.channel = channel
        self.numbers = {C: itertools.count(1), S: itertools.count(1)}
        self.said: list[tuple[str, bytes]] = []

    def raw(self, side: str, *messages: bytes) -> None:
        self.said += [(side, m) for m in messages]

    def sent(
        self, side: str, body: bytes, id_: int, tag: bytes = b"MSGF", tail: bytes = b""
    ) -> None:
        header = number(self.channel) + number(1) + number(next(self.numbers[side])) + number(id_)
        self.raw(side, message(tag, header + body + tail))

    def chunks(self, side: str, body: bytes, id_: int, size: int, last: bytes = b"MSGF") -> None:
        parts = [body[at : at + size] for at in range(0, len(body), size)]
        for part in parts[:-1]:
            self.sent(side, part, id_, b"MSGC")
        self.sent(side, parts[-1], id_, last)

    def open(self, policy: bytes = NONE, hello: bool = True) -> Talk:
        if hello:
            sizes = b"".join(number(n) for n in (0, 65535, 65535, 0, 0))
            self.raw(C, message(b"HELF", sizes + text("opc.tcp://plc:4840")))
            self.raw(S, message(b"ACKF", sizes))
        head = number(self.channel) + text(policy)
        if policy == NONE:
            asks = number(0) + number(0) + number(1) + NULL + number(3600000)
            grants = number(0) + number(self.channel) + number(1) + TIME + number(3600000) + NULL
            head += NULL + NULL
            for side, body in ((C, request(446, asks)), (S, response(449, grants))):
                order = number(next(self.numbers[side])) + number(1)
                self.raw(side, message(b"OPNF", head + order + body))
        else:
            head += text(b"certificate" * 40) + text(b"t" * 20)
            for side in (C, S):
                self.raw(side, message(b"OPNF", head + noise(256)))
        return self

    def close(self) -> Talk:
        self.sent(C, request(452), 99, b"CLOF")
        return self

    def ask(self, service: int, body: bytes, answer: bytes, id_: int, status: int = GOOD) -> None:
        self.sent(C, request(service, body, id_), id_)
        self.sent(S, response(service + 3, answer, status, id_), id_)


_RANDOM = random.Random(4840)


def noise(size: int) -> bytes:
    return b"\xa5" + _RANDOM.randbytes(size - 1)


def application(kind: int) -> bytes:
    """An ApplicationDescription: 0 a server, 1 a client."""
    name = "client" if kind else "server"
    return (
        text(f"urn:plant:{name}") + text(f"urn:maker:{name}") + b"\x03" + text("en")
        + text(f"The {name}") + number(kind) + NULL + NULL + array(text("opc.tcp://plc:4840"))
    )  # fmt: skip


def endpoint() -> bytes:
    policy = text("anonymous") + number(0) + NULL * 3
    return (
        text("opc.tcp://plc:4840") + application(0) + NULL + number(1) + text(NONE)
        + array(policy) + text("http://opcfoundation.org/UA-Profile/Transport/uatcp") + b"\0"
    )  # fmt: skip


def session(talk: Talk, token: str = "anonymous") -> None:
    """Create a session and log in."""
    wants = application(1) + NULL + text("opc.tcp://plc:4840") + text("s") + text(b"n" * 32) + NULL
    gives = (
        node(500, 1) + opaque(b"session-secret", 1) + struct.pack("<d", 60000) + NULL + NULL
        + array(endpoint()) + NULL + NULL + NULL + number(0)
    )  # fmt: skip
    talk.ask(461, wants + struct.pack("<d", 60000) + number(0), gives, 2)
    if token == "anonymous":
        identity = node(321) + b"\x01" + text(text("anonymous"))
    else:
        said = text("username") + text("operator") + text(b"hunter2-password") + NULL
        identity = node(324) + b"\x01" + text(said)
    signature = NULL + NULL
    talk.ask(467, signature + NULL + array(text("en")) + identity + signature, NULL * 3, 3)


def value_id(id_: bytes, attribute: int = 13) -> bytes:
    return id_ + number(attribute) + NULL + struct.pack("<H", 0) + NULL


def read(*items: bytes) -> bytes:
    return struct.pack("<d", 0) + number(2) + array(*items)


def services() -> Talk:
    """Every service, good results and bad ones."""
    talk = Talk().open()
    talk.ask(428, text("opc.tcp://plc:4840") + NULL + NULL, array(endpoint()), 4)
    session(talk, "username")
    build = [value_id(node(n)) for n in (2261, 2262, 2263, 2264)]
    said = [data(b"\x0c" + text(t)) for t in ("Model 5", "4.2", "Maker", "1.0.7")]
    talk.ask(631, read(*build), array(*said) + NULL, 10)
    level = node("Tank.Level", 2)
    talk.ask(631, read(value_id(level)), array(data(double(42.5))) + NULL, 11)
    talk.ask(631, read(value_id(level)), array(data(double(43.5))) + NULL, 12)
    mixed = [
        value_id(level, 3), value_id(node(70000, 3)), value_id(node(bytes(range(16)), 4)),
        value_id(opaque(b"\x01\x02\x03", 5)), value_id(level, 99),
    ]  # fmt: skip
    results = [
        data(b"\x14" + struct.pack("<H", 2) + text("Level")), data(None, ID_UNKNOWN),
        data(b"\x86" + array(number(1), number(2), number(3))),
        data(b"\x16" + node(5001, 2) + b"\x01" + text(b"structure")), data(None, INVALID),
    ]  # fmt: skip
    talk.ask(631, read(*mixed), array(*results) + NULL, 13)
    aim, door = node("Tank.Setpoint", 2), node("Door", 2)
    writes = [
        aim + number(13) + NULL + data(double(70.0)),
        door + number(13) + NULL + data(b"\x01\x01"),
    ]
    talk.ask(673, array(*writes), array(number(GOOD), number(NOT_WRITABLE)) + NULL, 14)
    dose, pump = node("Pump", 2), node("Pump.Dose", 2)
    called = dose + pump + array(double(1.5), b"\x0c" + text("now"))
    done = number(GOOD) + array(number(GOOD), number(GOOD)) + NULL + array(double(0.1))
    talk.ask(712, array(called), array(done) + NULL, 15)
    view = NO_ID + TIME + number(0) + number(0)
    described = node(85) + number(0) + node(33) + b"\x01" + number(0) + number(63)
    reference = (
        node(35) + b"\x01" + b"\x81" + b"\x02\x89\x13" + text("urn:x") + struct.pack("<H", 2)
        + text("Tank") + b"\x02" + text("Tank") + number(1) + node(58)
    )  # fmt: skip
    found = number(GOOD) + NULL + array(reference)
    talk.ask(527, view + array(described), array(found) + NULL, 16)
    nothing = number(ID_UNKNOWN) + NULL + NULL
    talk.ask(
        527, view + array(described, node(9, 9) + described[2:]), array(found, nothing) + NULL, 17
    )
    watched = (
        value_id(level)
        + number(2)
        + number(1)
        + struct.pack("<d", 500)
        + NO_EXTENSION
        + number(1)
        + b"\x01"
    )
    monitored = number(GOOD) + number(1) + struct.pack("<d", 500) + number(1) + NO_EXTENSION
    talk.ask(751, number(1) + number(2) + array(watched), array(monitored) + NULL, 18)
    wanted = level + NULL + struct.pack("<H", 0) + NULL + NULL
    talk.ask(
        664,
        NO_EXTENSION + number(2) + b"\0" + array(wanted),
        array(number(NOT_FOUND) + NULL + NO_EXTENSION) + NULL,
        19,
    )
    talk.ask(500, array(node(77, 2) + b"\x01"), array(number(ACCESS_DENIED)) + NULL, 20)
    for n, service in enumerate(PLAIN):
        talk.ask(service, b"", b"", 40 + n)
    for service in (12208, 12211):
        talk.sent(C, request(service), service)
        talk.sent(S, response(service + 1), service)
    talk.ask(9000, b"", b"", 80)
    # Publish: asked ahead, answered when there is news.
    talk.sent(C, request(826, NULL), 81)
    talk.sent(C, request(826, NULL), 82)
    talk.sent(S, response(829, number(1) + b"rest"), 81)
    talk.sent(S, response(829, number(1) + b"rest"), 82)
    talk.ask(473, b"\x01", b"", 83)
    return talk.close()


def faults() -> Talk:
    """Requests that fail as a whole, or get no answer; messages that say so."""
    talk = Talk().open()
    session(talk)
    level = read(value_id(node("Tank.Level", 2)))
    talk.sent(C, request(631, level), 10)
    talk.sent(S, response(397, status=TIMED_OUT), 10)
    talk.ask(631, level, NULL + NULL, 11, UNSUPPORTED)
    talk.sent(C, request(673, array(node(1, 2) + number(13) + NULL + data(double(1)))), 12)
    talk.sent(C, request(826, NULL), 13)
    talk.sent(S, response(397, status=NO_SUBSCRIPTION), 13)
    talk.sent(C, request(631, level), 14)
    talk.sent(S, response(634)[:20], 14, b"MSGC")
    talk.sent(S, number(TOO_LARGE) + text("too large"), 14, b"MSGA")
    # An answer to what nobody saw being asked, and one of a status that has no name.
    talk.sent(S, response(676, array(number(GOOD)) + NULL), 15)
    talk.ask(631, level, NULL, 16, 0x8FFF0000)
    signature = NULL + NULL
    talk.sent(
        C, request(467, signature + NULL + NULL + node(327) + b"\x01" + text(NULL) + signature), 17
    )
    talk.sent(S, response(397, status=TOKEN_REJECTED), 17)
    talk.raw(S, message(b"ERRF", number(0x80010000) + text("enough")))
    return talk


def many(talk: Talk | None = None) -> Talk:
    """Reads of one node after the other, and a write now and then."""
    talk = talk or Talk().open()
    for n in range(30):
        talk.ask(631, read(value_id(node(f"Point{n}", 2))), array(data(double(n))) + NULL, 100 + n)
        if n % 10 == 5:
            wrote = array(node(f"Point{n}", 2) + number(13) + NULL + data(double(n)))
            talk.ask(673, wrote, array(number(GOOD)) + NULL, 200 + n)
    return talk


def chunked() -> Talk:
    """Requests and responses in several chunks, also of an interleaved other's."""
    talk = Talk().open()
    points = [value_id(node(f"Area.Unit.Point{n}", 2)) for n in range(60)]
    values = [data(double(n), ID_UNKNOWN if n == 59 else GOOD) for n in range(60)]
    talk.chunks(C, request(631, read(*points)), 10, 700)
    talk.chunks(S, response(634, array(*values) + NULL), 10, 300)
    talk.chunks(C, request(631, read(*points)), 11, 700, b"MSGA")
    talk.ask(631, read(points[0]), array(values[0]) + NULL, 12)
    return talk


def sealed(signed: bool) -> Talk:
    """A channel with a policy: messages that are signed, or encrypted too."""
    talk = Talk().open(SHA256)
    if signed:
        tail = noise(32)
        for n in range(4):
            asks, says = read(value_id(node(f"Point{n}", 2))), array(data(double(n))) + NULL
            talk.sent(C, request(631, asks), 10 + n, tail=tail)
            talk.sent(S, response(634, says), 10 + n, tail=tail)
    else:
        for n in range(12):
            talk.raw(C, message(b"MSGF", number(7) + number(1) + noise(120 + n)))
            talk.raw(S, message(b"MSGF", number(7) + number(1) + noise(200 + n)))
        talk.raw(C, message(b"CLOF", number(7) + number(1) + noise(100)))
    return talk


def wrong() -> Iterator[bytes]:
    """Messages as they must not be."""
    good = message(
        b"MSGF", number(7) * 2 + number(900) * 2 + request(631, read(value_id(node(85))))
    )
    yield good[:40]  # cut
    yield b"MSGF" + number(0x7FFFFFFF) + good[8:]  # longer than any buffer
    yield b"MSGF" + number(4)  # shorter than its header
    yield b"XYZF" + good[4:]  # of no known type
    yield message(
        b"MSGF", good[8:24] + request(631, struct.pack("<d", 0) + number(2) + number(0x7FFFFFFF))
    )
    yield message(b"MSGF", good[8:24] + request(631, read(b"\x3f\x01\x02\x03")))  # no such id
    deep = b"\x18" * 200  # variants in variants
    yield message(b"MSGF", good[8:24] + response(634, array(b"\x01" + deep)))
    yield message(b"MSGF", number(7) * 4 + b"\x01\0")  # nothing in it
    yield noise(300)


def malformed() -> Talk:
    talk = Talk().open()
    for n, bad in enumerate(wrong()):
        talk.raw(C, bad)
        talk.ask(631, read(value_id(node(f"Good{n}", 2))), array(data(double(n))) + NULL, 10 + n)
        talk.ask(631, read(value_id(node(f"Next{n}", 2))), array(data(double(n))) + NULL, 30 + n)
    return talk


def turned(exchange: Exchange) -> list[tuple[str, bytes]]:
    return [(C if side == S else S, payload) for side, payload in exchange]


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    later = many().said[4:]
    calls = [(S, message(b"RHEF", text("urn:plant:server") + text("opc.tcp://plc:4840")))]
    web = [
        (C, b"GET / HTTP/1.1\r\nHost: plc\r\n\r\n"),
        (S, b"HTTP/1.1 200 OK\r\n\r\n" + b"MSGF" * 90),
    ]
    captures = {
        "services": tcp(HMI, PLC, PORT, services().said),
        "faults": tcp(HMI, PLC, PORT, faults().said),
        "chunks": tcp(HMI, PLC, PORT, chunked().said),
        "signed": tcp(HMI, PLC, PORT, sealed(True).said),
        "encrypted": tcp(HMI, PLC, PORT, sealed(False).said),
        "malformed": tcp(HMI, PLC, PORT, malformed().said),
        "split": tcp(HMI, PLC, PORT, services().said, split=11),
        "coalesced": tcp(HMI, PLC, PORT, services().said, coalesce=True),
        "lost": tcp(HMI, PLC, PORT, many().said, gap=(9, 20, 41), split=50),
        "joined": tcp(HMI, PLC, PORT, later, midstream=True),
        # From the middle of a message on, and the server speaks first.
        "amid": tcp(
            PLC, HMI, 51000, [(C, later[1][1][30:]), *turned(later[2:])], sport=PORT, midstream=True
        ),
        "reverse": tcp(PLC, HMI, 51100, turned(calls + many().said[:8]), sport=50001),
        "elsewhere": merged(
            tcp(HMI, PLC, 48010, many().said),
            tcp(ENGINEER, PLC, 48020, later, sport=50001, midstream=True),
        ),
        "benign": tcp(HMI, PLC, PORT, web * 4),
    }  # fmt: skip
    for name, packets in captures.items():
        (TRACES / f"{name}.pcap").write_bytes(pcap(packets))


if __name__ == "__main__":
    main()
