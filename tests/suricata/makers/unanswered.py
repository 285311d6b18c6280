"""Cases of requests that nobody answers, in protocols over TCP."""

from . import iec104
from ._dnp3 import link
from .wire import ATTACKER, HMI, PLC, C, S, case, merged, tcp

ALL = (*range(1950001, 1950012), 1950020)


def modbus(number: int, function: int = 3) -> bytes:
    return bytes([0, number, 0, 0, 0, 6, 1, function, 0, number, 0, 2])


def job(parameter: str, data: str = "", kind: int = 1) -> bytes:
    """An S7 request: TPKT, COTP data, header, parameter and data."""
    said, more = bytes.fromhex(parameter), bytes.fromhex(data)
    head = bytes([0x32, kind, 0, 0, 0, 9, 0, len(said), 0, len(more)])
    whole = bytes.fromhex("02f080") + head + said + more
    return bytes([3, 0, 0, len(whole) + 4]) + whole


def variable(area: str, block: int = 1) -> bytes:
    """Read four bytes of an area."""
    return job(f"0401120a10020004{block:04x}{area}000000")


def cip(service: str, path: str) -> bytes:
    """A CIP request without a connection in SendRRData."""
    said = bytes.fromhex(service + path)
    items = bytes.fromhex("00000000 0500 0200 0000 0000 b200") + len(said).to_bytes(2, "little")
    return encapsulated(0x6F, items + said)


def encapsulated(command: int, data: bytes = b"") -> bytes:
    head = command.to_bytes(2, "little") + len(data).to_bytes(2, "little")
    return head + bytes([7, 0, 0, 0]) + bytes(16) + data


ALARMS = job("0001120411440200", "0a000000", 7)
#: sid: name, port, a request, what else it is in a session of which it is not the first.
ASKED = {
    1950001: ("modbus", 502, modbus(1)),
    1950002: ("dnp3", 20000, link(bytes.fromhex("c0c1013c0206"), 0xC4)),
    1950003: ("dnp3-delay", 20000, link(bytes.fromhex("c0c117"), 0xC4)),
    1950004: ("s7-data", 102, variable("84")),
    1950005: ("s7-outputs", 102, variable("82", 0)),
    1950006: ("s7-setup", 102, job("f0000001000101e0")),
    1950007: ("s7-userdata", 102, ALARMS),
    1950008: ("iec104", 2404, iec104.frame(100, "14", cause=6)),
    1950009: ("iec104-test", 2404, bytes.fromhex("680443000000")),
    1950010: ("cip", 44818, cip("0e03", "200424643003")),
    1950011: ("enip", 44818, encapsulated(0x65, bytes.fromhex("01000000"))),
}


def make() -> None:
    for sid, (name, port, request) in ASKED.items():
        alerts = {sid: 1, 1950004: 1} if sid == 1950005 else {sid: 1}
        answer = request[:-1] + b"\x00"
        twice = [(C, request)] * (3 if 6 < len(request) < 20 else 6)
        case(
            f"unanswered-{name}",
            "A few requests, a handshake and nothing from the server.",
            tcp(ATTACKER, PLC, port, twice),
            alerts,
        )
        case(
            f"unanswered-{name}-joined",
            "The same in a session joined in the middle, of which one side is seen.",
            tcp(ATTACKER, PLC, port, twice, midstream=True, one_sided=C, close=False, vlan=7),
            alerts,
        )
        talk = [(C, request), (S, answer)] * 2
        near = [
            tcp(HMI, PLC, port, talk, sport=50001),
            tcp(HMI, PLC, port, talk, sport=50002, midstream=True, start=70),
            *(
                tcp(HMI, PLC, port, [(C, request)], sport=50010 + n, start=80 + 80 * n)
                for n in range(3)
            ),
        ]
        case(
            f"unanswered-{name}-not",
            "Answered, from the start and joined; one request a session to a server that is slow.",
            merged(*near),
            silent=ALL,
        )

    flood = [(C, modbus(n % 100)) for n in range(60)]
    case(
        "unanswered-flood",
        "Sixty reads in three seconds, and nothing from the server.",
        tcp(ATTACKER, PLC, 502, flood, step=0.025),
        {1950001: 1, 1950020: 1},
    )
    replied = [pair for said in flood for pair in (said, (S, said[1]))]
    case(
        "unanswered-flood-not",
        "The same, answered.",
        tcp(HMI, PLC, 502, replied, step=0.0125),
        silent=ALL,
    )
