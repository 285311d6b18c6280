"""Captures of MMS for the btests: ``python -m tests.zeek.make.mms``.

PDU by PDU, as clients and IEDs send them, and as they shouldn't.
"""

from __future__ import annotations

from pathlib import Path

from tests.suricata.makers.mms import named, pdu, text, tlv, tpkt
from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, pcap, tcp
from tests.zeek.make._mms import (
    ANSWERS,
    CONTEXTS,
    DOMAIN,
    NOWHERE,
    OFF,
    ON,
    PASSWORD,
    POLLED,
    PORT,
    REQUESTS,
    aare,
    answer,
    ask,
    control,
    double,
    empty,
    error,
    external,
    name,
    number,
    one,
    opened,
    polls,
    presented,
    read,
    reject,
    report,
    several,
    single,
    spdu,
    values,
    write,
    written,
)
from tests.zeek.make.s7comm import called, cut
from tests.zeek.make.s7comm import polls as s7_polls

TRACES = Path(__file__).parents[2] / "traces" / "mms"


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
    numbers = [
        single(-2.5), double(1e6), number("85", -3), number("86", 65535), ON,
        tlv("87", b"\x08\x7f\x80\0\0"), text("8a", "text"), tlv("a2", single(9.0)),
    ]  # fmt: skip
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
    said.append((S, report(rpt, tlv("a0", text("8a", ""), single(1.0)))))
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
    for n, (class_, code) in enumerate(((0, 0), (2, 1), (3, 1), (4, 5), (11, 6), (12, 9), (9, 9))):
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
    packed = [
        tlv("30", b"\x06\x02\x51\x01", b"\x02\x01\x03", tlv("81", padded)),
        tlv("30", b"\x02\x01\x03", tlv("82", b"\0" + asked.replace(b"\2\1\1", b"\2\1\4"))),
    ]
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
        tpkt(b"\x02\xf0\x80\1\0\1\0\x61\x05\x30\x7f\x02\x01\x03"),
        tpkt(b"\x02\xf0\x80\x0d\xff\xff"),
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
        (C, presented(13, tlv("60", tlv("a1", context), external(tlv("b1"))), CONTEXTS)),
        (S, presented(14, tlv("61", tlv("a1", context)))),
        *[(C, pdu(tlv("a1", number("02", 1), number("02", 5)))),
          (S, pdu(tlv("a2", number("02", 1), tlv("30"))))] * 20,
    ]  # fmt: skip


def captures() -> dict[str, bytes]:
    """Every capture by name."""
    day = [*opened(), *polls(30)]
    stop = [(C, ask(REQUESTS[41], 8)), (S, answer(empty(41), 8))]
    late = [*polls(3), *stop]
    torn = [(S, values(single(1.0))[9:]), (C, read([POLLED])[11:]), *late]
    many = [f"MMXU{n}$MX$TotW$mag$f" for n in range(1, 40)]
    tails = [
        *((C, part) for part in pieces(read(many, 1), 200)[-1:]),
        *((S, part) for part in pieces(values(*[single(1.0)] * 39, n=1), 200)[-1:]),
    ]
    pieced: list[tuple[str, bytes]] = [*opened()]
    for n in range(100, 110):
        asked = read([POLLED], n)
        pieced += [(C, asked[:30]), (C, asked[30:]), (S, values(single(1.0), n=n))]
    logins = []
    for n, said in enumerate(association()):
        logins += tcp(ENGINEER, PLC, PORT, said, sport=50000 + n, start=n)
    web = [(C, b"GET / HTTP/1.1\r\n\r\n"), (S, b"HTTP/1.1 400\r\n\r\n")]
    s7 = [(C, called(b"\1\2")), (S, called(b"\1\2", 0xD0)), *s7_polls(30)]
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
        "joined_fragments": pcap(
            tcp(HMI, PLC, PORT, [*tails, *late], midstream=True, close=False)
        ),
        "elsewhere": pcap(tcp(HMI, PLC, 1102, day)),
        "elsewhere_joined": pcap(tcp(HMI, PLC, 1102, late, midstream=True, close=False)),
        "truncated": cut(pcap(tcp(HMI, PLC, PORT, day)), 110),
        "others": pcap(tcp(HMI, PLC, PORT, others())),
        "s7comm": pcap(tcp(HMI, PLC, PORT, s7)),
        "benign": pcap(tcp(HMI, PLC, PORT, web)),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    for capture, data in captures().items():
        (TRACES / f"{capture}.pcap").write_bytes(data)


if __name__ == "__main__":
    main()
