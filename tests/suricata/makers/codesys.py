"""Cases of CODESYS: V3 services over TCP and UDP, and V2.

A V3 request is a service layer (cd55, header size, group, command, session, size; little-endian)
in a channel block (20 bytes) in a datagram (c5, hop, flags, service, message, address sizes,
addresses, padding to 4), over TCP in a block (magic 00 01 17 e8, length).
"""

import struct
import zlib

from .wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    HMI,
    OUTSIDE,
    C,
    Exchange,
    S,
    case,
    merged,
    tcp,
    udp,
)

V3, V3_UDP, V2 = 11740, 1740, 2455
UDP_SIDS = 200  # a service's rule for UDP is so far behind that for TCP
CHANNEL, NAMES = 0x40, 0x03

# sid of the rule for TCP: group, command
DEVICE = {
    1935001: (1, 1),
    1935002: (1, 2),
    1935003: (1, 4),
    1935004: (1, 6),
    1935005: (1, 7),
    1935006: (1, 9),
}
APPLICATION = {
    1935007: (2, 1),
    1935008: (2, 3),
    1935009: (2, 4),
    1935010: (2, 5),
    1935011: (2, 6),
    1935012: (2, 7),
    1935013: (2, 16),
    1935014: (2, 17),
    1935015: (2, 18),
    1935016: (2, 19),
    1935017: (2, 20),
    1935018: (2, 24),
    1935019: (2, 22),
    1935020: (2, 25),
    1935021: (2, 32),
    1935022: (2, 33),
    1935023: (2, 34),
    1935024: (2, 35),
    1935025: (2, 36),
    1935026: (2, 37),
    1935027: (2, 38),
    1935028: (2, 41),
    1935029: (2, 48),
    1935030: (2, 49),
    1935031: (2, 52),
    1935032: (2, 53),
    1935033: (2, 54),
    1935034: (2, 55),
    1935055: (2, 56),
    1935035: (0x12, 1),
    1935036: (0x13, 1),
    1935037: (0x1B, 2),
}
FILES = {
    1935039: (8, 3),
    1935056: (8, 1),
    1935040: (8, 5),
    1935041: (8, 12),
    1935042: (8, 14),
    1935043: (8, 15),
    1935044: (8, 17),
}
OTHERS = {
    1935045: (0x11, 1),
    1935046: (5, 1),
    1935047: (6, 2),
    1935054: (6, 1),
    1935048: (7, 1),
    1935049: (0x0B, 1),
    1935050: (0x0C, 1),
    1935051: (0x22, 1),
    1935052: (0x1F, 1),
    1935057: (0x0F, 0x0D),
}
SERVICES = {**DEVICE, **APPLICATION, **FILES, **OTHERS}
OVER_TCP = range(1935001, 1935058)
OVER_UDP = range(1935201, 1935258)
BELOW = range(1935101, 1935108)
V2_SIDS = range(1935401, 1935417)
EVERY = [*OVER_TCP, *BELOW, *OVER_UDP, *V2_SIDS]
# a visualisation that polls: read by the monitor, variable access, alarms, visualisation, echo
POLLING = [(0x1B, 1), (9, 1), (9, 2), (0x18, 1), (4, 1), (1, 5), (2, 2), (0x0F, 1)]


def datagram(service: int, payload: bytes, *, words: int = 3, number: int = 0) -> bytes:
    """The address of each end has ``words`` words: 3 over TCP, 1 over UDP."""
    head = struct.pack("<BBBBBB", 0xC5, 0x6B, 0x40, service, number, words << 4 | words)
    head += bytes(range(1, 1 + 4 * words))
    return head + bytes(-len(head) % 4) + payload


def service(
    group: int, command: int, data: bytes = b"\1\2\3\4", *, protocol: int = 0xCD55
) -> bytes:
    layer = struct.pack("<HHHHII", protocol, 12, group, command, 0x1234, len(data)) + data
    head = struct.pack("<BBHIII", 1, 0x81, 5, 7, 6, len(layer))
    return head + struct.pack("<I", zlib.crc32(layer)) + layer


def block(payload: bytes) -> bytes:
    return struct.pack("<II", 0xE8170100, len(payload) + 8) + payload


def request(group: int, command: int, data: bytes = b"\1\2\3\4", **more: int) -> bytes:
    return block(datagram(CHANNEL, service(group, command, data, **more)))


def spoken(services: dict[int, tuple[int, int]]) -> Exchange:
    """Each request and its reply (group with the top bit)."""
    said = []
    for group, command in services.values():
        said.append((C, request(group, command)))
        said.append((S, request(group | 0x80, command)))
    return said


def over_udp(services: dict[int, tuple[int, int]]) -> Exchange:
    return [
        (side, datagram(CHANNEL, service(group | reply, command), words=1))
        for group, command in services.values()
        for side, reply in ((C, 0), (S, 0x80))
    ]


def services() -> None:
    for name, group in (
        ("device", DEVICE),
        ("application", APPLICATION),
        ("files", FILES),
        ("others", OTHERS),
    ):
        packets = tcp(ENGINEER, CONTROLLER, V3, spoken(group))
        text = f"Services over TCP: {name}."
        case(f"codesys-{name}", text, packets, dict.fromkeys(group, 1))
        packets = udp(ENGINEER, CONTROLLER, V3_UDP, over_udp(group), sport=V3_UDP + 1)
        expected = {sid + UDP_SIDS: 1 for sid in group}
        case(f"codesys-{name}-udp", f"Services over UDP: {name}.", packets, expected)

    stop = {1935014: (2, 17)}
    talk = [(C, request(0x1B, 1)), (C, request(9, 1)), (C, request(2, 17))]
    for name, text, options in (
        ("coalesced", "A stop behind two reads in one segment.", {"coalesce": True}),
        ("split", "A stop cut every 11 bytes.", {"split": 11}),
        ("vlan", "A stop on a VLAN.", {"vlan": 20}),
        ("midstream", "A stop in a session without its handshake.", {"midstream": True}),
        ("one-sided", "Only the client is seen.", {"one_sided": C}),
    ):
        packets = tcp(ENGINEER, CONTROLLER, V3, talk, **options)  # type: ignore[arg-type]
        case(f"codesys-stop-{name}", text, packets, dict.fromkeys(stop, 1))
    late = [(S, request(0x9B, 1)), *spoken(stop)]
    packets = tcp(ENGINEER, CONTROLLER, V3, late, midstream=True)
    case("codesys-stop-server-first", "Joined at a reply.", packets, dict.fromkeys(stop, 1))


def quiet() -> None:
    polls = dict(enumerate(POLLING))
    alive = [
        (C, block(datagram(CHANNEL, b"\3\0\5\0"))),
        (S, block(datagram(CHANNEL, b"\2\x80\5\0\7\0\0\0"))),
    ]
    packets = tcp(HMI, CONTROLLER, V3, [*spoken(polls), *alive] * 6)
    case("codesys-polling", "A visualisation polls.", packets, silent=EVERY)
    packets = udp(HMI, CONTROLLER, V3_UDP, over_udp(polls) * 6)
    case("codesys-polling-udp", "A visualisation polls over UDP.", packets, silent=EVERY)

    pairs = SERVICES.values()
    answers = [(S, request(group | 0x80, command)) for group, command in pairs]
    packets = tcp(ENGINEER, CONTROLLER, V3, answers)
    case("codesys-replies", "The numbers of all services in replies.", packets, silent=EVERY)
    marked = [(C, request(group | 0x80, command)) for group, command in pairs]
    packets = tcp(ENGINEER, CONTROLLER, V3, marked)
    case("codesys-marked", "The mark of a reply, whoever sends it.", packets, silent=EVERY)
    marked = [(C, datagram(CHANNEL, service(g | 0x80, c), words=1)) for g, c in pairs]
    packets = udp(ENGINEER, CONTROLLER, V3_UDP, marked)
    case("codesys-marked-udp", "The same over UDP.", packets, silent=EVERY)

    sealed = [(C, request(group, command, protocol=0x7557)) for group, command in pairs]
    packets = tcp(ENGINEER, CONTROLLER, V3, sealed)
    case("codesys-encrypted", "Encrypted services.", packets, silent=EVERY)
    bare = [(C, service(group, command)) for group, command in pairs]
    bare += [(C, datagram(CHANNEL, service(group, command))[1:]) for group, command in pairs]
    packets = tcp(ENGINEER, CONTROLLER, V3, bare)
    case("codesys-no-magic", "Service layers without block and datagram.", packets, silent=EVERY)
    packets = udp(ENGINEER, CONTROLLER, V3_UDP, bare)
    case("codesys-no-magic-udp", "The same over UDP.", packets, silent=EVERY)


def below() -> None:
    ask = datagram(NAMES, struct.pack("<HHI", 0xC202, 0x0400, 0), words=1)
    tell = datagram(4, struct.pack("<HHI", 0xC280, 0x0400, 0) + bytes(40), words=1)
    packets = udp(ATTACKER, "10.10.20.255", V3_UDP, [(C, ask)], sport=V3_UDP)
    case("codesys-names", "A name service request to the broadcast address.", packets, {1935101: 1})
    notice = datagram(1, bytes.fromhex("00af"), words=0)
    packets = udp(CONTROLLER, "10.10.20.255", V3_UDP, [(C, notice), (C, tell)], sport=V3_UDP)
    text = "A controller announces its address and answers."
    case("codesys-names-quiet", text, packets, silent=EVERY)
    asked = [(C, block(datagram(NAMES, struct.pack("<HHI", 0xC202, 0x0400, 0))))]
    packets = tcp(ATTACKER, CONTROLLER, V3, asked)
    case("codesys-names-tcp", "A name service request over TCP.", packets, {1935102: 1})

    opened = struct.pack("<BBHIIII", 0xC3, 0, 0x0101, 0, 1, 0x1F4000, 5)
    opening = [(C, block(datagram(CHANNEL, opened)))] * 40
    packets = tcp(ATTACKER, CONTROLLER, V3, opening)
    case("codesys-flood", "40 channels asked for at once.", packets, {1935103: 1})
    packets = tcp(ENGINEER, CONTROLLER, V3, opening[:3])
    case("codesys-open", "Three channels.", packets, silent=EVERY)

    huge = struct.pack("<II", 0xE8170100, 0x7FFFFFFF) + datagram(CHANNEL, bytes(40))
    packets = tcp(ATTACKER, CONTROLLER, V3, [(C, huge)])
    case("codesys-oversize", "A block of 2 GiB.", packets, {1935104: 1}, [1935105])
    tiny = struct.pack("<II", 0xE8170100, 9) + datagram(CHANNEL, bytes(40))
    packets = tcp(ATTACKER, CONTROLLER, V3, [(C, tiny)])
    case("codesys-undersize", "A block of 9 bytes.", packets, {1935105: 1}, [1935104])

    packets = tcp(OUTSIDE, CONTROLLER, V3, spoken({1: (0x1B, 1)}))
    case("codesys-outside", "A read from outside.", packets, {1935106: 1})
    packets = udp(OUTSIDE, CONTROLLER, V3_UDP, over_udp({1: (0x1B, 1)}))
    case("codesys-outside-udp", "A read from outside over UDP.", packets, {1935107: 1})

    burst = dict.fromkeys(range(60), (0x1B, 2))
    for name, text, step, found in (
        ("burst", "Sixty writes in 4 s.", 0.01, {1935037: 1, 1935038: 1}),
        ("heartbeat", "A value is written every half second.", 0.125, {1935037: 1}),
    ):
        silent = [sid for sid in (1935038,) if sid not in found]
        packets = tcp(ATTACKER, CONTROLLER, V3, spoken(burst), step=step)
        case(f"codesys-{name}", text, packets, found, silent)
        packets = udp(ATTACKER, CONTROLLER, V3_UDP, over_udp(burst), step=step * 2)
        expected = {sid + UDP_SIDS: 1 for sid in found}
        case(f"codesys-{name}-udp", text, packets, expected, [sid + UDP_SIDS for sid in silent])


def login(status: int, *, wide: bool) -> tuple[bytes, bytes]:
    """A login and its reply: a status (0 is well) and a session, tags of two or four octets."""
    result = struct.pack("<H", status)
    tags = b"\x20\x82\x80\0" + result if wide else b"\x20\2" + result
    tags += b"\x21\x84\x80\0" if wide else b"\x21\4"
    tags += struct.pack("<I", 0 if status else 0x11220020)
    reply = (b"\x82\x8e\x80\0" if wide else b"\x82\x0a") + tags
    return service(1, 2), service(0x81, 2, reply)


def logins() -> None:
    for name, text, status, found in (
        ("refused", "Twelve logins are refused.", 0x19, {1935002: 1, 1935053: 1}),
        ("accepted", "A screen logs in again and again, and may.", 0, {1935002: 1}),
    ):
        silent = [sid for sid in (1935053,) if sid not in found]
        for wide in (False, True):
            asked, told = login(status, wide=wide)
            over = [
                tcp(
                    HMI,
                    CONTROLLER,
                    V3,
                    [(C, block(datagram(CHANNEL, asked))), (S, block(datagram(CHANNEL, told)))],
                    sport=40000 + n,
                    start=4 * n,
                )
                for n in range(12)
            ]
            case(
                f"codesys-{name}-{'wide' if wide else 'plain'}", text, merged(*over), found, silent
            )
            bare = [(C, datagram(CHANNEL, asked, words=1)), (S, datagram(CHANNEL, told, words=1))]
            packets = udp(HMI, CONTROLLER, V3_UDP, bare * 12, step=2)
            expected = {sid + UDP_SIDS: 1 for sid in found}
            case(
                f"codesys-{name}-{'wide' if wide else 'plain'}-udp",
                text,
                packets,
                expected,
                [sid + UDP_SIDS for sid in silent],
            )


def v2(payload: bytes, order: str = "<") -> bytes:
    return b"\xbb\xbb" + struct.pack(order + "I", len(payload)) + payload


def wrapped(payload: bytes) -> bytes:
    """A cccc frame: a transfer or a line for the shell."""
    size = struct.pack("<H", len(payload))
    return b"\xcc\xcc\1\0" + size + bytes(10) + b"\1\0\0\0\x23" + size + b"\0" + payload


def line(text: str) -> bytes:
    return wrapped(b"\x92\0\0\0\0" + text.encode() + b"\0")


def version_2() -> None:
    hello = [(C, v2(b"\1")), (S, v2(b"\1" + bytes(58) + b"VxWorks\0".ljust(90, b"\0")))]
    packets = tcp(ENGINEER, CONTROLLER, V2, hello)
    case("codesys-v2-login", "The first frame of V2.", packets, {1935401: 1})
    packets = tcp(ENGINEER, CONTROLLER, 1200, [(C, v2(b"\1", ">"))])
    case("codesys-v2-big-endian", "The same in the other byte order.", packets, {1935401: 1})

    first = b"\x2f\1\0\0\x10\0" + b"NOTES.TXT\0\xcd" + b"hello"
    packets = tcp(ENGINEER, CONTROLLER, V2, [*hello, (C, v2(first)), (C, v2(b"\x30\0\2\0ab"))])
    case("codesys-v2-write", "A file is written.", packets, {1935401: 1, 1935402: 1}, [1935403])
    first = b"\x2f\1\0\0\x14\0" + b"DEFAULT.PRG\0\xcd" + bytes(5)
    packets = tcp(ENGINEER, CONTROLLER, V2, [(C, v2(b"\x51\x10") + v2(first, ">"))], split=9)
    text = "The boot project is written: behind another frame, in pieces."
    case("codesys-v2-program", text, packets, {1935402: 1, 1935403: 1}, [1935401])
    asked = wrapped(b"\x31\0\x0c\0DEFAULT.PRG\0")
    packets = tcp(ENGINEER, CONTROLLER, V2, [(C, asked)])
    case("codesys-v2-read", "The boot project is read.", packets, {1935404: 1}, [1935405])

    for number, (text, sid) in enumerate(
        (
            ("stopprg", 1935406),
            ("startprg", 1935407),
            ("resetprgorg", 1935408),
            ("reload", 1935409),
            ("filedelete DEFAULT.PRG", 1935410),
            ("filecopy A.TXT B.TXT", 1935411),
            ("setpwd", 1935412),
            ("memd 100 20", 1935413),
            ("getprgprop", 1935414),
            ("restoreretain", 1935415),
        ),
        1,
    ):
        packets = tcp(ENGINEER, CONTROLLER, V2, [(C, line(text))])
        case(f"codesys-v2-shell-{number}", f"Shell: {text}.", packets, {1935405: 1, sid: 1})
        order = "<>"[number % 2]
        short = tcp(ENGINEER, CONTROLLER, V2, [(C, v2(line(text)[24:], order))], midstream=True)
        name = f"codesys-v2-shell-short-{number}"
        case(name, f"Shell in a frame of its own: {text}.", short, {1935405: 1, sid: 1})
    packets = tcp(ENGINEER, CONTROLLER, V2, [(C, line("help stopprg"))])
    quiet = [sid for sid in V2_SIDS if sid != 1935405]
    case("codesys-v2-shell", "Another word for the shell.", packets, {1935405: 1}, quiet)

    packets = tcp(OUTSIDE, CONTROLLER, V2, [(C, v2(b"\x02\x10"))])
    case("codesys-v2-outside", "A V2 read from outside.", packets, {1935416: 1})
    other = [(C, v2(b"\x02\x10\0\0")), (C, b"\x66\x66\1" + bytes(13) + b"\1\0\0\0\6\0\0\0")]
    other += [(C, b"\xbb\xbb\x2f\1"), (C, b"GET / HTTP/1.1\r\n\r\n"), (C, wrapped(b"\x32")[:40])]
    packets = tcp(HMI, CONTROLLER, V2, other)
    case("codesys-v2-others", "Reads of variables, acknowledgements, text.", packets, silent=EVERY)
    answers = [
        (S, v2(b"\x2f\1" + b"DEFAULT.PRG\0")),
        (S, line("stopprg")),
        (S, asked),
        (S, v2(b"\1")),
    ]
    packets = tcp(HMI, CONTROLLER, V2, answers)
    case("codesys-v2-replies", "The same numbers from the controller.", packets, silent=EVERY)


def make() -> None:
    services()
    quiet()
    below()
    logins()
    version_2()
