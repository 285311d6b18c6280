"""Cases of KNXnet/IP: telegrams as xknx encodes them, in tunnels and by routing."""

from collections import Counter
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 3671
GROUP = "224.0.23.12"

WRITE, WRITES, READS, ROUTED, ADDRESS, ADDRESSES, NETWORK, SERIAL = range(1939001, 1939009)
LOAD, UPLOAD, RESTART, ERASE, PROPERTY, READ_PROPERTY, STATE, DESCRIPTOR = range(1939010, 1939018)
KEY, SET_KEY, KEYS, USER_MEMORY, FUNCTION, DESCRIPTORS, CONNECTS = range(1939018, 1939025)
SEARCH, SEARCH2, DESCRIBE, TUNNEL, MONITOR, MANAGE, SET, GET, RESET = range(1939040, 1939049)
REMOTE, REMOTE_RESET, DIAGNOSE, BUSY, LOST, TUNNELS, ENDS, SECURE = range(1939049, 1939057)
PARAMETER, COUPLER, RAW, NO_ADDRESS, TO_ONE = range(1939025, 1939030)
SPECIAL, FEATURE, COMMAND = range(1939057, 1939060)
REFUSED, LENGTH, SERVICE, FLOOD, SESSION = range(1939080, 1939085)
GATE = 1939000  # a step that does not alert
ALL_SIDS = [
    *range(WRITE, SERIAL + 1),
    *range(LOAD, TO_ONE + 1),
    *range(SEARCH, COMMAND + 1),
    *range(REFUSED, SESSION + 1),
]


def frame(service: str, body: str) -> bytes:
    """A KNXnet/IP frame; service and body in hex."""
    raw = bytes.fromhex(body)
    return b"\x06\x10" + bytes.fromhex(service) + (6 + len(raw)).to_bytes(2, "big") + raw


def tunnel(cemi: str) -> bytes:
    return frame("0420", "04010300" + cemi)


def device(data: str) -> bytes:
    """A request to device 1.1.7: control, addresses, length and TPCI as in ``data``."""
    return tunnel("1100b06011fa1107" + data)


HPAI = "08010a0a0a420e57"
GROUP_WRITE = "e011fa0a03010081"  # 1.1.250 switches 1/2/3 on
GROUP_READ = "e011fa0a03010000"
ON = tunnel("1100bc" + GROUP_WRITE)
READ = tunnel("1100bc" + GROUP_READ)
ROUTING = frame("0530", "2900bc" + "e011040a03010081")
# the same from a line of RF devices: additional information of ten octets
ROUTING_RF = frame("0530", "290a" + "0208" + "00" * 8 + "bc" + "e011040a03010081")
NO_SOURCE = frame("0530", "2900bc" + "e000000a03010081")
ACK = frame("0421", "04010300")
CONNECT = frame("0205", HPAI * 2 + "04040200")
BEAT = frame("0207", "0100" + HPAI)


def sent(payloads: Sequence[bytes]) -> list[Packet]:
    exchange = [step for p in payloads for step in ((C, p), (S, ACK))]
    return udp(ATTACKER, PLC, PORT, exchange, step=0.4)


def routed(payloads: Sequence[bytes]) -> list[Packet]:
    return udp(ATTACKER, GROUP, PORT, [(C, p) for p in payloads], sport=PORT, step=0.4)


def apart(steps: Sequence[tuple[bytes, set[int]]]) -> tuple[list[Packet], Counter[int]]:
    """Each payload to a device of its own, and how many alerts that makes by rule."""
    flows = [
        udp(ATTACKER, f"10.10.21.{n}", PORT, [(C, p), (S, ACK)], start=n)
        for n, (p, _) in enumerate(steps, 1)
    ]
    return merged(*flows), Counter(sid for _, sids in steps for sid in sids)


def often(
    payload: bytes, times: int, seconds: float, side: str = C, server: str = PLC
) -> list[Packet]:
    asked = [(C, frame("0207", "1500" + HPAI))] if side == S else []
    return udp(ATTACKER, server, PORT, asked + [(side, payload)] * times, step=seconds / times)


def _telegrams() -> None:
    themes.pair(
        "knxnet-telegrams",
        "A group written through a tunnel; addresses written and read.",
        [
            (ON, {WRITE}),
            (tunnel("1100b0" + "e011fa00000300c01109"), {ADDRESS}),
            (tunnel("1100b0" + "e011fa0000010100"), {ADDRESSES}),
            (tunnel("1100b0" + "e011fa00000503dc0123"), {NETWORK}),
            (tunnel("1100b0" + "e011fa00000d03de00010203040511090000"), {SERIAL}),
        ],
        [
            READ,
            tunnel("2900bc" + "e011040a03010081"),  # an indication from the bus
            tunnel("2900bc" + "e011040a03010041"),  # a response
            tunnel("1100b0" + "e011fa0000010140"),  # the answer to the read of an address
            (tunnel("1100b0" + "e011fa00000503e4000b0001"), {PARAMETER}),  # written, not asked
            tunnel("1100b0" + "e011fa00000503db000b0001"),
            tunnel("1100b0" + "e011fa00000603c8000b000100"),
            (ROUTING, {TO_ONE}),
        ],
        sent,
        made_by="lab",
    )
    themes.pair(
        "knxnet-device",
        "A device programmed, restarted, locked, read.",
        [
            (device("05468240000102"), {LOAD}),
            (device("0346024000"), {UPLOAD}),
            (device("014b80"), {RESTART}),
            (device("034b810100"), {ERASE}),
            (device("0647d7000b100101"), {PROPERTY}),
            (device("0f47d70305100104" + "00" * 9), {STATE}),
            (device("0547d5000b1001"), {READ_PROPERTY}),
            (device("010300"), {DESCRIPTOR}),
            (device("0647d10011223344"), {KEY}),
            (device("0647d30011223344"), {SET_KEY}),
            (device("0646c20240001234"), {USER_MEMORY}),
            (device("0546c700030100"), {FUNCTION}),
        ],
        [
            device("0080"),  # T_Connect
            device("0081"),  # T_Disconnect
            device("054642400001" + "02"),  # the answer to a read of memory
            device("064bd6000b100101"),
            device("034b400705"),
            device("0247d202"),
            device("0247d400"),
            (device("0346c80003"), {READ_PROPERTY}),
            device("0146c5"),  # the maker's information is read
            device("0446c6010203"),
            READ,
        ],
        sent,
        made_by="lab",
    )


def _extended() -> None:
    steps = [
        (device("0941fb0400400001020304"), {LOAD}),  # extended memory
        (device("0501fd04004000"), {UPLOAD}),
        (device("0647d0014000f00f"), {LOAD}),  # bits of memory
        (device("0646c4014000f00f"), {USER_MEMORY}),
        (device("0446c0044000"), {UPLOAD}),
        (device("0146c5"), {READ_PROPERTY}),
        (device("0446c8000b01"), {READ_PROPERTY}),
        (device("0a41ce000000103601000101"), {PROPERTY}),  # extended properties
        (device("0a01d0000000103601000101"), {PROPERTY}),
        (device("0a01ce000300100501000104"), {PROPERTY, STATE}),
        (device("0941cc0000001036010001"), {READ_PROPERTY}),
        (device("0841d200000010360000"), {READ_PROPERTY}),
        (device("0841d4000b00103a0000"), {FUNCTION}),
        (device("0841d5000b00103a0000"), {READ_PROPERTY}),
        (device("0447c1010200"), {UPLOAD}),  # couplers
        (device("0547c301020001"), {COUPLER}),
        (device("0447c8010200"), {UPLOAD}),
        (device("0547ca01020001"), {COUPLER}),
        (device("0147cd"), {READ_PROPERTY}),
        (device("0247cf01"), {COUPLER}),
        (device("0347e50101"), {READ_PROPERTY}),  # links of group objects
        (device("0547e701000a03"), {COUPLER}),
        (tunnel("1100b0" + "e011fa00000601c8000b038000"), {NETWORK}),
        (tunnel("1100b0" + "e011fa00000601ca000b038001"), {PARAMETER}),
        (tunnel("1100b0" + "e011fa00000503e4000b0001"), {PARAMETER}),
        (tunnel("1100b0" + "e011fa00000103e1"), {NETWORK}),
        (tunnel("1100b0" + "e011fa00000903ee0001020304050001"), {SERIAL}),
        (tunnel("1000bc11fa0a03e1008100"), {RAW}),
        (tunnel("110404020010" + "b06011fa1107" + "014b80"), {RESTART}),  # a relative time
        (tunnel("1106060412345678" + "b06011fa1107" + "014b80"), {RESTART}),
        (tunnel("110a0208" + "00" * 8 + "b06011fa1107" + "014b80"), {RESTART}),  # RF
        (tunnel("11060504000000ff" + "bc" + GROUP_WRITE), {WRITE}),  # with a delay
        (NO_SOURCE, {NO_ADDRESS, TO_ONE}),
        (ROUTING, {TO_ONE}),
        (ROUTING_RF, {TO_ONE}),
    ]
    case(
        "knxnet-extended", "Services of newer devices and of couplers, one a device.", *apart(steps)
    )
    near = [
        device("0541fc00004000"),
        device("0541fe04004000"),
        device("0541cf00000010"),
        device("0541d100000010"),
        device("0541d600000010"),
        device("0446c1014000"),
        device("0446c6010203"),
        device("0346c90000"),
        device("0447c2010200"),
        device("0447c9010200"),
        device("0247ce01"),
        device("0347d20102"),
        device("0347e60101"),
        tunnel("1100b0" + "e011fa00000601c9000b000100"),
        tunnel("1100b0" + "e011fa00000203e20001"),
        tunnel("110a0208" + "00" * 8 + "bc" + GROUP_READ),
        tunnel("2f00bc11fa0a03e1008100"),  # the confirmation of a raw telegram
        frame("0530", "2900bc" + "e011040a03010041"),  # a value answered to one host
        frame("0530", "2900bc" + "e000000a03010000"),
    ]
    packets, _ = apart([(p, set()) for p in near])
    case("knxnet-extended-near", "Their answers.", packets, {}, ALL_SIDS)
    over = routed([ROUTING, ROUTING_RF, NO_SOURCE])
    case("knxnet-routed-source", "Routed without an address.", over, {NO_ADDRESS: 1}, [TO_ONE])
    usual = routed([ROUTING, ROUTING_RF] * 5)
    case("knxnet-routed-usual", "What routers say.", usual, {}, [NO_ADDRESS, TO_ONE])


def _server() -> None:
    themes.pair(
        "knxnet-server",
        "Servers searched, described, connected to, managed, reset.",
        [
            (frame("0201", HPAI), {SEARCH}),
            (frame("020b", HPAI), {SEARCH2}),
            (frame("0203", HPAI), {DESCRIBE}),
            (CONNECT, {TUNNEL}),
            (frame("0205", HPAI * 2 + "04048000"), {MONITOR}),
            (frame("0205", HPAI * 2 + "0203"), {MANAGE}),
            (frame("0310", "04010000" + "f6000b01341001" + "01"), {SET}),
            (frame("0310", "04010000" + "fc000b01341001"), {GET}),
            (frame("0310", "04010000" + "f1"), {RESET}),
            (frame("0742", HPAI + "0401"), {REMOTE}),
            (frame("0743", "0401" + "0100"), {REMOTE_RESET}),
            (frame("0740", HPAI + "0201"), {DIAGNOSE}),
            (frame("0205", HPAI * 2 + "0207"), {SPECIAL}),
            (frame("0424", "04010000" + "0600" + "11fa"), {FEATURE}),
            (frame("0310", "04010000" + "f80000013600"), {COMMAND}),
            (b"\x06\x10\x09\x51\0\6" + bytes.fromhex(HPAI) + bytes(32), {SESSION}),
        ],
        [
            frame(
                "0202", HPAI + "36010200110a000000fa12345678e000170c0200000000004b4e58" + "00" * 27
            ),
            frame("0206", "0100" + HPAI + "040411fa"),
            frame("0209", "0100" + HPAI),
            frame("0311", "04010000"),
            frame("0310", "04010000" + "fb000b0134100101"),
            frame("0741", "0401"),
            frame("0424", "04010000" + "0800" + "01"),  # to be told of changes
            frame("0422", "04010000" + "0100"),
            frame("0310", "04010000" + "fa0000013600"),
            frame("0951", HPAI + "00" * 32),
            BEAT,
            ACK,
        ],
        sent,
        made_by="lab",
    )


def _counts() -> None:
    case("knxnet-writes", "30 in 3 s.", often(ON, 30, 3), {WRITE: 1, WRITES: 1}, [READS])
    case("knxnet-write", "Five.", often(ON, 5, 3), {WRITE: 1}, [WRITES])
    case("knxnet-reads", "30 in 3 s.", often(READ, 30, 3), {READS: 1}, [WRITES, ROUTED])
    case("knxnet-read", "Five.", often(READ, 5, 3), {}, [READS])
    case("knxnet-routed", "120 in 6 s.", often(ROUTING, 120, 6, C, GROUP), {ROUTED: 1})
    key = device("0647d10011223344")
    case("knxnet-keys", "Six keys.", often(key, 6, 3), {KEY: 1, KEYS: 1})
    case("knxnet-key", "One key.", often(key, 1, 3), {KEY: 1}, [KEYS])
    ask = [tunnel(f"1100b06011fa11{n:02x}010300") for n in range(1, 16)]
    alerts = {DESCRIPTOR: 1, DESCRIPTORS: 1}
    case("knxnet-descriptors", "15 devices.", sent(ask), alerts, [CONNECTS], "lab")
    case("knxnet-descriptor", "One.", sent(ask[:1]), {DESCRIPTOR: 1}, [DESCRIPTORS], "lab")
    connects = [tunnel(f"1100b06011fa11{n:02x}0080") for n in range(1, 31)]
    case("knxnet-connects", "Thirty devices connected to.", sent(connects), {CONNECTS: 1})
    case("knxnet-connect", "Three.", sent(connects[:3]), {}, [CONNECTS])
    limits = {
        "busy": (frame("0532", "060000640000"), BUSY, 15, 3, C),
        "lost": (frame("0531", "04000001"), LOST, 15, 6, C),
        "ends": (frame("0209", "0100" + HPAI), ENDS, 15, 3, C),
        "secure": (frame("0951", HPAI + "00" * 32), SECURE, 8, 3, C),
        "refused": (frame("0206", "0024"), REFUSED, 8, 3, S),
    }
    for name, (payload, sid, times, seconds, side) in limits.items():
        many, few = often(payload, times, seconds, side), often(payload, 2, seconds, side)
        case(f"knxnet-many-{name}", f"{times} in {seconds} s.", many, {sid: 1})
        case(f"knxnet-few-{name}", "Two.", few, {}, [sid])
    tunnels = often(CONNECT, 15, 3)
    case("knxnet-tunnels", "15 tunnels in 3 s.", tunnels, {TUNNEL: 1, TUNNELS: 1})
    case("knxnet-tunnel", "One.", often(CONNECT, 1, 3), {TUNNEL: 1}, [TUNNELS, MONITOR, MANAGE])
    case("knxnet-flood", "350 in half a second.", often(BEAT, 350, 0.5), {FLOOD: 1})
    case(
        "knxnet-length",
        "Length 65,000.",
        sent([b"\x06\x10\x02\x07\xfd\xe8" + BEAT[6:]]),
        {LENGTH: 1},
    )
    case("knxnet-service", "An unknown service.", sent([frame("0a01", "00")]), {SERVICE: 1})
    many = [
        (frame("0205", HPAI * 2 + "0206"), {SPECIAL}),
        (frame("0205", HPAI * 2 + "0208"), {SPECIAL}),
        (frame("0310", "04010000" + "f90000013600"), {GET}),
        (b"\x06\x10\x09\x51\0\x0e" + bytes.fromhex(HPAI), {SESSION}),
        (b"\x06\x10\x09\x51\0\0" + bytes.fromhex(HPAI) + bytes(32), {SESSION}),
    ]
    case("knxnet-server-others", "Other kinds of the same.", *apart(many))
    ask = [(C, frame("0951", "0802" + "00" * 38))]
    session = tcp(HMI, PLC, PORT, ask, split=4)
    case(
        "knxnet-session", "A secure session, its length in another segment.", session, {}, [SESSION]
    )
    case("knxnet-beat", "A heart-beat.", sent([BEAT]), {}, [FLOOD, LENGTH, SERVICE])


def _transport() -> None:
    restart, alerts = device("014b80"), {RESTART: 1}
    talk: Exchange = [(C, BEAT), (S, ACK), (C, restart), (S, ACK), (C, BEAT)]
    case("knxnet-tcp-split", "In segments of 5.", tcp(HMI, PLC, PORT, talk, split=5), alerts)
    together: Exchange = [(C, BEAT), (C, restart), (C, BEAT)]
    behind = tcp(HMI, PLC, PORT, together, coalesce=True)
    case("knxnet-tcp-coalesced", "Behind a heart-beat.", behind, alerts)
    late = tcp(HMI, PLC, PORT, [(S, ACK), *talk], midstream=True)
    case("knxnet-midstream-server", "Joined, the server speaks first.", late, alerts)
    case("knxnet-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    case("knxnet-vlan", "In a VLAN.", udp(HMI, PLC, PORT, talk, vlan=30), alerts)
    over = routed([frame("0530", "2900b06011fa1107" + "014b80")])
    case("knxnet-routed-restart", "A restart by routing.", over, alerts)


def _benign() -> None:
    cycle = [
        (C, READ),
        (S, ACK),
        (S, tunnel("2900bc" + "e011040a03010041")),
        (C, ACK),
        (C, BEAT),
    ] * 6
    polling = merged(
        udp(HMI, PLC, PORT, cycle, step=0.7),
        udp(PLC, GROUP, PORT, [(C, ROUTING), (C, ROUTING_RF)] * 20, sport=PORT, step=0.5),
    )
    case("knxnet-polling", "Groups read, telegrams routed.", polling, {}, [GATE, *ALL_SIDS], "lab")
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"M-SEARCH * HTTP/1.1\r\n"]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("knxnet-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of KNXnet/IP."""
    _telegrams()
    _extended()
    _server()
    _counts()
    _transport()
    _benign()
