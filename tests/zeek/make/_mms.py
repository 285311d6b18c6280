"""MMS as clients and IEDs send it: PDUs, associations, and a request of every service."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

from tests.suricata.makers.mms import named, pdu, text, tlv, tpkt
from tests.suricata.makers.wire import C, Exchange, S
from tests.zeek.make.s7comm import called

PORT = 102
PASSWORD = b"sw0rdf1sh"
DOMAIN = "IED1LD0"

MMS_CONTEXT = bytes.fromhex("0605" + "28ca220203")
#: Presentation contexts: association control and MMS.
CONTEXTS = bytes.fromhex(
    "a423300f0201010604520100013004060251013010020103060528ca220201300406025101"
)
ACCEPTED = tlv("a5", *[tlv("30", b"\x80\x01\x00\x81\x02\x51\x01")] * 2)
INITIATE = bytes.fromhex("80030fde80810105820105830 10a".replace(" ", "")) + tlv(
    "a4",
    b"\x80\x01\x01",
    b"\x81\x03\x05\xf1\x00",
    b"\x82\x0c\x03\xee\x1c\0\0\4\x08\0\0\x79\xef\x18",
)


def number(tag: str, n: int) -> bytes:
    """An integer of as few octets as it needs."""
    return tlv(tag, n.to_bytes(n.bit_length() // 8 + 1, signed=True))


def ask(service: bytes, n: int = 1) -> bytes:
    return pdu(tlv("a0", number("02", n), service))


def answer(service: bytes, n: int = 1) -> bytes:
    return pdu(tlv("a1", number("02", n), service))


def error(class_: int, code: int, n: int = 1) -> bytes:
    what = tlv("a0", number(f"{0x80 | class_:02x}", code))
    return pdu(tlv("a2", number("80", n), tlv("a2", what)))


def reject(reason: int, n: int | None = 1, kind: int = 1) -> bytes:
    original = b"" if n is None else number("80", n)
    return pdu(tlv("a4", original, number(f"{0x80 | kind:02x}", reason)))


def report(*parts: bytes) -> bytes:
    return pdu(tlv("a3", tlv("a0", *parts)))


def one(item: str, domain: str = DOMAIN) -> bytes:
    """A variable in a list of variables."""
    return tlv("30", tlv("a0", named(item, domain)))


def several(items: Iterable[str]) -> bytes:
    return tlv("a0", *(one(item) for item in items))


def read(items: Iterable[str], n: int = 1) -> bytes:
    return ask(tlv("a4", tlv("a1", several(items))), n)


def values(*data: bytes, n: int = 1) -> bytes:
    return answer(tlv("a4", tlv("a1", *data)), n)


def write(items: Iterable[str], data: Iterable[bytes], n: int = 1) -> bytes:
    return ask(tlv("a5", several(items), tlv("a0", *data)), n)


def written(*failures: int | None, n: int = 1) -> bytes:
    results = (b"\x81\x00" if f is None else number("80", f) for f in failures)
    return answer(tlv("a5", *results), n)


def single(x: float) -> bytes:
    return tlv("87", b"\x08" + struct.pack("!f", x))


def double(x: float) -> bytes:
    return tlv("87", b"\x0b" + struct.pack("!d", x))


ON, OFF = tlv("83", b"\x01"), tlv("83", b"\x00")
NOWHERE = tlv("80", b"\x0a")


def control(value: bytes) -> bytes:
    """What an Oper or SBOw holds: value, origin, number, time, test, check."""
    origin = tlv("a2", number("85", 2), tlv("89", b"hmi"))
    time = tlv("91", bytes(8))
    return tlv("a2", value, origin, number("86", 1), time, OFF, tlv("84", b"\x06\x00"))


def presented(kind: int, acse: bytes, contexts: bytes = ACCEPTED) -> bytes:
    """A session PDU that begins or refuses an association."""
    user = tlv("61", tlv("30", b"\x02\x01\x01", tlv("a0", acse)))
    mode = tlv("a0", b"\x80\x01\x01")
    selector = tlv("81" if contexts is CONTEXTS else "83", b"\0\0\0\1")
    body = tlv("31", mode, tlv("a2", selector, contexts, user))
    data = b"\x05\x06\x13\x01\x00\x16\x01\x02" + b"\x14\x02\x00\x02" + spdu(0xC1, body)
    return tpkt(b"\x02\xf0\x80" + spdu(kind, data))


def spdu(code: int, body: bytes) -> bytes:
    size = bytes([len(body)]) if len(body) < 255 else b"\xff" + len(body).to_bytes(2)
    return bytes([code]) + size + body


def external(mms: bytes) -> bytes:
    return tlv("be", tlv("28", b"\x06\x02\x51\x01", b"\x02\x01\x03", tlv("a0", mms)))


def aarq(password: bytes = b"") -> bytes:
    secret = b""
    if password:
        secret = b"\x8a\x02\x07\x80" + b"\x8b\x03\x52\x03\x01" + tlv("ac", tlv("80", password))
    return tlv("60", tlv("a1", MMS_CONTEXT), tlv("a2", b"\x06\x03\x29\x01\x87"), secret,
               external(tlv("a8", INITIATE)))  # fmt: skip


def aare(result: int = 0, diagnostic: int = 0, mms: bytes = b"") -> bytes:
    return tlv(
        "61", tlv("a1", MMS_CONTEXT), tlv("a2", number("02", result)),
        tlv("a3", tlv("a1", number("02", diagnostic))), external(mms or tlv("a9", INITIATE)),
    )  # fmt: skip


def opened(password: bytes = b"") -> Exchange:
    return [
        (C, called(b"\0\1")), (S, called(b"\0\1", 0xD0)),
        (C, presented(13, aarq(password), CONTEXTS)), (S, presented(14, aare())),
    ]  # fmt: skip


POLLED = "MMXU1$MX$TotW$mag$f"


def polls(count: int, first: int = 100) -> Exchange:
    said: list[tuple[str, bytes]] = []
    for n in range(first, first + count):
        said += [(C, read([POLLED], n)), (S, values(single(n / 2), n=n))]
    return said


def name(item: str) -> bytes:
    """The first part of many a request: an object's name."""
    return tlv("a0", named(item))


FILE = tlv("a0", text("19", "COMTRADE"), text("19", "F1.DAT"))
DATA_SET = named("LLN0$dsMeas")

#: Requests by service, with what each names.
REQUESTS: Mapping[int, bytes] = {
    0: tlv("80", b"\x00"), 2: b"\x82\x00", 6: tlv("a6", name("XCBR1$ST$Pos")),
    1: tlv("a1", tlv("a0", number("80", 9)), tlv("a1", b"\x80\x00")),
    3: tlv("a3", tlv("a0", number("80", 0)), tlv("a1", named("OLD")), text("82", "NEW")),
    4: tlv("a4", tlv("a1", tlv("a1", DATA_SET))),
    5: tlv("a5", several(["LLN0$BR$brcb01$RptEna"]), tlv("a0", ON)),
    7: tlv("a7", name("NEWVAR"), tlv("a1", number("80", 4096))),
    8: tlv("a8", name("SCATTERED"), tlv("a1")), 9: tlv("a9", named("SCATTERED")),
    10: tlv("aa", number("80", 0), tlv("a1", named("V1"), named("V2"))),
    11: tlv("ab", DATA_SET, several([POLLED, "MMXU1$MX$Hz$mag$f"])),
    12: tlv("ac", DATA_SET), 13: tlv("ad", number("80", 0), tlv("a1", DATA_SET)),
    14: tlv("ae", named("TYPE"), tlv("83")), 15: tlv("af", named("TYPE")),
    16: tlv("b0", number("80", 2), text("82", DOMAIN)),
    17: tlv("b1", text("80", "STATION")), 18: tlv("b2", text("80", "STATION"), tlv("a1")),
    19: tlv("b3", name("SEM"), number("82", 64)), 20: tlv("b4", name("SEM")),
    21: tlv("b5", name("SEM"), number("81", 1)), 22: tlv("b6", named("SEM")),
    23: tlv("b7", named("SEM")), 24: tlv("b8", name("SEM")),
    25: tlv("b9", name("SEM"), number("81", 0)),
    26: tlv("ba", text("80", "PROGRAM"), tlv("a1", text("1a", "CODE")), b"\x82\x01\x00"),
    29: text("9d", "PROGRAM"),
    32: tlv("bf20", text("80", "PROGRAM"), b"\x82\x01\x00", tlv("a4", text("19", "P.BIN"))),
    33: tlv("bf21", text("80", "PROGRAM"), tlv("a1", text("19", "P.BIN"))),
    34: tlv("bf22", text("80", "PROGRAM"), b"\x82\x01\x00", tlv("a4", text("19", "P.BIN"))),
    35: tlv("bf23", text("80", "PROGRAM"), tlv("a1", text("19", "P.BIN"))),
    36: text("9f24", "PROGRAM"), 37: text("9f25", "PROGRAM"),
    38: tlv("bf26", text("80", "TASK"), tlv("a1", text("1a", "PROGRAM")), b"\x82\x01\x01"),
    39: text("9f27", "TASK"), 40: tlv("bf28", text("80", "TASK")),
    41: tlv("bf29", text("80", "TASK")), 42: tlv("bf2a", text("80", "TASK")),
    43: tlv("bf2b", text("80", "TASK")), 44: tlv("bf2c", text("80", "TASK")),
    45: text("9f2d", "TASK"),
    46: tlv("bf2e", tlv("a1", text("19", "FW.BIN")), tlv("a2", text("19", "FLASH"))),
    47: tlv("bf2f", name("OVERCURRENT"), number("81", 1)),
    48: tlv("bf30", tlv("a0", named("OVERCURRENT"))), 49: tlv("bf31", named("OVERCURRENT")),
    50: tlv("bf32", named("OVERCURRENT")), 51: tlv("bf33", name("OVERCURRENT"), b"\x81\x01\x00"),
    52: tlv("bf34", name("OVERCURRENT")), 53: tlv("bf35", name("ACTION")),
    54: tlv("bf36", tlv("a1")), 55: tlv("bf37", named("ACTION")),
    56: tlv("bf38", named("ACTION")),
    57: tlv("bf39", name("ENROLLED"), tlv("a1", named("OVERCURRENT"))),
    58: tlv("bf3a", tlv("a1", named("OVERCURRENT"))), 59: tlv("bf3b", name("ENROLLED")),
    60: tlv("bf3c", named("ENROLLED")),
    61: tlv("bf3d", number("80", 0), tlv("a1", named("ENROLLED"))),
    62: tlv("bf3e", name("ENROLLED"), number("82", 2)), 63: tlv("bf3f"), 64: tlv("bf40"),
    65: tlv("bf41", name("LLN0$EventLog")), 66: tlv("bf42", name("LLN0$EventLog"), tlv("a1")),
    67: tlv("bf43", name("LLN0$EventLog")), 68: tlv("bf44", named("LLN0$EventLog")),
    69: tlv("bf45", name("LLN0$EventLog")), 70: tlv("bf46", name("LLN0$EventLog")),
    71: tlv("bf47"), 72: tlv("bf48", FILE, number("81", 0)), 75: tlv("bf4b", FILE),
    76: tlv("bf4c", text("19", "COMTRADE"), text("19", "F1.DAT")), 77: tlv("bf4d", FILE),
    78: tlv("bf4e", tlv("a0")), 200: tlv("bf8148", tlv("80")),
}  # fmt: skip
#: What answers some of them; the others are answered with nothing in particular.
ANSWERS = {
    1: tlv("a1", tlv("a0", text("1a", DOMAIN)), b"\x81\x01\x00"),
    4: tlv("a4", tlv("a1", single(1.5), single(50.0))), 5: tlv("a5", b"\x81\x00"),
    29: tlv("bd", number("80", 7), tlv("a1")),
    72: tlv("bf48", number("80", 33), tlv("a1", number("80", 4096))),
}  # fmt: skip


def empty(service: int) -> bytes:
    """A response of that service that says nothing."""
    if service < 31:
        return tlv(f"{0xA0 | service:02x}")
    octets = [service & 0x7F]
    while service := service >> 7:
        octets.insert(0, 0x80 | (service & 0x7F))
    return tlv(bytes([0xBF, *octets]).hex())
