"""Cases of Omron FINS over UDP and TCP: every case is made for both."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp, udp

PORT = 9600
TCP = 500  # the rule for TCP is this many sids after that for UDP

WRITE, FILL, BURST, FORCE, UNFORCE = range(1930001, 1930006)
RUN, STOP, RESET, DOWNLOAD, CLEAR, UPLOAD, PROTECT, PARAMETERS = range(1930010, 1930018)
LINKS, READ_PARAMETERS, SEIZE, ACQUIRE, CLOCK = range(1930018, 1930023)
ERRORS_CLEARED, LOG_CLEARED, FILE_WRITE, FILE_READ, FORMAT, DELETE = range(1930030, 1930036)
COPY, TRANSFER, NAME, MESSAGES, MESSAGES_READ = range(1930036, 1930041)
MODEL, SWEEP, CONNECTIONS, STATUS, TEST, LOG, NAMES, FORCED, READS = range(1930060, 1930069)
SEARCH = 1930069
REFUSED, LONG, FLOOD = range(1930080, 1930083)
BOTH = [
    *range(WRITE, UNFORCE + 1),
    *range(RUN, CLOCK + 1),
    *range(ERRORS_CLEARED, MESSAGES_READ + 1),
    *range(MODEL, READS + 1),
    REFUSED,
    FLOOD,
]
GATE = 1930500  # a step that does not alert
ALL_SIDS = [*BOTH, *(sid + TCP for sid in BOTH), LONG + TCP, SEARCH]

FILE = "50524f4752414d20204f424a"  # PROGRAM .OBJ
# name: (description, [(command and data, sid)], [near misses])
THEMES: dict[str, tuple[str, list[tuple[str, int]], list[str]]] = {
    "memory": (
        "Words written and filled, bits forced.",
        [
            ("0102" + "82006400000100ff", WRITE),
            ("0103" + "8200640000100000", FILL),
            ("2301" + "0001" + "0001" + "30000000", FORCE),
            ("2302", UNFORCE),
        ],
        ["0101" + "82006400000a", "0104" + "8200640082006500", "0701"],
    ),
    "control": (
        "Mode, program, parameters, access right and clock changed.",
        [
            ("0401" + "ffff04", RUN),
            ("0402", STOP),
            ("0403", RESET),
            ("0307" + "ffff000000008002" + "0102", DOWNLOAD),
            ("0308" + "ffff00", CLEAR),
            ("0306" + "ffff000000000200", UPLOAD),
            ("0304" + "ffff00" + "00000000" + "ffffffff" + "53454352", PROTECT),
            ("0202" + "8010" + "0000" + "8002" + "0102", PARAMETERS),
            ("0221" + "0000534e00000001" + "02010a00010000010002" + "02020a000100000100", LINKS),
            ("0201" + "8010" + "0000" + "0002", READ_PARAMETERS),
            ("0c02" + "ffff", SEIZE),
            ("0c01" + "ffff", ACQUIRE),
            ("0702" + "26112412000002", CLOCK),
        ],
        ["0701", "0101" + "82006400000a", "0c03" + "ffff", "0220" + "0000534e00000001"],
    ),
    "files": (
        "Errors and logs cleared, files written, read, deleted, moved; names set.",
        [
            ("2101" + "ffff", ERRORS_CLEARED),
            ("2103", LOG_CLEARED),
            (
                "2203" + "8000" + "0000" + FILE + "00000000" + "0001ff",
                FILE_WRITE,
            ),
            ("2202" + "8000" + FILE + "00000000" + "0200", FILE_READ),
            ("2204" + "8000", FORMAT),
            ("2205" + "8000" + "0001" + FILE, DELETE),
            ("2207" + "8000" + FILE + "8000" + FILE, COPY),
            ("220c" + "0000" + "ffff" + "00000000" + "00000200" + "8000" + FILE, TRANSFER),
            ("2601" + "504c4339", NAME),
            ("0920" + "4000", MESSAGES),
        ],
        ["2209" + "8000" + FILE, "2603", "0101" + "82006400000a", "0104" + "8200640082006500"],
    ),
    "discovery": (
        "Model, connections, status, logs, files and forced bits asked for.",
        [
            ("0501" + "00", MODEL),
            ("0502" + "0001", CONNECTIONS),
            ("0601", STATUS),
            ("0920" + "8000", MESSAGES_READ),
            ("0801" + "70696e67", TEST),
            ("2102" + "00000001", LOG),
            ("2201" + "8000" + "00000001", NAMES),
            ("230a" + "82006400000a", FORCED),
        ],
        ["0101" + "82006400000a", "0701", "0220" + "0000534e00000001", "2603"],
    ),
}
# commands whose response is the end code alone
DONE = ("0102", "0103", "2301", "0401", "0402", "0702", "2101", "2103", "2203", "2601")
READ_WORDS = "0101" + "82006400000a"


def command(text: str, icf: int = 0x80) -> bytes:
    """A FINS frame between node 200 and node 239."""
    return bytes([icf, 0, 2, 0, 0xEF, 0, 0, 0xC8, 0, 7]) + bytes.fromhex(text)


def framed(frame: bytes) -> bytes:
    """The frame in the header of FINS/TCP."""
    return b"FINS" + struct.pack("!3I", 8 + len(frame), 2, 0) + frame


ANSWER = command("0101" + "0000" + "0001" * 10, 0xC0)
BAD = command("0101" + "1103", 0xC0)
HELLO = bytes.fromhex("46494e530000000c000000000000000000000000")
WELCOME = bytes.fromhex("46494e53000000100000000100000000000000c8000000ef")


def datagrams(payloads: Sequence[bytes]) -> list[Packet]:
    exchange = [step for p in payloads for step in ((C, p), (S, ANSWER))]
    return udp(ATTACKER, PLC, PORT, exchange, sport=PORT, step=0.3)


def stream(payloads: Sequence[bytes]) -> list[Packet]:
    exchange: Exchange = [(C, HELLO), (S, WELCOME)]
    for payload in payloads:
        exchange = [*exchange, (C, framed(payload)), (S, framed(ANSWER))]
    return tcp(ATTACKER, PLC, PORT, exchange, step=0.05)


def often(kind: str, payload: bytes, times: int, seconds: float, side: str = C) -> list[Packet]:
    if kind == "udp":
        steps = [(C, BAD)] * (side == S) + [(side, payload)] * times
        return udp(ATTACKER, PLC, PORT, steps, sport=PORT, step=seconds / times)
    return tcp(ATTACKER, PLC, PORT, [(side, framed(payload))] * times, step=seconds / times / 2)


def _operations() -> None:
    for kind, packets, plus in (("udp", datagrams, 0), ("tcp", stream, TCP)):
        for name, (description, steps, near) in THEMES.items():
            themes.pair(
                f"fins-{kind}-{name}",
                f"{description} ({kind.upper()})",
                [(command(text), {sid + plus}) for text, sid in steps],
                [command(t) for t in near]
                + [command(t[:4] + "0000", 0xC0) for t, _ in steps if t[:4] in DONE],
                packets,
            )
        write, read = command("0102" + "82006400000100ff"), command(READ_WORDS)
        burst = often(kind, write, 60, 3)
        alerts = {WRITE + plus: 1, BURST + plus: 1}
        case(f"fins-{kind}-burst", "Sixty writes in 3 s.", burst, alerts)
        beats = often(kind, write, 80, 20)
        text = "A heartbeat is written four times a second."
        case(f"fins-{kind}-heartbeat", text, beats, {WRITE + plus: 1}, [BURST + plus])
        read_out, cleared = command("0920" + "8000"), command("0920" + "4001")
        for name, said, sid, quiet in (
            ("read", read_out, MESSAGES_READ, MESSAGES),
            ("cleared", cleared, MESSAGES, MESSAGES_READ),
        ):
            case(
                f"fins-{kind}-messages-{name}",
                f"Messages {name}.",
                packets([said]),
                {sid + plus: 1},
                [quiet + plus],
            )
        few = often(kind, write, 5, 3)
        case(f"fins-{kind}-writes", "Five writes.", few, {WRITE + plus: 1}, [BURST + plus])
        reads = often(kind, read, 250, 5)
        case(f"fins-{kind}-reads", "250 reads in 5 s.", reads, {READS + plus: 1})
        bad = often(kind, BAD, 25, 5, S)
        case(f"fins-{kind}-refused", "25 refused.", bad, {REFUSED + plus: 1})
        once = often(kind, BAD, 3, 5, S)
        case(f"fins-{kind}-refused-few", "Three.", once, {}, [REFUSED + plus, READS + plus])


def _many() -> None:
    ask = command("050100")
    asked = [udp(ATTACKER, f"10.10.20.{n}", PORT, [(C, ask)], start=n / 5) for n in range(10, 18)]
    case("fins-udp-sweep", "Eight in 2 s.", merged(*asked), {MODEL: 8, SWEEP: 1})
    case("fins-udp-sweep-one", "One.", datagrams([ask]), {MODEL: 1}, [SWEEP])
    flows = [
        tcp(ATTACKER, f"10.10.20.{n}", PORT, [(C, HELLO), (C, framed(ask))], start=n / 5)
        for n in range(10, 18)
    ]
    alerts = {MODEL + TCP: 8, SWEEP + TCP: 1}
    case("fins-tcp-sweep", "Eight in 2 s.", merged(*flows), alerts)
    case("fins-tcp-sweep-one", "One.", stream([ask]), {MODEL + TCP: 1}, [SWEEP + TCP])
    again = [udp(HMI, PLC, PORT, [(C, ask)], sport=40000 + n, start=4 * n) for n in range(12)]
    text = "One controller is asked twelve times, from another port each time."
    case("fins-udp-asked-again", text, merged(*again), {MODEL: 1}, [SWEEP])
    again = [
        tcp(HMI, PLC, PORT, [(C, HELLO), (C, framed(ask))], sport=40000 + n, start=4 * n)
        for n in range(12)
    ]
    case("fins-tcp-asked-again", text, merged(*again), {MODEL + TCP: 1}, [SWEEP + TCP])
    search = udp(ATTACKER, "10.10.20.255", PORT, [(C, command("2768"))], sport=PORT)
    case("fins-search", "All controllers are asked.", search, {SEARCH: 1})
    others = [command("2767"), command("2768", 0xC0), command("0101" + "276827682768")]
    near = udp(ATTACKER, PLC, PORT, [(C, payload) for payload in others])
    case("fins-search-near", "Another number, a response, data.", near, {}, [SEARCH])
    case("fins-flood", "600 in half a second.", often("udp", ANSWER, 600, 0.5), {FLOOD: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("fins-connections", "120 in 2.4 s.", syns, {FLOOD + TCP: 1})
    long = b"FINS" + struct.pack("!3I", 0x7FFFFFFF, 2, 0) + command(READ_WORDS)
    case("fins-long", "Length 2 GB.", tcp(ATTACKER, PLC, PORT, [(C, long)]), {LONG + TCP: 1})
    read = stream([command(READ_WORDS)])
    case("fins-short", "A read.", read, {}, [LONG + TCP, FLOOD + TCP, FLOOD])


def _transport() -> None:
    stop, alerts = framed(command("0402")), {STOP + TCP: 1}
    read, value = framed(command(READ_WORDS)), framed(ANSWER)
    talk: Exchange = [(C, read), (S, value), (C, stop), (S, value), (C, read)]
    case("fins-split", "In segments of 9 octets.", tcp(HMI, PLC, PORT, talk, split=9), alerts)
    together: Exchange = [(C, read), (C, stop), (C, read)]
    case("fins-coalesced", "Behind a read.", tcp(HMI, PLC, PORT, together, coalesce=True), alerts)
    case("fins-midstream", "Joined.", tcp(HMI, PLC, PORT, talk, midstream=True), alerts)
    late = tcp(HMI, PLC, PORT, [(S, value), *talk], midstream=True)
    case("fins-midstream-server", "Joined, the controller speaks first.", late, alerts)
    case("fins-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)


def _benign() -> None:
    cycle = [(C, command(READ_WORDS)), (S, ANSWER), (C, command("0104" + "8200640082006500"))] * 20
    opening: Exchange = [(C, HELLO), (S, WELCOME)]
    polling = merged(
        udp(HMI, PLC, PORT, cycle, sport=PORT, step=0.2),
        tcp(HMI, PLC, PORT, [*opening, *((s, framed(p)) for s, p in cycle)], step=0.1),
    )
    case("fins-polling", "Words read.", polling, {}, [GATE, *ALL_SIDS])
    junk = [b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"\x81\x0a\x00\x11" + bytes(13)]
    steps = [(C, payload) for payload in junk]
    other = merged(udp(HMI, PLC, PORT, steps), tcp(HMI, PLC, PORT, steps))
    case("fins-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of FINS."""
    _operations()
    _many()
    _transport()
    _benign()
