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
    4: "300001",
    5: "31000101000400aabbccdd",
    6: "3200010100",
    7: "330001fb00",
    8: "340001010000",
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
    29: "370001",
}
#: Further functions of a rule, each by its last digits.
MORE: dict[int, tuple[str, ...]] = {
    8: ("3500010100",),
    10: ("28000000200400",),
    18: ("0500", "0600", "0700", "2a00", "5100", "5200", "5300", "6500", "6600"),
    20: ("2700",),
    23: ("7200", "7300", "7400"),
    29: ("4300",),
}
SIGNATURE = bytes(range(0x61, 0x81))
POLLED = ("22aabbccdd01020100", "2400010000", "5015000000")


def sids() -> list[int]:
    return [FIRST + n for n in (*REQUESTS, 30)]


def pdus() -> list[bytes]:
    """Function 90, session and request, one for each rule."""
    return [umas(data) for data in REQUESTS.values()]


def umas(data: str) -> bytes:
    return bytes([90, SESSION]) + bytes.fromhex(data)


def signed(pdu: bytes, signature: bytes = SIGNATURE) -> bytes:
    """A request within a signed one: function 38, a byte, 32 of signature, the request."""
    return bytes([90, SESSION, 0x38, 1]) + signature + pdu


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
    wrapped = (
        tcp(
            ENGINEER,
            PLC,
            502,
            [*polls(1), (C, adu(signed(umas(data)), 5))],
            sport=52000 + n,
            start=1.5 * n,
        )
        for n, data in enumerate(REQUESTS.values())
    )
    case(
        "modbus-umas-signed",
        "One request of UMAS for each rule, signed.",
        merged(*wrapped),
        {gate: 1, **{FIRST + n: 1 for n in REQUESTS}},
        [FIRST + 30],
    )
    stopped = umas("41ff00")
    near = [signed(b""), signed(stopped, SIGNATURE[:-1]), signed(b"\x41" + stopped)]
    case(
        "modbus-umas-signed-near",
        "Signed, with nothing within, or not where it belongs.",
        tcp(ENGINEER, PLC, 502, [(C, adu(pdu, 5)) for pdu in near]),
        {gate: 1},
        [sid for sid in sids() if sid != FIRST + 30],
    )
    further = [(n, data) for n, all_data in MORE.items() for data in all_data]
    case(
        "modbus-umas-further",
        "Known functions that share a rule, each to a controller of its own.",
        merged(
            *(
                tcp(ENGINEER, f"10.10.20.{100 + k}", 502, talk(data), start=0.3 * k)
                for k, (_, data) in enumerate(further)
            )
        ),
        {gate: len(further), **{FIRST + n: len(data) for n, data in MORE.items()}},
        [FIRST + 25, FIRST + 5, FIRST + 9],
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
