"""MQTT 3.1 to 5: logins, publications by topic, one operation for each topic subscribed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Explained, Operation
from tests.zeek.tshark import Frame

LAYERS = ("mqtt",)
SERVICES = ("mqtt",)
SCRIPTS = ("protocols/mqtt.zeek",)
ANALYZERS: tuple[str, ...] = ()

CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PING, DISCONNECT = 1, 3, 8, 10, 12, 14
NAMES = {8: "subscribe", 10: "unsubscribe", 12: "ping", 14: "disconnect"}
EXPLAINED = (
    Explained(
        "*MQTT.pcap",
        r"10\.0\.1\.4 > 198\.41\.30\.241 .* disconnect -$",
        "in one segment with a publication: Zeek's analyzer reads a segment as one packet and"
        " nothing after it",
    ),
)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """What each client asks, and what its broker delivers."""
    for frame in frames:
        for packet in frame.of("mqtt"):
            kind = packet.num("mqtt.msgtype")
            up = frame.dport == 1883
            ends = (frame.src, frame.dst) if up else (frame.dst, frame.src)
            topics = [t.show for t in packet.all("mqtt.topic")]
            if kind == CONNECT:
                how = "anonymous"
                if packet.num("mqtt.conflag.passwd"):
                    how = "password_given"
                elif packet.num("mqtt.conflag.uname"):
                    how = "username"
                yield Operation(*ends, "", "connect", how)
            elif kind == PUBLISH:
                yield Operation(*ends, "", "publish" if up else "deliver", topics[0])
            elif kind in (SUBSCRIBE, UNSUBSCRIBE):
                for topic in topics:
                    yield Operation(*ends, "", NAMES[kind], topic)
            elif kind in (PING, DISCONNECT):
                yield Operation(*ends, "", NAMES[kind], "")
