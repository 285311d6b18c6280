"""Captures with faults in them: flipped bits, wrong lengths, lost, repeated and swapped packets."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dpkt

ETHERNET = 1
#: Values that lengths and counts are not prepared for.
_ODD = (b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\x00\x00", b"\xff\xff", b"\x7f\xff",
        b"\x00\x01", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00", b"\x00\x00\x00\x00")  # fmt: skip


@dataclass
class Packet:
    """A frame, cut where its headers end: link, network and transport before the payload."""

    head: bytes
    payload: bytes
    ip: int  #: where the IPv4 header starts, 0 where there is none
    transport: int  #: where TCP's or UDP's header starts, 0 where there is none

    @classmethod
    def of(cls, frame: bytes) -> Packet | None:
        """Take a frame apart; None if it's too short or IPv6."""
        at = 12
        while frame[at : at + 2] in (b"\x81\x00", b"\x88\xa8", b"\x91\x00"):
            at += 4
        kind, at = frame[at : at + 2], at + 2
        if kind == b"\x86\xdd" or len(frame) < at + 4:
            return None
        if kind != b"\x08\x00":
            return cls(frame[:at], frame[at:], 0, 0)
        if len(frame) < at + 20:
            return None
        transport = at + 4 * (frame[at] & 15)
        if frame[at + 9] == 6 and len(frame) >= transport + 20:
            end = transport + 4 * (frame[transport + 12] >> 4)
        elif frame[at + 9] == 17 and len(frame) >= transport + 8:
            end = transport + 8
        else:
            return None
        size = at + struct.unpack_from("!H", frame, at + 2)[0]
        return cls(frame[:end], frame[end : max(size, end)], at, transport)

    def bytes(self, number: int) -> bytes:
        """The frame again, between the addresses of the ``number``-th capture."""
        head = bytearray(self.head)
        mark = struct.pack("!H", number % 65536)
        if not self.ip:
            # The group address stays, or nobody would listen.
            head[8:10] = mark
            if not head[0] & 1:
                head[2:4] = mark
            return bytes(head) + self.payload
        # Who is who stays in the last octet but for clashes, which mix two sessions.
        for at in (self.ip + 12, self.ip + 16):
            if head[at] < 224:
                head[at : at + 3] = b"\x0a" + mark
        struct.pack_into("!H", head, self.ip + 2, len(head) - self.ip + len(self.payload))
        if head[self.ip + 9] == 17:
            struct.pack_into("!H", head, self.transport + 4, 8 + len(self.payload))
        return bytes(head) + self.payload


Session = list[Packet]


def sessions(
    capture: Path, wanted: dict[int, str], size: int = 40, most: int = 60
) -> Iterator[Session]:
    """What to mutate: of each conversation in ``capture``, up to ``size`` packets.

    ``wanted`` has the numbers of the frames (from 1) to take, and which conversation each
    belongs to; no more than ``most`` conversations are taken.
    """
    found: dict[str, Session] = {}
    with capture.open("rb") as file:
        reader = dpkt.pcap.UniversalReader(file)
        if reader.datalink() != ETHERNET:
            return
        for number, (_, frame) in enumerate(reader, 1):
            if name := wanted.get(number):
                packet = Packet.of(bytes(frame))
                session = found.setdefault(name, [])
                if packet and len(session) < size and len(found) <= most:
                    session.append(packet)
    yield from (s for s in found.values() if s)


def _flip(packet: Packet, rng: random.Random) -> bytes:
    data = bytearray(packet.payload)
    for _ in range(rng.choice((1, 1, 2, 8))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _lie(packet: Packet, rng: random.Random) -> bytes:
    """An odd value over something that may be a length, rather near the start."""
    odd = rng.choice(_ODD)
    at = min(int(rng.expovariate(1 / 12)), len(packet.payload) - 1)
    return packet.payload[:at] + odd + packet.payload[at + len(odd) :]


def _cut(packet: Packet, rng: random.Random) -> bytes:
    return packet.payload[: rng.randrange(len(packet.payload))]


def _grow(packet: Packet, rng: random.Random) -> bytes:
    at = rng.randrange(len(packet.payload))
    extra = rng.choice((rng.randbytes(rng.choice((1, 4, 60))), packet.payload[at:]))
    return packet.payload[:at] + extra + packet.payload[at:]


def _delete(packet: Packet, rng: random.Random) -> bytes:
    at = rng.randrange(len(packet.payload))
    return packet.payload[:at] + packet.payload[at + rng.choice((1, 2, 4)) :]


_CHANGES = {"flip": _flip, "lie": _lie, "cut": _cut, "grow": _grow}
_FAULTS = ("flip", "flip", "lie", "lie", "cut", "grow", "delete", "drop", "repeat", "swap")


def mutate(session: Session, rng: random.Random) -> Session:
    """A copy of ``session`` with one to six faults."""
    packets = [Packet(p.head, p.payload, p.ip, p.transport) for p in session]
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(packets))
        fault = rng.choice(_FAULTS)
        if fault == "drop" and len(packets) > 1:
            del packets[at]
        elif fault == "repeat":
            packets.insert(rng.randrange(len(packets) + 1), packets[at])
        elif fault == "swap":
            other = rng.randrange(len(packets))
            packets[at], packets[other] = packets[other], packets[at]
        else:
            loaded = [i for i, p in enumerate(packets) if p.payload]
            if loaded:
                at = rng.choice(loaded)
                p = packets[at]
                change = _CHANGES.get(fault, _delete)
                packets[at] = Packet(p.head, change(p, rng)[:1460], p.ip, p.transport)
    return packets


def write(path: Path, mutated: Iterable[tuple[int, Session]]) -> None:
    """Write captures, each under its number, one after another into one file."""
    with path.open("wb") as file:
        writer = dpkt.pcap.Writer(file, linktype=ETHERNET)
        ts = 1_700_000_000.0
        for number, session in mutated:
            for packet in session:
                ts += 0.001
                writer.writepkt(packet.bytes(number), ts=ts)
