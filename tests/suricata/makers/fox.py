"""Cases of Niagara Fox: lines of text, as a Workbench and a station exchange them."""

from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 1911

HELLO, SWEEP, SCANNER, BASIC, DEFAULT, REJECTED = range(1938001, 1938007)
SET, BURST, ALARM, HISTORY, QUERY, PUT, GET, DELETE, LIST = range(1938020, 1938029)
STOP, INSTALL, BACKUP, COMPONENT, USER, CLOCK = range(1938029, 1938035)
PASSWORD = 1938007
PROVISION, SPY, ATTRIBUTES, TOUCH, PATH, EVENT = range(1938035, 1938041)
LINE, HELLOS, CONNECTIONS, LONG = range(1938080, 1938084)
GATE = 1938000  # a step that does not alert
ALL_SIDS = [*range(HELLO, PASSWORD + 1), *range(SET, EVENT + 1), *range(LINE, LONG + 1)]


def line(command: str, block: str = "", number: int = 1, kind: str = "a") -> bytes:
    """A message: its header line and its block."""
    return f"fox {kind} {number} -1 {command}\n{{\n{block}}};;\n".encode()


ABOUT = (
    "fox.version=s:1.0\nid=i:1\nhostName=s:ws-3\nhostAddress=s:10.10.10.6\napp.name=s:Workbench\n"
)
GREETING = line("fox hello", ABOUT)
STATION = line("fox hello", ABOUT.replace("Workbench", "Station"), 0)
UPDATE = line("sub events", "h=s:1a4\nv=d:21.5\n", 9)
SUBSCRIBE = line("sub subscribe", "h=s:1a4\n", 8)


def session(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = []
    for payload in payloads:
        exchange = [*exchange, (C, payload), (S, UPDATE)]
    return tcp(ATTACKER, PLC, PORT, exchange)


def often(payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    return tcp(ATTACKER, PLC, PORT, [(side, payload)] * times, step=seconds / times / 2)


def circuit(channel: str, command: str) -> bytes:
    """A circuit opened on a channel, as large things go over the wire."""
    return line("circuit open", f"id=i:3\nchannel=s:{channel}\ncommand=s:{command}\n", 7)


def _circuits() -> None:
    themes.pair(
        "fox-circuits",
        "What is asked over circuits, and the commands of stations.",
        [
            (circuit("station", "syncToMaster"), {SET}),
            (circuit("history", "query"), {QUERY}),
            (circuit("file", "write"), {PUT}),
            (circuit("file", "read"), {GET}),
            (circuit("station", "syncFromMaster"), {LIST}),
            (circuit("niagaraProv", "killStation"), {STOP}),
            (circuit("backup", "restore"), {INSTALL}),
            (circuit("backup", "backup"), {BACKUP}),
            (circuit("niagaraProv", "importLicenseFile"), {PROVISION}),
            (line("user setAuthenticator", "user=s:maria\n", 7), {USER}),
            (line("spy get", "path=s:/sysInfo\n", 7), {SPY}),
            (line("file head", "path=s:^config.bog\n", 7), {ATTRIBUTES}),
            (line("file setLastModified", "path=s:^x\n", 7), {TOUCH}),
            (line("file list", "path=s:^../../../etc\n", 7), {PATH}),
            (line("sys stationEvent", "id=s:fault\n", 7), {EVENT}),
            (line("fox login", "user=s:maria\npassword=s:Tz7!kk\n", 7), {PASSWORD}),
        ],
        [
            circuit("file", "reader"),
            circuit("fileServer", "read"),
            circuit("station", "settled"),
            line("circuit stream", "id=i:3\ndata=b:21[channel=s:file\ncommand]\n", 7),
            line("user getSessionTimeRemaining", "", 7),
            line("file changed", "path=s:^shared/a..b\n", 7),
            line("fox login", "user=s:maria\npasswordHint=s:no\n", 7),
            line("spy got", "", 7),
        ],
        session,
    )
    vendor = tcp(ATTACKER, PLC, PORT, [(C, line("gw_1f invoke")), (C, line("sys niagaraRpc"))])
    case("fox-virtual", "A procedure over a gateway's channel.", vendor, {SET: 1})
    long = tcp(ATTACKER, PLC, PORT, [(C, line("fox hello", "fox.version=s:" + "A" * 1350 + "\n"))])
    case("fox-hello-long", "A value of 1,350.", long, {HELLO: 1, LONG: 1})
    case("fox-hello-short", "A hello.", session([GREETING]), {HELLO: 1}, [LONG])


def _operations() -> None:
    fixed = "vmUuid=s:8b530bc8-76c5-4139-a2ea-0fabd394d305\n"
    basic = "authScheme=s:basic\n"
    themes.pair(
        "fox-login",
        "Hello, scanner, logins in the clear and by default names.",
        [
            (GREETING, {HELLO}),
            (line("fox hello", ABOUT + fixed), {SCANNER}),
            (line("fox login", basic + "user=s:maria\n"), {BASIC}),
            (line("fox login", "authScheme=s:digest\nuserName=s:tridium\n"), {DEFAULT}),
        ],
        [
            line("fox login", "authScheme=s:digest\nuserName=s:maria\n"),
            line("fox challenge", "nonce=s:00\n"),
            SUBSCRIBE,
            b"a fox says hello to tridium\n",
        ],
        session,
    )
    commands = {
        "station set": SET,
        "alarm ackAlarms": ALARM,
        "history clear": HISTORY,
        "history query": QUERY,
        "file put": PUT,
        "file get": GET,
        "file delete": DELETE,
        "nav getChildren": LIST,
        "station restartStation": STOP,
        "prov install": INSTALL,
        "station save": BACKUP,
        "component addSlot": COMPONENT,
        "station setPassword": USER,
        "sys setTime": CLOCK,
    }
    near = ["sub subscribe", "sub unsubscribe", "alarm event", "history append", "station settled"]
    themes.pair(
        "fox-commands",
        "Commands of the channels.",
        [(line(text, "h=s:1a4\n", 7), {sid}) for text, sid in commands.items()],
        [*(line(text, "", 7) for text in near), b"the fox a 1 -1 station set\n"],
        session,
    )
    burst = often(line("station set"), 30, 3)
    case("fox-burst", "Thirty sets in 3 s.", burst, {SET: 1, BURST: 1})
    case("fox-set", "One set.", session([line("station set")]), {SET: 1}, [BURST])


def _counts() -> None:
    flows = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, GREETING)], start=n / 5) for n in range(10, 18)
    ]
    case("fox-sweep", "Eight stations in 2 s.", merged(*flows), {HELLO: 8, SWEEP: 1})
    case("fox-greeting", "One.", session([GREETING]), {HELLO: 1}, [SWEEP, HELLOS, SCANNER, LINE])
    bad = line("fox rejected", "reason=s:Invalid\n")
    case("fox-rejected", "Six times.", often(bad, 6, 3, S), {REJECTED: 1})
    case("fox-rejected-once", "Once.", often(bad, 1, 3, S), {}, [REJECTED, CONNECTIONS])
    hellos = merged(
        *(
            tcp(ATTACKER, PLC, PORT, [(C, GREETING)], sport=50200 + n, start=n / 10)
            for n in range(40)
        )
    )
    case("fox-hellos", "Forty in 4 s.", hellos, {HELLO: 1, SWEEP: 1, HELLOS: 1})
    long = tcp(ATTACKER, PLC, PORT, [(C, b"fox a 1 -1 " + b"A" * 1400)])
    case("fox-line", "A line of 1,411.", long, {LINE: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("fox-connections", "120 in 2.4 s.", syns, {CONNECTIONS: 1})


def _transport() -> None:
    stop, alerts = line("station restartStation"), {STOP: 1}
    talk: Exchange = [(C, SUBSCRIBE), (S, UPDATE), (C, stop), (S, UPDATE), (C, SUBSCRIBE)]
    case("fox-split", "In segments of 9 octets.", tcp(HMI, PLC, PORT, talk, split=9), alerts)
    together: Exchange = [(C, SUBSCRIBE), (C, stop), (C, SUBSCRIBE)]
    case("fox-coalesced", "Behind another.", tcp(HMI, PLC, PORT, together, coalesce=True), alerts)
    case("fox-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, UPDATE), *talk], midstream=True)
    case("fox-midstream-server", "Joined, the station speaks first.", late, alerts)
    case("fox-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)


def _benign() -> None:
    polling = tcp(HMI, PLC, PORT, [(C, SUBSCRIBE), *[(S, UPDATE)] * 60], step=0.1, midstream=True)
    case("fox-polling", "Points subscribed to and updated.", polling, {}, [GATE, *ALL_SIDS])
    junk = [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(80), b"fox and hounds\n"]
    other = tcp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("fox-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of Niagara Fox."""
    _operations()
    _circuits()
    _counts()
    _transport()
    _benign()
