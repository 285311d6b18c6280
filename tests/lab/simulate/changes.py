"""Planned changes of the plant, and the poisoning of what is learned from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import machines
from .attacks import Family, Scene
from .speak import cip, it, modbus, s7
from .world import HOUR, MINUTE, World
from .zeeklog import SECOND

CHANGES = ("hmi", "poll_rate", "firmware")
WINDOW = 15 * MINUTE  # what poisoning is counted in


def before(world: World, change: str, at: int) -> None:
    """What a change does to the plant's habits; call it before those are simulated."""
    if change == "poll_rate":
        for pair in ("hmi-1>plc-mix", "hmi-1>plc-press"):
            world.rates[pair] = [(at, 0.5)]


def after(world: World, change: str, at: int) -> tuple[int, int]:
    """What a change adds; returns the maintenance window that was declared for it."""
    if change == "hmi":
        _new_hmi(world, at)
    if change == "firmware":
        _firmware(world, at)
    return at - 30 * MINUTE, at + 2 * HOUR


def _new_hmi(world: World, at: int) -> None:
    """A third operator station, doing from now on what the first does."""
    for server, seconds, count in (("plc-mix", 15, 12), ("plc-pump", 15, 8)):
        channel = world.channel("hmi-3", server, 502, "modbus", hours=20.0)
        ts = world.polls(f"hmi-3 {server}", seconds, first=at, last=world.end)
        modbus.ask(world, channel, ts, modbus.READ, 0, count, 1, [50] * count)
        modbus.ask(world, channel, ts + 25_000, modbus.COILS, 0, 12, 1)
    ts = world.chances("hmi-3 writes", 6, (6, 22), 0.4, first=at, last=world.end)
    value = world.rng("hmi-3 writes").normal(600, 25, len(ts)).clip(540, 660)
    channel = world.channel("hmi-3", "plc-mix", 502, "modbus", hours=20.0)
    modbus.ask(world, channel, ts, modbus.WRITE, 10, 1, 1, [value])
    pack = world.channel("hmi-3", "plc-pack", 44818, "enip", hours=20.0)
    ts = world.polls("hmi-3 pack", 15, first=at, last=world.end)
    cip.ask(world, pack, ts, cip.READ_TAG, size=80)
    it.ntp(world, "hmi-3", world.polls("hmi-3 ntp", 1024 / world.pace, first=at, last=world.end))


def _firmware(world: World, at: int) -> None:
    """The press gets firmware and program from the engineering workstation, and restarts."""
    channel = world.channel("ews", "plc-press", 102, "s7comm", hours=0, own="firmware")
    one = np.array([at], dtype=np.int64)
    s7.ask(world, channel, one, s7.SETUP, size=27)
    s7.ask(world, channel, one + 5 * SECOND, s7.SZL, size=200)
    s7.ask(world, channel, one + 60 * SECOND, s7.STOP, size=20)
    done = s7.transfer(world, channel, at + 90 * SECOND, 40, down=True)
    machines.away(world, "plc-press", done + 5 * SECOND, done + 240 * SECOND, "firmware")
    s7.ask(world, channel, one + (done - at) + 300 * SECOND, s7.START, size=20)
    s7.ask(world, channel, one + (done - at) + 320 * SECOND, s7.SZL, size=210)


def poison(
    world: World, share: float, first: int, last: int, families: Sequence[Family]
) -> list[tuple[int, int, str]]:
    """Stage weak attacks in ``share`` of the windows of [first, last), growing from first to last.

    They teach that more writes, other values, slower polls are normal; families that need a
    stranger would be told at once and are left out. Returns the windows.
    """
    rng = world.rng("poison")
    known = [f for f in families if not f.stranger]
    windows = np.arange(first + WINDOW, last - WINDOW, WINDOW)
    chosen = np.sort(rng.choice(windows, round(share * len(windows)), replace=False))
    out = []
    for at in chosen:
        which = known[int(rng.integers(len(known)))]
        grown = 0.05 + 0.45 * (at - first) / (last - first)
        scene = Scene(world, f"poison {which.name}", int(at), int(at) + WINDOW, float(grown))
        which.act(scene)
        out.append((scene.first, scene.last, which.name))
    return out
