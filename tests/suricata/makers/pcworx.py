"""Cases of Phoenix Contact PC Worx: sessions on TCP 1962, run-time control on TCP 41100."""

import struct

from .wire import ATTACKER, CONTROLLER, ENGINEER, OUTSIDE, C, S, case, merged, tcp

PORT, CONTROL = 1962, 41100
OURS = range(1936001, 1936022)
SESSION = b"\x07"


def frame(command: int, body: bytes, *, kind: int = 1, number: int = 1) -> bytes:
    return struct.pack(">BBHH", kind, command, len(body) + 6, number) + body


INIT = frame(1, bytes.fromhex("000078800003000c") + b"IBETH01N0_M\0")
SERVICE = frame(5, bytes.fromhex("0000788000") + SESSION + bytes.fromhex("00000006000402950000"))
IDENTITY = frame(6, bytes(5) + SESSION + b"\4\0")
CLOSE = frame(2, bytes(5) + SESSION)
ANSWER = frame(6, bytes(24) + b"ILC 151 ETH\0".ljust(60, b"\0") + b"4.21\0", kind=0x81)
OPENED = frame(1, bytes(11) + SESSION, kind=0x81)


def bound(name: str) -> bytes:
    text = f"Ade.Remoting.Services.{name}".encode() + b"\0"
    return struct.pack("<HHHHQ", 1, 0, 0, len(text), 0) + text


def call(service: int, method: int, data: bytes = b"") -> bytes:
    return struct.pack("<HHHHHHI", 1, 2, 0, len(data), service, method, 0) + data


STOP = call(1, 7)
COLD, WARM, HOT = (call(1, 6, struct.pack("<H", kind)) for kind in (1, 2, 3))
# reads of the state and of values, over and over, as an engineering tool or HMI on line does
POLL = call(3, 3, bytes.fromhex("0200000002400b40"))
SERVICES = {
    "IProConOSControlService2": 1936013,
    "ISimpleFileAccessService3": 1936014,
    "IForceService2": 1936015,
    "IBreakpointService": 1936016,
    "IDebugService2": 1936017,
    "ICallstackService": 1936018,
    "IDeviceInfoService2": 1936019,
}


def sessions() -> None:
    said = [(C, INIT), (S, OPENED), (C, SERVICE), (C, IDENTITY), (S, ANSWER), (C, CLOSE)]
    found = {1936001: 1, 1936002: 1, 1936003: 1}
    case(
        "pcworx-identity",
        "Type and firmware are read.",
        tcp(ENGINEER, CONTROLLER, PORT, said),
        found,
    )
    for name, text, options in (
        ("coalesced", "Several frames in one segment.", {"coalesce": True}),
        ("split", "Frames cut every 7 bytes.", {"split": 7}),
        ("vlan", "On a VLAN.", {"vlan": 20}),
        ("midstream", "Without the handshake.", {"midstream": True}),
    ):
        packets = tcp(ENGINEER, CONTROLLER, PORT, said, **options)  # type: ignore[arg-type]
        case(f"pcworx-identity-{name}", text, packets, found)
    late = tcp(ENGINEER, CONTROLLER, PORT, [(S, ANSWER), (C, IDENTITY)], midstream=True)
    case("pcworx-server-first", "Joined at a reply.", late, {1936002: 1})

    odd = tcp(ENGINEER, CONTROLLER, PORT, [(C, frame(9, bytes(12)))])
    case("pcworx-command", "A command of another number.", odd, {1936005: 1}, [1936002, 1936003])
    bad = tcp(ATTACKER, CONTROLLER, PORT, [(C, b"\1\5\xff\xff" + bytes(20))])
    case("pcworx-malformed", "A frame that says 65,535 bytes.", bad, {1936006: 1})
    for number, source in enumerate((OUTSIDE, ENGINEER)):
        packets = tcp(source, CONTROLLER, PORT, [(C, CLOSE)])
        case(f"pcworx-source-{number}", f"From {source}.", packets, {1936007: 1 - number})
    sweep = [tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, INIT)], start=n) for n in range(30, 38)]
    again = [
        tcp(ENGINEER, CONTROLLER, PORT, [(C, INIT)], sport=40000 + n, start=4 * n)
        for n in range(12)
    ]
    text = "A tool connects to one controller again and again."
    case("pcworx-again", text, merged(*again), {1936001: 1}, [1936004])
    case("pcworx-sweep", "Eight controllers in turn.", merged(*sweep), {1936001: 8, 1936004: 1})


def control() -> None:
    for name, text, payload, sid in (
        ("stop", "The program is stopped.", STOP, 1936008),
        ("cold", "Cold start.", COLD, 1936009),
        ("warm", "Warm start.", WARM, 1936010),
        ("hot", "Hot start.", HOT, 1936011),
        ("other", "Another method of the control service.", call(1, 3), 1936012),
    ):
        packets = tcp(
            ENGINEER, CONTROLLER, CONTROL, [(C, POLL), (S, POLL), (C, payload), (C, POLL)]
        )
        quiet = [other for other in range(1936008, 1936013) if other != sid]
        case(f"pcworx-{name}", text, packets, {sid: 1}, [*quiet, 1936021])
    packets = tcp(ENGINEER, CONTROLLER, CONTROL, [(C, POLL + POLL), (C, STOP)], coalesce=True)
    case("pcworx-stop-coalesced", "A stop behind two reads.", packets, {1936008: 1})
    packets = tcp(ENGINEER, CONTROLLER, CONTROL, [(C, STOP)], split=5)
    case("pcworx-stop-split", "A stop in four segments.", packets, {1936008: 1})
    binds = tcp(ENGINEER, CONTROLLER, CONTROL, [(C, bound(name)) for name in SERVICES])
    case("pcworx-services", "Services are bound.", binds, dict.fromkeys(SERVICES.values(), 1))
    packets = tcp(OUTSIDE, CONTROLLER, CONTROL, [(C, POLL)])
    case("pcworx-control-outside", "A read from outside.", packets, {1936020: 1})
    packets = tcp(ATTACKER, CONTROLLER, CONTROL, [(C, STOP), (C, HOT)] * 4)
    text = "Stopped and started four times."
    case("pcworx-burst", text, packets, {1936008: 1, 1936011: 1, 1936021: 1})


def quiet() -> None:
    said = [(C, bound("IDataAccessService3")), *([(C, POLL), (S, POLL)] * 20)]
    packets = tcp(ENGINEER, CONTROLLER, CONTROL, said)
    case("pcworx-polling", "Values are read on and on.", packets, silent=OURS)
    said = [(S, m) for m in (STOP, COLD, WARM, HOT, call(1, 3), *map(bound, SERVICES))]
    packets = tcp(ENGINEER, CONTROLLER, CONTROL, said)
    case("pcworx-control-replies", "The same from the controller.", packets, silent=OURS)
    said = [(S, m) for m in (INIT, SERVICE, IDENTITY, CLOSE, frame(9, bytes(12)), b"\1\5\xff\xff")]
    packets = tcp(ENGINEER, CONTROLLER, PORT, said)
    case("pcworx-replies", "The same from the controller.", packets, silent=OURS)
    other = [(C, b"GET / HTTP/1.1\r\n\r\n"), (C, bytes.fromhex("160301020001000001fc0303"))]
    other += [(C, bytes.fromhex("0064000000060103000000010000"))]
    for port in (PORT, CONTROL):
        packets = tcp(ENGINEER, CONTROLLER, port, other)
        case(f"pcworx-others-{port}", "HTTP, TLS, Modbus on the port.", packets, silent=OURS)


def make() -> None:
    sessions()
    control()
    quiet()
