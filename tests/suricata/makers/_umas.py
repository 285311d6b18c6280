"""Cases of the UMAS rules (Modbus function 90), used by ``modbus``."""

from collections.abc import Callable

from .wire import ENGINEER, PLC, C, S, case, merged, tcp

FIRST = 1_920_500
SESSION = 0x1F

#: One request a rule: last digits of its sid, UMAS function and data.
REQUESTS: dict[int, str] = {
    1: "41ff00",
    2: "40ff00",
    3: "4200",
    4: "330001",
    5: "34000101000400aabbccdd",
    6: "350001",
    7: "300001",
    8: "31000101",
    9: "210100000000000400aabbccdd",
    10: "200100000000000400",
    11: "23aabbccdd0102010000010001",
    12: "2501000000010001",
    13: "7100010201",
    14: "70000102",
    15: "10b1000000084d61696e2050430000",
    16: "02",
    17: "0300",
    18: "04",
    19: "0100",
    20: "2602000000000000ffff000000",
    21: "3600",
    22: "6e0001",
    23: "39000001",
    24: "5801000000",
    25: "9900",
    26: "0a0041414141",
    27: "12",
    28: "22aabbccdd01020100",
}
POLLED = ("22aabbccdd01020100", "2400010000", "5015000000")


def sids() -> list[int]:
    return [FIRST + n for n in (*REQUESTS, 30)]


def pdus() -> list[bytes]:
    """Function 90, session and request, one for each rule."""
    return [umas(data) for data in REQUESTS.values()]


def umas(data: str) -> bytes:
    return bytes([90, SESSION]) + bytes.fromhex(data)


def make(
    adu: Callable[[bytes, int], bytes],
    polls: Callable[[int], list[tuple[str, bytes]]],
    gate: int,
) -> None:
    def talk(data: str, reply: bytes = b"\xfe") -> list[tuple[str, bytes]]:
        return [(C, adu(umas(data), 5)), (S, adu(bytes([90, SESSION]) + reply, 5))]

    sessions = (
        tcp(ENGINEER, PLC, 502, [*polls(1), *talk(data)], sport=52000 + n, start=1.5 * n)
        for n, data in enumerate(REQUESTS.values())
    )
    case(
        "modbus-umas",
        "One request of UMAS for each rule.",
        merged(*sessions),
        {gate: 1, **{FIRST + n: 1 for n in REQUESTS}},
        [FIRST + 30],
    )
    polled = [piece for data in POLLED for piece in talk(data)]
    case(
        "modbus-umas-polling",
        "Variables and monitoring.",
        tcp(ENGINEER, PLC, 502, polled * 3),
        {FIRST + 28: 1},
        [gate, *(sid for sid in sids() if sid != FIRST + 28)],
    )
    refused = [piece for _ in range(5) for piece in talk("2400010000", b"\xfd\x01")]
    case(
        "modbus-umas-refused",
        "Five requests refused.",
        tcp(ENGINEER, PLC, 502, refused),
        {FIRST + 28: 1, FIRST + 30: 1},
    )
    physical = [*talk("2900000000010000ff"), *talk("11")]
    case(
        "modbus-umas-physical",
        "Physical memory written, the reservation given back.",
        tcp(ENGINEER, PLC, 502, physical),
        {gate: 1, FIRST + 9: 1, FIRST + 27: 1},
    )
    stop = [(C, adu(bytes([90, 0x10, 0x12]), 5)), (C, adu(umas("41ff00"), 6))]
    case(
        "modbus-umas-coalesced",
        "A stop in two segments, cut within its header.",
        tcp(ENGINEER, PLC, 502, [*polls(1), stop[1]], split=[5]),
        {gate: 1, FIRST + 1: 1},
    )
