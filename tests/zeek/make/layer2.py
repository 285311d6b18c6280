"""Frames below IP, and the captures they go into."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

TRACES = Path(__file__).parents[2] / "traces"
EPOCH = 1_795_500_000.0  #: 2026-11-24, seconds
Timed = tuple[float, bytes]


def mac(text: str) -> bytes:
    """A MAC address as it goes over the wire."""
    return bytes.fromhex(text.replace(":", ""))


def frame(src: str, dst: str, kind: int, payload: bytes, vlans: Sequence[int] = ()) -> bytes:
    """An Ethernet frame, padded to the least size; a tag for each of ``vlans``, outermost first.

    Above one tag the outer one is a service tag (0x88a8).
    """
    tags = b""
    for depth, vlan in enumerate(vlans):
        outer = depth == 0 and len(vlans) > 1
        tags += struct.pack("!HH", 0x88A8 if outer else 0x8100, 4 << 13 | vlan)
    data = mac(dst) + mac(src) + tags + struct.pack("!H", kind) + payload
    return data.ljust(60, b"\0")


def spaced(frames: Iterable[bytes], start: float = 0.0, step: float = 0.1) -> list[Timed]:
    """Frames with times: seconds after the capture's start, ``step`` apart."""
    return [(start + n * step, data) for n, data in enumerate(frames)]


def write(protocol: str, name: str, frames: Iterable[Timed], snap: int = 262144) -> None:
    """Write ``tests/traces/<protocol>/<name>.pcap``, each frame cut after ``snap`` octets."""
    folder = TRACES / protocol
    folder.mkdir(parents=True, exist_ok=True)
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1)]
    for after, data in sorted(frames, key=lambda timed: timed[0]):
        seconds, micros = divmod(round((EPOCH + after) * 1_000_000), 1_000_000)
        kept = data[:snap]
        parts += [struct.pack("<IIII", seconds, micros, len(kept), len(data)), kept]
    (folder / f"{name}.pcap").write_bytes(b"".join(parts))
