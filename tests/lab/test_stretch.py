"""The clock of stretch.py: order kept, bursts kept, labels hold their traffic."""

from __future__ import annotations

import random
import struct

from .stretch import BURST_GAP, Clock, pair

T0, SCALE = 1_700_000_000.0, 60


def frame(source: int, target: int) -> bytes:
    """An Ethernet frame with an IPv4 header that has only addresses."""
    addresses = struct.pack("!II", source, target)
    return bytes(12) + b"\x08\x00" + bytes(12) + addresses


def walk(seed: int) -> list[tuple[float, float, bytes]]:
    """Random traffic of a few pairs: captured time, stretched time, frame."""
    rng, clock, t, rows = random.Random(seed), Clock(T0, SCALE), T0, []
    for _ in range(2000):
        t += rng.choice((0.0001, 0.01, 0.19, 0.9))
        packet = frame(rng.randrange(3), 10 + rng.randrange(3))
        rows.append((t, clock.packet(t, packet), packet))
    return rows


def test_each_pair_keeps_its_order_and_never_runs_late() -> None:
    """Within a pair time never runs back, and no packet is later than the linear map."""
    clock = Clock(T0, SCALE)
    for seed in range(5):
        last: dict[frozenset[bytes], float] = {}
        for t, mapped, packet in walk(seed):
            key = pair(packet)
            assert mapped >= last.get(key, 0.0)
            assert mapped <= clock.linear(t) + 1e-3
            last[key] = mapped


def test_gaps_inside_a_burst_are_as_captured() -> None:
    """A reply after 2 ms stays after 2 ms; a poll after 2 s comes after 120 s."""
    clock = Clock(T0, SCALE)
    first = clock.packet(T0 + 1, frame(1, 2))
    reply = clock.packet(T0 + 1.002, frame(2, 1))
    later = clock.packet(T0 + 3, frame(1, 2))
    assert round(reply - first, 6) == 0.002
    assert round(later - first, 3) == 120.0
    assert BURST_GAP < 0.25  # shorter than any poll interval of the plant


def test_a_label_holds_what_begins_inside_it() -> None:
    """Bursts that begin inside a label's real bounds end up inside its stretched ones."""
    clock = Clock(T0, SCALE)
    start, end = T0 + 10, T0 + 12
    for t in (start, start + 0.05, start + 0.5, end - 0.01, end):
        assert clock.linear(start) <= clock.packet(t, frame(1, 2)) <= clock.linear(end)
