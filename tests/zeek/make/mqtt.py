"""Captures of MQTT for the btests: ``python -m tests.zeek.make.mqtt``."""

from __future__ import annotations

from scapy.packet import Packet
from tests.suricata.makers.mqtt import (
    BAD_PASSWORD,
    CONNACK,
    PING,
    PONG,
    SUBACK,
    connect,
    packet,
    publish,
    subscribe,
    text,
)
from tests.suricata.makers.wire import HMI, PLC, C, Exchange, S, merged, tcp
from tests.zeek.make import save

PORT = 1883
OPEN: Exchange = [(C, connect()), (S, CONNACK)]
VALUE = "plant/line1/temperature"


def captures() -> dict[str, list[Packet]]:
    """Every capture by name."""
    everything: Exchange = [
        *OPEN,
        (C, subscribe("plant/line1/#")),
        (S, SUBACK),
        (C, publish(VALUE, b"21.5")),
        (C, publish(VALUE, b"23")),
        (C, publish(VALUE, b"warm")),
        (C, publish("plant/line1/valve/set", b"1", head=0x32)),
        (S, b"\x40\x02\0\1"),
        (C, publish("plant/line1/pump", b"0", head=0x34)),
        (S, b"\x50\x02\0\1"),
        (C, b"\x62\x02\0\1"),
        (S, b"\x70\x02\0\1"),
        (S, publish("plant/line2/level", b"-0.25")),
        (C, packet(0xA2, b"\0\2" + text("plant/line1/#"))),
        (S, b"\xb0\x02\0\2"),
        (C, PING),
        (S, PONG),
        (C, b"\xe0\0"),
    ]
    return {
        "functions": tcp(HMI, PLC, PORT, everything),
        "discover": tcp(HMI, PLC, PORT, [*OPEN, (C, subscribe("#")), (S, SUBACK)]),
        "outcomes": merged(
            tcp(HMI, PLC, PORT, [(C, connect("a", "operator", "s3cret")), (S, BAD_PASSWORD)]),
            tcp(
                HMI,
                PLC,
                PORT,
                [(C, connect("b")), (S, b"\x20\x02\0\5"), (C, publish("x", b"1", head=0x32))],
                sport=50001,
            ),
        ),
        "elsewhere": tcp(HMI, PLC, 18830, everything),
        "joined": tcp(HMI, PLC, PORT, everything[4:8], midstream=True, close=False),
        "lost": tcp(HMI, PLC, PORT, everything, gap={5, 6}),
        "split": tcp(HMI, PLC, PORT, everything, split=3),
        "truncated": tcp(HMI, PLC, PORT, [*OPEN, (C, publish(VALUE, b"21.5")[:9])]),
        "malformed": tcp(HMI, PLC, PORT, [*OPEN, (C, b"\x30\xff\xff\xff\xff\xff" + b"\0" * 40)]),
        "benign": tcp(HMI, PLC, PORT, [(C, b"EHLO plc\r\n"), (S, b"250 plc\r\n")]),
    }


if __name__ == "__main__":
    save("mqtt", captures())
