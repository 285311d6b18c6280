"""Cases of ProConOS run-times (TCP 20547): cc 01 00, command, flags, counter, length, CRC, data."""

import struct

from .wire import ATTACKER, CONTROLLER, ENGINEER, OUTSIDE, C, S, case, merged, tcp

PORT = 20547
OURS = range(1937001, 1937013)


def frame(command: int, data: bytes = b"", *, number: int = 2, flags: int = 0x40) -> bytes:
    head = struct.pack("<BBBBBBH", 0xCC, 1, 0, command, flags, number, len(data))
    crc = struct.pack(">H", sum(head) & 0xFFFF)  # the device's polynomial is not known
    return head + crc + (data + struct.pack(">H", sum(data) & 0xFFFF) if data else b"")


OPEN, IDENTITY, STATE = frame(13, flags=0xC0), frame(11), frame(15)
STOP, START = frame(1), frame(4)
READ = frame(0x5B, struct.pack("<II", 1, 28) + bytes(20))  # values, as an operator's screen asks
VALUES = frame(0x5B, bytes(120))
TYPE = frame(11, b"ProConOS V4.1.0230\0".ljust(32, b"\0") + b"ADAM5510KW 1.24\0".ljust(40, b"\0"))


def operations() -> None:
    for name, text, payload, sid in (
        ("stop", "The program is stopped.", STOP, 1937001),
        ("start", "The program is started.", START, 1937002),
        ("control", "Another command of run-time control.", frame(3), 1937003),
        ("open", "A session is opened.", OPEN, 1937004),
        ("identity", "Run-time, type and project are read.", IDENTITY, 1937005),
        ("state", "The state is read.", STATE, 1937006),
        ("download", "A block of 1,000 bytes is written.", frame(0x42, bytes(1000)), 1937007),
        (
            "malformed",
            "A block of 40,000 bytes is announced.",
            frame(0x42, bytes(40000))[:900],
            1937011,
        ),
    ):
        said = [(C, READ), (S, VALUES), (C, payload), (S, VALUES)]
        quiet = [other for other in OURS if other != sid]
        packets = tcp(ENGINEER, CONTROLLER, PORT, said)
        case(f"proconos-{name}", text, packets, {sid: 1}, quiet)
    stop = [(C, READ), (C, READ), (C, STOP)]
    for name, text, options in (
        ("coalesced", "A stop behind two reads in one segment.", {"coalesce": True}),
        ("split", "A stop cut every 3 bytes.", {"split": 3}),
        ("vlan", "A stop on a VLAN.", {"vlan": 20}),
        ("midstream", "A stop without the handshake.", {"midstream": True}),
    ):
        packets = tcp(ENGINEER, CONTROLLER, PORT, stop, **options)  # type: ignore[arg-type]
        case(f"proconos-stop-{name}", text, packets, {1937001: 1})
    packets = tcp(ENGINEER, CONTROLLER, PORT, [(S, VALUES), (C, STOP)], midstream=True)
    case("proconos-server-first", "Joined at a reply.", packets, {1937001: 1})

    upload = tcp(ENGINEER, CONTROLLER, PORT, [(C, READ), (S, frame(0x43, bytes(900)))] * 6)
    case("proconos-upload", "Six blocks of 900 bytes are read.", upload, {1937008: 1}, [1937007])
    sweep = [tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, IDENTITY)], start=n) for n in range(30, 38)]
    again = [
        tcp(ENGINEER, CONTROLLER, PORT, [(C, IDENTITY)], sport=40000 + n, start=4 * n)
        for n in range(12)
    ]
    text = "A tool connects to one controller again and again."
    case("proconos-again", text, merged(*again), {1937005: 1}, [1937009])
    case("proconos-sweep", "Eight are asked.", merged(*sweep), {1937005: 8, 1937009: 1})
    burst = tcp(ATTACKER, CONTROLLER, PORT, [(C, STOP), (C, START)] * 4)
    expected = {1937001: 1, 1937002: 1, 1937010: 1}
    case("proconos-burst", "Stopped and started four times.", burst, expected)
    packets = tcp(OUTSIDE, CONTROLLER, PORT, [(C, READ)])
    case("proconos-outside", "A read from outside.", packets, {1937012: 1})


def quiet() -> None:
    packets = tcp(ENGINEER, CONTROLLER, PORT, [(C, READ), (S, VALUES)] * 30)
    case("proconos-polling", "Values are read on and on.", packets, silent=OURS)
    said = [
        (S, m) for m in (OPEN, IDENTITY, STATE, STOP, START, frame(3), frame(0x42, bytes(1000)))
    ]
    packets = tcp(ENGINEER, CONTROLLER, PORT, said)
    case("proconos-replies", "The same numbers from the controller.", packets, silent=OURS)
    other = [(C, b"GET / HTTP/1.1\r\n\r\n"), (C, bytes.fromhex("cccc010001000100")), (C, STOP[1:])]
    other += [(C, bytes.fromhex("0064000000060103000000010000"))]
    packets = tcp(ENGINEER, CONTROLLER, PORT, other)
    case("proconos-others", "HTTP, CODESYS V2, Modbus on the port.", packets, silent=OURS)


def make() -> None:
    operations()
    quiet()
