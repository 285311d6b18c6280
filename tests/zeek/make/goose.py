"""Captures of GOOSE for the btests: ``python -m tests.zeek.make.goose``."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from tests.zeek.make.layer2 import Timed, frame, spaced, write

GROUP = "01:0c:cd:01:00:01"
RELAY, BAY, ATTACKER = "02:00:00:00:00:11", "02:00:00:00:00:12", "02:00:00:00:00:66"
KIND = 0x88B8


def tlv(tag: int, value: bytes) -> bytes:
    """A BER field."""
    size = len(value)
    length = bytes([size]) if size < 128 else (
        b"\x81" + bytes([size]) if size < 256 else b"\x82" + struct.pack("!H", size)
    )  # fmt: skip
    return bytes([tag]) + length + value


def number(tag: int, value: int) -> bytes:
    """A BER integer, with a zero in front where its first bit is set."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def apdu(
    st: int, sq: int, *, block: str = "RELAY1LD0/LLN0$GO$gcb1", changed: int = 1_795_400_000,
    test: bool = False, commissioning: bool = False, values: Sequence[bool] = (True, False),
) -> bytes:  # fmt: skip
    """A publication."""
    fields = [
        tlv(0x80, block.encode()),
        number(0x81, 2000),
        tlv(0x82, block.replace("$GO$gcb", "$dset").encode()),
        tlv(0x83, b"relay1_trip"),
        tlv(0x84, struct.pack("!II", changed, 0x8000000A)),
        number(0x85, st),
        number(0x86, sq),
        tlv(0x87, bytes([test])),
        number(0x88, 1),
        tlv(0x89, bytes([commissioning])),
        number(0x8A, len(values)),
        tlv(0xAB, b"".join(tlv(0x83, bytes([v])) for v in values)),
    ]
    return tlv(0x61, b"".join(fields))


def goose(
    pdu: bytes, src: str = RELAY, vlans: Sequence[int] = (), appid: int = 1, simulated: bool = False
) -> bytes:
    """A frame around a PDU."""
    head = struct.pack("!HHHH", appid, len(pdu) + 8, 0x8000 if simulated else 0, 0)
    return frame(src, GROUP, KIND, head + pdu, vlans)


def beats(counters: Iterable[tuple[int, int]], **more: object) -> list[bytes]:
    """Publications with these state and sequence numbers."""
    return [goose(apdu(st, sq, **more)) for st, sq in counters]  # type: ignore[arg-type]


def captures() -> dict[str, list[Timed]]:
    """Every capture by name."""
    steady = [(5, sq) for sq in range(10, 20)]
    # A state change, as relays send it: at once, and again after ever longer waits.
    trip = goose(apdu(6, 0, changed=1_795_500_001, values=(False, True)))
    after = [goose(apdu(6, sq, changed=1_795_500_001)) for sq in range(1, 5)]
    normal = [*beats(steady), trip, *after]
    bay = [goose(apdu(1, sq, block="BAY2LD0/LLN0$GO$gcb3"), BAY, appid=2) for sq in range(1, 6)]
    broken = goose(apdu(5, 11))
    return {
        "normal": spaced(normal) + spaced(bay, 0.05),
        "tagged": spaced(goose(apdu(5, sq), vlans=[0] if sq < 13 else [7]) for sq in range(10, 15))
        + spaced([goose(apdu(5, sq), vlans=[100, 7]) for sq in range(15, 18)], 2),
        "lost": spaced(beats([(5, 10), (5, 11), (5, 15), (8, 0), (8, 1)])),
        "twice": spaced(f for f in beats(steady) for _ in range(2)),
        "replayed": spaced(beats([(5, 10), (5, 11), (6, 0), (6, 1), (5, 10), (5, 11), (6, 2)]))
        + spaced(beats([(6, 1), (6, 3)]), 5),
        "pushed": spaced([*beats([(5, 10), (5, 11)]), goose(apdu(9999, 0), ATTACKER),
                          goose(apdu(5, 12)), goose(apdu(9999, 1), ATTACKER)]),
        "restarted": spaced(beats([(5, 10), (5, 11), (1, 0), (1, 1)])),
        "flags": spaced([goose(apdu(5, 1)), goose(apdu(5, 2, test=True)),
                         goose(apdu(5, 3), simulated=True), goose(apdu(5, 4, commissioning=True)),
                         goose(apdu(5, 5))]),
        "malformed": spaced([
            broken, broken[:40], broken[:22] + b"\xff" + broken[23:],
            broken[:24] + b"\x84\xff\xff\xff\xff" + broken[29:],
            broken[:16] + b"\0\x01" + broken[18:],
            frame(RELAY, GROUP, KIND, b""),
            frame(RELAY, GROUP, KIND, b"\0\x01\0\x08\0\0\0\0\x61\x82"),
            goose(tlv(0x60, b"\x80\x02ab")), goose(apdu(5, 12)),
        ]),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    for name, frames in captures().items():
        write("goose", name, frames)
    write("goose", "truncated", spaced(beats([(5, 10), (5, 11)])), snap=96)
    write("goose", "snapped", spaced(beats([(5, 10), (5, 11)])), snap=118)


if __name__ == "__main__":
    main()
