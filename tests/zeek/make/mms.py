"""Captures of MMS for the btests: ``python -m tests.zeek.make.mms``.

PDU by PDU, as clients and IEDs send them, and as they shouldn't.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.suricata.makers.mms import named, pdu, text, tlv, tpkt
from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, pcap, tcp
from tests.zeek.make.s7comm import called, cut
from tests.zeek.make.s7comm import polls as s7_polls

TRACES = Path(__file__).parents[2] / "traces" / "mms"
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
    "a4", b"\x80\x01\x01", b"\x81\x03\x05\xf1\x00", b"\x82\x0c\x03\xee\x1c\0\0\4\x08\0\0\x79\xef\x18"
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


def aarq(password: bytes = b"", context: bytes = MMS_CONTEXT) -> bytes:
    secret = b""
    if password:
        secret = b"\x8a\x02\x07\x80" + b"\x8b\x03\x52\x03\x01" + tlv("ac", tlv("80", password))
    return tlv("60", tlv("a1", context), tlv("a2", b"\x06\x03\x29\x01\x87"), secret,
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


def services() -> Exchange:
    """Every service, and what goes on with what some of them opened."""
    said: list[tuple[str, bytes]] = [*opened()]
    n = 0
    for service, request in REQUESTS.items():
        n += 1
        said += [(C, ask(request, n)), (S, answer(ANSWERS.get(service, empty(service)), n))]
        if service == 26:
            # The server fetches what it is sent.
            for fetched in (text("9b", "PROGRAM"), text("9b", "PROGRAM"),
                            tlv("bc", text("80", "PROGRAM"))):  # fmt: skip
                said += [(S, ask(fetched, 900)), (C, answer(tlv("bb", tlv("80", bytes(40))), 900))]
        for opener, followers in ((29, ("9e", "9f1f")), (72, ("9f49", "9f4a"))):
            for tag in followers if service == opener else ():
                n += 1
                handle = 7 if opener == 29 else 33
                said += [(C, ask(number(tag, handle), n)), (S, answer(empty(int(tag[-2:], 16) & 0x7F
                         if len(tag) > 2 else 30), n))]  # fmt: skip
    said += [(C, ask(number("9f49", 34), 998)), (S, error(11, 7, 998))]
    said += [(C, pdu(number("85", 998))), (S, pdu(number("86", 998)))]
    said += [(S, pdu(tlv("a3", tlv("a1", number("80", 0), number("81", 0)))))]
    said += [(S, pdu(tlv("a3", tlv("a2", name("ENROLLED"), tlv("a1", tlv("a0", named("EC")))))))]
    said += [(S, pdu(tlv("a3", tlv("a3", tlv("80")))))]
    said += [(C, pdu(b"\x8b\x00")), (S, pdu(b"\x8c\x00"))]
    release = [tpkt(b"\x02\xf0\x80" + spdu(code, spdu(0xC1, tlv("61", tlv(
        "30", b"\x02\x01\x01", tlv("a0", tlv(acse, b"\x80\x01\x00")))))))
        for code, acse in ((9, "62"), (10, "63"))]  # fmt: skip
    return [*said, (C, release[0]), (S, release[1]), (C, tpkt(b"\x06\x80\0\0\0\1\0"))]


def variables() -> Exchange:
    """How variables are named, and what they hold."""
    scopes = tlv(
        "a0", tlv("30", tlv("a0", text("80", "VMDVAR"))), tlv("30", tlv("a0", text("82", "MINE"))),
        tlv("30", tlv("a1", number("80", 4096))), tlv("30", tlv("a1", text("81", "DB5.DBW2"))),
        tlv("30", tlv("a1", tlv("82", b"\xde\xad"))), tlv("30", tlv("a4")),
        tlv("30", tlv("a0", named("HARM")), tlv("a5", number("82", 3))),
        tlv("30", tlv("a0", named("HARM")), tlv("a5", tlv("a3", number("80", 2), number("81", 4)))),
        tlv("30", tlv("a0", named("HARM")), tlv("a5", tlv(
            "a0", number("81", 5), tlv("30", text("81", "cVal"))))),
        tlv("30", tlv("a0", named("HARM")), tlv("a5", text("81", "q"), text("81", "t"))),
    )  # fmt: skip
    eight = [POLLED, "a", "b", "c", "d", "e", "f", "g"]
    numbers = [single(-2.5), double(1e6), number("85", -3), number("86", 65535), ON,
               tlv("87", b"\x08\x7f\x80\0\0"), text("8a", "text"), tlv("a2", single(9.0))]  # fmt: skip
    long = tlv("a4", tlv("a1", several([f"GGIO1$ST$Ind{n}$stVal" for n in range(1, 61)])))
    return [
        *opened(),
        (C, ask(tlv("a4", b"\x80\x01\xff", tlv("a1", scopes)), 1)),
        (S, answer(tlv("a4", tlv("a0", scopes), tlv("a1", *[ON] * 10)), 1)),
        (C, read(eight, 2)), (S, values(*numbers, n=2)),
        (C, ask(long, 3)), (S, values(*[ON, OFF] * 30, n=3)),
        (C, read(["LPHD1$DC$PhyNam$vendor"], 4)), (S, values(text("8a", "Acme Relays"), n=4)),
        (C, read(["LPHD1$DC$PhyNam$serNum"], 5)), (S, values(text("90", "A-1234\x07"), n=5)),
        (C, read(["LPHD1$DC$PhyNam"], 6)), (S, values(tlv("a2", text("8a", "Acme")), n=6)),
        (C, ask(b"\x82\x00", 7)),
        (S, answer(tlv("a2", text("80", "Acme"), text("81", "R-900"), text("82", "4.2.1")), 7)),
        *polls(10),
    ]  # fmt: skip


def commands() -> Exchange:
    """Switches are selected, operated and cancelled; settings are written; why it is refused."""
    oper, select = "XCBR1$CO$Pos$Oper", "XCBR1$CO$Pos$SBOw"
    cause = tlv("a2", text("8a", f"{DOMAIN}/{oper}"), number("85", 0), tlv("a2"), number("86", 1),
                number("85", 10))  # fmt: skip
    error_name = tlv("30", tlv("a0", text("80", "LastApplError")))
    return [
        *opened(),
        (C, read(["XCBR1$CO$Pos$SBO"], 1)), (S, values(text("8a", oper), n=1)),
        (C, write([select], [control(ON)], 2)), (S, written(None, n=2)),
        (C, write([oper], [control(ON)], 3)), (S, written(None, n=3)),
        (S, report(several([oper]), tlv("a0", control(ON)))),
        (C, write(["XCBR1$CO$Pos$Cancel"], [control(OFF)], 4)), (S, written(None, n=4)),
        (C, write([oper], [control(OFF)], 5)),
        (S, report(tlv("a0", error_name), tlv("a0", cause))), (S, written(3, n=5)),
        (S, report(tlv("a0", error_name, one(oper)), tlv("a0", cause, control(OFF)))),
        (C, write(["ATCC1$CO$TapChg$Oper"], [control(tlv("a2", single(7.5)))], 6)),
        (S, written(None, n=6)),
        (C, write(["LLN0$SP$SGCB$ActSG"], [number("86", 2)], 7)), (S, written(None, n=7)),
        (C, write(["PTOC1$SE$StrVal$setMag$f", "PTOC1$SE$OpDlTmms$setVal"],
                  [single(400.0), number("85", 300)], 8)),
        (S, written(None, 8, n=8)),
        (C, write(["PTOC1$SE$StrVal"], [tlv("a2", single(401.0))], 9)), (S, written(9, n=9)),
    ]  # fmt: skip


def reports() -> Exchange:
    """Reports of a report control block, of a list with a name, and of variables."""
    rpt = tlv("a1", text("80", "RPT"))
    said: list[tuple[str, bytes]] = [*opened()]
    for n in range(5):
        parts = [text("8a", "brcb01"), tlv("84", b"\x06\x50\0"), number("86", n), single(float(n))]
        said.append((S, report(rpt, tlv("a0", *parts))))
    said.append((S, report(rpt, tlv("a0", text("8a", "urcb02"), tlv("84", b"\x06\x50\0")))))
    said.append((S, report(rpt, tlv("a0", number("86", 1)))))
    for n in range(3):
        said.append((S, report(tlv("a1", named("TRANSFER_SET")), tlv("a0", number("85", n), ON))))
        both = several(["MMXU1$MX$A", "MMXU1$MX$V"])
        said.append((S, report(both, tlv("a0", single(n * 1.5), NOWHERE if n else single(9.0)))))
    return said


def outcomes() -> Exchange:
    """What is refused, in part or as a whole, and what is not answered."""
    three = ["a", "b", "c"]
    said: list[tuple[str, bytes]] = [
        *opened(),
        (C, read(three, 1)), (S, values(ON, NOWHERE, tlv("80", b"\x03"), n=1)),
        (C, read(["a"], 2)), (S, values(tlv("80", b"\x63"), n=2)),
        (C, write(three, [ON, ON, ON], 3)), (S, written(None, 7, None, n=3)),
        (C, ask(REQUESTS[4], 4)), (S, values(ON, NOWHERE, n=4)),
        (C, read(three, 5)), (S, error(7, 3, 5)),
        (C, read(["a"], 6)), (S, reject(1, 6)), (C, read(["a"], 7)), (S, reject(77, 7)),
        (S, reject(1, None, 5)), (C, reject(0, 7, 2)),
        (C, pdu(number("85", 7))), (S, pdu(tlv("a7", number("80", 7), tlv("a1", tlv(
            "a0", number("8a", 1)))))),
        (C, pdu(b"\x8b\x00")), (S, pdu(tlv("ad", tlv("a0", number("89", 1))))),
        (C, read(three[1:], 8)), (C, read(["a"], 9)), (C, read(["b"], 10)),
        (S, values(ON, n=10)), (S, values(ON, n=9)), (S, values(ON, n=77)),
    ]  # fmt: skip
    for n, (class_, code) in enumerate(((0, 0), (2, 1), (3, 1), (4, 5), (11, 6), (12, 9), (40, 2))):
        said += [(C, ask(REQUESTS[6], 20 + n)), (S, error(class_, code, 20 + n))]
    return [*said, (C, tpkt(b"\x02\xf0\x80" + bytes.fromhex("1909110103c104a0028000")))]


def refused(*reply: bytes) -> Exchange:
    return [*opened(PASSWORD)[:3], *((S, one) for one in reply)]


def association() -> list[Exchange]:
    """Associations with a password, and how they are refused."""
    bad = presented(14, aare(1, 13))
    old = presented(14, aare(1, 0, tlv("aa", tlv("a0", number("88", 1)))))
    refuse = tpkt(b"\x02\xf0\x80" + spdu(12, b"\x32\x01\x00"))
    abort = tpkt(b"\x02\xf0\x80" + bytes.fromhex("1909110103c104a0028000"))
    return [[*opened(PASSWORD), *polls(1)], *(refused(r) for r in (bad, old, refuse, abort))]


def pieces(payload: bytes, size: int) -> list[bytes]:
    """A message in COTP fragments."""
    whole = payload[7:]
    cuts = [whole[at : at + size] for at in range(0, len(whole), size)]
    return [tpkt(b"\x02\xf0" + (b"\x80" if part is cuts[-1] else b"\0") + part) for part in cuts]


def fragmented() -> Exchange:
    many = [f"MMXU{n}$MX$TotW$mag$f" for n in range(1, 40)]
    said: list[tuple[str, bytes]] = [*opened(), *polls(1)]
    said += [(C, part) for part in pieces(read(many, 1), 200)]
    said += [(S, part) for part in pieces(values(*[single(1.0)] * 39, n=1), 64)]
    return [*said, (C, tpkt(b"\x02\xf0\0")), *polls(2, 300)]


def indefinite(tag: str, *parts: bytes) -> bytes:
    return bytes.fromhex(tag) + b"\x80" + b"".join(parts) + b"\0\0"


def encodings() -> Exchange:
    """Lengths of indefinite or too many octets, long numbers, several values in one message."""
    asked = tlv("a0", number("02", 1), tlv("a4", tlv("a1", several([POLLED]))))
    loose = indefinite("a0", number("02", 2), indefinite("a4", indefinite(
        "a1", indefinite("a0", indefinite("30", tlv("a0", named(POLLED)))))))  # fmt: skip
    padded = asked.replace(b"\x02\x01\x01", b"\x02\x84\0\0\0\x05\0\0\0\0\3", 1)
    padded = b"\xa0" + bytes([asked[1] + 8]) + padded[2:]
    value = [tlv("30", b"\x02\x01\x03", tlv("a0", p)) for p in (asked, loose)]
    both = tpkt(b"\x02\xf0\x80\1\0\1\0" + tlv("61", *value))
    packed = [tlv("30", b"\x06\x02\x51\x01", b"\x02\x01\x03", tlv("81", padded)),
              tlv("30", b"\x02\x01\x03", tlv("82", b"\0" + asked.replace(b"\2\1\1", b"\2\1\4")))]
    modified = tlv("a0", number("02", 5), tlv("30", tlv("a1", tlv("a0", named("SEM")))),
                   tlv("a4", tlv("a1", several([POLLED]))))  # fmt: skip
    return [
        *opened(), (C, both), (S, values(ON, n=1)), (S, values(ON, n=2)),
        (C, tpkt(b"\x02\xf0\x80\1\0\1\0" + tlv("61", *packed))),
        (S, values(ON, n=3)), (S, values(ON, n=4)), (C, pdu(modified)), (S, values(ON, n=5)),
        (C, tpkt(b"\x02\xf0\x80\1\0" + tlv("61", value[0]))), (S, values(ON, n=1)),
    ]  # fmt: skip


def malformed() -> Exchange:
    """Messages that are wrong, each before one that is right."""
    deep = b"\xa2\x80" * 400
    wrong = [
        pdu(tlv("a0", number("02", 1))), pdu(b"\xa0\x7f\x02\x01\x01\xa4\x10"), pdu(b"\xa0"),
        pdu(tlv("a0", tlv("02", bytes(9)), tlv("a4", tlv("a1", several(["x"]))))),
        ask(tlv("a5", several(["y"]), tlv("a0", deep)), 50), ask(b"\xbf\x84\x85\x86\x87\x01\0", 51),
        ask(tlv("a4", tlv("a1", tlv("a0", *[tlv("30", b"\xa0\x00")] * 3))), 52),
        ask(tlv("a4", tlv("a1", tlv("a1"))), 53), ask(b"\xa4\x84\xff\xff\xff\xff", 54),
        ask(b"\xa4\x88" + b"\xff" * 8, 54), ask(tlv("bf4c", *[text("19", "x" * 90)] * 9), 55),
        tpkt(b"\x02\xf0\x80\1\0\1\0\x61\x05\x30\x7f\x02\x01\x03"), tpkt(b"\x02\xf0\x80\x0d\xff\xff"),
        tpkt(b"\x02\xf0\x80\1\xff\xff\xff\1"), tpkt(b"\x02\xf0\x80\x0d\x04\xc1\xff\xff\xff"),
        tpkt(b"\x02\xf0\x80"), tpkt(b"\x02\xf0"), b"\x03\x00\x00\x03", b"\xff" * 50,
    ]  # fmt: skip
    said: list[tuple[str, bytes]] = [*opened()]
    for n, bad in enumerate(wrong):
        said += [(C, bad), (C, read([f"after{n}"], 100 + n)), (S, values(ON, n=100 + n))]
    return [*said, *polls(3)]


def changing() -> Exchange:
    """More different requests than are remembered, then polls again."""
    said: list[tuple[str, bytes]] = [*opened(), *polls(2)]
    for n in range(600):
        said += [(C, read([f"GGIO{n}$ST$Ind$stVal"], n)), (S, values(ON, n=n))]
    return [*said, *polls(3, 700)]


def others() -> Exchange:
    """Another application of the same layers, and data of none."""
    context = bytes.fromhex("0604" + "56010001")
    return [
        (C, called(b"\0\1")), (S, called(b"\0\1", 0xD0)),
        (C, presented(13, aarq(context=context), CONTEXTS)), (S, presented(14, tlv("61", tlv("a1", context)))),
        *[(C, pdu(tlv("a1", number("02", 1), number("02", 5)))),
          (S, pdu(tlv("a2", number("02", 1), tlv("30"))))] * 20,
    ]  # fmt: skip


def captures() -> dict[str, bytes]:
    """Every capture by name."""
    day = [*opened(), *polls(30)]
    stop = [(C, ask(REQUESTS[41], 8)), (S, answer(empty(41), 8))]
    late = [*polls(3), *stop]
    torn = [(S, values(single(1.0))[9:]), (C, read([POLLED])[11:]), *late]
    pieced: list[tuple[str, bytes]] = [*opened()]
    for n in range(100, 110):
        asked = read([POLLED], n)
        pieced += [(C, asked[:30]), (C, asked[30:]), (S, values(single(1.0), n=n))]
    logins = []
    for n, said in enumerate(association()):
        logins += tcp(ENGINEER, PLC, PORT, said, sport=50000 + n, start=n)
    return {
        "services": pcap(tcp(ENGINEER, PLC, PORT, services())),
        "variables": pcap(tcp(HMI, PLC, PORT, variables())),
        "commands": pcap(tcp(HMI, PLC, PORT, commands())),
        "reports": pcap(tcp(HMI, PLC, PORT, reports())),
        "outcomes": pcap(tcp(HMI, PLC, PORT, outcomes())),
        "association": pcap(logins),
        "fragmented": pcap(tcp(HMI, PLC, PORT, fragmented())),
        "encodings": pcap(tcp(HMI, PLC, PORT, encodings())),
        "malformed": pcap(tcp(HMI, PLC, PORT, malformed())),
        "changing": pcap(tcp(HMI, PLC, PORT, changing(), step=0.001)),
        "split": pcap(tcp(HMI, PLC, PORT, day, split=7)),
        "coalesced": pcap(tcp(HMI, PLC, PORT, day, coalesce=True)),
        "lost": pcap(tcp(HMI, PLC, PORT, day, gap=(10, 11, 25, 40))),
        "lost_within": pcap(tcp(HMI, PLC, PORT, pieced, gap=(7, 14, 21))),
        "one_sided": pcap(tcp(HMI, PLC, PORT, day, one_sided=C)),
        "replies": pcap(tcp(HMI, PLC, PORT, day, one_sided=S)),
        "joined": pcap(tcp(HMI, PLC, PORT, late, midstream=True, close=False)),
        "joined_at_reply": pcap(tcp(HMI, PLC, PORT, late[1:], midstream=True, close=False)),
        "joined_within": pcap(tcp(HMI, PLC, PORT, torn, midstream=True, close=False)),
        "elsewhere": pcap(tcp(HMI, PLC, 1102, day)),
        "elsewhere_joined": pcap(tcp(HMI, PLC, 1102, late, midstream=True, close=False)),
        "truncated": cut(pcap(tcp(HMI, PLC, PORT, day)), 110),
        "others": pcap(tcp(HMI, PLC, PORT, others())),
        "s7comm": pcap(tcp(HMI, PLC, PORT, [(C, called(b"\1\2")), (S, called(b"\1\2", 0xD0)),
                                            *s7_polls(30)])),
        "benign": pcap(tcp(HMI, PLC, PORT, [(C, b"GET / HTTP/1.1\r\n\r\n"), (S, b"HTTP/1.1 400\r\n")])),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    for capture, data in captures().items():
        (TRACES / f"{capture}.pcap").write_bytes(data)


if __name__ == "__main__":
    main()
