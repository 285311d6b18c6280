"""Attacks on the process that were drafted after the models and tuned by nobody."""

from __future__ import annotations

import numpy as np

from ..machines import away, usual
from ..speak import building, cip, modbus, power, s7
from . import Scene, family


@family("The press's inputs written by the operator station every few seconds", "T0836 T1692.001",
        "hmi-1 plc-press", (5, 30))  # fmt: skip
def press_writes(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-1", "plc-press")
    s7.ask(scene.world, channel, scene.every(14 - 10 * scene.strength), s7.WRITE, size=22)


@family("The oven stopped by the operator station that only ever writes its setpoints",
        "T0858 T0816", "hmi-2 plc-oven", (2, 10))  # fmt: skip
def oven_stopped(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-2", "plc-oven")
    s7.ask(scene.world, channel, np.array([scene.first], dtype=np.int64), s7.STOP, size=20)


@family("The clock of the press set to another day by the engineering workstation", "T0836 T0832",
        "ews plc-press", (2, 12))  # fmt: skip
def press_clock(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-press")
    s7.ask(scene.world, channel, scene.spread(1 + int(3 * scene.strength)), s7.CLOCK, size=30)


@family("A coil that operators never touch switched on the mixer", "T1692.001 T0831",
        "hmi-1 plc-mix", (2, 20))  # fmt: skip
def unused_coil(scene: Scene) -> None:
    ts = scene.spread(2 + int(6 * scene.strength))
    channel = usual(scene.world, "hmi-1", "plc-mix")
    modbus.ask(scene.world, channel, ts, modbus.FORCE, 12, 1)


@family("The historian writes a register of the pumps", "T1692.001 T0836", "historian plc-pump",
        (2, 20))  # fmt: skip
def historian_writes(scene: Scene) -> None:
    ts = scene.spread(1 + int(4 * scene.strength))
    channel = usual(scene.world, "historian", "plc-pump")
    modbus.ask(scene.world, channel, ts, modbus.WRITE, 6, 1, 1, [np.full(len(ts), 580.0)])


@family("The drive answers only now and then", "T0814 T0815", "hmi-2 drive", (20, 90))
def drive_stutters(scene: Scene) -> None:
    rng = scene.rng
    at = scene.first
    while at < scene.last:
        stop = min(at + int(rng.uniform(60, 180) * 1e6), scene.last)
        away(scene.world, "drive", at, stop, f"{scene.name} {at}")
        at = stop + int(rng.uniform(60, 240) * (1.2 - scene.strength) * 1e6)


@family("The hall's setpoint written again and again by the operator station", "T0836 T0806",
        "hmi-2 bms-hall", (10, 60))  # fmt: skip
def hall_rewritten(scene: Scene) -> None:
    ts = scene.every(60 - 40 * scene.strength)
    value = np.round(scene.rng.uniform(19.5, 22.5, len(ts)), 1)
    building.property_(scene.world, usual(scene.world, "hmi-2", "bms-hall"), ts, "analog-value", 5,
                       value, write=True)  # fmt: skip


@family("Breakers of the intake operated one after the other by the SCADA server",
        "T1692.001 T0831", "scada rtu-intake", (3, 15))  # fmt: skip
def breaker_walk(scene: Scene) -> None:
    ts = scene.every(20 - 12 * scene.strength)
    channel = usual(scene.world, "scada", "rtu-intake")
    power.operate(scene.world, channel, ts, np.arange(len(ts)) % 8)


@family("The gateway's meters asked by the mixer's controller", "T0861 T0801", "plc-mix gateway",
        (5, 60), stranger=True)  # fmt: skip
def controller_asks_meters(scene: Scene) -> None:
    ts = scene.every(30)
    modbus.ask(scene.world, scene.channel("plc-mix", "gateway"), ts, modbus.READ, 0, 4, 1,
               [400, 550, 600, 50])  # fmt: skip


@family("Tags of the palletiser written by the operator station that only reads them",
        "T0836 T1692.001", "hmi-2 plc-palletiser", (2, 25))  # fmt: skip
def palletiser_writes(scene: Scene) -> None:
    ts = scene.spread(2 + int(5 * scene.strength))
    cip.ask(scene.world, usual(scene.world, "hmi-2", "plc-palletiser"), ts, cip.WRITE_TAG, size=44)
