"""Cases of OPC UA Binary: requests as asyncua encodes them, on scripted channels."""

import struct
from collections.abc import Sequence

from scapy.layers.inet import TCP
from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 4840

WRITE, BURST, ATTRIBUTE, ALARM_NODE, MODE_NODE, HISTORY, HISTORY_DELETE = range(1926001, 1926008)
CALL, STATE, PROGRAM, DISABLE, SUPPRESS, ACK, USER, ROLE = range(1926010, 1926018)
TRUST, DEFAULTS, FILE, FILE_READ, FILE_DELETE, PUBSUB, STOP, DOWNLOAD = range(1926018, 1926026)
ADD, ADD_REFERENCES, DELETE, DELETE_REFERENCES = range(1926030, 1926034)
BLOCK, LONG_FORM, SCRIPT = 1926008, 1926009, 1926026
MONITOR, TRANSFER, PUBLISHING, MONITORING, MODIFY, REGISTER, REGISTER2 = range(1926040, 1926047)
RESUBSCRIBE, UNSUBSCRIBED, UNMONITORED, SUBSCRIBED, DELETED_MANY = range(1926047, 1926052)
FIND, FIND_NETWORK, ENDPOINTS, BROWSE, CRAWL, QUERY, TRANSLATE, BUILD = range(1926060, 1926068)
SESSIONS, HISTORY_READ, READS, LONG_READ = range(1926068, 1926072)
LOGIN, DEFAULT_USER, REFUSED, UNKNOWN, ERRORS, LOGGED, LOGINS, TOKEN = range(1926080, 1926088)
LONG_URL, LONG_MESSAGE, CHUNK, CHUNKS, HELLOS, CONNECTIONS, BAD_HELLO, REVERSE = range(
    1926090, 1926098
)
VIEW, OPENED, CHANNELS, CLOSED, CLOSES, CHANNEL_FLOOD, SESSION_FLOOD = range(1926098, 1926105)
SUBSCRIPTION_FLOOD, CALL_FLOOD, SHORT_HELLO, LONG_HELLO, SMALL, BEGUN = range(1926105, 1926111)
GREETED, STRANGER, FORGED = range(1926111, 1926114)
ALL_SIDS = [
    *range(WRITE, LONG_FORM + 1),
    *range(CALL, SCRIPT + 1),
    *range(ADD, DELETE_REFERENCES + 1),
    *range(MONITOR, DELETED_MANY + 1),
    *range(FIND, LONG_READ + 1),
    *range(LOGIN, TOKEN + 1),
    *range(LONG_URL, FORGED + 1),
]

# the header of every request: session, time, handle, no audit entry, a time-out of 4 s
HEADER = "01010100004095bfa67bdd010700000000000000ffffffffa00f0000000000"
RESPONSE = "004095bfa67bdd0107000000"
GOOD = "00" * 12
REQUESTS = {
    "write": (
        673,
        "010000000302000d00000054616e6b2e536574706f696e740d000000ffffffff030b0000"
        "00000000454000000000",
    ),
    "access": (
        673,
        "010000000302000a00000054616e6b2e4c6576656c11000000ffffffff03030300000000",
    ),
    "limit": (
        673,
        "010000000302000e00000054616e6b2e486967684c696d69740d000000ffffffff030b00"
        "0000000000454000000000",
    ),
    "mode": (
        673,
        "010000000302000900000054616e6b2e4d6f64650d000000ffffffff030b000000000000454000000000",
    ),
    "hist": (
        700,
        "010000000100aa0201190000000302000a00000054616e6b2e4c6576656c0100000000000000",
    ),
    "histdel": (
        700,
        "010000000100b00201220000000302000a00000054616e6b2e4c6576656c01841bbbe7f7"
        "7cdd018e1bbbe7f77cdd01",
    ),
    "call": (
        712,
        "010000000302000400000054616e6b0302000900000054616e6b2e446f7365010000000b000000000000f03f",
    ),
    "state": (712, "010000000100cd080100563200000000"),
    "program": (712, "0100000003020005000000426174636801007d0900000000"),
    "disable": (712, "0100000003020006000000416c61726d310100442300000000"),
    "suppress": (712, "0100000003020006000000416c61726d310100134000000000"),
    "ack": (712, "0100000003020006000000416c61726d310100972300000000"),
    "enable": (712, "0100000003020006000000416c61726d310100432300000000"),
    "refresh": (712, "010000000100de0a0100230f010000000701000000"),
    "getitems": (712, "010000000100cd080100e42c010000000701000000"),
    "user": (
        712,
        "010000000100e25e0100f05e020000000c030000006576650c06000000736563726574",
    ),
    "role": (712, "010000000100f63c0100ad3f010000000c0100000078"),
    "cert": (712, "0100000001005d310100a93500000000"),
    "reset": (712, "0100000001005d3101006d6400000000"),
    "fopen": (712, "01000000030200070000005265636970657301003c2d010000000302"),
    "fread": (712, "0100000003020007000000526563697065730100412d00000000"),
    "fdel": (712, "010000000100ba3f0100e23f00000000"),
    "pubsub": (712, "010000000100db430100004400000000"),
    "stop": (
        712,
        "01000000030200050000004c696e65310302000a0000004c696e65312e53746f7000000000",
    ),
    "download": (
        712,
        "0100000003020003000000504c4303020013000000504c432e446f776e6c6f616450726f6772616d00000000",
    ),
    "addnodes": (488, "010000000000000000000000ffffffff000000000000000000"),
    "addrefs": (494, "010000000000000001ffffffff000000000000"),
    "delnodes": (500, "010000000102e90301"),
    "delrefs": (506, "010000000000000001000001"),
    "monitor": (
        751,
        "010000000000000001000000000000000000ffffffff0000ffffffff0000000000000000"
        "00000000000000000000000000000001",
    ),
    "transfer": (841, "010000000100000000"),
    "puboff": (799, "000100000001000000"),
    "pubon": (799, "010100000001000000"),
    "monoff": (769, "01000000000000000100000001000000"),
    "monon": (769, "01000000020000000100000001000000"),
    "modify": (
        763,
        "010000000000000001000000000000000000000000000000000000000000000000000001",
    ),
    "register": (
        437,
        "0500000075726e3a78ffffffff0000000000000000ffffffff010000001a0000006f7063"
        "2e7463703a2f2f31302e31302e31302e36363a34383430ffffffff01",
    ),
    "register2": (
        12211,
        "0500000075726e3a78ffffffff0000000000000000ffffffff010000001a0000006f7063"
        "2e7463703a2f2f31302e31302e31302e36363a34383430ffffffff0100000000",
    ),
    "find": (
        422,
        "1a0000006f70632e7463703a2f2f31302e31302e32302e31303a343834300000000000000000",
    ),
    "findnet": (12208, "000000000000000000000000"),
    "endpoints": (
        428,
        "1a0000006f70632e7463703a2f2f31302e31302e32302e31303a343834300000000000000000",
    ),
    "browse": (
        527,
        "000002debbe7f77cdd010000000000000000010000000055000000000000010000000000000000",
    ),
    "query": (615, "000046efbbe7f77cdd010000000000000000000000000000000000000000"),
    "translate": (554, "01000000005500000000"),
    "build": (
        631,
        "000000000000000000000000020000000100d5080d000000ffffffff0000ffffffff0100"
        "d8080d000000ffffffff0000ffffffff",
    ),
    "sessions": (
        631,
        "0000000000000000000000000100000001007b0e0d000000ffffffff0000ffffffff",
    ),
    "value": (
        631,
        "000000000000000000000000010000000302000a00000054616e6b2e4c6576656c0d0000"
        "00ffffffff0000ffffffff",
    ),
    "state_read": (
        631,
        "000000000000000000000000010000000100d3080d000000ffffffff0000ffffffff",
    ),
    "history": (
        664,
        "010089020116000000015a1cbce7f77cdd01641cbce7f77cdd0100000000010000000001"
        "010000000302000a00000054616e6b2e4c6576656cffffffff0000ffffffffffffffff",
    ),
    "login": (
        467,
        "ffffffffffffffff000000000100000002000000656e0100440101230000000800000075"
        "7365726e616d65050000006d6172696106000000736563726574ffffffffffffffffffff"
        "ffff",
    ),
    "default": (
        467,
        "ffffffffffffffff000000000100000002000000656e0100440101230000000800000075"
        "7365726e616d650500000061646d696e06000000736563726574ffffffffffffffffffff"
        "ffff",
    ),
    "anonymous": (
        467,
        "ffffffffffffffff000000000000000001004101010d00000009000000616e6f6e796d6f"
        "7573ffffffffffffffff",
    ),
    "publish": (826, "00000000"),
    "close": (473, "01"),
    "create": (787, "0000000000407f400000000000000000000000000100"),
}


def message(service: int, body: str, kind: bytes = b"MSGF", number: int = 51) -> bytes:
    """A message of channel 1, token 1."""
    data = struct.pack("<4I", 1, 1, number, number) + b"\1\0" + struct.pack("<H", service)
    data += bytes.fromhex(body)
    return kind + struct.pack("<I", 8 + len(data)) + data


def ask(name: str) -> bytes:
    service, body = REQUESTS[name]
    return message(service, HEADER + body)


def fault(status: int) -> bytes:
    return message(397, RESPONSE + struct.pack("<I", status).hex() + "00" * 8)


URL = b"opc.tcp://10.10.20.10:4840"
HELLO = b"HELF" + struct.pack("<7I", 32 + len(URL), 0, 65535, 65535, 0, 0, len(URL)) + URL
ACKNOWLEDGE = b"ACKF" + struct.pack("<6I", 28, 0, 65535, 65535, 0, 0)
VALUE = message(634, RESPONSE + GOOD + "01000000010b0000000000803540" + "00000000")
WRITTEN = message(676, RESPONSE + GOOD + "010000000000000000000000")
ERROR = b"ERRF" + struct.pack("<III", 16, 0x80070000, 0xFFFFFFFF)


def session(payloads: Sequence[bytes]) -> list[Packet]:
    """One connection: hello, then each request with an answer."""
    exchange: Exchange = [(C, HELLO), (S, ACKNOWLEDGE)]
    for payload in payloads:
        exchange = [*exchange, (C, payload), (S, WRITTEN)]
    return tcp(ATTACKER, PLC, PORT, exchange)


def replies(payloads: Sequence[bytes]) -> list[Packet]:
    return tcp(HMI, PLC, PORT, [(C, HELLO), *((S, p) for p in payloads)])


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    """Within a session; what a client sends is answered."""
    turn = [(C, payload), (S, WRITTEN)] if side == C else [(S, payload)]
    exchange = [(C, HELLO), (S, ACKNOWLEDGE), *turn * times]
    return tcp(ATTACKER, PLC, PORT, exchange, step=seconds / times / 2 / len(turn))


def longer(request: bytes) -> bytes:
    """The service as a node id of seven octets."""
    data = b"\2\0\0" + request[26:28] + b"\0\0" + request[28:]
    return request[:4] + struct.pack("<I", len(request) + 3) + request[8:24] + data


def opn(number: int = 51) -> bytes:
    """OpenSecureChannel without security."""
    policy = b"http://opcfoundation.org/UA/SecurityPolicy#None"
    body = struct.pack("<II", 0, len(policy)) + policy + b"\xff" * 8
    body += struct.pack("<II", number, number) + b"\1\0\xbe\1" + bytes.fromhex(HEADER)
    body += struct.pack("<IIIiI", 0, 0, 1, -1, 3600000)
    return b"OPNF" + struct.pack("<I", 8 + len(body)) + body


def _writes() -> None:
    themes.pair(
        "opcua-write",
        "Values, an attribute and stored values written.",
        [
            (ask("write"), {WRITE}),
            (ask("access"), {ATTRIBUTE}),
            (ask("limit"), {ALARM_NODE}),
            (ask("mode"), {MODE_NODE}),
            (ask("hist"), {HISTORY}),
            (ask("histdel"), {HISTORY_DELETE}),
        ],
        [ask("value"), ask("publish"), ask("state_read")],
        session,
        made_by="lab",
    )
    case(
        "opcua-write-value",
        "A plain write is no write of an alarm setting, a mode or an attribute.",
        session([ask("write")]),
        {WRITE: 1},
        silent=[ATTRIBUTE, ALARM_NODE, MODE_NODE, BURST],
        made_by="lab",
    )
    block = REQUESTS["write"][1].split("030b")[0] + "010f2c010000" + "8a41" * 150
    themes.pair(
        "opcua-block",
        "A block of bytes; services named in the long form; subscriptions changed.",
        [
            (message(673, HEADER + block), {WRITE, BLOCK}),
            (longer(ask("call")), {LONG_FORM}),
            (longer(ask("browse")), {LONG_READ}),
            (message(793, HEADER + "01000000" + "00" * 26), {RESUBSCRIBE}),
        ],
        [
            (message(673, HEADER + block.replace("0f2c010000", "0f0800000011", 1)[:160]), {WRITE}),
            message(796, RESPONSE + GOOD + "00" * 40),
            ask("value"),
        ],
        session,
        made_by="lab",
    )
    case(
        "opcua-history-update",
        "Values inserted are not deleted.",
        session([ask("hist")]),
        {HISTORY: 1},
        silent=[HISTORY_DELETE],
        made_by="lab",
    )
    burst = often(ask("write"), 30, 3)
    case("opcua-write-burst", "Thirty writes in 3 s.", burst, {WRITE: 1, BURST: 1}, (), "lab")
    themes.pair(
        "opcua-nodes",
        "Nodes and references added and deleted.",
        [
            (ask("addnodes"), {ADD}),
            (ask("addrefs"), {ADD_REFERENCES}),
            (ask("delnodes"), {DELETE}),
            (ask("delrefs"), {DELETE_REFERENCES}),
        ],
        [message(number, RESPONSE + GOOD + "00" * 40) for number in (491, 497, 503, 509, 560, 566)],
        session,
        made_by="lab",
    )


def _calls() -> None:
    themes.pair(
        "opcua-call",
        "Methods that stop the server, a program, an alarm; change users, roles, certificates.",
        [
            (ask("call"), {CALL}),
            (ask("state"), {STATE}),
            (ask("program"), {PROGRAM}),
            (ask("disable"), {DISABLE}),
            (ask("suppress"), {SUPPRESS}),
            (ask("ack"), {ACK}),
            (ask("user"), {USER}),
            (ask("role"), {ROLE}),
            (ask("cert"), {TRUST}),
            (ask("reset"), {DEFAULTS}),
            (ask("fopen"), {FILE}),
            (ask("fread"), {FILE_READ}),
            (ask("fdel"), {FILE_DELETE}),
            (ask("pubsub"), {PUBSUB}),
            (ask("stop"), {STOP}),
            (ask("download"), {DOWNLOAD}),
        ],
        [
            (ask("refresh"), {CALL}),
            ask("getitems"),
            ask("enable"),
            message(715, RESPONSE + GOOD + "0100000000000000" + "00" * 12),
        ],
        session,
        made_by="lab",
    )
    case(
        "opcua-call-response",
        "The answers to calls are no calls.",
        replies([message(715, RESPONSE + GOOD + "00" * 40)] * 3),
        {},
        silent=[CALL],
    )


def _named() -> None:
    def named(method: str, more: str = "00000000") -> bytes:
        name = method.encode()
        node = "030200" + struct.pack("<I", len(name)).hex() + name.hex()
        return message(712, HEADER + "01000000" + "03020003000000504c43" + node + more)

    script = b"exec(open('a.py').read())"
    argument = "010000000c" + struct.pack("<I", len(script)).hex() + script.hex()
    plain = "010000000c" + struct.pack("<I", 13).hex() + b"executed (12)".hex()
    themes.pair(
        "opcua-named",
        "Methods named for a new program or firmware, and a script as an argument.",
        [
            (named("PLC.UpdateFw"), {CALL, DOWNLOAD}),
            (named("PLC.Run", argument), {SCRIPT}),
        ],
        [
            (named("PLC.UpdateSetpoint"), {CALL}),
            (named("Recipe.SelectProgram"), {CALL}),
            (named("Line.InstalledOptions"), {CALL}),
            (named("PLC.Run", plain), {CALL}),
        ],
        session,
    )


def _subscriptions() -> None:
    themes.pair(
        "opcua-subscriptions",
        "Subscriptions made, taken over, silenced; servers announced.",
        [
            (ask("monitor"), {MONITOR}),
            (ask("transfer"), {TRANSFER}),
            (ask("puboff"), {PUBLISHING}),
            (ask("monoff"), {MONITORING}),
            (ask("modify"), {MODIFY}),
            (ask("register"), {REGISTER}),
            (ask("register2"), {REGISTER2}),
        ],
        [
            ask("pubon"),
            ask("monon"),
            ask("create"),
            ask("publish"),
            message(754, RESPONSE + GOOD + "00" * 40),
            message(844, RESPONSE + GOOD + "00" * 40),
            message(766, RESPONSE + GOOD + "00" * 40),
            message(440, RESPONSE + GOOD + "00" * 40),
            message(12212, RESPONSE + GOOD + "00" * 40),
        ],
        session,
        made_by="lab",
    )


def _reconnaissance() -> None:
    themes.pair(
        "opcua-discovery",
        "Servers, endpoints, the address space, the build, sessions and stored values asked for.",
        [
            (ask("find"), {FIND}),
            (ask("findnet"), {FIND_NETWORK}),
            (ask("endpoints"), {ENDPOINTS}),
            (ask("browse"), {BROWSE}),
            (ask("query"), {QUERY}),
            (ask("translate"), {TRANSLATE}),
            (ask("build"), {BUILD}),
            (ask("sessions"), {SESSIONS}),
            (ask("history"), {HISTORY_READ}),
        ],
        [
            ask("value"),
            ask("state_read"),
            ask("close"),
            *(
                message(n, RESPONSE + GOOD + "00" * 40)
                for n in (425, 431, 530, 618, 557, 667, 12209)
            ),
        ],
        session,
        made_by="lab",
    )
    gone, items = message(847, HEADER + "0100000007000000"), message(781, HEADER + "00" * 12)
    made = ask("create")
    case("opcua-unsubscribed", "Six.", often(gone, 6, 3), {UNSUBSCRIBED: 1})
    dozen = message(847, HEADER + "0c000000" + "07000000" * 12)
    case("opcua-unsubscribed-at-once", "Twelve.", session([dozen]), {DELETED_MANY: 1})
    case("opcua-unmonitored", "Twelve.", often(items, 12, 3), {UNMONITORED: 1})
    many = {SUBSCRIBED: 1, SUBSCRIPTION_FLOOD: 1}
    case("opcua-subscribed", "Twenty subscriptions.", often(made, 20, 3), many)
    new, call = message(461, HEADER + "00" * 40), ask("call")
    case("opcua-sessions", "Thirty sessions.", often(new, 30, 3), {SESSION_FLOOD: 1})
    case("opcua-calls", "Forty calls.", often(call, 40, 3), {CALL: 1, CALL_FLOOD: 1})
    case(
        "opcua-some",
        "One or two of each.",
        session([gone, items, made, new, call, gone, items, made, new]),
        {CALL: 1},
        [UNSUBSCRIBED, UNMONITORED, DELETED_MANY, *many, SESSION_FLOOD, CALL_FLOOD],
    )
    crawl = often(ask("browse"), 60, 12)
    case("opcua-crawl", "Sixty Browse in 12 s.", crawl, {BROWSE: 1, CRAWL: 1}, (), "lab")
    slow = often(ask("browse"), 20, 12)
    case("opcua-browse-some", "Twenty Browse.", slow, {BROWSE: 1}, [CRAWL], "lab")
    case("opcua-reads", "350 reads in 7 s.", often(ask("value"), 350, 7), {READS: 1}, (), "lab")
    themes.pair(
        "opcua-login",
        "A user name read on the wire, and one that everyone knows.",
        [(ask("login"), {LOGIN}), (ask("default"), {DEFAULT_USER})],
        [ask("anonymous"), message(470, RESPONSE + GOOD + "00" * 40), ask("value")],
        session,
        made_by="lab",
    )
    case(
        "opcua-login-named",
        "A name of its own is no default.",
        session([ask("login")]),
        {LOGIN: 1},
        silent=[DEFAULT_USER],
        made_by="lab",
    )
    again = often(ask("anonymous"), 5, 2)
    case("opcua-logins", "Five logins.", again, {LOGINS: 1})
    broken = message(467, HEADER + "30000000" + "ff" * 48)
    case("opcua-token", "A token of nothing.", session([broken]), {TOKEN: 1})
    case("opcua-logged-in", "One.", session([ask("anonymous")]), {}, [LOGGED, LOGINS, TOKEN])
    refused = often(fault(0x80210000), 6, 3, S)
    case("opcua-refused", "Six logins refused.", refused, {REFUSED: 1}, (), "lab")
    case("opcua-refused-once", "One.", replies([fault(0x80210000)]), {}, [REFUSED, UNKNOWN], "lab")
    unknown = often(fault(0x80340000), 30, 3, S)
    case("opcua-unknown", "Thirty unknown nodes.", unknown, {UNKNOWN: 1}, (), "lab")
    case("opcua-errors", "Fifteen errors.", often(ERROR, 15, 3, S), {ERRORS: 1})
    case("opcua-error", "One error.", replies([ERROR]), {}, [ERRORS])


def _malformed() -> None:
    value = ask("value")
    themes.pair(
        "opcua-malformed",
        "Lengths and kinds no stack sends.",
        [
            (b"HELF" + struct.pack("<7I", 60000, 0, 65535, 65535, 0, 0, 59968), {LONG_URL}),
            (b"HELF" + struct.pack("<7I", 32, 0, 65535, 65535, 0, 0, 26) + URL, {BAD_HELLO}),
            (b"MSGX" + value[4:], {CHUNK}),
            (b"MSGF" + struct.pack("<I", 0x7FFFFFFF) + value[8:], {LONG_MESSAGE}),
        ],
        [HELLO, HELLO + value, HELLO + b"MSGC" + value[4:], HELLO + b"MSGA" + value[4:]],
        lambda payloads: [
            packet
            for number, payload in enumerate(payloads)
            for packet in tcp(
                ATTACKER, PLC, PORT, [(C, payload)], sport=50100 + number, start=float(number)
            )
        ],
    )

    def hello(length: int, buffer: int = 65535) -> bytes:
        fields = (length, 0, buffer, 65535, 0, 0, len(URL))
        return b"HELF" + struct.pack("<7I", *fields) + URL

    themes.pair(
        "opcua-hello-bad",
        "Hellos whose length or buffer cannot be, and a view that is no node.",
        [
            (hello(20), {SHORT_HELLO}),
            (hello(9000), {LONG_HELLO}),
            (hello(32 + len(URL), 1024), {SMALL}),
            (message(527, HEADER + "ff" * 40), {BROWSE, VIEW}),
        ],
        [hello(32 + len(URL), 8192), HELLO, (HELLO + ask("browse"), {BROWSE})],
        lambda payloads: [
            packet
            for number, payload in enumerate(payloads)
            for packet in tcp(
                ATTACKER,
                PLC,
                PORT,
                [(C, HELLO), (C, payload)] if payload[:3] == b"MSG" else [(C, payload)],
                sport=50100 + number,
                start=float(number),
            )
        ],
    )
    case("opcua-channels", "Forty.", often(opn(), 40, 3), {CHANNELS: 1, CHANNEL_FLOOD: 1})
    end = b"CLOF" + ask("close")[4:]
    case("opcua-closes", "Five.", often(end, 5, 3), {CLOSES: 1})
    once = session([opn(), value, end])
    steps = [OPENED, CHANNELS, CLOSED, CLOSES, CHANNEL_FLOOD, BEGUN, GREETED, STRANGER, FORGED]
    case("opcua-once", "One channel, closed.", once, {}, steps)
    unasked: Exchange = [(C, value), (S, VALUE)]
    case("opcua-stranger", "No hello.", tcp(HMI, PLC, PORT, unasked), {STRANGER: 1})
    joined = tcp(HMI, PLC, PORT, unasked, midstream=True)
    case("opcua-joined", "The same, joined.", joined, {}, [STRANGER, FORGED])
    forged = [p for p in tcp(HMI, PLC, PORT, [(C, value)] * 3, one_sided=C) if p[TCP].flags.P]
    for frame in forged:
        frame[TCP].ack = 0
    case("opcua-forged", "It acknowledges nothing.", forged, {FORGED: 1})
    small = message(826, "00" * 8, b"MSGC")
    case("opcua-chunks", "150 chunks without an end.", often(small, 150, 5), {CHUNKS: 1})
    case("opcua-chunked", "A message in five chunks.", often(small, 5, 5), {}, [CHUNKS])
    hellos = merged(
        *(tcp(ATTACKER, PLC, PORT, [(C, HELLO)], sport=50200 + n, start=n / 10) for n in range(40))
    )
    case("opcua-hellos", "Forty hellos in four seconds.", hellos, {HELLOS: 1})
    case("opcua-hello", "One hello.", session([value]), {}, [HELLOS, CONNECTIONS, BAD_HELLO])
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("opcua-connections", "120 connections in 2.4 s.", syns, {CONNECTIONS: 1})
    reverse = b"RHEF" + struct.pack("<II", 47, 5) + b"urn:x" + struct.pack("<I", len(URL)) + URL
    case("opcua-reverse", "A reverse hello.", tcp(PLC, HMI, PORT, [(C, reverse)]), {REVERSE: 1})
    case("opcua-forward", "A hello.", tcp(HMI, PLC, PORT, [(C, HELLO)]), {}, [REVERSE])


def _transport() -> None:
    stop, alerts = ask("state"), {CALL: 1, STATE: 1}
    late: Exchange = [(C, ask("value")), (S, VALUE), (C, stop), (S, WRITTEN), (C, ask("value"))]
    talk: Exchange = [(C, HELLO), (S, ACKNOWLEDGE), *late]
    case(
        "opcua-split",
        "A call in segments of 30 octets.",
        tcp(HMI, PLC, PORT, talk, split=30),
        alerts,
    )
    together: Exchange = [
        (C, HELLO),
        (C, ask("value")),
        (C, ask("publish")),
        (C, stop),
        (C, ask("value")),
    ]
    case(
        "opcua-coalesced",
        "A call behind a read.",
        tcp(HMI, PLC, PORT, together, coalesce=True),
        alerts,
    )
    case("opcua-midstream", "Joined.", tcp(HMI, PLC, PORT, late, midstream=True), alerts)
    first = tcp(HMI, PLC, PORT, [(S, VALUE), *late], midstream=True)
    case("opcua-midstream-server", "Joined, the server speaks first.", first, alerts)
    case("opcua-one-sided", "Only the client seen.", tcp(HMI, PLC, PORT, talk, one_sided=C), alerts)
    case("opcua-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)
    case("opcua-other-port", "On port 48010.", tcp(HMI, PLC, 48010, talk), alerts)


def _benign() -> None:
    cycle: Exchange = [(C, ask("value")), (S, VALUE), (C, ask("publish")), (S, VALUE)] * 30
    opening: Exchange = [(C, HELLO), (S, ACKNOWLEDGE), (C, ask("anonymous")), (S, WRITTEN)]
    polling = tcp(HMI, PLC, PORT, [*opening, *cycle, (C, ask("close"))], step=0.1)
    case("opcua-polling", "Reads and publishing.", polling, {}, ALL_SIDS, "lab")
    junk = [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(80), b"MSG_MSGF " + bytes(60)]
    talk = [(C, payload) for payload in junk]
    case("opcua-others", "Other protocols on the port.", tcp(HMI, PLC, PORT, talk), {}, ALL_SIDS)


def make() -> None:
    """Write the cases of OPC UA."""
    _writes()
    _calls()
    _named()
    _subscriptions()
    _reconnaissance()
    _malformed()
    _transport()
    _benign()
