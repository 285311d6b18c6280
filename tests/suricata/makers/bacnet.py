"""Cases of BACnet/IP: service data as bacpypes3 encodes it, in scripted frames."""

import struct
from collections import Counter
from collections.abc import Iterable, Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    HMI,
    PLC,
    C,
    S,
    case,
    merged,
    udp,
)

PORT = 47808
BROADCAST = "10.10.255.255"

GATE = 1925000  # a step that does not alert
RESTART, BACKUP, RESTORE, ACTIVATE, SILENCE, ENABLE = range(1925001, 1925007)
WRITE, OUTPUT, LIFE, INPUT, SERVICE, LIMITS, EVENTS, PROGRAM = range(1925010, 1925018)
SCHEDULE, NAME, NETWORK, RELINQUISH, SAFETY, MULTIPLE, BURST = range(1925018, 1925025)
RECIPIENTS, REMOVE, ADD, GROUP = range(1925025, 1925029)
CREATE, DELETE, WRITE_FILE, READ_FILE = range(1925030, 1925034)
ACK, OPERATE, TIME, UTC, TEXT, SHOUT, OPEN, INPUT_LINE = range(1925040, 1925048)
PRIVATE, UNCONFIRMED_PRIVATE, AUTHENTICATE, YOU_ARE, CLOSE, KEYS = range(1925048, 1925054)
WHO_IS, SWEEP, WHO_HAS, ROUTERS, NETWORKS, IDENTITY, OBJECTS, ALL = range(1925060, 1925068)
STATE, RANGE, COV, ALARMS, ENROLLMENTS, READS, ERRORS, REFUSED = range(1925068, 1925076)
ACTIVE, NAMES, DESCRIPTIONS, UNITS = range(1925076, 1925080)
BDT, READ_BDT, FOREIGN, READ_FDT, DELETE_FDT = range(1925080, 1925085)
ROUTES, READ_ROUTES, BUSY, CONNECTION, I_AM_ROUTER = range(1925085, 1925090)
LENGTH, OVERRUN, FLOOD, I_AM, SPOOF = range(1925090, 1925095)
ALL_SIDS = [
    *range(RESTART, ENABLE + 1),
    *range(WRITE, GROUP + 1),
    *range(CREATE, READ_FILE + 1),
    *range(ACK, KEYS + 1),
    *range(WHO_IS, UNITS + 1),
    *range(BDT, SPOOF + 1),
]

READ_VALUE = "0c000000011955"  # present value of analog input 1
# an element of a notification class's list: days, hours, device, process, transitions
RECIPIENT = "0c03c0000519663e8201feb400000000b4173b3b630c02000007210110" + "8205e03f"
AO_50 = "0c0040000119553e44424800003f4908"  # analog output 1 to 50.0 at priority 8


def bvlc(function: int, body: bytes) -> bytes:
    """A BVLC frame; body is what follows its four octets."""
    return struct.pack("!BBH", 0x81, function, 4 + len(body)) + body


def npdu(apdu: bytes, *, function: int = 10, control: int = 4, addresses: str = "") -> bytes:
    """An APDU in NPDU and BVLC; addresses is the NPDU's address part in hex."""
    return bvlc(function, bytes([1, control]) + bytes.fromhex(addresses) + apdu)


def ask(service: int, data: str = "", **how: object) -> bytes:
    """A confirmed request, not segmented, invoke id 1."""
    return npdu(bytes([0x00, 0x05, 1, service]) + bytes.fromhex(data), **how)  # type: ignore[arg-type]


def tell(service: int, data: str = "", function: int = 11) -> bytes:
    """An unconfirmed request to all networks."""
    body = bytes([0x10, service]) + bytes.fromhex(data)
    return npdu(body, function=function, control=0x20, addresses="ffff00ff")


def reply(kind: int, rest: str) -> bytes:
    """A PDU of another kind than a request (0x20 simple ack, 0x30 complex ack, 0x50 error ...)."""
    return npdu(bytes([kind, 1]) + bytes.fromhex(rest), control=0)


def network(kind: int, data: str = "") -> bytes:
    """A network layer message."""
    return bvlc(11, bytes([1, 0x80, kind]) + bytes.fromhex(data))


def sent(payloads: Sequence[bytes]) -> list[Packet]:
    return udp(ATTACKER, PLC, PORT, [(C, p) for p in payloads], sport=PORT, step=0.4)


def apart(steps: Sequence[tuple[bytes, set[int]]]) -> tuple[list[Packet], Counter[int]]:
    """Each payload to a device of its own, and how many alerts that makes by rule."""
    flows = [
        udp(ATTACKER, f"10.10.21.{n}", PORT, [(C, payload)], sport=PORT, start=n)
        for n, (payload, _) in enumerate(steps, 1)
    ]
    return merged(*flows), Counter(sid for _, sids in steps for sid in sids)


def answered(payloads: Sequence[bytes]) -> list[Packet]:
    steps = [(C, ask(12, READ_VALUE)), *((S, p) for p in payloads)]
    return udp(HMI, PLC, PORT, steps, sport=PORT, step=0.4)


def shouted(payloads: Sequence[bytes]) -> list[Packet]:
    return udp(ATTACKER, BROADCAST, PORT, [(C, p) for p in payloads], sport=PORT, step=0.4)


def often(payload: bytes, times: int, seconds: float, server: str = PLC) -> list[Packet]:
    steps = [(C, payload)] * times
    return udp(ATTACKER, server, PORT, steps, sport=PORT, step=seconds / times)


def _control() -> None:
    themes.pair(
        "bacnet-reinitialize",
        "ReinitializeDevice with each kind of state.",
        [
            (ask(20, "09001d0700736563726574"), {RESTART}),
            (ask(20, "0902"), {BACKUP}),
            (ask(20, "09041d0700736563726574"), {RESTORE}),
            (ask(20, "0907"), {ACTIVATE}),
        ],
        [ask(20, "0908"), reply(0x20, "14"), reply(0x30, "140900"), ask(12, READ_VALUE)],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-communication",
        "DeviceCommunicationControl: disabled (with a duration and without), then enabled.",
        [
            (ask(17, "0a012c19012d0700736563726574"), {SILENCE}),
            (ask(17, "1902"), ()),
            (ask(17, "1900"), {ENABLE}),
        ],
        [reply(0x20, "11"), reply(0x50, "1191049145"), ask(12, "0c000000111955"), ask(17, "1907")],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-operate",
        "Alarms acknowledged and silenced, clocks set, texts, terminals, vendors' services.",
        [
            (ask(0, "09011c0000000129033e19033f4d09006f70657261746f725e19045f"), {ACK}),
            (ask(27, "09011d09006f70657261746f7229013c05800001"), {OPERATE}),
            (tell(6, "a47e0b1802b403000000"), {TIME}),
            (tell(9, "a47e0b1802b403000000"), {UTC}),
            (ask(19, "0c0200000729013d0f006c656176652074686520726f6f6d"), {TEXT}),
            (tell(5, "0c0200000729003d0f006c656176652074686520726f6f6d"), {SHOUT}),
            (ask(21, "91012105"), {OPEN}),
            (ask(23, "210565060072656164793f"), {INPUT_LINE}),
            (ask(22, "2105"), {CLOSE}),
            (ask(18, "095f1901"), {PRIVATE}),
            (tell(4, "095f1901"), {UNCONFIRMED_PRIVATE}),
            (ask(24, "0c010203041901"), {AUTHENTICATE}),
            (tell(14, "215f750400414243750400313233c4020003e9"), {YOU_ARE}),
            (network(0x11, "01" + "00" * 16), {KEYS}),
        ],
        [
            reply(0x20, "00"),
            reply(0x20, "1b"),
            reply(0x30, "12095f1901"),
            reply(0x30, "1521052105"),
            tell(2, "09011c020003e92c0000000139c84e09552e4441a800002f4f"),
            tell(3, "09011c020003e92c00000001"),
            ask(2, "09011c020003e92c0000000139004e4f"),
            (ask(29), {ACTIVE}),
            reply(0x20, "16"),
            network(0x10, "0102"),  # a key is asked for
            tell(13, "215f750400414243750400313233"),
        ],
        sent,
        made_by="lab",
    )


def _writes() -> None:
    themes.pair(
        "bacnet-write",
        "WriteProperty and WritePropertyMultiple on what matters in an object.",
        [
            (ask(15, AO_50), {WRITE, OUTPUT}),
            (ask(15, "0c0040000119553e44000000003f4901"), {LIFE}),
            (ask(15, "0c0000000119553e4441ac00003f"), {INPUT}),
            (ask(15, "0c0000000119513e113f"), {SERVICE}),
            (ask(15, "0c00000001192d3e44446100003f"), {LIMITS}),
            (ask(15, "0c0000000119233e8205003f"), {EVENTS}),
            (ask(15, "0c04000001195a3e91033f"), {PROGRAM}),
            (ask(15, "0c0440000119ae3e4441f000003f"), {SCHEDULE}),
            (ask(15, "0c020003e9194d3e7506004148552d323f"), {NAME}),
            (ask(15, "0c0e0000011a01903e640a0a14633f"), {NETWORK}),
            (ask(15, "0c0040000119683e4442c800003f"), {RELINQUISH}),
            (ask(15, "0c0580000119a03e91003f"), {SAFETY}),
            (ask(16, "0c004000011e09552e44000000002f1f"), {MULTIPLE}),
        ],
        [
            (ask(15, "0c0080000219163e443f8000003f"), {WRITE}),  # COV increment
            ask(15, "0c0080000219553e4441ac00003f4910"),  # an analog value, default priority
            ask(15, "0c0000000119513e103f"),  # back in service
            (ask(15, "0c0000000119233e8205e03f"), {LIMITS}),  # every transition reported
            ask(12, "0c004000011955"),
            ask(14, "0c000000011e0955096f1f0c000000021e09551f"),
            ask(1, "09011c020003e92c0000000139c84e09552e4441a800002f4f"),
            reply(0x30, "0c0c0040000119553e44424800003f"),
            reply(0x20, "10"),
        ],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-write-multiple",
        "WritePropertyMultiple: out of service, and a limit.",
        [
            (ask(16, "0c00c000041e09512e112f1f"), {MULTIPLE, SERVICE}),
            (ask(16, "0c000000011e092d2e44446100002f1f"), {LIMITS}),
        ],
        [(ask(16, "0c00c000041e09512e102f1f"), {MULTIPLE}), reply(0x20, "10")],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-lists",
        "Elements of lists added and removed, a group of outputs written.",
        [
            (ask(8, RECIPIENT), {RECIPIENTS}),
            (ask(8, "0c0180000119173e0c7e0b18023f"), {ADD}),
            (ask(9, RECIPIENT), {REMOVE}),
            (tell(10, "090119082e090144000000002f"), {GROUP}),
        ],
        [
            reply(0x20, "08"),
            reply(0x20, "09"),
            ask(12, "0c03c000051966"),
            tell(11, "09011c020003e92c0000000a"),
        ],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-objects",
        "Objects created and deleted, a file written and read.",
        [
            (ask(10, "0e09020f"), {CREATE}),
            (ask(11, "c400800002"), {DELETE}),
            (ask(7, "c4028000010e3100650b6e65772070726f6772616d0f"), {WRITE_FILE}),
            (ask(6, "c4028000010e31002201900f"), {READ_FILE}),
        ],
        [
            reply(0x30, "0ac400800002"),
            reply(0x20, "0b"),
            reply(0x30, "070900"),
            reply(0x30, "06110e3100650b6e65772070726f6772616d0f"),
            tell(0, "c4028000012205c49100215f"),
        ],
        sent,
        made_by="lab",
    )
    themes.pair(
        "bacnet-objects-context",
        "The same by clients that give the object a context tag.",
        [
            (ask(11, "0c00800002"), {DELETE}),
            (ask(7, "0c028000010e0c000000001d056e6577000f"), {WRITE_FILE}),
            (ask(6, "0c028000010e0c000000001a04000f"), {READ_FILE}),
        ],
        [reply(0x20, "0b"), reply(0x30, "070c00"), ask(12, "0c0b0c07001955")],
        sent,
        made_by="lab",
    )
    case(
        "bacnet-write-burst",
        "Thirty writes in three seconds.",
        often(ask(15, AO_50), 30, 3),
        {WRITE: 1, OUTPUT: 1, BURST: 1},
        made_by="lab",
    )
    case(
        "bacnet-write-slow",
        "Thirty writes in a minute.",
        often(ask(15, AO_50), 30, 60),
        {WRITE: 1, OUTPUT: 1},
        silent=[BURST],
        made_by="lab",
    )


def _reconnaissance() -> None:
    themes.pair(
        "bacnet-discovery",
        "Devices, objects, routers and networks asked for by broadcast.",
        [
            (tell(8), {WHO_IS}),
            (tell(7, "3d0b00537570706c792066616e"), {WHO_HAS}),
            (network(0), {ROUTERS}),
            (network(0x12), {NETWORKS}),
        ],
        [
            tell(8, "0a03e91a03e9"),
            tell(0, "c4020003e92205c49100215f"),
            tell(1, "c4020003e9c400000001750300414948"),
            network(1, "0005"),
            network(0x13, "000501"),
        ],
        shouted,
        made_by="lab",
    )
    themes.pair(
        "bacnet-discovery-range",
        "All devices asked for by a range that is all there is, in four octets.",
        [(tell(8, "09001c003fffff"), {WHO_IS})],
        [tell(8, "09001c000003e9")],
        shouted,
        made_by="lab",
    )
    themes.pair(
        "bacnet-browse",
        "What an engineering tool reads of a device it does not know.",
        [
            (ask(12, "0c020003e91946"), {IDENTITY}),
            (ask(12, "0c020003e9194c2900"), {OBJECTS}),
            (ask(14, "0c000000011e09081f"), {ALL}),
            (ask(12, "0c020003e91970"), {STATE}),
            (ask(26, "0c050000011983"), {RANGE}),
            (ask(5, "09011c0000000129003a012c"), {COV}),
            (ask(3), {ALARMS}),
            (ask(4, "0900"), {ENROLLMENTS}),
            (ask(29), {ACTIVE}),
        ],
        [
            ask(12, READ_VALUE),
            ask(12, "0c00000001194d"),
            ask(14, "0c000000011e0955096f1f0c000000021e09551f"),
            reply(0x30, "0c0c020003e919463e75060042617369633f"),
            reply(0x20, "05"),
            reply(0x30, "03"),
            reply(0x30, "1d0e0f1900"),
            ask(1, "09011c020003e92c0000000139c84e09552e4441a800002f4f"),
        ],
        sent,
        made_by="lab",
    )
    case(
        "bacnet-browse-multiple",
        "Identity and list of objects in ReadPropertyMultiple.",
        sent([ask(14, "0c020003e91e094d09790946092c1f"), ask(14, "0c020003e91e094c1f")]),
        {IDENTITY: 1, OBJECTS: 1},
        made_by="lab",
    )
    steps = [
        (ask(12, "0c020003e91a0174"), {IDENTITY}),  # serial number
        (ask(12, "0c020003e9191e"), {IDENTITY}),  # addresses of other devices
        (ask(12, "0c020003e9193a"), {IDENTITY}),  # place
        (ask(12, "0c023fffff194b"), {IDENTITY}),  # a device whose number is not known
        (ask(14, "0c023fffff1e094b1f"), {IDENTITY}),
        (ask(14, "0c020003e91e094d0a01741f"), {IDENTITY}),
        (ask(14, "0c020003e91e0a0173093a1f"), {IDENTITY}),
        (ask(12, "0c020003e919d1"), {OBJECTS}),
        (ask(14, "0c020003e91e094d09d11f"), {OBJECTS}),
        (ask(29, "0c00000005"), {ACTIVE}),  # the rest, after an object
        (ask(25, "c4020003e965060a0a0a05bac0c4020003ea65060a0a0a06bac0"), {AUTHENTICATE}),
        (network(0x0E, "00" * 8), {KEYS}),
        (network(0x0F, "00" * 8), {KEYS}),
        (ask(14, "0c000000011e094d091c09751f"), {NAMES}),
        (ask(14, "0c020003e91e09701f0c000000011e09551f0c000000021e0955094d1f"), {NAMES}),
        (
            npdu(bytes.fromhex("0244010e0c000000011e094d1f"), control=0x0C, addresses="00070121"),
            {NAMES},
        ),
        (ask(14, "0c000000011e09550957" + "1908" + "091c1f"), {DESCRIPTIONS}),
        (ask(14, "0c000000011e09551f0c000000021e0955091c1f"), {DESCRIPTIONS}),
        (ask(14, "0c000000011e095509751f"), {UNITS}),
    ]
    case("bacnet-browse-each", "What tools read, each of another device.", *apart(steps))
    near = [
        ask(12, "0c020003e9194b"),
        ask(12, "0c020003e9194d"),
        ask(12, "0c000000011a0174"),
        ask(12, "0c00000001191e"),
        ask(12, "0c00000001191c"),
        ask(14, "0c020003e91e094d091c1f"),  # of the device
        ask(14, "0c0000094d1e0955096f1f"),  # object 2,381
        ask(14, "0c0000091c1e0955096f1f0c000009751e09551f"),
        ask(14, "0c000000011e0957194d096f191c1f"),
        reply(0x30, "0e0c000000011e294d4e7502004f1f"),
    ]
    packets, _ = apart([(payload, set()) for payload in near])
    silent = [IDENTITY, OBJECTS, ACTIVE, NAMES, DESCRIPTIONS, UNITS, KEYS, AUTHENTICATE]
    case("bacnet-browse-each-near", "Other properties, other objects.", packets, {}, silent)
    ranges = [f"0a{low:04x}1a{low + 99:04x}" for low in range(1000, 2500, 100)]
    case(
        "bacnet-sweep",
        "Fifteen Who-Is, each for another hundred devices.",
        shouted([tell(8, text) for text in ranges]),
        {SWEEP: 1},
    )
    case("bacnet-sweep-few", "Five ranges.", shouted([tell(8, t) for t in ranges[:5]]), {}, [SWEEP])
    case("bacnet-reads", "300 reads in 5 s.", often(ask(12, READ_VALUE), 300, 5), {READS: 1})
    errors = [reply(0x50, "0c9101911f")] * 25
    case("bacnet-errors", "Unknown objects, again and again.", answered(errors), {ERRORS: 1})
    case("bacnet-errors-few", "Ten errors.", answered(errors[:10]), {}, [ERRORS])
    refused = [reply(0x50, "149104911a")] * 4
    case("bacnet-password", "A password guessed four times.", answered(refused), {REFUSED: 1})
    case("bacnet-password-once", "A typing error.", answered(refused[:1]), {}, [REFUSED])


def _paths() -> None:
    themes.pair(
        "bacnet-bbmd",
        "Broadcast and foreign device tables read and changed.",
        [
            (bvlc(1, bytes.fromhex("0a0a0a42bac0ffffffff")), {BDT}),
            (bvlc(2, b""), {READ_BDT}),
            (bvlc(5, b"\x00\x3c"), {FOREIGN}),
            (bvlc(6, b""), {READ_FDT}),
            (bvlc(8, bytes.fromhex("0a0a0a05bac0")), {DELETE_FDT}),
        ],
        [
            bvlc(0, b"\x00\x10"),
            bvlc(3, bytes.fromhex("0a0a1401bac0ffffffff")),
            bvlc(7, bytes.fromhex("0a0a0a05bac0003c0030")),
            bvlc(0, b"\x00\x50"),
        ],
        sent,
    )
    themes.pair(
        "bacnet-routing",
        "Routes between BACnet networks changed, read, blocked.",
        [
            (network(6, "0100050100"), {ROUTES}),
            (network(6, "00"), {READ_ROUTES}),
            (network(4, "0005"), {BUSY}),
            (network(8, "00050a"), {CONNECTION}),
        ],
        [network(7, "0100050100"), network(5, "0005"), network(1, "0005"), network(3, "010005")],
        sent,
    )
    case(
        "bacnet-routers-announced",
        "Thirty routers announced in ten seconds.",
        often(network(1, "0005"), 30, 10, BROADCAST),
        {I_AM_ROUTER: 1},
    )
    case(
        "bacnet-router-starts",
        "A router announces its networks.",
        often(network(1, "0005"), 3, 10, BROADCAST),
        {},
        silent=[I_AM_ROUTER],
    )


def _malformed() -> None:
    good = ask(12, READ_VALUE)
    case("bacnet-length", "More than the BVLC says.", sent([good + b"\0\0"]), {LENGTH: 1})
    case(
        "bacnet-overrun", "BVLC length 65535.", sent([b"\x81\x0a\xff\xff" + good[4:]]), {OVERRUN: 1}
    )
    case(
        "bacnet-flood",
        "600 datagrams in half a second.",
        often(good, 600, 0.5),
        {FLOOD: 1, READS: 1},
    )
    names = [tell(0, f"c402{number:06x}2205c49100215f") for number in range(60)]
    case("bacnet-i-am", "Sixty devices in 24 s.", shouted(names), {}, [I_AM])
    case(
        "bacnet-i-am-flood",
        "Sixty devices of one source in three seconds.",
        udp(ATTACKER, BROADCAST, PORT, [(C, p) for p in names], sport=PORT, step=0.05),
        {I_AM: 1},
    )
    value = tell(2, "09011c020003e92c0000000139c84e09552e4441a800002f4f")
    case("bacnet-cov-spoof", "400 COV in 4 s.", often(value, 400, 4, BROADCAST), {SPOOF: 1})


def _transport() -> None:
    restart = bytes.fromhex("00050114" + "0901")
    routed = {
        "to a device on MS/TP": {"control": 0x24, "addresses": "000501" + "0b" + "ff"},
        "from a routed source": {"control": 0x0C, "addresses": "000a06" + "0a0a0a05bac0"},
        "both addresses": {"control": 0x2C, "addresses": "000501" + "0b" + "000a01" + "07" + "fe"},
    }
    frames = [npdu(restart, **how) for how in routed.values()]  # type: ignore[arg-type]
    forwarded = bvlc(4, bytes.fromhex("0a0a0a05bac0" + "0104") + restart)
    for name, frame in zip(("to", "from", "both", "forwarded"), [*frames, forwarded], strict=True):
        case(
            f"bacnet-routed-{name}",
            "A restart behind other addresses.",
            sent([frame]),
            {RESTART: 1},
        )
    tagged = udp(ATTACKER, PLC, PORT, [(C, ask(20, "0901"))], sport=PORT, vlan=20)
    case("bacnet-vlan", "A restart in a VLAN.", tagged, {RESTART: 1})
    other = udp(ATTACKER, PLC, PORT + 1, [(C, ask(20, "0901"))])
    case("bacnet-second-port", "A restart on port 47809.", other, {RESTART: 1})


def _benign() -> None:
    silent = [GATE, *ALL_SIDS]
    case("bacnet-polling", "Values read and pushed all day long.", _polling(), {}, silent, "lab")
    junk = [b"\x80\x00" + b"\x14\x09\x01" * 8, b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"\x81"]
    case("bacnet-others", "Other protocols on the port.", sent(junk), {}, ALL_SIDS)


def _polling() -> Iterable[Packet]:
    value = reply(0x30, "0c0c0000000119553e4441ac00003f")
    several = ask(14, "0c000000011e0955096f1f0c000000021e09551f")
    pushed = tell(2, "09011c020003e92c0000000139c84e09552e4441a800002f4f")
    cycle = [(C, ask(12, READ_VALUE)), (S, value), (C, several), (S, reply(0x30, "0e0c000000011e"))]
    return merged(
        udp(HMI, PLC, PORT, cycle * 20, sport=PORT, step=0.25),
        udp(ENGINEER, CONTROLLER, PORT, cycle * 20, sport=PORT, step=0.25),
        udp(PLC, BROADCAST, PORT, [(C, pushed)] * 20, sport=PORT, step=1.0),
        udp(
            PLC, BROADCAST, PORT, [(C, tell(0, "c4020003e92205c49100215f"))] * 2, sport=PORT, step=9
        ),
    )


def make() -> None:
    """Write the cases of BACnet/IP."""
    _control()
    _writes()
    _reconnaissance()
    _paths()
    _malformed()
    _transport()
    _benign()
