"""Attacks on the process that tuning may look at."""

from __future__ import annotations

import numpy as np

from ..machines import away, usual
from ..speak import cip, modbus, power, s7
from . import Scene, family


@family("Operator station writes setpoints far outside what operators use", "T1692.001 T0836",
        "hmi-1 plc-mix", (10, 60))  # fmt: skip
def value_out_of_range(scene: Scene) -> None:
    ts = scene.spread(2 + int(4 * scene.strength))
    value = scene.rng.uniform(760, 800 + 400 * scene.strength, len(ts))
    modbus.ask(scene.world, usual(scene.world, "hmi-1", "plc-mix"), ts, modbus.WRITE, 10, 1, 1,
               [value])  # fmt: skip


@family("Operator station writes the drive's speed much more often than ever",
        "T1692.001 T0806", "hmi-2 drive", (15, 60))  # fmt: skip
def more_writes(scene: Scene) -> None:
    ts = scene.every(20 - 14 * scene.strength)
    value = scene.rng.normal(600, 20, len(ts)).clip(540, 660)
    modbus.ask(scene.world, usual(scene.world, "hmi-2", "drive"), ts, modbus.WRITE, 10, 1, 1,
               [value])  # fmt: skip


@family("The outstation of the intake falls silent", "T0815 T1691", "rtu-intake scada", (30, 180))
def device_silent(scene: Scene) -> None:
    away(scene.world, "rtu-intake", scene.first, scene.last, scene.name)


@family("The HMI polls the pump controller at a third of its pace", "T0815 T1691.002",
        "hmi-1 plc-pump", (40, 180))  # fmt: skip
def poll_slowed(scene: Scene) -> None:
    keep = 0.5 - 0.3 * scene.strength
    scene.world.mute("hmi-1", "plc-pump", scene.first, scene.last, keep)


@family("CPU of the press stopped and started from the engineering workstation",
        "T0858 T0816", "ews plc-press", (4, 15))  # fmt: skip
def stop_start(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-press")
    ts = np.array([scene.first, scene.last - 1_000_000], dtype=np.int64)
    s7.ask(scene.world, channel, ts[:1] - 200_000, s7.SETUP, size=27)
    s7.ask(scene.world, channel, ts[:1], s7.STOP, size=20)
    s7.ask(scene.world, channel, ts[1:], s7.START, size=20)


@family("Program downloaded to the press from the engineering workstation",
        "T0843 T0889", "ews plc-press", (3, 12))  # fmt: skip
def program_download(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-press")
    s7.ask(scene.world, channel, np.array([scene.first]), s7.SETUP, size=27)
    s7.transfer(scene.world, channel, scene.first + 500_000, 2 + int(10 * scene.strength), True)


@family("Unsolicited reports of the well switched off by the SCADA server",
        "T1691.002 T0878", "scada rtu-well", (30, 120))  # fmt: skip
def reports_off(scene: Scene) -> None:
    channel = usual(scene.world, "scada", "rtu-well")
    ts = np.array([scene.first], dtype=np.int64)
    power.dnp3(scene.world, channel, ts, "DISABLE_UNSOLICITED")
    # what the outstation would have sent unasked
    scene.world.mute("scada", "rtu-well", scene.first + 1, scene.last,
                     only=("fc_request", (None, "CONFIRM")))  # fmt: skip


@family("Read flood on the palletiser from the second operator station", "T0814",
        "hmi-2 plc-palletiser", (3, 12))  # fmt: skip
def read_flood(scene: Scene) -> None:
    ts = scene.every(0.2 - 0.15 * scene.strength)
    channel = usual(scene.world, "hmi-2", "plc-palletiser")
    cip.ask(scene.world, channel, ts, cip.READ_TAG, size=80)


@family("A laptop writes setpoints of the pumps", "T1692.001 T0836 T0848", "laptop plc-pump",
        (3, 20), stranger=True)  # fmt: skip
def rogue_writes(scene: Scene) -> None:
    ts = scene.spread(2 + int(12 * scene.strength))
    value = scene.rng.normal(600, 30, len(ts))
    modbus.ask(scene.world, scene.channel("laptop", "plc-pump"), ts, modbus.WRITE, 10, 1, 1,
               [value])  # fmt: skip
