"""Attacks on the process that were drafted without regard to what any model sees."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..speak import building, cip, modbus, power, s7
from ..zeeklog import SECOND
from . import Scene, family


@family("The mixer's recipe sent with the amounts of its ingredients exchanged", "T0836 T0831",
        "hmi-1 plc-mix", (5, 40), hours=(5.0, 21.0))  # fmt: skip
def recipe_swapped(scene: Scene) -> None:
    amounts = [scene.rng.normal(v, w, 6) for v, w in ((450, 12), (120, 4), (300, 10))]
    for at in scene.spread(1 + int(2 * scene.strength)):
        ts = at + np.arange(6, dtype=np.int64) * 400_000
        modbus.ask(scene.world, usual(scene.world, "hmi-1", "plc-mix"), ts, modbus.WRITE_MANY,
                   20 + 4 * np.arange(6), 3, 1, amounts)  # fmt: skip


@family("The mixer's controller writes the registers of the pumps that it only ever reads",
        "T0821 T1692.001 T0836", "plc-mix plc-pump", (3, 25))  # fmt: skip
def peer_writes(scene: Scene) -> None:
    ts = scene.spread(2 + int(8 * scene.strength))
    value = scene.rng.normal(470, 60, len(ts))
    modbus.ask(scene.world, usual(scene.world, "plc-mix", "plc-pump"), ts, modbus.WRITE_MANY, 40,
               2, 1, [value, value + 90])  # fmt: skip


@family("The breaker of the intake that is closed every day tripped by the SCADA server",
        "T1692.001 T0831", "scada rtu-intake", (2, 15))  # fmt: skip
def intake_tripped(scene: Scene) -> None:
    ts = scene.spread(1 + int(3 * scene.strength))
    channel = usual(scene.world, "scada", "rtu-intake")
    power.operate(scene.world, channel, ts, 2, code="Trip")


@family("Deadbands and classes of the well's outstation rewritten, so that it reports less",
        "T0838 T0878", "scada rtu-well", (2, 20))  # fmt: skip
def well_deadbands(scene: Scene) -> None:
    channel = usual(scene.world, "scada", "rtu-well")
    ts = scene.spread(1 + int(4 * scene.strength))
    power.dnp3(scene.world, channel, ts, "WRITE", up=64, down=17)
    power.dnp3(scene.world, channel, ts + 2 * SECOND, "ASSIGN_CLASS", up=31, down=17)


@family("The ramp of the conveyor's drive cut short in a register beside its speed",
        "T0836 T0879", "hmi-2 drive", (2, 30))  # fmt: skip
def drive_ramp(scene: Scene) -> None:
    ts = scene.spread(1 + int(2 * scene.strength))
    value = np.linspace(120, 20, len(ts))
    channel = usual(scene.world, "hmi-2", "drive")
    modbus.ask(scene.world, channel, ts, modbus.WRITE, 14, 1, 1, [value])


@family("The packing controller's own address rewritten by the engineering workstation",
        "T0836 T1695.002 T0814", "ews plc-pack", (3, 25), hours=(8.0, 19.0))  # fmt: skip
def packer_readdressed(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-pack")
    ts = scene.every(20)
    cip.ask(scene.world, channel, ts[:2], cip.IDENTITY, "0x01", "Identity", "0x01", size=70)
    cip.ask(scene.world, channel, ts[2:], cip.READ_TAG, size=80)
    asked = scene.spread(1 + int(3 * scene.strength))
    cip.ask(scene.world, channel, asked, cip.GET, "0xf5", "TCP/IP Interface", "0x01", "0x05")
    cip.ask(scene.world, channel, asked + 3 * SECOND, cip.SET, "0xf5", "TCP/IP Interface", "0x01",
            "0x05")  # fmt: skip


@family("One block added to the oven's program while an engineer seems to look around",
        "T0843.003 T0889", "ews plc-oven", (8, 45), hours=(8.0, 19.0))  # fmt: skip
def oven_appended(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-oven")
    ts = scene.spread(12 + int(20 * scene.strength))
    s7.ask(scene.world, channel, ts[:1] - 100_000, s7.SETUP, size=27)
    s7.ask(scene.world, channel, ts[:3], s7.SZL, size=200)
    s7.ask(scene.world, channel, ts[3:], s7.READ, size=180)
    s7.transfer(scene.world, channel, scene.last - 20 * SECOND, 1, True)


@family("Measurements of the feeder that never change sent between the true ones",
        "T1692.002 T0832", "rtu-feeder scada", (10, 80))  # fmt: skip
def feeder_fakes(scene: Scene) -> None:
    ts = scene.every(24 - 16 * scene.strength)
    channel = usual(scene.world, "scada", "rtu-feeder")
    power.iec104(scene.world, channel, ts, "M_ME_NC_1", 12, "Spont", value=np.full(len(ts), 240.0))


@family("The hall's sensors taken out of service and their readings written by the station",
        "T0832 T0835", "hmi-2 bms-hall", (15, 90))  # fmt: skip
def hall_out_of_service(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-2", "bms-hall")
    point = np.arange(1, 2 + int(2.5 * scene.strength))
    first = scene.first + point * SECOND
    building.property_(scene.world, channel, first, "analog-input", point, np.ones(len(point)),
                       write=True, prop="out-of-service")  # fmt: skip
    ts = scene.every(420 - 240 * scene.strength)
    value = np.round(scene.rng.normal(22, 0.1, len(ts)), 1)
    building.property_(scene.world, channel, ts + 10 * SECOND, "analog-input", 1, value, write=True)


@family("A pump switched while its station no longer asks for the state of the coils",
        "T1692.001 T0829 T1691.002", "hmi-1 plc-pump", (10, 60))  # fmt: skip
def coils_unread(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-1", "plc-pump")
    ts = scene.spread(1 + int(3 * scene.strength))
    modbus.ask(scene.world, channel, ts, modbus.FORCE, 3, 1)
    scene.world.mute("hmi-1", "plc-pump", scene.first, scene.last, 0.4 - 0.4 * scene.strength,
                     only=("func", (modbus.COILS,)))  # fmt: skip
