"""Looking around, replays and silences that nothing is tuned on."""

from __future__ import annotations

import numpy as np

from ..machines import usual
from ..speak import building, modbus, power, s7
from . import Scene, family

_FUNCTIONS = ("READ_DISCRETE_INPUTS", "READ_INPUT_REGISTERS", "READ_EXCEPTION_STATUS",
              "DIAGNOSTICS", "GET_COMM_EVENT_COUNTER", "GET_COMM_EVENT_LOG", "REPORT_SLAVE_ID",
              "READ_FILE_RECORD", "READ_FIFO_QUEUE", "PROGRAM_484", "PROGRAM_CONCEPT",
              "FIRMWARE_REPLACEMENT")  # fmt: skip


@family("Function codes of the drive tried by the second operator station", "T0888 T0846",
        "hmi-2 drive", (2, 12))  # fmt: skip
def function_scan(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-2", "drive")
    ts = scene.every((scene.last - scene.first) / 1e6 / len(_FUNCTIONS))
    for at, func in zip(ts, _FUNCTIONS, strict=False):
        modbus.ask(scene.world, channel, np.array([at]), func, 0, 1, 1,
                   exception="ILLEGAL_FUNCTION")  # fmt: skip


@family("Requests of the SCADA server to the meters replayed beside the real ones",
        "T0814 T0830", "scada gateway", (15, 60))  # fmt: skip
def replayed_polls(scene: Scene) -> None:
    pace = 12 - 9 * scene.strength
    channel = scene.channel("scada", "gateway")
    for unit in (1, 2, 3, 4):
        modbus.ask(scene.world, channel, scene.every(pace) + unit, modbus.READ, 0, 4, unit,
                   [400, 550, 600, 50])  # fmt: skip


@family("Only the historian's polls of the press stay away", "T0815 T1691", "historian plc-press",
        (25, 120))  # fmt: skip
def conduit_silent(scene: Scene) -> None:
    scene.world.mute("historian", "plc-press", scene.first, scene.last)


@family("The controllers' own exchange between mixer and pumps slows down", "T0815 T1691.002",
        "plc-mix plc-pump", (30, 120))  # fmt: skip
def peers_slowed(scene: Scene) -> None:
    scene.world.mute("plc-mix", "plc-pump", scene.first, scene.last, 0.6 - 0.35 * scene.strength)


@family("The SCADA server reads a register a minute that it never read", "T0861 T0801",
        "scada gateway", (60, 240))  # fmt: skip
def slow_register_walk(scene: Scene) -> None:
    ts = scene.every(120 - 80 * scene.strength)
    modbus.ask(scene.world, usual(scene.world, "scada", "gateway"), ts, modbus.READ,
               200 + np.arange(len(ts)), 1, 2, [0])  # fmt: skip


@family("Identities and blocks of the oven listed by the historian", "T0888 T0868",
        "historian plc-oven", (3, 15))  # fmt: skip
def oven_identity(scene: Scene) -> None:
    channel = usual(scene.world, "historian", "plc-oven")
    s7.ask(scene.world, channel, scene.spread(4 + int(8 * scene.strength)), s7.SZL, size=200)
    s7.ask(scene.world, channel, scene.spread(3), s7.LIST_BLOCKS, size=160)


@family("All objects of the offices' building controller read by the SCADA server",
        "T0861 T0888", "scada bms-office", (4, 30))  # fmt: skip
def building_walk(scene: Scene) -> None:
    ts = scene.every(3)
    building.property_(scene.world, usual(scene.world, "scada", "bms-office"), ts, "analog-input",
                       10 + np.arange(len(ts)), np.full(len(ts), 20.0))  # fmt: skip


@family("Broadcast search for building controllers by a small computer", "T0846.002",
        "implant", (1, 10), stranger=True)  # fmt: skip
def broadcast_search(scene: Scene) -> None:
    ts = scene.spread(3 + int(20 * scene.strength))
    for number, server in enumerate(("bms-hall", "bms-office")):
        channel = scene.channel("implant", server)
        building.bacnet(scene.world, channel, ts + number * 1000, "who_is", confirmed=False)


@family("Integrity polls of the intake repeated in a burst by the SCADA server", "T0814 T0802",
        "scada rtu-intake", (3, 15))  # fmt: skip
def poll_burst(scene: Scene) -> None:
    ts = scene.every(2 - 1.7 * scene.strength)
    power.dnp3(scene.world, usual(scene.world, "scada", "rtu-intake"), ts, "READ")
