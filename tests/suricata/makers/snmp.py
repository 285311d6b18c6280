"""Cases of SNMP: messages in BER, as the net-snmp tools and managers send them."""

from collections.abc import Sequence

from scapy.asn1.asn1 import (
    ASN1_INTEGER,
    ASN1_IPADDRESS,
    ASN1_OID,
    ASN1_STRING,
    ASN1_TIME_TICKS,
)
from scapy.layers.snmp import (
    SNMP,
    SNMPbulk,
    SNMPget,
    SNMPnext,
    SNMPresponse,
    SNMPset,
    SNMPtrapv1,
    SNMPtrapv2,
    SNMPvarbind,
)
from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, S, case, merged, tcp, udp

PORT, TRAPS = 161, 162

SET, INTERFACE, NAME, COPY, OLD_COPY, RELOAD, COMMAND, USERS, TARGETS = range(1929001, 1929010)
TRAPS_OFF, RMON, ROUTES, BRIDGE, TCP_STATE, UPS, UPS_LIMITS, OUTLET = range(1929010, 1929018)
OTHER_OUTLET, CLOCK, SWITCH, BURST, PRINTER = range(1929018, 1929023)
SYSTEM, SWEEP, WALK, BULK_WALK, TABLES, LLDP, PROCESSES, LANMAN = range(1929040, 1929048)
VACM, ENTITY, LARGE, BROADCAST, WALKING, ENGINE, CDP = range(1929048, 1929055)
COMMUNITY, SET_PUBLIC, GUESSES, FAILED, DIGESTS, FAILED_1 = range(1929060, 1929066)
SET_TCP = 1929066
ERRORS, MALFORMED, OVERRUN, FLOOD, TRAP_FLOOD = range(1929080, 1929085)
VERSION, FOUR, LONG = range(1929085, 1929088)
ALL_SIDS = [
    *range(SET, PRINTER + 1),
    *range(SYSTEM, CDP + 1),
    *range(COMMUNITY, SET_TCP + 1),
    *range(ERRORS, LONG + 1),
]

OWN = "pLant-7f"  # a community nobody guesses
MIB2 = "1.3.6.1.2.1."
ENTERPRISE = "1.3.6.1.4.1."
SYS_DESCR, UPTIME, COUNTER = MIB2 + "1.1.0", MIB2 + "1.3.0", MIB2 + "2.2.1.10.1"
Value = ASN1_INTEGER | ASN1_STRING | ASN1_IPADDRESS | ASN1_OID


def message(pdu: Packet, community: str = OWN, version: int = 1) -> bytes:
    return bytes(SNMP(version=version, community=community, PDU=pdu))


def bound(oid: str, value: Value | None = None) -> list[Packet]:
    name = ASN1_OID(oid)
    return [SNMPvarbind(oid=name, value=value) if value else SNMPvarbind(oid=name)]


def get(oid: str, community: str = OWN) -> bytes:
    return message(SNMPget(id=7, varbindlist=bound(oid)), community)


def following(oid: str, community: str = OWN) -> bytes:
    return message(SNMPnext(id=7, varbindlist=bound(oid)), community)


def bulk(oid: str, rows: int = 10) -> bytes:
    return message(SNMPbulk(id=7, non_repeaters=0, max_repetitions=rows, varbindlist=bound(oid)))


def put(oid: str, value: Value | None = None, community: str = OWN) -> bytes:
    value = value or ASN1_INTEGER(1)
    return message(SNMPset(id=7, varbindlist=bound(oid, value)), community)


def reply(oid: str, value: Value | None = None, error: int = 0) -> bytes:
    value = value or ASN1_INTEGER(1)
    return message(SNMPresponse(id=7, error=error, varbindlist=bound(oid, value)))


def sent(payloads: Sequence[bytes]) -> list[Packet]:
    exchange = [step for p in payloads for step in ((C, p), (S, reply(UPTIME)))]
    return udp(ATTACKER, PLC, PORT, exchange, step=0.4)


def often(
    payload: bytes, times: int, seconds: float, side: str = C, port: int = PORT
) -> list[Packet]:
    return udp(ATTACKER, PLC, port, [(side, payload)] * times, step=seconds / times)


def _sets() -> None:
    text = ASN1_STRING
    themes.pair(
        "snmp-set",
        "Objects of a device set, one after the other.",
        [
            (put(MIB2 + "2.2.1.7.3", ASN1_INTEGER(2)), {SET, INTERFACE}),
            (put(MIB2 + "1.5.0", text(b"plc-9")), {NAME}),
            (put(MIB2 + "16.3.1.1.12.1", ASN1_INTEGER(4)), {RMON}),
            (put(MIB2 + "25.1.2.0", text(b"\x07\xea\x0b\x18\x00\x00\x00\x00")), {CLOCK}),
            (put(MIB2 + "43.5.1.1.3.1", ASN1_INTEGER(4)), {PRINTER}),
            (put(MIB2 + "4.21.1.7.0.0.0.0", ASN1_IPADDRESS(ATTACKER)), {ROUTES}),
            (put(MIB2 + "17.7.1.4.3.1.2.1", text(b"\xff")), {BRIDGE}),
            (put(MIB2 + "6.13.1.1.10.10.20.10.502", ASN1_INTEGER(12)), {TCP_STATE}),
            (put(MIB2 + "11.30.0", ASN1_INTEGER(2)), {TRAPS_OFF}),
        ],
        [
            (put(MIB2 + "31.1.1.1.18.1", text(b"uplink")), {SET}),
            get(MIB2 + "2.2.1.7.3"),
            get(MIB2 + "1.5.0"),
            get(MIB2 + "25.1.2.0"),
            following(MIB2 + "17.7.1.4.3.1.2.1"),
            get(MIB2 + "11.30.0"),
            get(MIB2 + "16.3.1.1.12.1"),
            get(MIB2 + "43.5.1.1.3.1"),
        ],
        sent,
    )
    user = "1.3.6.1.6.3.15.1.2.2.1.13.4"
    themes.pair(
        "snmp-set-management",
        "Users, receivers of traps, configuration copies, reloads, commands.",
        [
            (put(user, ASN1_INTEGER(6)), {SET, USERS}),
            (put("1.3.6.1.6.3.12.1.2.1.9.1", ASN1_INTEGER(6)), {TARGETS}),
            (put(ENTERPRISE + "9.9.96.1.1.1.1.2.7"), {COPY}),
            (put(ENTERPRISE + "9.2.1.55.10.10.10.66", text(b"startup")), {OLD_COPY}),
            (put(ENTERPRISE + "9.2.9.9.0", ASN1_INTEGER(2)), {RELOAD}),
            (put(ENTERPRISE + "8072.1.3.2.2.1.3.1.120", text(b"/bin/sh")), {COMMAND}),
        ],
        [
            get(ENTERPRISE + "9.9.96.1.1.1.1.2.7"),
            get(ENTERPRISE + "9.2.1.3.0"),
            get(ENTERPRISE + "9.2.9.9.0"),
            get(ENTERPRISE + "8072.1.3.2.2.1.3.1.120"),
            get("1.3.6.1.6.3.12.1.2.1.9.1"),
            get("1.3.6.1.6.3.10.2.1.3.0"),
        ],
        sent,
    )
    themes.pair(
        "snmp-set-power",
        "Power supplies, power strips, industrial switches.",
        [
            (put(MIB2 + "33.1.8.2.0", ASN1_INTEGER(0)), {SET, UPS}),
            (put(MIB2 + "33.1.9.7.0", ASN1_INTEGER(1)), {UPS_LIMITS}),
            (put(ENTERPRISE + "318.1.1.12.3.3.1.1.4.2", ASN1_INTEGER(2)), {OUTLET}),
            (put(ENTERPRISE + "534.1.9.1.0", ASN1_INTEGER(1)), {OTHER_OUTLET}),
            (put(ENTERPRISE + "248.14.2.2.1.0", ASN1_INTEGER(2)), {SWITCH}),
        ],
        [
            get(MIB2 + "33.1.8.2.0"),
            get(MIB2 + "33.1.2.4.0"),
            get(ENTERPRISE + "318.1.1.12.3.3.1.1.4.2"),
            get(ENTERPRISE + "534.1.4.4.0"),
            get(ENTERPRISE + "248.14.1.1.0"),
            reply(ENTERPRISE + "248.14.1.1.0"),
        ],
        sent,
    )
    burst = often(put(COUNTER), 30, 3)
    case("snmp-set-burst", "Thirty sets in 3 s.", burst, {SET: 1, BURST: 1})
    case("snmp-set-some", "Five sets.", often(put(COUNTER), 5, 3), {SET: 1}, [BURST])


def _reconnaissance() -> None:
    themes.pair(
        "snmp-discovery",
        "What a device is, whom it knows, what runs on it.",
        [
            (get(SYS_DESCR), {SYSTEM}),
            (following("1.3.6.1.2.1"), {WALK}),
            (bulk("1.3.6.1.4.1"), {BULK_WALK}),
            (following(MIB2 + "4.22.1.2"), {TABLES}),
            (following("1.0.8802.1.1.2.1.4.1.1.9"), {LLDP}),
            (following(MIB2 + "25.4.2.1.2"), {PROCESSES}),
            (following(ENTERPRISE + "77.1.2.25"), {LANMAN}),
            (following("1.3.6.1.6.3.18.1.1.1.2"), {VACM}),
            (bulk(MIB2 + "47.1.1.1.1.11"), {ENTITY}),
            (bulk(COUNTER, 2000), {LARGE}),
        ],
        [
            get(UPTIME),
            following(MIB2 + "2.2.1.10"),
            bulk(MIB2 + "2.2.1.16", 50),
            following(MIB2 + "4.3"),
            following(MIB2 + "25.2.3.1.6"),
            get(MIB2 + "25.3.3.1.2.1"),
            get("1.0.8802.1.1.2.1.3.3.0"),
            get(MIB2 + "47.3.1.0"),
        ],
        sent,
    )
    asked = merged(
        *(
            udp(ATTACKER, f"10.10.20.{n}", PORT, [(C, get(SYS_DESCR))], start=n / 5)
            for n in range(10, 25)
        )
    )
    case("snmp-sweep", "15 devices in 3 s.", asked, {SYSTEM: 15, SWEEP: 1})
    case("snmp-sweep-one", "One device.", sent([get(SYS_DESCR)]), {SYSTEM: 1}, [SWEEP])
    shout = udp(ATTACKER, "255.255.255.255", PORT, [(C, get(UPTIME))])
    case("snmp-broadcast", "To all.", shout, {BROADCAST: 1})
    case("snmp-unicast", "To one.", sent([get(UPTIME)]), {}, [BROADCAST, WALKING])
    walking = often(following(COUNTER), 350, 7)
    case("snmp-walking", "350 get-next in 7 s.", walking, {WALKING: 1})


def _communities() -> None:
    themes.pair(
        "snmp-community",
        "Communities that everyone knows.",
        [
            (get(UPTIME, "moxa"), {COMMUNITY}),
            (put(COUNTER, None, "public"), {SET, SET_PUBLIC}),
        ],
        [
            get(UPTIME, "public"),
            get(UPTIME, "privately"),
            get(UPTIME, "rows"),
            (put(COUNTER), {SET}),
        ],
        sent,
    )
    words = ["private", "admin", "cisco", "manager", "snmpd", "write", "monitor", "secret"]
    guesses = sent([get(UPTIME, word) for word in words])
    case("snmp-guesses", "Eight communities.", guesses, {COMMUNITY: 1, GUESSES: 1})
    one = sent([get(UPTIME, "private")] * 3)
    case("snmp-private", "One community.", one, {COMMUNITY: 1}, [GUESSES])
    stream = tcp(ATTACKER, PLC, PORT, [(C, put(COUNTER)), (S, reply(COUNTER))])
    case("snmp-tcp", "A set over TCP.", stream, {SET_TCP: 1})
    read = tcp(ATTACKER, PLC, PORT, [(C, get(COUNTER)), (S, reply(COUNTER))])
    case("snmp-tcp-get", "A get over TCP.", read, {}, [SET_TCP])
    neighbours = following(ENTERPRISE + "9.9.23.1.2.1.1.6")
    case("snmp-cdp", "Neighbours.", sent([neighbours]), {CDP: 1})
    other = following(ENTERPRISE + "9.9.24.1.2.1.1.6")
    case("snmp-cdp-near", "Another table.", sent([other]), {}, [CDP])
    snmp_trap = "1.3.6.1.6.3.1.1.4.1.0"
    failure = ASN1_OID("1.3.6.1.6.3.1.1.5.5")
    trap = message(SNMPtrapv2(id=7, varbindlist=bound(snmp_trap, failure)))
    cold = message(SNMPtrapv2(id=7, varbindlist=bound(snmp_trap, ASN1_OID("1.3.6.1.6.3.1.1.5.1"))))
    case("snmp-failures", "Six.", often(trap, 6, 3, port=TRAPS), {FAILED: 1})
    case("snmp-cold-starts", "Six.", often(cold, 6, 3, port=TRAPS), {}, [FAILED, TRAP_FLOOD])

    def version_1(kind: int) -> bytes:
        pdu = SNMPtrapv1(
            enterprise=ASN1_OID(ENTERPRISE + "8072.3.2.10"),
            agent_addr=ASN1_IPADDRESS(PLC),
            generic_trap=kind,
            specific_trap=0,
            time_stamp=ASN1_TIME_TICKS(99),
            varbindlist=[],
        )
        return message(pdu, version=0)

    case("snmp-failures-1", "Six.", often(version_1(4), 6, 3, port=TRAPS), {FAILED_1: 1})
    case("snmp-links-down-1", "Six.", often(version_1(2), 6, 3, port=TRAPS), {}, [FAILED_1])
    case("snmp-digests", "Six reports.", often(_report(5), 6, 3, S), {DIGESTS: 1})
    case("snmp-engines", "Six other reports.", often(_report(4), 6, 3, S), {}, [DIGESTS])
    known = "041d301b040d80001f8880e9630000d61ff449020101020120040004000400"
    case("snmp-engine-sought", "Its engine asked for.", sent([_sought(EMPTY)]), {ENGINE: 1})
    near = sent([_sought(known), _report(4)])
    case("snmp-engine-known", "One that is known already.", near, {}, [ENGINE])


EMPTY = "0410300e0400020100020100040004000400"  # USM parameters of an engine that is not known yet


def _sought(parameters: str) -> bytes:
    """The first request of a client of SNMPv3, who learns the engine from the report on it."""
    body = "020103301102047ac1930b020300ffe3040104020103" + parameters
    body += "301404000400a00e020447b9d2c602010002010030 00"
    whole = bytes.fromhex(body)
    return bytes([0x30, len(whole)]) + whole


def _report(counter: int) -> bytes:
    """A report of SNMPv3: usmStats counter 3 unknown users, 4 unknown engines, 5 wrong digests."""

    def tlv(tag: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return bytes([tag, len(body)]) + body

    engine = bytes.fromhex("80001f8880e9630000d61ff449")
    parameters = tlv(4, engine), b"\x02\x01\x01", b"\x02\x01\x20", tlv(4), tlv(4), tlv(4)
    oid = tlv(6, bytes.fromhex("2b060106030f0101") + bytes([counter, 0]))
    numbers = b"\x02\x01\x07\x02\x01\x00\x02\x01\x00"
    pdu = tlv(0xA8, numbers, tlv(0x30, tlv(0x30, oid, b"\x41\x01\x09")))
    header = b"\x02\x01\x07", b"\x02\x03\x00\xff\xe3", b"\x04\x01\x00", b"\x02\x01\x03"
    scoped = tlv(0x30, tlv(4, engine), tlv(4), pdu)
    return tlv(0x30, b"\x02\x01\x03", tlv(0x30, *header), tlv(4, tlv(0x30, *parameters)), scoped)


def _malformed() -> None:
    unknown = reply(COUNTER, error=2)
    case("snmp-errors", "25 errors.", often(unknown, 25, 5, S), {ERRORS: 1})
    case("snmp-errors-few", "Five errors.", often(unknown, 5, 5, S), {}, [ERRORS])
    good = get(UPTIME)
    case("snmp-malformed", "Cut.", sent([good, good[:20]]), {MALFORMED: 1})
    long = b"\x30\x82\xff\xf0" + good[2:]
    case("snmp-overrun", "Length 65,520.", udp(ATTACKER, PLC, PORT, [(C, long)]), {OVERRUN: 1})
    none = [MALFORMED, OVERRUN, FLOOD, VERSION, FOUR, LONG]
    case("snmp-well-formed", "None.", sent([good]), {}, none)
    odd = good[:4] + b"\x63" + good[5:]
    case("snmp-version", "Version 99.", udp(ATTACKER, PLC, PORT, [(C, odd)]), {VERSION: 1})
    four = b"\x30\x84\xff\xff\xff\xff" + good[2:]
    case("snmp-four", "Length of 4 octets.", udp(ATTACKER, PLC, PORT, [(C, four)]), {FOUR: 1})
    named = get(UPTIME, "A" * 300)
    case("snmp-long", "A community of 300.", udp(ATTACKER, PLC, PORT, [(C, named)]), {LONG: 1})
    case("snmp-flood", "600 in half a second.", often(good, 600, 0.5), {FLOOD: 1})
    trap = message(SNMPtrapv2(id=7, varbindlist=bound(UPTIME)))
    case("snmp-trap-flood", "250 in 5 s.", often(trap, 250, 5, port=TRAPS), {TRAP_FLOOD: 1})
    tagged = udp(ATTACKER, PLC, PORT, [(C, put(MIB2 + "33.1.8.2.0"))], vlan=30)
    case("snmp-vlan", "In a VLAN.", tagged, {SET: 1, UPS: 1})
    first_reply = udp(ATTACKER, PLC, PORT, [(S, reply(UPTIME)), (C, put(MIB2 + "33.1.8.2.0"))])
    case("snmp-midstream-server", "The reply seen first.", first_reply, {SET: 1, UPS: 1})
    # the oldest version, by number 0
    old = message(SNMPset(id=7, varbindlist=bound(COUNTER, ASN1_INTEGER(1))), OWN, 0)
    case("snmp-version-1", "A set of version 1.", sent([old]), {SET: 1})


def _benign() -> None:
    cycle = [
        (C, get(UPTIME, "public")),
        (S, reply(UPTIME)),
        (C, bulk(MIB2 + "2.2.1.10")),
        (S, reply(COUNTER)),
        (C, following(MIB2 + "2.2.1.16")),
        (S, reply(COUNTER)),
    ]
    polling = merged(
        udp(HMI, PLC, PORT, cycle * 20, step=0.2),
        udp(PLC, HMI, TRAPS, [(C, message(SNMPtrapv2(id=7, varbindlist=bound(UPTIME))))] * 3),
    )
    case("snmp-polling", "Counters, with the community public.", polling, {}, ALL_SIDS)
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"\x81\x0a\x00\x11" + bytes(13)]
    other = udp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("snmp-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of SNMP."""
    _sets()
    _reconnaissance()
    _communities()
    _malformed()
    _benign()
