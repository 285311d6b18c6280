"""Cases of MMS (IEC 61850): PDUs in BER, in presentation, session, COTP and TPKT, as on TCP 102."""

import struct
from collections.abc import Callable, Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 102

WRITE, OPER, SELECT, CANCEL, BREAKER, MODE, SIMULATION, LOCAL, GROUP = range(1927001, 1927010)
PROTECTION, POINT, CONFIGURATION, REPORTS, REPORT_CONTROL, GOOSE, LOGS = range(1927010, 1927017)
OPER_BURST, BURST, SELECT_READ = range(1927017, 1927020)
OPEN, DELETE, RENAME, OBTAIN, DIRECTORY = range(1927020, 1927025)
DOWNLOAD, REQUEST_DOWNLOAD, UPLOAD, REQUEST_UPLOAD, DELETE_DOMAIN = range(1927030, 1927035)
CREATE, DELETE_PROGRAM, START, STOP, RESET = range(1927035, 1927040)
DEFINE_LIST, DELETE_LIST, DEFINE, EVENT, ACK, TRIGGER, JOURNAL_CLEAR = range(1927040, 1927047)
JOURNAL_WRITE, SEMAPHORE, STATION, DELETE_TYPE = range(1927047, 1927051)
IDENTIFY, STATUS, NAMES, ATTRIBUTES, CRAWL, CAPABILITIES, STATE = range(1927060, 1927067)
JOURNAL_READ, SUMMARY, PLATE, HEALTH, READS, MEMBERS = range(1927067, 1927073)
PASSWORD, REFUSED, ERRORS, ABORTS, BEYOND = range(1927080, 1927085)
GATE = 1927000  # a step that does not alert
ALL_SIDS = [
    *range(WRITE, SELECT_READ + 1),
    *range(OPEN, DIRECTORY + 1),
    *range(DOWNLOAD, DELETE_TYPE + 1),
    *range(IDENTIFY, MEMBERS + 1),
    *range(PASSWORD, BEYOND + 1),
]


def tlv(tag: str, *parts: bytes) -> bytes:
    """One BER value; the tag in hex, the length in its shortest form."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        length = bytes([size])
    elif size < 0x100:
        length = bytes([0x81, size])
    else:
        length = b"\x82" + struct.pack("!H", size)
    return bytes.fromhex(tag) + length + body


def tpkt(cotp: bytes) -> bytes:
    return struct.pack("!BBH", 3, 0, 4 + len(cotp)) + cotp


def pdu(mms: bytes) -> bytes:
    """An MMS PDU in an established association (presentation context 3)."""
    value = tlv("30", tlv("02", b"\x03"), tlv("a0", mms))
    return tpkt(b"\x02\xf0\x80" + b"\x01\x00\x01\x00" + tlv("61", value))


def long(octets: int, *, syntax: bool = False) -> Callable[[bytes], bytes]:
    """Another way to write the same: ``octets`` of length in each value (0: indefinite)."""

    def value(tag: bytes, body: bytes) -> bytes:
        if octets:
            return tag + bytes([0x80 | octets]) + len(body).to_bytes(octets, "big") + body
        return tag + b"\x80" + body + b"\0\0"

    def written(message: bytes) -> bytes:
        mms = message[message.index(b"\x02\x01\x03\xa0") + 4 :]
        mms = mms[1 + (mms[0] & 0x7F if mms[0] > 0x80 else 0) :]  # without its length
        inner = mms[2 + (mms[1] & 0x7F if mms[1] > 0x80 else 0) :]
        name = b"\x06\x02\x51\x01" if syntax else b""
        user = value(b"\x30", name + b"\x02\x01\x03" + value(b"\xa0", value(b"\xa0", inner)))
        return tpkt(b"\x02\xf0\x80" + b"\x01\x00\x01\x00" + value(b"\x61", user))

    return written


#: Indefinite lengths, one to four octets of length, the transfer syntax by its name.
WAYS = [*(long(octets) for octets in range(5)), long(1, syntax=True), long(4, syntax=True)]


def ask(service: bytes, invoke: bytes = b"\x05") -> bytes:
    """A confirmed request."""
    return pdu(tlv("a0", tlv("02", invoke), service))


def answer(service: bytes) -> bytes:
    """A confirmed response."""
    return pdu(tlv("a1", tlv("02", b"\x05"), service))


def named(item: str, domain: str = "PROT1") -> bytes:
    """A domain-specific name."""
    return tlv("a1", tlv("1a", domain.encode()), tlv("1a", item.encode()))


def write(item: str, value: bytes = b"\x83\x01\x01") -> bytes:
    return ask(tlv("a5", tlv("a0", tlv("30", tlv("a0", named(item)))), tlv("a0", value)))


def read(item: str) -> bytes:
    variables = tlv("a0", tlv("30", tlv("a0", named(item))))
    return ask(tlv("a4", tlv("a1", variables)))


def text(tag: str, name: str) -> bytes:
    return tlv(tag, name.encode())


ON, OFF = b"\x83\x01\x01", b"\x83\x01\x00"
# Oper and SBOw: value, origin (category, identity), number, time, test, check
CONTROL = tlv("a2", ON, tlv("a2", b"\x85\x01\x02", b"\x89\x01\x00"), b"\x86\x01\x01")
CONTROL_FULL = tlv("a2", CONTROL[2:], b"\x91\x08" + bytes(8), OFF, b"\x84\x02\x06\x00")
WRITTEN = answer(tlv("a5", b"\x81\x00"))
VALUE = answer(tlv("a4", tlv("a1", b"\x87\x05\x08\x42\x48\x00\x00")))
REPORT = pdu(tlv("a3", tlv("a0", tlv("a1", text("80", "RPT")), tlv("a0", text("8a", "R1"), ON))))
POLL = read("MMXU1$MX$TotW$mag$f")
ERROR = pdu(tlv("a2", tlv("80", b"\x05"), tlv("a2", tlv("a0", b"\x87\x01\x02"))))
FILE = tlv("a0", text("19", "SETTINGS.CFG"))
MODE_OPER = "LLN0$CO$Mod$Oper"
SWITCH = "GGIO1$CO$SPCSO1$Oper"


def session(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = []
    for payload in payloads:
        exchange = [*exchange, (C, payload), (S, WRITTEN)]
    return tcp(ATTACKER, PLC, PORT, exchange)


def apart(payloads: Sequence[bytes]) -> tuple[list[Packet], int]:
    """Each payload to a device of its own; how many there are."""
    flows = [
        tcp(ATTACKER, f"10.10.21.{n}", PORT, [(C, payload), (S, WRITTEN)], start=n)
        for n, payload in enumerate(payloads, 1)
    ]
    return merged(*flows), len(flows)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return tcp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times / 2)


def _writes() -> None:
    themes.pair(
        "mms-control",
        "Controls selected, operated, cancelled; modes, simulation, local control.",
        [
            (write(SWITCH, CONTROL_FULL), {WRITE, OPER}),
            (write("GGIO1$CO$SPCSO1$SBOw", CONTROL_FULL), {SELECT}),
            (write("GGIO1$CO$SPCSO1$Cancel", CONTROL_FULL), {CANCEL}),
            (write("XCBR1$CO$Pos$Oper", CONTROL_FULL), {BREAKER}),
            (write(MODE_OPER, CONTROL_FULL), {MODE}),
            (write("LPHD1$CO$Sim$Oper", CONTROL_FULL), {SIMULATION}),
            (write("LLN0$CO$LocSta$Oper", CONTROL_FULL), {LOCAL}),
        ],
        [
            read("GGIO1$ST$SPCSO1$stVal"),
            (read("GGIO1$CO$SPCSO1$SBO"), {SELECT_READ}),
            read("GGIO1$CO$SPCSO1$SBOw"),
            read("GGIO1$ST$SBO1$stVal"),
            read(SWITCH),
            answer(tlv("a4", tlv("a1", text("8a", "XCBR1$CO$Pos$Oper")))),
            WRITTEN,
            REPORT,
        ],
        session,
    )
    themes.pair(
        "mms-settings",
        "Setting groups, protection, set points, configuration, reports, GOOSE, logs.",
        [
            (write("LLN0$SP$SGCB$ActSG", b"\x86\x01\x02"), {WRITE, GROUP}),
            (write("PTOC1$SE$StrVal$setMag$f", b"\x87\x05\x08\x42\x48\x00\x00"), {PROTECTION}),
            (write("GAPC1$SP$SPG1$setVal"), {POINT}),
            (write("MMXU1$CF$TotW$db", b"\x86\x01\x05"), {CONFIGURATION}),
            (write("LLN0$BR$brcb01$RptEna", OFF), {REPORTS}),
            (write("LLN0$BR$brcb01$TrgOps", b"\x84\x02\x02\x00"), {REPORT_CONTROL}),
            (write("LLN0$GO$gcb01$GoEna", OFF), {GOOSE}),
            (write("LLN0$LG$log01$LogEna", OFF), {LOGS}),
        ],
        [
            (write("LLN0$BR$brcb01$RptEna", ON), {WRITE}),
            write("LLN0$GO$gcb01$GoEna", ON),
            write("LLN0$BR$brcb01$Resv", ON),
            read("LLN0$SP$SGCB$ActSG"),
            read("PTOC1$SE$StrVal$setMag$f"),
            read("MMXU1$CF$TotW$db"),
        ],
        session,
    )
    case(
        "mms-write-plain",
        "A write which is no control.",
        session([write("LLN0$BR$brcb01$Resv", ON)]),
        {WRITE: 1},
        silent=[OPER, SELECT, CANCEL, BREAKER, MODE, SIMULATION, LOCAL, OPER_BURST, BURST],
    )
    burst = often(write(SWITCH, CONTROL_FULL), 15, 3)
    case("mms-oper-burst", "15 in 3 s.", burst, {WRITE: 1, OPER: 1, OPER_BURST: 1}, [BURST])
    writes = often(write("LLN0$BR$brcb01$Resv", ON), 60, 6)
    case("mms-write-burst", "60 writes in 6 s.", writes, {WRITE: 1, BURST: 1}, [OPER_BURST])


def _files() -> None:
    themes.pair(
        "mms-files",
        "Files opened, deleted, renamed, fetched, listed.",
        [
            (ask(tlv("bf48", FILE, b"\x81\x01\x00")), {OPEN}),
            (ask(tlv("bf4c", text("19", "OLD.CFG"))), {DELETE}),
            (ask(tlv("bf4b", FILE, tlv("a1", text("19", "NEW.CFG")))), {RENAME}),
            (
                ask(tlv("bf2e", tlv("a1", text("19", "FW.BIN")), tlv("a2", text("19", "F")))),
                {OBTAIN},
            ),
            (ask(tlv("bf4d", FILE)), {DIRECTORY}),
        ],
        [
            ask(tlv("9f4a", b"\x01")),  # closed
            answer(tlv("bf49", text("80", "data"), b"\x81\x01\x00")),
            answer(tlv("bf48", b"\x80\x01\x01", tlv("a1", b"\x80\x01\x10"))),
            answer(tlv("9f4c")),
            answer(tlv("9f4b")),
            answer(tlv("bf4d", tlv("a0", tlv("30", tlv("30", FILE))), b"\x81\x01\x00")),
            POLL,
        ],
        session,
    )


def _programs() -> None:
    argument = text("80", "DOMAIN1")
    sharing = tlv("a1", text("1a", "CAP"))
    themes.pair(
        "mms-programs",
        "Domains loaded, read, deleted; program invocations made, run, stopped.",
        [
            (ask(tlv("ba", argument, sharing, b"\x82\x01\x00")), {DOWNLOAD}),
            (
                ask(tlv("bf20", argument, b"\x82\x01\x00", tlv("a3", text("19", "F")))),
                {REQUEST_DOWNLOAD},
            ),
            (ask(text("9d", "DOMAIN1")), {UPLOAD}),
            (ask(tlv("bf21", argument, tlv("a1", text("19", "F")))), {REQUEST_UPLOAD}),
            (ask(text("9f24", "DOMAIN1")), {DELETE_DOMAIN}),
            (
                ask(tlv("bf26", text("80", "PI"), tlv("a1", text("1a", "D")), b"\x82\x01\x01")),
                {CREATE},
            ),
            (ask(text("9f27", "PI")), {DELETE_PROGRAM}),
            (ask(tlv("bf28", text("80", "PI"))), {START}),
            (ask(tlv("bf29", text("80", "PI"))), {STOP}),
            (ask(tlv("bf2b", text("80", "PI"))), {RESET}),
        ],
        [
            answer(tlv("9a")),
            answer(tlv("9f24")),
            answer(tlv("9f26")),
            answer(tlv("9f28")),
            answer(tlv("9f29")),
            answer(tlv("9f2b", b"\x00")),
            answer(tlv("9f20")),
            answer(tlv("bf1d", b"\x80\x01\x01")),
            answer(tlv("be", text("80", "data"), b"\x81\x01\x00")),
            answer(tlv("9f1f")),
            POLL,
        ],
        session,
    )
    case(
        "mms-programs-other-tags",
        "Resume, kill, load and store of a domain: the second tags of their rules.",
        session(
            [
                ask(tlv("bf2a", text("80", "PI"))),
                ask(tlv("bf2c", text("80", "PI"))),
                ask(tlv("bf22", argument, sharing, b"\x82\x01\x00")),
                ask(tlv("bf23", argument, text("81", "F"))),
                ask(tlv("bc", argument)),
            ]
        ),
        {START: 1, RESET: 1, REQUEST_DOWNLOAD: 1, REQUEST_UPLOAD: 1, DOWNLOAD: 1},
    )


def _objects() -> None:
    name = tlv("a0", named("MMXU1$MX"))
    themes.pair(
        "mms-objects",
        "Lists, variables, events, journals, semaphores, the operator's station.",
        [
            (ask(tlv("ab", named("LLN0$ds1"), tlv("a0", tlv("30", name)))), {DEFINE_LIST}),
            (ask(tlv("ad", b"\x80\x01\x00", tlv("a1", named("LLN0$ds1")))), {DELETE_LIST}),
            (ask(tlv("a7", named("X"), tlv("a0", b"\x80\x01\x00"))), {DEFINE}),
            (ask(tlv("bf33", tlv("a0", named("EC1")), b"\x81\x01\x00")), {EVENT}),
            (ask(tlv("bf3e", tlv("a0", named("EE1")), b"\x82\x01\x00")), {ACK}),
            (ask(tlv("bf34", tlv("a0", named("EC1")))), {TRIGGER}),
            (ask(tlv("bf43", tlv("a0", named("LLN0$log01")))), {JOURNAL_CLEAR}),
            (ask(tlv("bf42", tlv("a0", named("LLN0$log01")), tlv("a1"))), {JOURNAL_WRITE}),
            (ask(tlv("b3", tlv("a0", named("SEM")))), {SEMAPHORE}),
            (ask(tlv("b2", text("80", "STATION"), tlv("a1", text("1a", "evacuate")))), {STATION}),
            (ask(tlv("aa", b"\x80\x01\x00", tlv("a1", named("X")))), {DELETE_TYPE}),
        ],
        [
            answer(tlv("8b")),
            answer(tlv("ad", b"\x80\x01\x01", b"\x81\x01\x01")),
            answer(tlv("87")),
            answer(tlv("9f33")),
            answer(tlv("9f3e")),
            answer(tlv("9f34")),
            answer(tlv("9f43", b"\x01")),
            answer(tlv("92")),
            answer(tlv("aa", b"\x80\x01\x01", b"\x81\x01\x01")),
            answer(tlv("96")),
            (ask(tlv("ac", named("LLN0$ds1"))), {MEMBERS}),
            REPORT,
        ],
        session,
    )
    for name, sid, services in (
        ("deleted", DELETE_TYPE, [("b0", named("T")), ("b6", named("SEM"))]),
        (
            "defined",
            DEFINE,
            [("a3", named("X") + b"\x82\x01Y"), ("a8", named("X")), ("ae", named("T"))],
        ),
        ("segments", UPLOAD, [("9e", b"\x01"), ("9f1f", b"\x01")]),
        ("file-read", OPEN, [("9f49", b"\x01")]),
    ):
        packets, _ = apart([ask(tlv(tag, body)) for tag, body in services])
        other = {DEFINE: DELETE_TYPE, DELETE_TYPE: DEFINE}.get(sid)
        silent = [other] if other else []
        case(f"mms-{name}", "Each to another device.", packets, {sid: len(services)}, silent)


def _reconnaissance() -> None:
    names = tlv("a1", tlv("a0", b"\x80\x01\x09"), tlv("a1", b"\x80\x00"))
    attributes = ask(tlv("a6", tlv("a0", named("MMXU1"))))
    log = tlv("a0", named("LLN0$log01"))
    themes.pair(
        "mms-discovery",
        "Who are you, how are you, what do you have.",
        [
            (ask(tlv("82")), {IDENTIFY}),
            (ask(tlv("80", b"\x00")), {STATUS}),
            (ask(names), {NAMES}),
            (attributes, {ATTRIBUTES}),
            (ask(tlv("bf47")), {CAPABILITIES}),
            (ask(text("9f25", "DOMAIN1")), {STATE}),
            (ask(tlv("bf41", log)), {JOURNAL_READ}),
            (ask(tlv("bf3f", b"\x80\x01\x01")), {SUMMARY}),
            (ask(tlv("ac", named("LLN0$ds1"))), {MEMBERS}),
            (read("LPHD1$DC$PhyNam"), {PLATE}),
            (read("LLN0$ST$Mod$stVal"), {HEALTH}),
        ],
        [
            POLL,
            read("GGIO1$ST$Ind1$stVal"),
            answer(tlv("ac", b"\x80\x01\x01", tlv("a1", named("LLN0$ds1")))),
            answer(tlv("a2", text("80", "Vendor"), text("81", "Model"), text("82", "1.0"))),
            answer(tlv("a0", b"\x80\x01\x00", b"\x81\x01\x00")),
            answer(tlv("a1", tlv("a0", text("1a", "PROT1")), b"\x81\x01\x00")),
            answer(tlv("a6", b"\x80\x01\x00", tlv("a2", b"\x83\x00"))),
            REPORT,
        ],
        session,
    )
    case("mms-crawl", "60 in 6 s.", often(attributes, 60, 6), {ATTRIBUTES: 1, CRAWL: 1})
    case("mms-attributes", "Ten.", often(attributes, 10, 6), {ATTRIBUTES: 1}, [CRAWL])
    case("mms-reads", "250 reads in 5 s.", often(POLL, 250, 5), {READS: 1})
    case("mms-errors", "25 errors.", often(ERROR, 25, 5, S), {ERRORS: 1})
    case("mms-error", "One error.", often(ERROR, 1, 5, S), {}, [ERRORS])


def _associations() -> None:
    # AARQ: application context MMS, mechanism "password", the password; AARE: rejected, permanent
    oid = bytes.fromhex("0605" + "28ca220203")
    aarq = tlv(
        "60",
        tlv("a1", oid),
        bytes.fromhex("8a020780" + "8b03520301"),
        tlv("ac", text("80", "secret")),
        tlv("be", tlv("28", b"\x02\x01\x03", tlv("a0", tlv("a8", bytes.fromhex("80030fde80"))))),
    )
    plain = aarq.replace(bytes.fromhex("8a0207808b03520301" + "ac088006") + b"secret", b"")
    plain = b"\x60" + bytes([len(plain) - 2]) + plain[2:]
    aare = tlv(
        "61", tlv("a1", oid), tlv("a2", b"\x02\x01\x01"), tlv("a3", tlv("a1", b"\x02\x01\x0d"))
    )
    good = tlv(
        "61", tlv("a1", oid), tlv("a2", b"\x02\x01\x00"), tlv("a3", tlv("a1", b"\x02\x01\x00"))
    )

    def connect(acse: bytes, kind: int = 0x0D, value: str = "31") -> bytes:
        user = tlv("30", b"\x02\x01\x01", tlv("a0", acse))
        contexts = bytes.fromhex(
            "3023300f0201010604520100013004060251013010020103060528ca2202013004060251" + "01"
        )
        mode = tlv("a0", b"\x80\x01\x01")
        parameters = tlv("a4", contexts[2:]) if kind == 0x0D else b""
        cp = tlv(value, mode, tlv("a2", parameters, tlv("61", user)))
        body = bytes.fromhex("050613010016010214020002") + b"\xc1" + bytes([len(cp)]) + cp
        return tpkt(b"\x02\xf0\x80" + bytes([kind, len(body)]) + body)

    themes.pair(
        "mms-password",
        "An association with a password.",
        [(connect(aarq), {PASSWORD})],
        [connect(plain), connect(good, 0x0E)],
        session,
    )
    case("mms-refused", "Six refused.", often(connect(aare, 0x0E), 6, 3, S), {REFUSED: 1})
    case("mms-accepted", "Six accepted.", often(connect(good, 0x0E), 6, 3, S), {}, [REFUSED])
    abort = tpkt(bytes.fromhex("02f080" + "1909" + "110103" + "c104a0028000"))
    case("mms-aborts", "15 aborted.", often(abort, 15, 5), {ABORTS: 1})
    case("mms-abort", "One aborted.", often(abort, 1, 5), {}, [ABORTS])


def _transport() -> None:
    stop, alerts = write(MODE_OPER, CONTROL_FULL), {WRITE: 1, OPER: 1, MODE: 1}
    talk: Exchange = [(C, POLL), (S, VALUE), (C, stop), (S, WRITTEN), (C, POLL), (S, VALUE)]
    case("mms-split", "In segments of 20 octets.", tcp(HMI, PLC, PORT, talk, split=20), alerts)
    header = tcp(HMI, PLC, PORT, talk, split=[4])
    case("mms-split-header", "The TPKT header in a segment of its own.", header, alerts)
    together: Exchange = [(C, POLL), (C, stop), (C, POLL)]
    case("mms-coalesced", "Behind a read.", tcp(HMI, PLC, PORT, together, coalesce=True), alerts)
    case("mms-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, REPORT), *talk], midstream=True)
    case("mms-midstream-server", "Joined, the server speaks first.", late, alerts)
    case("mms-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)
    wide = ask(tlv("bf29", text("80", "PI")), invoke=b"\x01\x00\x00\x01")
    case("mms-invoke", "An invoke id of four octets.", session([wide]), {STOP: 1})


def _encodings() -> None:
    mode = write(MODE_OPER, CONTROL_FULL)
    packets, count = apart([way(mode) for way in WAYS])
    alerts = {WRITE: count, OPER: count, MODE: count}
    case("mms-encodings", "A write in each form that BER has.", packets, alerts, [BEYOND])
    packets, count = apart(
        [way(ask(tlv("bf29", text("80", "PI")), b"\0\x80\0\0\1")) for way in WAYS]
    )
    case("mms-encodings-stop", "A stop, its invoke id of five.", packets, {STOP: count})
    selected, count = apart([way(read("GGIO1$CO$SPCSO1$SBO")) for way in WAYS])
    case("mms-encodings-select", "A select.", selected, {SELECT_READ: count})
    packets, _ = apart([way(POLL) for way in WAYS])
    case("mms-encodings-near", "Reads.", packets, {}, ALL_SIDS)
    # a length of two gigabytes, of the PDU and of what holds it
    prefix = b"\x02\xf0\x80\x01\x00\x01\x00"
    huge = b"\xa0\x84\x7f\xff\xff\xff" + b"\x02\x01\x05"
    beyond = [
        tpkt(prefix + tlv("61", tlv("30", b"\x02\x01\x03", tlv("a0", huge)))),
        tpkt(prefix + tlv("61", tlv("30", b"\x02\x01\x03", huge + b"\xa0"))),
    ]
    packets, count = apart(beyond)
    case("mms-beyond", "Lengths beyond any message.", packets, {BEYOND: count})


def _benign() -> None:
    ways = [step for way in WAYS for step in ((C, way(POLL)), (S, VALUE))]
    cycle: Exchange = [*([(C, POLL), (S, VALUE), (S, REPORT)] * 30), *ways]
    polling = tcp(HMI, PLC, PORT, cycle, step=0.1)
    case("mms-polling", "Reads and reports.", polling, {}, [GATE, *ALL_SIDS])
    s7 = bytes.fromhex("0300001f02f080320100000001000e00000401120a10020001000084000000")
    junk = [s7, b"GET / HTTP/1.1\r\n\r\n", tpkt(b"\x02\xf0\x80" + bytes(40))]
    other = tcp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("mms-others", "S7comm and others on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of MMS."""
    _writes()
    _files()
    _programs()
    _objects()
    _reconnaissance()
    _associations()
    _transport()
    _encodings()
    _benign()
