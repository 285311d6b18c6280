"""Attacks on the process, drafted from what intruders do, apart from every model."""

from __future__ import annotations

import numpy as np

from ..machines import MODBUS, usual
from ..plant import ip
from ..speak import building, cip, it, modbus, power, s7
from ..zeeklog import SECOND, Fixed, Join
from . import Scene, family


@family("All coils of the mixer cleared by one order of the operator station", "T1692.001 T0826",
        "hmi-1 plc-mix", (1, 10))  # fmt: skip
def all_coils_cleared(scene: Scene) -> None:
    ts = scene.spread(1 + int(3 * scene.strength))
    channel = usual(scene.world, "hmi-1", "plc-mix")
    modbus.ask(scene.world, channel, ts, "WRITE_MULTIPLE_COILS", 0, 16)


@family("The pumps' controller told to listen only: it hears everybody and answers nobody",
        "T0814 T0815 T1691", "hmi-1 plc-pump", (4, 40))  # fmt: skip
def pumps_listen_only(scene: Scene) -> None:
    world, channel = scene.world, usual(scene.world, "hmi-1", "plc-pump")
    at = np.array([scene.first], dtype=np.int64)
    modbus.ask(world, channel, at, "DIAGNOSTICS", None, None, answered=False)
    # what would have been answered gives way to polls in vain
    world.mute(None, "plc-pump", scene.first + 1, scene.last, only=("matched", ("T",)))
    for client, server, unit, first, count, seconds, _ in MODBUS:
        if server == "plc-pump":
            modbus.ask(world, usual(world, client, server), scene.every(seconds), modbus.READ,
                       first, count, unit, answered=False)  # fmt: skip
    end = np.array([scene.last], dtype=np.int64)
    modbus.ask(world, channel, end, "DIAGNOSTICS", None, None, answered=False)


def _replayed(scene: Scene, client: str, server: str, rounds: int) -> None:
    """Let the registers that ``client`` read during the scene be its last ``rounds`` answers
    before it, over and over."""
    ends = (ip(client), ip(server))
    for chunk in scene.world.logs.chunks.get("modbus_detailed", ()):
        shown = chunk.fields.get("response_values")
        between = (chunk.fields.get("id.orig_h"), chunk.fields.get("id.resp_h"))
        rows = chunk.between(scene.first, scene.last)
        known = min(rounds, rows.start)
        if between != ends or not isinstance(shown, Join) or not known:
            continue
        source = rows.start - known + np.arange(rows.stop - rows.start) % known
        parts: list[object] = []
        for part in shown.parts:
            if isinstance(part, Fixed):
                values = np.array(part.values)
                values[rows] = part.values[source]
                parts.append(Fixed(values, part.decimals))
            else:
                parts.append(part)
        chunk.fields["response_values"] = Join(parts)


@family("Old readings of the drive replayed to its station, while its speed is raised",
        "T1692.002 T0832 T0831", "hmi-2 drive", (30, 110))  # fmt: skip
def drive_replayed(scene: Scene) -> None:
    _replayed(scene, "hmi-2", "drive", 1 + int(40 * (1 - scene.strength)))
    ts = scene.spread(2)
    value = np.linspace(640, 652, len(ts))
    channel = usual(scene.world, "hmi-2", "drive")
    modbus.ask(scene.world, channel, ts, modbus.WRITE, 10, 1, 1, [value])


@family("Every output of the well's outstation selected, and none of them operated",
        "T0861 T1692.001", "scada rtu-well", (3, 30))  # fmt: skip
def well_selected(scene: Scene) -> None:
    ts = scene.every(30 - 20 * scene.strength)
    channel = usual(scene.world, "scada", "rtu-well")
    power.operate(scene.world, channel, ts, np.arange(len(ts)) % 32, "SELECT")


@family("Counters of the intake frozen and cleared, so that what ran through is not known",
        "T1692.001 T0832", "scada rtu-intake", (2, 30))  # fmt: skip
def counters_cleared(scene: Scene) -> None:
    ts = scene.spread(1 + int(4 * scene.strength))
    channel = usual(scene.world, "scada", "rtu-intake")
    power.dnp3(scene.world, channel, ts, "FREEZE_CLEAR", up=21, down=17)


@family("An operator station takes the feeder over: its reports go there and no longer to SCADA",
        "T0848 T0830 T1691.002", "hmi-1 rtu-feeder scada", (5, 60), stranger=True)  # fmt: skip
def feeder_taken_over(scene: Scene) -> None:
    world, channel = scene.world, scene.channel("hmi-1", "rtu-feeder")
    begin = np.array([scene.first], dtype=np.int64)
    power.frames(world, channel, begin, True)
    power.iec104(world, channel, begin + SECOND, "C_IC_NA_1", 0, "Act", monitored=False,
                 **{"io.qoi": 20})  # fmt: skip
    for ioa in (11, 12, 13):
        ts = scene.every(20 + ioa)
        value = scene.rng.normal(20.0 * ioa, 3.0, len(ts))
        power.iec104(world, channel, ts, "M_ME_NC_1", ioa, "Spont", value=value)
    kinds = ("iec104-asdu-ident", "iec104-M_ME_NC_1", "iec104-C_IC_NA_1")
    world.mute("scada", "rtu-feeder", scene.first + SECOND, scene.last, kinds=kinds)


@family("Connections opened on the palletiser until it has no more to give", "T0814 T0813",
        "hmi-2 plc-palletiser", (2, 20))  # fmt: skip
def palletiser_connections(scene: Scene) -> None:
    ts = scene.every(4 - 3.5 * scene.strength)
    channel = usual(scene.world, "hmi-2", "plc-palletiser")
    spare = 16
    for part, status in ((ts[:spare], "Success"), (ts[spare:], "Connection failure")):
        cip.ask(scene.world, channel, part, cip.OPEN, "0x06", "Connection Manager", "0x01",
                status=status)  # fmt: skip


@family("Passwords of the press's controller guessed from the engineering workstation",
        "T0859 T1694.001", "ews plc-press", (2, 30))  # fmt: skip
def press_password(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-press")
    ts = scene.every(15 - 12 * scene.strength)
    s7.ask(scene.world, channel, ts[:1] - SECOND, s7.SETUP, size=27)
    s7.ask(scene.world, channel, ts, s7.PASSWORD, size=31, refused=True)


@family("Blocks of the oven's program deleted one by one by the engineering workstation",
        "T0809 T0889", "ews plc-oven", (1, 15))  # fmt: skip
def oven_deleted(scene: Scene) -> None:
    channel = scene.channel("ews", "plc-oven")
    ts = scene.spread(2 + int(10 * scene.strength))
    s7.ask(scene.world, channel, ts[:1] - 2 * SECOND, s7.SETUP, size=27)
    s7.ask(scene.world, channel, ts[:1] - SECOND, s7.LIST_BLOCKS, size=160)
    s7.ask(scene.world, channel, ts, s7.DELETE, size=20)


@family("Outputs of the press forced by the operator station, against its program",
        "T0835 T0831", "hmi-1 plc-press", (2, 30))  # fmt: skip
def press_forced(scene: Scene) -> None:
    channel = usual(scene.world, "hmi-1", "plc-press")
    s7.ask(scene.world, channel, scene.spread(1 + int(6 * scene.strength)), s7.FORCE, size=22)


@family("Alarm limits of the offices' building controller moved to where nothing reaches them",
        "T0838 T0878", "scada bms-office", (2, 20))  # fmt: skip
def office_alarms_moved(scene: Scene) -> None:
    channel = usual(scene.world, "scada", "bms-office")
    points = np.arange(1, 2 + int(2.5 * scene.strength))
    for number, (limit, value) in enumerate((("high-limit", 99.0), ("low-limit", -40.0))):
        ts = scene.first + (2 * points + number) * 8 * SECOND
        building.property_(scene.world, channel, ts, "analog-input", points,
                           np.full(len(points), value), write=True, prop=limit)  # fmt: skip


@family("Somebody on the operator station's desktop, over the jump host, tries the pumps' coils",
        "T0886 T0823 T1692.001 T0831", "jump hmi-1 plc-pump", (4, 20), stranger=True)  # fmt: skip
def remote_hands(scene: Scene) -> None:
    world = scene.world
    begin = np.array([scene.first], dtype=np.int64)
    desktop = it.login(world, "jump", "hmi-1", begin, "rdp", up=90_000, down=600_000)
    it.plain(world, desktop, scene.every(5), 900, 22_000)
    ts = scene.spread(4 + int(8 * scene.strength))
    ts = ts[ts > scene.first + 30 * SECOND]
    modbus.ask(world, usual(world, "hmi-1", "plc-pump"), ts, modbus.FORCE, np.arange(len(ts)) % 12,
               1)  # fmt: skip
