"""A capture of a master that polls controllers by Modbus/TCP, for measuring sensors.

Eight controllers are asked for four ranges each, four times a second, on one connection each; each
gets a write every five seconds, and one in a thousand reads is refused. With acknowledgements
that is three packets a transaction, as between real stacks. Time starts at a fixed instant.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

START = 1_750_000_000.0
CLIENT = bytes((10, 0, 0, 10))
CONTROLLERS = 8
PERIOD = 0.25
WRITE_PERIOD = 5.0

#: Function, first address, quantity.
POLLS = ((3, 0, 10), (3, 100, 20), (4, 0, 8), (1, 0, 16))

_SYN, _ACK, _PSH = 0x02, 0x10, 0x08


@dataclass
class Session:
    """One TCP connection's state: addresses and the next sequence number of either side."""

    client: bytes
    server: bytes
    client_port: int
    server_port: int = 502
    seq: dict[bool, int] = field(default_factory=lambda: {True: 1000, False: 5000})

    def packet(self, up: bool, flags: int, payload: bytes = b"") -> bytes:
        """An Ethernet frame of this session; ``up`` goes to the server."""
        src, dst = (self.client, self.server) if up else (self.server, self.client)
        ports = (self.client_port, self.server_port)
        sport, dport = ports if up else ports[::-1]
        ack = self.seq[not up] if flags & _ACK else 0
        tcp = struct.pack(">HHIIBBHHH", sport, dport, self.seq[up], ack, 5 << 4, flags, 8192, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 0, 0x4000, 64, 6, 0, src, dst)
        self.seq[up] = (self.seq[up] + len(payload) + (flags & _SYN > 0)) % 2**32
        macs = b"\x02\x00" + dst + b"\x02\x00" + src
        return macs + b"\x08\x00" + ip + tcp + payload

    def opening(self) -> Iterator[bytes]:
        """The three packets that open it."""
        yield self.packet(True, _SYN)
        yield self.packet(False, _SYN | _ACK)
        yield self.packet(True, _ACK)

    def exchange(self, request: bytes, reply: bytes) -> Iterator[tuple[float, bytes]]:
        """Request, reply and acknowledgement, each with its delay in seconds."""
        yield 0.0, self.packet(True, _ACK | _PSH, request)
        yield 0.004, self.packet(False, _ACK | _PSH, reply)
        yield 0.0045, self.packet(True, _ACK)


def adu(tid: int, unit: int, pdu: bytes) -> bytes:
    """A PDU with its MBAP header."""
    return struct.pack(">HHHB", tid & 0xFFFF, 0, len(pdu) + 1, unit) + pdu


def answer(rng: random.Random, function: int, quantity: int) -> bytes:
    """What a controller answers to a read."""
    if rng.random() < 0.001:
        return bytes((function | 0x80, 2))
    if function == 1:
        return struct.pack(">BB", 1, (quantity + 7) // 8) + rng.randbytes((quantity + 7) // 8)
    values = [rng.randint(400, 600) for _ in range(quantity)]
    return struct.pack(f">BB{quantity}H", function, 2 * quantity, *values)


def header(out: BinaryIO) -> None:
    """Start a capture file: pcap, microseconds, Ethernet."""
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))


def record(out: BinaryIO, ts: float, frame: bytes) -> None:
    """Append a frame."""
    micros = round(ts * 1e6)
    out.write(struct.pack("<IIII", *divmod(micros, 10**6), len(frame), len(frame)) + frame)


def frames(packets: int, start: float = START, seed: int = 1) -> Iterator[tuple[float, bytes]]:
    """``packets`` frames in order of time, with their times in seconds."""
    rng = random.Random(seed)
    plcs = [Session(CLIENT, bytes((10, 0, 1, 1 + i)), 40000 + i) for i in range(CONTROLLERS)]
    made = 0
    for i, plc in enumerate(plcs):
        for j, frame in enumerate(plc.opening()):
            yield start + i * 0.001 + j * 0.0001, frame
            made += 1
    tid, now, next_write = 0, start + 0.1, start + WRITE_PERIOD
    while True:
        step = PERIOD / (CONTROLLERS * len(POLLS) + 1)
        at = now
        for plc in plcs:
            for function, first, quantity in POLLS:
                tid += 1
                request = struct.pack(">BHH", function, first, quantity)
                reply = answer(rng, function, quantity)
                for delay, frame in plc.exchange(adu(tid, 1, request), adu(tid, 1, reply)):
                    yield at + delay, frame
                    made += 1
                    if made >= packets:
                        return
                at += step
        if now >= next_write:
            plc = plcs[int(next_write - start) // 5 % CONTROLLERS]
            tid += 1
            pdu = struct.pack(">BHH", 6, 40, rng.randint(0, 100))
            for delay, frame in plc.exchange(adu(tid, 1, pdu), adu(tid, 1, pdu)):
                yield at + delay, frame
                made += 1
                if made >= packets:
                    return
            next_write += WRITE_PERIOD
        now += PERIOD


def make(path: Path, packets: int = 143_000) -> None:
    """Write the capture."""
    with path.open("wb") as out:
        header(out)
        for ts, frame in frames(packets):
            record(out, ts, frame)
