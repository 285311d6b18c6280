"""Captures of sampled values for the btests: ``python -m tests.zeek.make.sv``."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from tests.zeek.make.goose import number, tlv
from tests.zeek.make.layer2 import Timed, frame, spaced, write

GROUP = "01:0c:cd:04:00:01"
UNIT, ATTACKER = "02:00:00:00:00:21", "02:00:00:00:00:66"
KIND = 0x88BA
#: Samples a second at 50 Hz (IEC 61869-9), of which a frame carries one here.
RATE = 4000


def asdu(count: int, synch: int = 2, sv_id: str = "MU01") -> bytes:
    """One sample of four currents and four voltages."""
    values = b"".join(struct.pack("!iI", 1000 * n + count, 0) for n in range(8))
    return tlv(0x30, tlv(0x80, sv_id.encode()) + tlv(0x82, struct.pack("!H", count))
               + tlv(0x83, struct.pack("!I", 1)) + tlv(0x85, bytes([synch]))
               + tlv(0x87, values))  # fmt: skip


def sv(
    *asdus: bytes, src: str = UNIT, vlans: Sequence[int] = (4,), simulated: bool = False
) -> bytes:
    """A frame of samples."""
    pdu = tlv(0x60, number(0x80, len(asdus)) + tlv(0xA2, b"".join(asdus)))
    head = struct.pack("!HHHH", 0x4000, len(pdu) + 8, 0x8000 if simulated else 0, 0)
    return frame(src, GROUP, KIND, head + pdu, vlans)


def stream(counters: Iterable[int]) -> list[bytes]:
    """Frames with these counters."""
    return [sv(asdu(n)) for n in counters]


def captures() -> dict[str, list[Timed]]:
    """Every capture by name."""
    step = 1 / RATE
    whole = [n % RATE for n in range(3900, 3900 + 300)]
    good = sv(asdu(7))
    return {
        "normal": spaced(stream(whole), step=0.01),
        "untagged": spaced([sv(asdu(n), vlans=()) for n in range(5)], step=step),
        # Samples of several moments in one frame.
        "several": spaced(
            [sv(*(asdu(n + k) for k in range(8))) for n in range(0, 64, 8)], step=8 * step
        ),
        "twice": spaced([f for f in stream(range(20)) for _ in range(2)], step=step / 2),
        "lost": spaced(stream([*range(100, 150), *range(155, 200)]), step=step),
        "spoofed": spaced(stream(range(100, 140)), step=step)
        + spaced([sv(asdu(n), src=ATTACKER) for n in range(110, 120)], step / 2, step),
        "flags": spaced([*stream(range(3)), sv(asdu(3, synch=0)), sv(asdu(4, synch=0)),
                         sv(asdu(5), simulated=True), *stream(range(6, 9))], step=step),
        "malformed": spaced([
            good, good[:50], good[:28] + b"\xff" + good[29:], good[:20] + b"\0\x02" + good[22:],
            frame(UNIT, GROUP, KIND, b""), sv(), sv(tlv(0x30, b"")),
            sv(tlv(0x30, tlv(0x82, b"\0" * 9))), sv(asdu(8)),
        ], step=step),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    for name, frames in captures().items():
        write("sv", name, frames)
    write("sv", "truncated", spaced(stream(range(4))), snap=70)


if __name__ == "__main__":
    main()
