"""Cases of Unitronics PCOM (TCP 20256), ASCII and binary."""

import struct

from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, C, S, case, merged, tcp

PORT = 20256
OURS = range(1949001, 1949022)
GATES = (1949050, 1949051)  # steps that do not alert
ASCII, BINARY = 0x65, 0x66
WORDS = {  # sid: command in ASCII
    1949001: "CCS",
    1949002: "CCR",
    1949003: "CCE",
    1949004: "ID",
    1949005: "SC3015040123112026",
    1949006: "US02",
    1949007: "SW000A010123",
    1949008: "SA0000011",
}
CODES = {
    1949009: 0x41,
    1949010: 0x1A,
    1949011: 0x01,
    1949012: 0x44,
    1949013: 0x02,
    1949015: 0x42,
    1949016: 0x0C,
    1949017: 0x10,
}


def framed(mode: int, payload: bytes, number: int = 7) -> bytes:
    return struct.pack("<HBBH", number, mode, 0, len(payload)) + payload


def words(text: str, start: str = "/") -> bytes:
    body = f"01{text}".encode()
    return framed(ASCII, start.encode() + body + f"{sum(body) % 256:02X}\r".encode())


def coded(code: int, data: bytes = b"", start: bytes = b"/_OPLC\x01\xfe") -> bytes:
    head = start + struct.pack("<BBBBBB6sH", 1, 0, 0, 0, code, 0, bytes(6), len(data))
    head += struct.pack("<H", -sum(head) & 0xFFFF)
    return framed(BINARY, head + data + struct.pack("<H", -sum(data) & 0xFFFF) + b"\\")


READS = [(C, words("RW000A05")), (S, words("RW00010002000300040005", "/A"))]
READS += [(C, coded(0x4D, bytes(8))), (S, coded(0xCD, bytes(8), b"/_OPLC\xfe\x01"))]


def make() -> None:
    for name, table in (("words", WORDS), ("codes", CODES)):
        for sid, command in table.items():
            payload = words(command) if isinstance(command, str) else coded(command, b"\1\2\3\4")
            packets = tcp(ENGINEER, CONTROLLER, PORT, [*READS, (C, payload)])
            quiet = [other for other in OURS if other != sid]
            text = f"A command: {command}."
            case(f"pcom-{name}-{sid - 1949000:02}", text, packets, {sid: 1}, quiet)
    stop = [*READS, (C, words("RA000010")), (C, words("CCS"))]
    for name, options in (
        ("coalesced", {"coalesce": True}),
        ("split", {"split": 5}),
        ("vlan", {"vlan": 20}),
        ("midstream", {"midstream": True}),
    ):
        packets = tcp(ENGINEER, CONTROLLER, PORT, stop, **options)  # type: ignore[arg-type]
        case(f"pcom-stop-{name}", f"A stop, {name}.", packets, {1949001: 1})
    packets = tcp(ENGINEER, CONTROLLER, PORT, [READS[1], (C, words("CCS"))], midstream=True)
    case("pcom-stop-server-first", "Joined at a reply.", packets, {1949001: 1})

    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, coded(2, b"\0\0\0\x001111"))])
    case("pcom-default", "The default password.", packets, {1949013: 1, 1949014: 1})
    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, coded(2, b"\0\0\0\x003847"))] * 8)
    case("pcom-guess", "Eight passwords.", packets, {1949013: 1, 1949018: 1}, [1949014])
    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, words("SB00010111"))] * 12)
    case("pcom-burst", "Twelve writes.", packets, {1949007: 1, 1949019: 1})
    sweep = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, words("ID"))], start=n) for n in range(30, 38)
    ]
    case("pcom-sweep", "Eight controllers.", merged(*sweep), {1949004: 8, 1949020: 1})
    packets = tcp(OUTSIDE, CONTROLLER, PORT, READS)
    case("pcom-outside", "Reads from outside.", packets, {1949021: 1})

    packets = tcp(HMI, CONTROLLER, PORT, READS * 20)
    case("pcom-polling", "Operands are read on and on.", packets, silent=[*OURS, *GATES])
    said = [(S, words(command)) for command in WORDS.values()]
    said += [(S, coded(code, b"\1\2\3\4")) for code in CODES.values()]
    said += [(S, coded(2, b"\0\0\0\x001111"))]
    packets = tcp(HMI, CONTROLLER, PORT, said)
    case("pcom-replies", "The same from the controller.", packets, silent=OURS)
    other = [(C, b"GET /ID HTTP/1.1\r\n\r\n"), (C, bytes.fromhex("0064000000060103000000010000"))]
    other += [(C, words("CCS")[6:]), (C, coded(0x41)[6:])]
    packets = tcp(HMI, CONTROLLER, PORT, other)
    case("pcom-others", "HTTP, Modbus, frames without their head.", packets, silent=OURS)
