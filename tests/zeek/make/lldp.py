"""Captures of LLDP for the btests: ``python -m tests.zeek.make.lldp``."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from tests.zeek.make.layer2 import Timed, frame, mac, spaced, write

GROUP = "01:80:c2:00:00:0e"
SWITCH, DEVICE = "02:00:00:00:00:31", "02:00:00:00:00:32"
KIND = 0x88CC
END = b"\0\0"


def tlv(kind: int, value: bytes) -> bytes:
    """A field: seven bits of kind, nine of length."""
    return struct.pack("!H", kind << 9 | len(value)) + value


def head(chassis: bytes, port: bytes) -> bytes:
    """What each announcement starts with; both ids behind their kind."""
    return tlv(1, chassis) + tlv(2, port) + tlv(3, struct.pack("!H", 20))


def lldp(payload: bytes, src: str = SWITCH, vlans: Sequence[int] = ()) -> bytes:
    """A frame."""
    return frame(src, GROUP, KIND, payload + END, vlans)


def captures() -> dict[str, list[Timed]]:
    """Every capture by name."""
    chassis = b"\x04" + mac("02:00:00:00:00:30")
    switch = head(chassis, b"\x05Gi0/1") + tlv(4, b"uplink\0") + tlv(5, b"sw-cell-1") + tlv(
        6, b"Industrial switch\r\nFW 4.2\n") + tlv(7, b"\0\x14\0\x04") + tlv(
        8, b"\x05\x01\x0a\x0a\x14\xfe\x02\0\0\0\x01\0")  # fmt: skip
    profinet = (
        head(b"\x07io-rack-2", b"\x07port-001")
        + tlv(127, b"\0\x0e\xcf\x05" + mac("02:00:00:00:00:33"))
        + tlv(127, b"\0\x12\x0f\x01\x01\0\0\0\0")
    )
    v6 = head(chassis, b"\x03" + mac(SWITCH)) + tlv(8, b"\x11\x02\xfd" + b"\0" * 14 + b"\x07\x02"
                                                    + b"\0" * 5)  # fmt: skip
    return {
        "normal": spaced([lldp(switch), lldp(profinet, DEVICE), lldp(switch)], step=5.0),
        "kinds": spaced([lldp(v6), lldp(head(chassis, b"\x04\x01\x0a\x0a\x14\xfe"))]),
        "tagged": spaced([lldp(switch, vlans=[0]), lldp(switch, vlans=[10]),
                          lldp(profinet, DEVICE, [100, 10])]),
        "malformed": spaced([
            lldp(switch[:20]), lldp(b"\x02\xff" + switch[2:]), lldp(b""), lldp(tlv(1, b"\x04")),
            lldp(head(chassis, b"\x05x") + tlv(8, b"\xff\x01\x0a")),
            lldp(head(chassis, b"\x05x") + tlv(127, b"\0\x0e\xcf\x05")),
            lldp(head(b"\x07" + bytes(range(255)), b"\x07" + b"p" * 255)), lldp(switch),
        ]),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    for name, frames in captures().items():
        write("lldp", name, frames)
    write("lldp", "truncated", captures()["normal"], snap=64)


if __name__ == "__main__":
    main()
