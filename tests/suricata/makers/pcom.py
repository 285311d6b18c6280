"""Cases of Unitronics PCOM (TCP 20256), ASCII and binary."""

import struct

from .wire import ATTACKER, CONTROLLER, ENGINEER, HMI, OUTSIDE, C, S, case, merged, tcp

PORT = 20256
OURS = range(1949001, 1949024)
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
    1949023: "UG",
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


def words(text: str, start: str = "/", unit: str = "01") -> bytes:
    body = f"{unit}{text}".encode()
    return framed(ASCII, start.encode() + body + f"{sum(body) % 256:02X}\r".encode())


def coded(
    code: int,
    data: bytes = b"",
    start: bytes = b"/_OPLC\x01\xfe",
    details: bytes = bytes(6),
) -> bytes:
    head = start + struct.pack("<BBBBBB6sH", 1, 0, 0, 0, code, 0, details, len(data))
    head += struct.pack("<H", -sum(head) & 0xFFFF)
    return framed(BINARY, head + data + struct.pack("<H", -sum(data) & 0xFFFF) + b"\\")


READS = [(C, words("RW000A05")), (S, words("RW00010002000300040005", "/A"))]
READS += [(C, coded(0x4D, bytes(8))), (S, coded(0xCD, bytes(8), b"/_OPLC\xfe\x01"))]
# command 80 says how many operands are read and how many are written: some clients poll with it
POLLED = coded(0x50, bytes.fromhex("0100030a00"), details=struct.pack("<HHH", 1, 0, 0))
WRITTEN = coded(0x50, bytes.fromhex("0100030a002a00"), details=struct.pack("<HHH", 0, 1, 0))
READS += [(C, POLLED), (S, coded(0xD0, bytes(8), b"/_OPLC\xfe\x01"))]
OPERANDS = ("SK0001010064", "SJ0001010064", "SNJ000A0100000064", "SZB0001011", "SZI0001010064")
OPERANDS += ("SZL00010100000064", "SZD00010100000064")


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

    for number, operand in enumerate(OPERANDS, 1):
        packets = tcp(ENGINEER, CONTROLLER, PORT, [*READS, (C, words(operand))])
        case(f"pcom-operand-{number}", f"A write: {operand}.", packets, {1949007: 1}, [1949022])
    near = [(C, words(text)) for text in ("RZI000101", "SX0001010064", "SNX00010100000064", "SZX1")]
    packets = tcp(ENGINEER, CONTROLLER, PORT, near)
    case("pcom-operand-near", "A read, and no such operands.", packets, silent=OURS)
    packets = tcp(ENGINEER, CONTROLLER, PORT, [*READS, (C, WRITTEN)])
    case("pcom-mixed", "A binary command that writes.", packets, {1949022: 1}, [1949007])
    small = tcp(
        ENGINEER, CONTROLLER, PORT, [(C, words("CCS", unit="0a")), (C, words("UG", unit="0b"))]
    )
    case("pcom-small", "Units in small letters.", small, {1949001: 1, 1949023: 1})

    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, coded(2, b"\0\0\0\x001111"))])
    case("pcom-default", "The default password.", packets, {1949013: 1, 1949014: 1})
    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, coded(2, b"\0\0\0\x003847"))] * 8)
    case("pcom-guess", "Eight passwords.", packets, {1949013: 1, 1949018: 1}, [1949014])
    packets = tcp(ATTACKER, CONTROLLER, PORT, [(C, words("SB00010111"))] * 60)
    case("pcom-burst", "Sixty writes.", packets, {1949007: 1, 1949019: 1})
    beats = [(C, words("SB00010111"))] * 60
    packets = tcp(HMI, CONTROLLER, PORT, beats, step=0.25)
    case("pcom-heartbeat", "A write every half second.", packets, {1949007: 1}, [1949019])
    sweep = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, words("ID"))], start=n) for n in range(30, 38)
    ]
    case("pcom-sweep", "Eight controllers.", merged(*sweep), {1949004: 8, 1949020: 1})
    again = [
        tcp(HMI, CONTROLLER, PORT, [(C, words("ID"))], sport=40000 + n, start=4 * n)
        for n in range(12)
    ]
    text = "One controller is asked twelve times, from another port each time."
    case("pcom-asked-again", text, merged(*again), {1949004: 1}, [1949020])
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
