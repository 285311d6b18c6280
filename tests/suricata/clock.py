"""Captures one after the other in packet time, a day between two."""

import struct

DAY = 86_400
START = 1_000_000_000  # seconds; the first capture begins here
ORDERS = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\x3c\x4d": ">",
}


class Clock:
    """Moves whole captures in time; the distances within one stay."""

    def __init__(self) -> None:
        self.now = START
        self.shift = 0  # seconds that the last capture was moved by

    def lay(self, capture: bytes) -> bytes:
        """The bytes of a classic capture, begun a day after the end of the last one.

        :raises ValueError: not a pcap (pcapng has no room here)
        """
        order = ORDERS.get(capture[:4])
        if order is None:
            raise ValueError("not a classic pcap")
        laid = bytearray(capture)
        at, shift, last = 24, None, self.now
        while at + 16 <= len(laid):
            seconds, _, length, _ = struct.unpack_from(f"{order}IIII", laid, at)
            if shift is None:
                shift = self.now - seconds
            # a packet older than the first by more than the clock has stays at its start
            moved = max(0, seconds + shift)
            struct.pack_into(f"{order}I", laid, at, moved)
            last = max(last, moved)
            at += 16 + length
        self.now, self.shift = last + DAY, shift or 0
        return bytes(laid)
