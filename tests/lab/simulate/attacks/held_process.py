"""Attacks on the process that nothing is tuned on."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..plant import STRANGERS
from ..speak import building, cip, modbus, power, s7
from . import Scene, family


@family("Setpoints in their usual range, but in the dead of night and in numbers",
        "T1692.001 T0836", "hmi-1 plc-mix", (30, 90), hours=(1.0, 3.5))  # fmt: skip
def night_setpoints(scene: Scene) -> None:
    ts = scene.spread(5 + int(15 * scene.strength))
    value = scene.rng.normal(600, 25, len(ts)).clip(540, 660)
    modbus.ask(scene.world, usual(scene.world, "hmi-1", "plc-mix"), ts, modbus.WRITE, 10, 1, 1,
               [value])  # fmt: skip


@family("The drive's speed written upwards in small steps over hours", "T0836 T0831",
        "hmi-2 drive", (240, 420))  # fmt: skip
def setpoint_drift(scene: Scene) -> None:
    ts = scene.every(1500 - 900 * scene.strength)
    top = 720 + 180 * scene.strength
    value = np.linspace(640, top, len(ts))
    modbus.ask(scene.world, usual(scene.world, "hmi-2", "drive"), ts, modbus.WRITE, 10, 1, 1,
               [value])  # fmt: skip


@family("Coils of the pumps forced on and off without pause by the operator station",
        "T0806 T1692.001", "hmi-1 plc-pump", (4, 15))  # fmt: skip
def coil_forcing(scene: Scene) -> None:
    ts = scene.every(6 - 5 * scene.strength)
    modbus.ask(scene.world, usual(scene.world, "hmi-1", "plc-pump"), ts, modbus.FORCE,
               np.where(np.arange(len(ts)) % 2, 3, 4), 1)  # fmt: skip


@family("Recipe of the packing line rewritten by the operator station at odd moments",
        "T0836 T0821", "hmi-1 plc-pack", (10, 60))  # fmt: skip
def recipe_rewrites(scene: Scene) -> None:
    ts = scene.every(60 - 40 * scene.strength)
    channel = usual(scene.world, "hmi-1", "plc-pack")
    cip.ask(scene.world, channel, ts, cip.WRITE_TAG, size=44)


@family("A small computer writes to the mixer under the operator station's address",
        "T1692.001 T0849 T0830", "hmi-1 plc-mix", (5, 25))  # fmt: skip
def spoofed_station(scene: Scene) -> None:
    channel = scene.channel("hmi-1", "plc-mix", STRANGERS["implant"].mac)
    ts = scene.every(45 - 30 * scene.strength)
    value = scene.rng.normal(600, 40, len(ts))
    modbus.ask(scene.world, channel, ts, modbus.WRITE, 10, 1, 1, [value])


@family("Stop and reset of the palletiser from the packing controller's address",
        "T0816 T0858", "plc-pack plc-palletiser", (2, 8))  # fmt: skip
def peer_reset(scene: Scene) -> None:
    channel = usual(scene.world, "plc-pack", "plc-palletiser")
    ts = scene.spread(2)
    cip.ask(scene.world, channel, ts, cip.STOP, "0x02", "Message Router", "0x01")
    cip.ask(scene.world, channel, ts + 5_000_000, cip.RESET, "0x01", "Identity", "0x01")


@family("Program blocks of the oven taken by the historian", "T0845", "historian plc-oven", (3, 12))
def historian_upload(scene: Scene) -> None:
    channel = usual(scene.world, "historian", "plc-oven")
    s7.transfer(scene.world, channel, scene.first, 2 + int(8 * scene.strength), False)


@family("Firmware sent to the intake's outstation as a file and activated", "T1693.001 T0843",
        "scada rtu-intake", (6, 20))  # fmt: skip
def outstation_firmware(scene: Scene) -> None:
    channel = usual(scene.world, "scada", "rtu-intake")
    ts = scene.every(1.5)
    power.dnp3(scene.world, channel, ts[:1], "OPEN_FILE")
    power.dnp3(scene.world, channel, ts[1:-2], "WRITE", up=900, down=20)
    power.dnp3(scene.world, channel, ts[-2:-1], "CLOSE_FILE")
    power.dnp3(scene.world, channel, ts[-1:], "ACTIVATE_CONFIG")


@family("Cold restarts of the well's outstation by the SCADA server", "T0816", "scada rtu-well",
        (2, 20))  # fmt: skip
def outstation_restart(scene: Scene) -> None:
    power.dnp3(scene.world, usual(scene.world, "scada", "rtu-well"),
               scene.spread(1 + int(2 * scene.strength)), "COLD_RESTART")  # fmt: skip


@family("The hall's controller told to keep quiet", "T0878 T1691.002", "hmi-2 bms-hall", (20, 90))
def building_muted(scene: Scene) -> None:
    ts = np.array([scene.first], dtype=np.int64)
    building.bacnet(scene.world, usual(scene.world, "hmi-2", "bms-hall"), ts,
                    "device_communication_control")  # fmt: skip


@family("Reporting of the feeder stopped by STOPDT", "T1691.002 T0815", "scada rtu-feeder",
        (30, 150))  # fmt: skip
def feeder_stopped(scene: Scene) -> None:
    channel = usual(scene.world, "scada", "rtu-feeder")
    power.frames(scene.world, channel, np.array([scene.first], dtype=np.int64), False)
    quiet = scene.first + 1_000_000
    kinds = ("iec104-asdu-ident", "iec104-M_ME_NC_1", "iec104-C_IC_NA_1")
    scene.world.mute("scada", "rtu-feeder", quiet, scene.last, kinds=kinds)


@family("The clock of the feeder set again and again", "T0836 T0832", "scada rtu-feeder", (5, 30))
def clock_setting(scene: Scene) -> None:
    power.iec104(scene.world, usual(scene.world, "scada", "rtu-feeder"),
                 scene.spread(2 + int(6 * scene.strength)), "C_CS_NA_1", 0, "Act",
                 monitored=False)  # fmt: skip


@family("A small computer switches the feeder", "T1692.001 T0848 T0831", "implant rtu-feeder",
        (2, 12), stranger=True)  # fmt: skip
def rogue_master(scene: Scene) -> None:
    channel = scene.channel("implant", "rtu-feeder")
    power.frames(scene.world, channel, np.array([scene.first], dtype=np.int64), True)
    power.iec104(scene.world, channel, scene.spread(2 + int(4 * scene.strength)), "C_SC_NA_1", 101,
                 "Act", monitored=False,
                 **{"io.sco.scs": "F", "io.sco.qu": 0, "io.sco.se": "F"})  # fmt: skip


@family("Setpoint of the hall's temperature outside the range", "T0836", "hmi-2 bms-hall", (5, 40))
def hall_out_of_range(scene: Scene) -> None:
    ts = scene.spread(1 + int(3 * scene.strength))
    value = np.full(len(ts), 28.0 + 6 * scene.strength)
    building.property_(scene.world, usual(scene.world, "hmi-2", "bms-hall"), ts, "analog-value", 5,
                       value, write=True)  # fmt: skip
